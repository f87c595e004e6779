"""Names in a module: what binds them, in which scope, and what they are called elsewhere."""
