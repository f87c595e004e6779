"""Handlers of serverless functions: in serverless.yml, SAM and CloudFormation templates, CDK stacks and Terraform."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from printlint.facts.reach.commands import Command
from printlint.reading import disk
from printlint.reading.documents import Located, dig, read_yaml_documents

LAMBDA = "AWS Lambda"
_HANDLER = re.compile(r"([\w-]+(?:[./][\w-]+)*)\.(\w+)")
_NEAR = 800  # characters between a function's handler and its code, in a file that is no table
_IN_CODE = re.compile(r"""\bhandler["']?\s*[=:]\s*["']([\w./-]+\.\w+)["']""")
_CODE = re.compile(r"""(?:from_?[aA]sset|AssetCode|source_dir|source_file|CodeUri)\b["']?\s*[(=:]\s*([^\n]{0,200})""")
_QUOTED = re.compile(r"""["']([^"']+)["']""")


def read_handlers(name: str, text: str, top: str) -> Iterator[Command]:
    """The handlers that a file names, each with the folder that its function's code begins in."""
    if name.endswith((".yml", ".yaml")):
        with suppress(ValueError, OSError):
            for document in read_yaml_documents(text):
                yield from _in_table(name, document, os.path.dirname(name), set())
        return
    for match in _IN_CODE.finditer(text):
        codes = [code for code in _CODE.finditer(text) if abs(code.start() - match.start()) < _NEAR]
        nearest = min(codes, key=lambda code: abs(code.start() - match.start()), default=None)
        quoted = _QUOTED.findall(nearest[1]) if nearest is not None else []
        line = text.count("\n", 0, match.start()) + 1
        yield from _handler(name, match[1], line, _source_folder(name, quoted[-1] if quoted else "", top))


def _in_table(name: str, value: object, folder: str, seen: set[int]) -> Iterator[Command]:
    """The handlers below a value. Where a table names the folder of the code, that holds for the tables below it."""
    if not isinstance(value, (list, dict)) or id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, dict):
        folder = _code_folder(name, value, folder)
        for key in ("handler", "Handler"):
            if isinstance(handler := value.get(key), Located):
                yield from _handler(name, handler, handler.line, folder)
    for item in value.values() if isinstance(value, dict) else value:
        yield from _in_table(name, item, folder, seen)


def _code_folder(name: str, table: dict[Any, Any], folder: str) -> str:
    for place in (table.get("CodeUri"), dig(table, "Globals", "Function", "CodeUri"), table.get("module")):
        if isinstance(place, str) and "$" not in place and "://" not in place:
            return os.path.normpath(os.path.join(os.path.dirname(name), place))
    return folder


def _source_folder(name: str, place: str, top: str) -> str:
    """The folder that a template names for its code, from its own folder or one above; empty where there is none."""
    place, folder = place.replace("${path.module}/", ""), os.path.dirname(name)
    while place and len(folder) >= len(top):
        found = os.path.normpath(os.path.join(folder, place))
        if disk.exists(found):
            return os.path.dirname(found) if disk.is_file(found) else found
        folder = os.path.dirname(folder)
    return ""


def _handler(name: str, handler: str, line: int, folder: str) -> Iterator[Command]:
    if match := _HANDLER.fullmatch(handler):
        module = match[1].replace("/", ".")
        yield Command(name, module=module, line=line, program="a handler", folder=folder, entry=match[2], host=LAMBDA)
