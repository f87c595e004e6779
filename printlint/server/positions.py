"""Places as the client counts them: lines from 0, columns from 0 in the code units that it has chosen."""

from __future__ import annotations

from lsprotocol import types

from printlint.source import Position, Source

_WIDTHS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}  # bytes of a code unit
_CODECS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}


class Positions:
    """The places of one text. pygls's own conversion takes a form feed for the end of a line, which it is not."""

    def __init__(self, source: Source, encoding: str) -> None:
        self._source = source
        self._codec = _CODECS.get(encoding, "utf-16-le")
        self._width = _WIDTHS.get(encoding, 2)

    def of(self, position: Position) -> types.Position:
        """A place for the client; one behind the end of the text is the end."""
        line = min(position.line, len(self._source.line_starts))
        head = self._line(line)[: position.column - 1] if line == position.line else self._line(line)
        return types.Position(line - 1, len(self._encoded(head)) // self._width)

    def range(self, start: Position, end: Position) -> types.Range:
        """A range for the client; one that would end before its start is empty."""
        return types.Range(self.of(start), self.of(max(start, end)))

    def at(self, place: types.Position) -> Position:
        """A place of the client's."""
        if place.line >= len(self._source.line_starts):
            return self._source.position(len(self._source.text))
        head = self._encoded(self._line(place.line + 1))[: place.character * self._width]
        return Position(place.line + 1, len(head.decode(self._codec, "ignore")) + 1)

    def _line(self, line: int) -> str:
        return self._source.line_text(line).rstrip("\r\n")

    def _encoded(self, text: str) -> bytes:
        return text.encode(self._codec, "surrogatepass")
