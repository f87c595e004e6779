"""PRT2: which logger is called."""
