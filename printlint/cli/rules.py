"""`printlint rules`."""

from __future__ import annotations

import json

import click

from printlint.rules import all_rules


@click.command("rules", short_help="The table of rules.")
@click.option(
    "--output-format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How the table is written.",
)
def command(output_format: str) -> None:
    """List every rule with its code, name and summary."""
    if output_format == "json":
        table = [
            {"code": rule.code, "name": rule.name, "summary": rule.summary, "default": rule.by_default}
            for rule in all_rules()
        ]
        click.echo(json.dumps(table, indent=1))
        return
    for rule in all_rules():
        click.echo(f"{rule.code}  {rule.name:<24} {rule.summary}{'' if rule.by_default else ' (opt-in)'}")
