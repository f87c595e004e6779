"""PRT3: handlers and propagation."""
