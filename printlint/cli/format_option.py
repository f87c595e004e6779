"""`--output-format`, which commands have with formats of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click


def format_option(formats: Sequence[str]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option that chooses one of some output formats."""
    kind = click.Choice(formats)
    return click.option("--output-format", type=kind, default="text", show_default=True, help="Output format.")
