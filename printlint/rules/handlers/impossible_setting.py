"""PRT310."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import get_close_matches

from printlint.facts.calls.catching import catchers
from printlint.facts.context import Context
from printlint.facts.log_setup.format_fields import Format, constant_texts
from printlint.facts.log_setup.handlers import FILE_HANDLERS, SOCKET_HANDLERS, dict_configs, dict_get
from printlint.facts.loggers.kinds import LoggerKind
from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.facts.project.word_index import as_bytes
from printlint.finding import Finding
from printlint.logging_names import LEVEL_NAMES, METHODS, RECORD_ATTRIBUTES
from printlint.partial.triggers import LOG_WORDS, Word
from printlint.rule import Rule, flagged, ignored

_FIELDS = RECORD_ATTRIBUTES | {"message", "asctime"}
_HANDLERS = frozenset(
    {
        *FILE_HANDLERS,
        *SOCKET_HANDLERS,
        *("logging.Handler", "logging.NullHandler", "logging.StreamHandler", "logging.lastResort"),
        *(f"logging.handlers.{name}" for name in ("MemoryHandler", "BufferingHandler", "QueueHandler")),
        *("logging.handlers.BaseRotatingHandler",),
    }
)
_STYLES = ("%", "{", "$")


class ImpossibleSetting(Rule):
    """## What it does
    Finds values that logging cannot use: a function as the level (`level=logging.info`), the name of a level that does
    not exist (names are in capitals), a format without a field of its style, a misspelt field, a handler class that
    `logging` does not have, and a handler or formatter that the `dictConfig` literal does not define.

    ## Why is this bad
    The call raises an error. A misspelt field raises one for each record, printed to standard error in place of the
    message.

    ## Fix safety
    No fix: what is meant depends on the program.
    """

    code = "PRT310"
    name = "impossible-setting"
    summary = "a level, format, field or class that logging cannot use"
    starts = LOG_WORDS | {Word.SETTING, Word.FORMATTER}
    refusal = "no automatic fix; what is meant depends on the program"
    examples = (
        flagged(
            "import logging\n\nlogging.basicConfig(level=logging.info)",
            instead="import logging\n\nlogging.basicConfig(level=logging.INFO)",
        ),
        ignored("import logging\nlogging.basicConfig(level='INFO', format='{message}', style='{')"),
        ignored("import logging\nlogging.addLevelName(5, 'TRACE')\nlogging.getLogger('a').setLevel('TRACE')"),
        ignored("import logging\nlogging.Formatter('%(asctime)s %(user)s %(message)s')"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every such value."""
        module, project = context.module, context.project
        for node in _level_values(module):
            if not _is_expected(module, node) and (message := _wrong_level(module, project, node)):
                yield self.finding(context, node, message)
        for node, style in _formats(module):
            if not _is_expected(module, node) and (message := _wrong_format(module, project, node, style)):
                yield self.finding(context, node, message)
        for config in dict_configs(module):
            for node, message in _wrong_names(config, is_whole=_is_whole(module, project, config)):
                yield self.finding(context, node, message)


def _is_expected(module: Module, node: ast.expr) -> bool:
    """Whether the code is prepared for the error that the value raises."""
    return any(not {"ValueError", "TypeError"}.isdisjoint(catcher.caught) for catcher in catchers(module, node))


# Levels


def _level_values(module: Module) -> Iterator[ast.expr]:
    for call in module.calls_named(frozenset({"basicConfig", "setLevel"})):
        named = [item.value for item in call.keywords if item.arg == "level"]
        if module.qualified(call.func) == "logging.basicConfig":
            yield from named
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "setLevel":
            logger = module.loggers.value(call.func.value)
            if logger is not None and logger.kind is LoggerKind.STDLIB and not logger.derived:
                yield from call.args[:1] or named
    for config in dict_configs(module):
        for section in (dict_get(config, "loggers"), dict_get(config, "handlers")):
            for entry in section.values if isinstance(section, ast.Dict) else ():
                yield from filter(None, [dict_get(entry, "level")])
        yield from filter(None, [dict_get(dict_get(config, "root"), "level")])


def _wrong_level(module: Module, project: Project, node: ast.expr) -> str:
    qualified = module.qualified(node) or "" if isinstance(node, (ast.Name, ast.Attribute)) else ""
    prefix, _, name = qualified.rpartition(".")
    if prefix == "logging" and name in METHODS:
        return f"`{qualified}` is a function, not a level; use `logging.{name.upper()}`"
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node.value in LEVEL_NAMES:
        return ""
    if project.derived(_adds_levels) or b"addLevelName" in module.source.text.encode("utf-8", "replace"):
        return ""
    if node.value.upper() in LEVEL_NAMES:
        return f"Unknown level `{node.value}`; use `{node.value.upper()}`"
    close = get_close_matches(node.value.upper(), LEVEL_NAMES, 1, 0.7)
    return f"Unknown level `{node.value}`; use {f'`{close[0]}`' if close else 'a level that logging has'}"


def _adds_levels(project: Project) -> bool:
    """Whether a file of the project, or a library that it names, adds levels."""
    words = (b"addLevelName", b"verboselogs", b"_nameToLevel", b"logbook", b"TRACE", b"SUCCESS", b"NOTICE")
    return any(True for _ in project.survey.holders(words))


# Formats


def _formats(module: Module) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """The formats of `basicConfig` and `Formatter`, each with its style."""
    for call in module.calls_named(frozenset({"basicConfig", "Formatter"})):
        qualified = module.qualified(call.func)
        given = {item.arg: item.value for item in call.keywords}
        if None in given or any(isinstance(item, ast.Starred) for item in call.args):
            continue
        if qualified == "logging.basicConfig" and "format" in given:
            yield given["format"], given.get("style")
        elif qualified == "logging.Formatter" and "validate" not in given and "defaults" not in given:
            texts = dict(zip(("fmt", "datefmt", "style"), call.args, strict=False)) | given
            if "fmt" in texts:
                yield texts["fmt"], texts.get("style")


def _wrong_format(module: Module, project: Project, node: ast.expr, style: ast.expr | None) -> str:
    sign = "%" if style is None else str(style.value) if isinstance(style, ast.Constant) else ""
    texts = constant_texts(module, node) if sign in _STYLES else None
    for text in texts or ():
        fields = Format.of(text, sign).fields
        if text and not fields:
            meant = next((f"; pass `style={other!r}`" for other in _STYLES if Format.of(text, other).fields), "")
            return f"Format without a field of the style `{sign}`{meant or '; add `%(message)s`'}"
        for field in fields:
            close = get_close_matches(field, sorted(_FIELDS), 1, 0.8) if field not in _FIELDS else []
            if close and not _is_given(module, project, field):
                return f"Log records have no field `{field}`; use `{close[0]}`"
    return ""


def _is_given(module: Module, project: Project, field: str) -> bool:
    """Whether something else than one format names a field: an `extra`, a filter, a record factory."""
    if module.source.text.count(field) > 1:
        return True
    path = module.path
    return any(file.path != path for file in project.survey.holders((as_bytes(field),)))


# Names in a configuration


def _is_whole(module: Module, project: Project, config: ast.Dict) -> bool:
    """Whether nothing is put into a configuration later on, in this file or another."""
    statement = module.scopes.parent(config)
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    for target in targets:
        if isinstance(target, ast.Name):
            changes = tuple(as_bytes(f"{target.id}{sign}") for sign in ("[", ".update(", ".setdefault("))
            own = module.source.text.encode("utf-8", "replace")
            if any(change in own for change in changes) or any(True for _ in project.survey.holders(changes)):
                return False
    return None not in config.keys


def _wrong_names(config: ast.Dict, *, is_whole: bool) -> Iterator[tuple[ast.expr, str]]:
    handlers, loggers = dict_get(config, "handlers"), dict_get(config, "loggers")
    for entry in handlers.values if isinstance(handlers, ast.Dict) else ():
        named = dict_get(entry, "class")
        match named:
            case ast.Constant(value=str(spelled)) if spelled.startswith("logging.") and spelled not in _HANDLERS:
                close = get_close_matches(spelled, sorted(_HANDLERS), 1, 0.6)
                meant = close[0] if close else "logging.StreamHandler"
                yield named, f"No class `{spelled}` in logging; use `{meant}`"
        yield from _undefined(config, "formatters", dict_get(entry, "formatter")) if is_whole else ()
    tables = [*(loggers.values if isinstance(loggers, ast.Dict) else ()), dict_get(config, "root")]
    for table in filter(None, tables if is_whole else ()):
        for name in getattr(dict_get(table, "handlers"), "elts", ()):
            yield from _undefined(config, "handlers", name)


def _undefined(config: ast.Dict, section: str, name: ast.expr | None) -> Iterator[tuple[ast.expr, str]]:
    """A name that a whole section of the configuration does not define."""
    table = dict_get(config, section)
    if not isinstance(table, ast.Dict) or dict_get(config, "incremental"):
        return
    if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
        return
    keys = [key.value for key in table.keys if isinstance(key, ast.Constant)]
    if len(keys) == len(table.keys) and name.value not in keys:
        yield name, f"Undefined {section.removesuffix('s')} `{name.value}`; add it to `{section}`"
