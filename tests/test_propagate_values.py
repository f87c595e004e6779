"""What `propagate` is set to in a logging configuration, other than True and False."""

from __future__ import annotations

import logging
import logging.config

import pytest

from printlint.rewrite.fixer import Fixed, fix
from printlint.source import Source

CONFIG = """\
LOGGING = {{
    "version": 1,
    "handlers": {{"console": {{"class": "logging.StreamHandler"}}}},
    "root": {{"handlers": ["console"]}},
    "loggers": {{
        "shop": {{"handlers": ["console"], {entry}}},
    }},
}}
"""
# Each is true for logging, or passed over by it, and means false.
MEANT_FALSE = ["'False'", "'false'", "'no'", "'off'", "'0'", "None"]
FALSE = ["False", "0", "''", "0.0", "[]"]
TRUE = ["'True'", "'yes'", "1", "2", "[0]"]
COMPUTED = ["debug", "bool(1)", "'no'.strip()", "not True"]


def fixed(entry: str) -> Fixed:
    result = fix(Source("settings.py", CONFIG.format(entry=entry)), unsafe=True)
    assert result.failure is None
    assert result.source.text.count("propagate") <= 1
    return result


def propagates(text: str) -> bool:
    """What logging itself makes of a configuration."""
    names: dict[str, dict[str, object]] = {}
    exec(text, names)
    logger = logging.getLogger("shop")
    handlers, root, before = logger.handlers, logging.getLogger().handlers[:], logger.propagate
    try:
        logger.propagate = True
        logging.config.dictConfig({**names["LOGGING"], "disable_existing_loggers": False})
        return bool(logger.propagate)
    finally:
        logger.handlers, logger.propagate = handlers, before
        logging.getLogger().handlers = root


@pytest.mark.parametrize("value", MEANT_FALSE)
@pytest.mark.parametrize("first", [True, False])
def test_a_value_that_means_false_and_is_not_is_replaced(value: str, first: bool) -> None:
    entry = f"'propagate': {value}, 'level': 'INFO'" if first else f"'level': 'INFO', 'propagate': ({value})"
    assert propagates(CONFIG.format(entry=entry))
    result = fixed(entry)
    assert "'propagate': False" in result.source.text or "'propagate': (False)" in result.source.text
    assert not propagates(result.source.text)
    assert result.left == ()
    assert fix(result.source).source.text == result.source.text


@pytest.mark.parametrize("value", FALSE)
def test_a_value_that_is_false_is_none_of_our_business(value: str) -> None:
    assert not propagates(CONFIG.format(entry=f"'propagate': {value}"))
    result = fixed(f"'propagate': {value}")
    assert (result.fixed, result.left) == ((), ())


@pytest.mark.parametrize("value", TRUE)
def test_a_value_that_means_true_stays(value: str) -> None:
    assert propagates(CONFIG.format(entry=f"'propagate': {value}"))
    result = fixed(f"'propagate': {value}")
    assert result.fixed == ()
    assert [item.refused for item in result.left] == ["`propagate` is explicitly true"]


@pytest.mark.parametrize("value", COMPUTED)
def test_what_is_computed_is_not_judged(value: str) -> None:
    assert fixed(f"'propagate': {value}").fixed == ()


@pytest.mark.parametrize("value", ["'no'", "None", "''", "0"])
def test_an_attribute_that_is_set_is_not_set_again(value: str) -> None:
    text = (
        "import logging\n\nlogging.basicConfig()\nlog = logging.getLogger(__name__)\n"
        f"log.addHandler(logging.StreamHandler())\nlog.propagate = {value}\n"
    )
    assert fix(Source("x.py", text), unsafe=True).source.text == text
