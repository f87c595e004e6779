"""PRT1: prints and their kin."""
