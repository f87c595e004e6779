"""The set-up module that `fix` and `init` write into a project."""
