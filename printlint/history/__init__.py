"""What git's objects hold, read without running what a repository configures."""
