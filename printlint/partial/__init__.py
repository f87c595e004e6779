"""Parsing only what is asked for: a text's words, its parts, and the tree that they make."""
