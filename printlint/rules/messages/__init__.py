"""PRT5: what a message says and how its values get in."""
