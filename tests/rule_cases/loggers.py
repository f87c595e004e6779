"""More examples of the rules in printlint/rules/loggers/."""

from __future__ import annotations

from printlint.rule import flagged, ignored, logged, refused

CASES = {
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
        refused("import logging\nemit = logging.info\nemit('x')", "alias"),
        ignored("import logging\nlogging.basicConfig(level=logging.INFO)"),
    ),
    "PRT203": (
        flagged(
            'import logging\nlog = logging.getLogger("__name__")',
            "import logging\nlog = logging.getLogger(__name__)",
            unsafe=True,
        ),
        refused('import logging\nlog = logging.Logger("app")', "no parent"),
    ),
}
