"""`printlint server`."""

from __future__ import annotations

import click


@click.command("server", short_help="Run the language server, for editors.")
def command() -> int:
    """Run the language server, which editors start by themselves.

    It speaks the Language Server Protocol on standard input and output: findings while typing, their reasons, fixes.
    It needs the extra `lsp`: pip install 'printlint[lsp]'. How editors are set up: docs/editors.md.

    \b
    Example:
      printlint server

    Exit status: 0 the client ended it, 1 the client was gone, 2 the command could not do its work.
    """
    try:
        from printlint.server.start import serve
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol", "tomlkit"):
            raise
        raise click.ClickException("the language server needs more packages: pip install 'printlint[lsp]'") from None
    return serve()
