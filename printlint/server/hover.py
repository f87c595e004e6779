"""What a finding rests on, in the words of `check -v`: text alone, since it quotes code that nobody has vouched for."""

from __future__ import annotations

from lsprotocol import types

from printlint.report.as_concise import reasons_of
from printlint.server.positions import Positions
from printlint.server.view import Checked


def hover_at(checked: Checked, place: types.Position, encoding: str) -> types.Hover | None:
    """The reasons for the findings at a place; None where there are none."""
    positions = Positions(checked.source, encoding)
    position = positions.at(place)
    found = [item for item in checked.items if item.finding.start <= position <= item.finding.end]
    if not found:
        return None
    blocks = ([f"{item.finding.code} {item.finding.name}", item.finding.message, *reasons_of(item)] for item in found)
    text = "\n\n".join("\n".join(lines) for lines in blocks)
    first = found[0].finding
    return types.Hover(types.MarkupContent(types.MarkupKind.PlainText, text), positions.range(first.start, first.end))
