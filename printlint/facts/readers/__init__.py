"""Who else reads what code makes: its output, its names, the results of its calls."""
