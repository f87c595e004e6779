"""printlint: from print() noise to event-stream logging."""

__version__ = "0.1.0"
