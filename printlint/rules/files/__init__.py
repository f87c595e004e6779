"""PRT9: files as a whole."""
