"""`printlint rules`."""

from __future__ import annotations

import json

import click

from printlint.cli.format_option import format_option
from printlint.finding import Severity
from printlint.rule import Rule
from printlint.rules import all_rules


@click.command("rules", short_help="List all rules.")
@format_option(("text", "json"))
def command(output_format: str) -> None:
    """List every rule with its code, name and summary."""
    if output_format == "json":
        table = [
            {
                "code": rule.code,
                "name": rule.name,
                "summary": rule.summary,
                "default": rule.by_default,
                "opt_in": rule.opt_in,
                "severity": rule.severity.value,
            }
            for rule in all_rules()
        ]
        click.echo(json.dumps(table, indent=1))
        return
    width = max(len(rule.name) for rule in all_rules())
    for rule in all_rules():
        click.echo(f"{rule.code}  {rule.name:<{width}} {rule.summary}{_selection(rule)}")


def _selection(rule: Rule) -> str:
    if rule.severity is Severity.NOTE:
        return " (note)"
    if rule.by_default:
        return ""
    return " (opt-in)" if rule.opt_in else " (off by default)"
