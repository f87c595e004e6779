"""`python -m printlint` is the `printlint` command."""

from printlint.cli import main

if __name__ == "__main__":
    main()
