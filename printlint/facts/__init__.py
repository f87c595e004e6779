"""What is true of a module: scopes and bindings, names, loggers, places. Rules ask; nothing here judges."""
