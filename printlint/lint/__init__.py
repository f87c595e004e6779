"""Linting: one module, many files, and which findings are suppressed or accepted."""
