"""Colours of a report for people."""

from __future__ import annotations

from enum import Enum


class Ink(Enum):
    """What a piece of text is, with the parameter of the terminal's escape sequence for it (ECMA-48, SGR)."""

    PLACE = "1"
    CODE = "1;31"
    FRAME = "34"
    MARK = "31"
    REMOVED = "31"
    ADDED = "32"


def painted(text: str, ink: Ink, colour: bool) -> str:
    """The text in a colour, where colour is wanted."""
    return f"\x1b[{ink.value}m{text}\x1b[0m" if colour else text
