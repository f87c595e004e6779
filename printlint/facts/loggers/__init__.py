"""Loggers in one module: their kinds, and which expressions are loggers."""
