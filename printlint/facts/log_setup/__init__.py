"""Logging configuration: which loggers have which handlers and levels."""
