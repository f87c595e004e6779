"""Handlers and propagation: PRT301 to PRT305."""
