"""Reading a repository: files and folders, and data files in bounded time."""
