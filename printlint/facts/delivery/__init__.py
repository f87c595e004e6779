"""Whether a record is seen: levels, filters and handlers between a logger and the terminal."""
