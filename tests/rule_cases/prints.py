"""More examples of the rules in printlint/rules/prints/."""

from __future__ import annotations

from printlint.rule import flagged, ignored, logged, refused

CASES = {
    "PRT106": (
        flagged("import click\n\n@click.command()\ndef run():\n    print('done')"),
        flagged("def ask():\n    print('Your name?')\n    return input()"),
        flagged("def print_table(rows):\n    for row in rows:\n        print(row)"),
        refused("def print_table(rows):\n    print(*rows, end='')", "partial line"),
    ),
    "PRT102": (
        flagged(
            """
            from pprint import pp

            pp({"b": 1, "a": 2}, width=60)
            """,
            """
            import logging
            from pprint import pformat

            logger = logging.getLogger(__name__)

            logger.info("%s", pformat({"b": 1, "a": 2}, width=60, sort_dicts=False))
            """,
        ),
        flagged('from pprint import pprint\n\npprint("retrying")'),
        refused("import pprint\npprint.pprint(*rows)", "starred"),
    ),
    "PRT101": (
        flagged(
            'print("100% of", total, "done")',
            logged("""
            logger.info("100%% of %s done", total)
            """),
        ),
        flagged(
            """
            import os

            def load(path):
                print(f"loading {path}")
            """,
            """
            import logging
            import os

            logger = logging.getLogger(__name__)

            def load(path):
                logger.info(f"loading {path}")
            """,
        ),
        flagged(
            """
            import logging
            log = logging.getLogger("app")
            print("retrying", 3, sep=": ")
            """,
            """
            import logging
            log = logging.getLogger("app")
            log.warning("retrying: %s", 3)
            """,
        ),
        flagged(
            """
            import sys
            print("no config file", file=sys.stderr)
            """,
            logged("""
            logger.warning("no config file")
            """),
            unsafe=True,
        ),
        flagged(
            """
            import logging
            log = logging.getLogger("app")
            print("connecting to %s", host)
            """,
            """
            import logging
            log = logging.getLogger("app")
            log.info("connecting to %s", host)
            """,
            unsafe=True,
        ),
        refused('print("loading", end="")', "partial line"),
        refused('print("a", sep=separator)', "`sep`"),
        refused("print(*values, **options)", "`**`"),
        ignored("printer.print('x')"),
        ignored("print"),
        ignored('if __name__ == "__main__":\n    print("usage: tool FILE")'),
    ),
    "PRT103": (
        refused("list(map(print, rows))", "different arguments"),
        refused("client.on_message = print", "different arguments"),
        refused("def run(log=print):\n    log('x')", "different arguments"),
        *(
            (flagged if said else ignored)(f"import functools\nimport sys\n\nsay = functools.partial(print, {given})")
            for given, said in (
                ("file=report", False),
                ("file=sys.stderr", True),
                ("file=None", True),
                ("flush=True", True),
            )
        ),
    ),
    "PRT104": (refused("import sys\nsys.stdout.write(chunk)", "newline"),),
    "PRT105": (
        refused("import traceback\ntraceback.print_stack()", "`except` clause"),
        *(
            (flagged if said else ignored)(f"import traceback\nimport sys\n\n\ndef {name}(report):\n    {code}")
            for name, code, said in (
                ("end", "traceback.print_exc(None, report)", False),
                ("end", "traceback.print_exc(None, sys.stderr)", True),
                ("end", "traceback.print_exc(None)", True),
                ("end", "traceback.print_exception(*report[:4], report)", True),
                ("end", "traceback.print_exception(a, b, c, None, report)", False),
                ("end", "traceback.print_stack(None, None, report)", False),
                ("print_stacktrace", "traceback.print_exc()", False),
                ("_show_exception", "traceback.print_exc()", False),
                ("track", "traceback.print_exc()", True),
                ("end", "traceback.print_exc()\n    pdb.post_mortem()", False),
                ("end", "traceback.print_exc()\n    breakpoint()", False),
                ("end", "traceback.print_exc()\n    report.post_mortem()", True),
                ("end", "if args.traceback:\n        traceback.print_exc()", False),
                ("end", "if self.options.show_tracebacks:\n        traceback.print_exc()", False),
                ("end", "if not args.traceback:\n        traceback.print_exc()", True),
                ("end", "if args.strict:\n        traceback.print_exc()", True),
            )
        ),
    ),
}
