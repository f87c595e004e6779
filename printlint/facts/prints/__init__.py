"""Prints: whether one is output or a diagnostic, and at which level."""
