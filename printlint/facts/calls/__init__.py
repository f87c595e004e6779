"""Calls in one module: logging calls, their values, what becomes of their results and errors."""
