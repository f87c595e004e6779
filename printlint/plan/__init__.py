"""Planning a rewrite: edits, messages, and the reasons for refusals."""
