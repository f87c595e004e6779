"""The places for values in the text of a message."""

from __future__ import annotations

import re

# Python documentation, "printf-style String Formatting".
PLACEHOLDER = re.compile(
    r"%(?P<key>\((?P<name>[^)]{0,200})\))?[-#0 +]*(?P<width>\*|\d*)(?:\.(?P<precision>\*|\d*))?[hlL]?(?P<type>.|\Z)",
    re.DOTALL,
)
PLACE_TYPES = frozenset("diouxXeEfFgGcrsa")
# A doubled brace, or a place of `str.format`.
BRACE_PLACE = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}!:]*)(?P<conversion>![rsa])?(?::(?P<spec>[^{}]*))?\}")


def places(text: str) -> list[re.Match[str]]:
    """The placeholders of a `%` format, `%%` left out."""
    return [match for match in PLACEHOLDER.finditer(text) if match["type"] != "%"]
