"""`printlint explain`."""

from __future__ import annotations

import click

from printlint.config_values import nearest
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
      printlint explain T201                the rule for another tool's code
    """
    rule = find_rule(code)
    if rule is None and (ours := [item for item in all_rules() if code.upper() in item.peers]):
        click.echo(f"{code.upper()} is {' and '.join(f'{item.code} {item.name}' for item in ours)} here.\n")
        rule = ours[0]
    if rule is None:
        known = [name for rule in all_rules() for name in (rule.code, rule.name)]
        close = nearest(code, known)
        raise click.UsageError(f"no rule {code!r}" + (f"; did you mean {close}?" if close else ""))
    click.echo(rule_page(rule), nl=False)
