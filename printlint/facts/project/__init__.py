"""The files around a module, and what they say about each other."""
