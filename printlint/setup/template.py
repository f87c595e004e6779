"""The set-up module as text, for a back end."""

from __future__ import annotations

import re
from importlib import resources

from printlint.facts.project.setup_files import provided_backends

_REGION = re.compile(r"^ *# \[([a-z ]+)\]\n(.*?)^ *# \[/\1\]\n", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^(.*)  # \[([a-z ]+)\]\n", re.MULTILINE)


def setup_source(*backends: str) -> str:
    """The parts of `printlint/setup/logging_setup.py` that back ends need, to the letter.

    The template marks what not every back end has: regions between `# [names]` and `# [/names]`, and single lines by
    a `# [names]` behind them.
    """
    text = resources.files(__package__).joinpath("logging_setup.py").read_text(encoding="utf-8")
    text = _REGION.sub(lambda match: match[2] if _wanted(match[1], backends) else "", text)
    return _LINE.sub(lambda match: f"{match[1]}\n" if _wanted(match[2], backends) else "", text)


def _wanted(names: str, backends: tuple[str, ...]) -> bool:
    return not set(names.split()).isdisjoint(backends)


def is_untouched(text: str) -> bool:
    """Whether a set-up module is as it was written, so that it may be written anew for more back ends."""
    return text == setup_source(*provided_backends(text))
