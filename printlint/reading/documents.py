"""TOML, YAML, JSON and INI of a repository, in time and memory that grow with the size of the text alone.

Python's parsers are made for text that somebody wrote on purpose. What is kept from them here: keys of thousands of
parts (tomllib copies a key for each part), runs of blanks (configparser looks through them again from each), aliases
and merged mappings that hold one another, endless nesting, and YAML's tags, whose constructors raise anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from configparser import RawConfigParser

_DEEPEST = 100
_MOST_MERGED_KEYS = 10_000
_DEEP_KEY = r"""(?:\.[ \t]*+(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+){100}"""
_BLANKS_IN_A_LINE = r"(?<=\S)[^\S\n]{2,}"
_YAML_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_YAML_WORDS = {
    spelled: value
    for word, value in {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}.items()
    for spelled in (word, word.title(), word.upper())
} | dict.fromkeys(("", "~", "null", "Null", "NULL"))


class Malformed(ValueError):
    """What is no document of its kind; the message says why."""


class TooCostly(ValueError):
    """A document that would take far more time or memory than its size; the message says why."""


class Unknown:
    """A value that a program computes, or that a tag gives some other type."""


UNKNOWN = Unknown()
_NO_KEY, _MERGE = object(), object()


def dig(value: object, *keys: str) -> Any:
    """What some keys lead to, each in the table of the one before; None where one is missing."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def read_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises `Malformed` and `TooCostly`."""
    if text.count(".") > _DEEPEST and re.search(_DEEP_KEY, text):
        raise TooCostly(f"a key has more than {_DEEPEST} parts")
    import tomllib

    with _own_errors():
        return tomllib.loads(text)


def read_json(text: str) -> Any:
    """The value of a JSON text. Raises `Malformed` and `TooCostly`."""
    import json

    with _own_errors():
        return json.loads(text)


@contextmanager
def _own_errors() -> Iterator[None]:
    """Raise `Malformed` and `TooCostly` for what parsers of the standard library raise."""
    try:
        yield
    except RecursionError:
        raise TooCostly("nested too deeply") from None
    except ValueError as error:
        raise Malformed(str(error)) from None


def read_ini(text: str, *, strict: bool = True) -> RawConfigParser:
    """The sections of an INI text, in which nothing is interpolated; not `strict`: a key may come twice.

    Raises `Malformed`.
    """
    import configparser

    parser = configparser.RawConfigParser(strict=strict)
    try:
        parser.read_string(re.sub(_BLANKS_IN_A_LINE, " ", text))
    except configparser.Error as error:
        raise Malformed(str(error)) from None
    return parser


def read_yaml(text: str) -> Any:
    """The value of a YAML text: mappings, lists, texts, booleans, integers and None; `UNKNOWN` for all else.

    What an alias names is the same object in each place; it may hold itself. Raises `Malformed` and `TooCostly`.
    """
    documents = _read_yaml(text, _Builder()).documents
    if len(documents) > 1:
        raise Malformed("more than one document")
    return documents[0] if documents else None


def _read_yaml(text: str, builder: _Builder) -> _Builder:
    import yaml

    # libyaml's parser where PyYAML was built with it: ten times as fast, with the same events
    events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    try:
        builder.build(events)
        return builder
    except yaml.YAMLError as error:
        if "nesting depth" in str(error):  # libyaml's own limit, which it may come to while it looks ahead
            raise TooCostly("nested too deeply") from None
        raise Malformed(str(error)) from None


class Located(str):
    """A text of a document, with the line that it begins in, from 1."""

    line: int


def located(text: str, line: int) -> Located:
    """A text with its line."""
    made = Located(text)
    made.line = line
    return made


def read_yaml_documents(text: str) -> list[Any]:
    """The values of all documents of a YAML text, as `read_yaml` gives them, their texts as `Located`.

    Raises `Malformed` and `TooCostly`.
    """
    return _read_yaml(text, _LocatingBuilder()).documents


class _Open:
    """A mapping or a list whose end has not come. `key` is that of the next value, `merged` what `<<` names."""

    def __init__(self, value: dict[object, object] | list[object]) -> None:
        self.value = value
        self.key: object = _NO_KEY
        self.merged: list[object] = []

    def put(self, item: object, *, merges: bool) -> None:
        if isinstance(self.value, list):
            self.value.append(item)
        elif self.key is _NO_KEY:
            self.key = _MERGE if merges else item if item is None or isinstance(item, (str, int)) else UNKNOWN
        else:
            if self.key is _MERGE:
                self.merged.append(item)
            else:
                self.value[self.key] = item
            self.key = _NO_KEY


class _Builder:
    """Makes plain values of YAML's events, without recursion and without any constructor."""

    def __init__(self) -> None:
        self._anchors: dict[str, object] = {}
        self.documents: list[object] = []
        self._open: list[_Open] = []
        self._merged_keys = 0

    def build(self, events: Iterator[Any]) -> None:
        """Make the documents that the events are of."""
        for event in events:
            match type(event).__name__:
                case "ScalarEvent":
                    self._put(self._made(event), event.anchor, merges=event.value == "<<" and event.implicit[0])
                case "AliasEvent":
                    if event.anchor not in self._anchors:
                        raise Malformed(f"no anchor {event.anchor!r}")
                    self._put(self._anchors[event.anchor])
                case "MappingStartEvent":
                    self._begin({}, event)
                case "SequenceStartEvent":
                    self._begin([], event)
                case "MappingEndEvent" | "SequenceEndEvent":
                    self._end(self._open.pop())

    def _made(self, event: Any) -> object:
        return _scalar(event)

    def _begin(self, value: dict[object, object] | list[object], event: Any) -> None:
        self._put(value if event.implicit else UNKNOWN, event.anchor)
        self._open.append(_Open(value))
        if len(self._open) > _DEEPEST:
            raise TooCostly(f"nested more than {_DEEPEST} levels deep")

    def _end(self, closed: _Open) -> None:
        """Merge tables into a mapping: its own keys win, then those of the table that was named first."""
        for named in closed.merged:
            for table in named if isinstance(named, list) else [named]:
                if isinstance(table, dict) and isinstance(closed.value, dict):
                    self._merged_keys += len(table)
                    if self._merged_keys > _MOST_MERGED_KEYS:
                        raise TooCostly(f"more than {_MOST_MERGED_KEYS:,} keys are merged")
                    for key, item in list(table.items()):
                        closed.value.setdefault(key, item)

    def _put(self, value: object, anchor: str | None = None, *, merges: bool = False) -> None:
        if anchor is not None:
            self._anchors[anchor] = value
        if self._open:
            self._open[-1].put(value, merges=merges)
        else:
            self.documents.append(value)


def _scalar(event: Any) -> object:
    """A scalar's value: quoted ones are texts, plain ones what YAML takes them for, tagged ones unknown."""
    text: str = event.value
    is_plain, is_text = event.implicit
    if is_plain and text in _YAML_WORDS:
        return _YAML_WORDS[text]
    if is_plain and _YAML_NUMBER.fullmatch(text):
        return int(text)
    return text if is_plain or is_text or event.tag == "tag:yaml.org,2002:str" else UNKNOWN


class _LocatingBuilder(_Builder):
    """Keeps the lines of texts; a block's is that of its first line."""

    def _made(self, event: Any) -> object:
        value = _scalar(event)
        first = event.start_mark.line + (2 if event.style in ("|", ">") else 1)
        return located(value, first) if isinstance(value, str) else value
