"""Planning a rewrite: edits, messages, and the reasons for which there is none."""
