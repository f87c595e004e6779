"""The set-up module as text."""

from __future__ import annotations

from importlib import resources


def setup_source() -> str:
    """What is written: `printlint/setup/logging_setup.py`, to the letter, so that its tests are the user's."""
    return resources.files(__package__).joinpath("logging_setup.py").read_text(encoding="utf-8")
