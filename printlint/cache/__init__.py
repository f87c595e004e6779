"""The cache of `check`: what a run has depended on, and what came of it."""
