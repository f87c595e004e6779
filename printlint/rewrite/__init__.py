"""Executing edits: libcst rewrites the smallest expression, everything else of the file stays as its bytes were."""
