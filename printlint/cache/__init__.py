"""The cache of `check`: what a run has depended on, what came of it, and the findings of each file."""
