"""Making text of values: what classes of the project do then, and which numbers fail."""
