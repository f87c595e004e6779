"""PRT404."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from printlint.facts.context import Context
from printlint.facts.log_setup.handlers import FILE_HANDLERS, SOCKET_HANDLERS
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored


class BlockingHandlerSetup(Rule):
    """## What it does
    Finds handlers that open files or sockets, and `basicConfig(filename=...)`, in an `async def`.

    ## Why is this bad
    Opening a file on a slow disk or connecting to a log server blocks the event loop. Configure logging once, before
    the loop runs.

    ## Fix safety
    No fix: create the handler before the event loop starts.
    """

    code = "PRT404"
    name = "blocking-handler-setup"
    summary = "a handler that opens a file or a socket, created in an `async def`"
    starts = LOG_WORDS
    refusal = "no automatic fix; create the handler before the event loop starts"
    examples = (
        flagged(
            """
            import asyncio
            import logging

            async def main():
                logging.basicConfig(filename="app.log")

            asyncio.run(main())
            """,
            instead="""
            import asyncio
            import logging

            async def main():
                ...

            logging.basicConfig(filename="app.log")
            asyncio.run(main())
            """,
        ),
        ignored("import logging\nasync def main():\n    logging.basicConfig(level=logging.INFO)"),
        ignored("import logging\nasync def main():\n    handler = logging.FileHandler('a.log', delay=True)"),
        ignored("import logging\ndef main():\n    handler = logging.FileHandler('a.log')"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every such call that an `async def` runs itself."""
        module = context.module
        if "async" not in module.source.text:
            return
        for call in module.calls_named(_NAMES):
            if (spelled := _opens(module, call)) and module.places.in_async(call):
                yield self.finding(
                    context, call, f"Blocking `{spelled}` in async code; call it before the event loop starts"
                )


_NAMES = frozenset({"basicConfig", *(name.rpartition(".")[2] for name in FILE_HANDLERS | SOCKET_HANDLERS)})


def _opens(module: Module, call: ast.Call) -> str | None:
    qualified = module.qualified(call.func)
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    if qualified == "logging.basicConfig" and "filename" in keywords:
        return "logging.basicConfig(filename=...)"
    delay = keywords.get("delay")
    if isinstance(delay, ast.Constant) and delay.value:
        return None
    return qualified if qualified in FILE_HANDLERS | SOCKET_HANDLERS else None
