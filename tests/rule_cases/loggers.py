"""More examples of the rules in printlint/rules/loggers/."""

from __future__ import annotations

from printlint.rule import flagged, ignored, logged, refused

CASES = {
    "PRT203": (
        flagged(
            'import logging\nlog = logging.getLogger("__name__")',
            "import logging\nlog = logging.getLogger(__name__)",
            unsafe=True,
        ),
        refused('import logging\nlog = logging.Logger("app")', "no parent"),
        *(
            flagged(f"import logging\nimport os\nfrom pathlib import Path\n\nlog = {made}")
            for made in (
                "logging.getLogger(name=__file__)",
                "logging.getLogger(__cached__)",
                "logging.getLogger(str(__file__))",
                "logging.getLogger(f'{__file__}')",
                "logging.getLogger(os.path.abspath(__file__))",
                "logging.getLogger(str(Path(__file__)))",
                "logging.getLogger('app').getChild(__file__)",
                "logging.getLogger('app').getChild(suffix='__name__')",
                "logging.root.getChild(__file__)",
            )
        ),
        *(
            ignored(f"import logging\nimport os\nfrom pathlib import Path\n\nlog = {made}")
            for made in (
                "logging.getLogger(name=__name__)",
                "logging.getLogger(Path(__file__).stem)",
                "logging.getLogger(os.path.basename(__file__))",
                "logging.getLogger('app').getChild(__name__)",
                "tree.getChild(__file__)",
                "logging.getLogger(str(name))",
                "logging.getLogger(f'{__name__}.{__file__}')",
            )
        ),
        refused("import logging\nlog = logging.getLogger('app').getChild(__file__)", "depends on its parent"),
        flagged(
            "import logging\nlog = logging.getLogger(name=str(__file__))",
            "import logging\nlog = logging.getLogger(__name__)",
            unsafe=True,
        ),
    ),
    "PRT202": (
        flagged(
            """
            import logging

            logging.root.error("down")
            """,
            logged("""
            logger.error("down")
            """),
        ),
        refused("import logging\nroot = logging.getLogger()\nroot.setLevel(10)\nroot.info('x')", "configure"),
    ),
    "PRT201": (
        flagged(
            """
            from logging import warn

            log = None
            warn("late")
            """,
            logged("""
            log = None
            logger.warning("late")
            """),
        ),
        flagged(
            """
            import logging

            logging.getLogger().addFilter(redact)
            logging.info("token %s", token)
            """,
            logged("""
            logging.getLogger().addFilter(redact)
            logger.info("token %s", token)
            """),
            unsafe=True,
        ),
        flagged(
            "import logging\n\n\ndef check(case):\n    with case.assertLogs():\n        logging.info('x')",
            logged("def check(case):\n    with case.assertLogs():\n        logger.info('x')").replace(
                "\n\ndef", "\n\n\ndef"
            ),
            unsafe=True,
        ),
        flagged(  # a filter of another logger tells nothing of the root logger's
            """
            import logging

            logging.getLogger("db").addFilter(redact)
            logging.info("token %s", token)
            """,
            logged("""
            logging.getLogger("db").addFilter(redact)
            logger.info("token %s", token)
            """),
        ),
        refused("import logging\nemit = logging.info\nemit('x')", "alias"),
        ignored("import logging\nlogging.basicConfig(level=logging.INFO)"),
    ),
}
