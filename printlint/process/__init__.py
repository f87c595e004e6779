"""The process itself: its import path, standard streams, signals and workers, and what it tells its user."""
