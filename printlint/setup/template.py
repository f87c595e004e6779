"""The set-up module as text, for back ends and blocks."""

from __future__ import annotations

import re
from importlib import resources

from printlint.facts.project.setup_files import provided_backends
from printlint.setup.blocks import provided_blocks

_REGION = re.compile(r"^ *# \[([a-z ]+)\]\n(.*?)^ *# \[/\1\]\n", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^(.*)  # \[([a-z ]+)\]\n", re.MULTILINE)
# black and ruff then leave the file as it is written, whatever line length the project has: its `--check` passes,
# and `is_untouched` knows the file again.
UNFORMATTED = "# fmt: off\n"


def setup_source(*parts: str) -> str:
    """The parts of `printlint/setup/logging_setup.py` that some back ends and blocks consist of, to the letter.

    The template marks what not every module has: regions between `# [names]` and `# [/names]`, also within others, and
    single lines by a `# [names]` behind them.
    """
    text = resources.files(__package__).joinpath("logging_setup.py").read_text(encoding="utf-8")
    while (cut := _REGION.sub(lambda match: match[2] if _wanted(match[1], parts) else "", text)) != text:
        text = cut
    return UNFORMATTED + _LINE.sub(lambda match: f"{match[1]}\n" if _wanted(match[2], parts) else "", text)


def _wanted(names: str, parts: tuple[str, ...]) -> bool:
    return not set(names.split()).isdisjoint(parts)


def is_untouched(text: str) -> bool:
    """Whether a set-up module is as it was written, so that it may be written anew with more parts."""
    return text == setup_source(*provided_backends(text), *provided_blocks(text))
