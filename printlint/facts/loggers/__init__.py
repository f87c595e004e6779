"""Loggers in one module: their kinds, and what an expression stands for."""
