"""Where values come from and calls lead, within a file and into others."""
