"""How the files of a tree are reached: by which names they are imported, or that they are run, from evidence."""
