"""More examples of the rules in printlint/rules/asynchronous/."""

from __future__ import annotations

from printlint.rule import refused

CASES = {
    "PRT404": (
        refused("import logging\nasync def main():\n    logging.basicConfig(filename='a.log')", "event loop"),
        refused("import logging\nasync def main():\n    handler = logging.FileHandler('a.log')", "event loop"),
    ),
    "PRT402": (
        refused("import structlog\nlog = structlog.get_logger()\n\ndef handle():\n    log.ainfo('x')", "async def"),
    ),
}
