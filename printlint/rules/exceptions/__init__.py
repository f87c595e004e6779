"""PRT6: exceptions and their tracebacks."""
