"""Writing to a repository: where that is allowed, files replaced whole, and what is rolled back."""
