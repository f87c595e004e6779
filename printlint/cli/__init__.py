"""The command line. Each command is a file; only the one that runs is imported."""

from __future__ import annotations

import importlib
import io
import os
import sys

import click

from printlint import __version__
from printlint.config_values import ConfigError, nearest
from printlint.process import signals, streams
from printlint.process.printable import printable, printable_lines
from printlint.reading.discovery import NoSuchPath
from printlint.run import Run

_COMMANDS = ("check", "fix", "init", "programs", "explain", "rules", "report", "server")


class _LazyGroup(click.Group):
    """Imports a command's module when the command is asked for: `check` must not pay for libcst.

    For a misspelt command the one that was meant is named.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"printlint.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in _COMMANDS and (close := nearest(args[0], _COMMANDS)):
            ctx.fail(f"no command {args[0]!r}; did you mean {close}?")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Documentation of one rule: `printlint explain PRT101`.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """From print() noise to event-stream logging.

    \b
    printlint check              find prints and logging mistakes
    printlint fix --diff         show what would be rewritten
    printlint fix                rewrite prints and log calls
    printlint init               write a logging set-up module and call it at the entry points
    printlint programs           list the programs of a repository
    printlint report --html FILE write a page that shows programs, findings and fixes
    printlint server             findings and fixes in an editor
    """


def main(arguments: list[str] | None = None) -> None:
    """The command line: every way out has the exit status that the documentation gives it.

    With `arguments` (the process's own), a `check` is kept for the next run.
    """
    asked, standard_output = signals.Asked(), sys.stdout
    try:
        with signals.as_interrupts(asked), Run():
            status = cli(arguments, standalone_mode=False, prog_name="printlint", obj=arguments)
        sys.exit(status if isinstance(status, int) else 0)
    except SystemExit as end:
        if sys.stdout is not standard_output:  # click puts another there, and exits with 1, when nobody reads it
            sys.stdout = standard_output
            end.code = 2
        raise
    except click.ClickException as error:
        text = io.StringIO()
        error.show(text)
        click.echo(printable_lines(text.getvalue()), nl=False, err=True)
        sys.exit(2)
    except (ConfigError, NoSuchPath) as error:
        click.echo(f"printlint: {printable(str(error))}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("printlint: interrupted; no file is left half written", err=True)
        if asked.number is not None:
            raise signals.EndedBySignal(asked.number) from None
        sys.exit(2)
    except OSError as error:
        sys.exit(streams.failed(error))
    except Exception:
        import traceback

        traceback.print_exc()  # noqa: PRT105 - what the user reports is this text
        click.echo("printlint: internal error; please report it with the text above", err=True)
        sys.exit(2)


def leave(end: SystemExit) -> None:
    """End the process at once: it takes a tenth of a short run to take all modules and trees apart again.

    Not where something watches the interpreter, to say at its end what it saw.
    """
    failure = streams.flush()
    if isinstance(end, signals.EndedBySignal):
        signals.end_by(end.number)
    if failure is not None:
        end.code = failure
    if isinstance(end.code, int) and sys.gettrace() is None and sys.getprofile() is None:
        os._exit(end.code)
