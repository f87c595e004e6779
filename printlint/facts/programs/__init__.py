"""The programs of a repository: where they start, of which kind they are, and which files they run."""
