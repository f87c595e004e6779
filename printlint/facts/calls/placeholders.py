"""The placeholders in the text of a message."""

from __future__ import annotations

import re

# Python documentation, "printf-style String Formatting".
PLACEHOLDER = re.compile(
    r"%(?P<key>\((?P<name>[^)]{0,200})\))?[-#0 +]*(?P<width>\*|\d*)(?:\.(?P<precision>\*|\d*))?[hlL]?(?P<type>.|\Z)",
    re.DOTALL,
)
PLACEHOLDER_TYPES = frozenset("diouxXeEfFgGcrsa")
# A doubled brace, or a placeholder of `str.format`.
BRACE_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}!:]*)(?P<conversion>![rsa])?(?::(?P<spec>[^{}]*))?\}")


def placeholders(text: str) -> list[re.Match[str]]:
    """The placeholders of a `%` format, `%%` left out."""
    return [match for match in PLACEHOLDER.finditer(text) if match["type"] != "%"]
