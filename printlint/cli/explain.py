"""`printlint explain`."""

from __future__ import annotations

import click

from printlint.config import nearest
from printlint.rules import all_rules, find_rule
from printlint.rules.page import rule_page


@click.command("explain", short_help="Show a rule's documentation.")
@click.argument("code")
def command(code: str) -> None:
    """Show a rule's documentation: what it does, why, an example, and when its fix is safe.

    \b
    Examples:
      printlint explain PRT101
      printlint explain print-call
    """
    rule = find_rule(code)
    if rule is None:
        known = [name for rule in all_rules() for name in (rule.code, rule.name)]
        close = nearest(code, known)
        raise click.UsageError(f"no rule {code!r}" + (f"; did you mean {close}?" if close else ""))
    click.echo(rule_page(rule), nl=False)
