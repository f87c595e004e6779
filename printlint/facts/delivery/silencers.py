"""What a project does to loggers that keeps records from being seen, file by file.

Levels, `disabled`, filters, handlers that write elsewhere and `propagate = False`, in code and in configurations. Read
where a rewrite is planned: `check` asks for none of it.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

from printlint.facts.delivery.level_values import LevelValues
from printlint.facts.delivery.logger_names import logger_names
from printlint.facts.delivery.record_filters import lets_all_pass, may_drop
from printlint.facts.delivery.written_to import Written, handler_writes
from printlint.facts.flow.origins import items_of, origins, values_elsewhere
from printlint.facts.log_setup.handlers import dict_get
from printlint.facts.log_setup.logger_tree import Place, SetLevel
from printlint.facts.log_setup.logging_config import LoggingConfig, literal_config, logging_configs
from printlint.facts.module import Module, once_a_module
from printlint.facts.project.project import SETUP_WORDS, Project

_WORDS = (
    *SETUP_WORDS,
    *(b"disable", b"addFilter", b".filters", b".level", b".handlers", b"removeHandler", b'"level"', b"'level'"),
)
_OFF = 50
# Functions of libraries that set the root logger's level.
_OF_LIBRARIES = frozenset({"coloredlogs.install", "daiquiri.setup", "absl.logging.set_verbosity"})


class Attached(NamedTuple):
    """A handler of a logger, with the lowest number that it lets pass. `written` is where it writes."""

    name: str
    written: Written
    number: int
    drops: bool
    place: Place


class Silencers:
    """What some files do, by the names of loggers; the root's is empty, `EVERY` is each that exists."""

    def __init__(self) -> None:
        self.levels: dict[str, list[SetLevel]] = {}
        self.disabled: dict[str, list[Place]] = {}
        self.filtered: dict[str, list[Place]] = {}
        self.cut: dict[str, list[Place]] = {}
        self.handlers: dict[str, list[Attached]] = {}
        self.handler_levels: dict[str, list[SetLevel]] = {}
        self.emptied: dict[str, list[Place]] = {}
        self.switched_off: list[SetLevel] = []
        self.unlevelled: list[Place] = []
        self.disabling: list[tuple[Module, LoggingConfig, Place]] = []


def silencers_of_all(project: Project) -> tuple[tuple[Path, Silencers], ...]:
    """The silencers of each file of a project, tests and examples apart."""
    paths = (file.path for file, _ in project.survey.holding(_WORDS) if file.is_own or file.is_tool)
    return tuple(
        project.ask_each(paths, lambda module: (Path(module.source.path).absolute(), silencers_of(module, project)))
    )


@once_a_module
def silencers_of(module: Module, project: Project) -> Silencers:
    """What one file does."""
    if not any(word.decode() in module.source.text for word in _WORDS):
        return Silencers()
    return _Reader(module, project).read()


class _Reader:
    def __init__(self, module: Module, project: Project) -> None:
        self._module = module
        self._project = project
        self._path = module.layout.path if module.layout is not None else Path(module.source.path)
        self._levels = LevelValues(module, project)
        self._found = Silencers()

    def read(self) -> Silencers:
        for call in self._module.calls:
            self._call(call)
        for attribute in ("level", "disabled", "propagate", "filters", "handlers", "disable"):
            for target in self._module.scopes.stores(attribute):
                statement = self._module.scopes.parent(target)
                if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
                    self._set(target.value, attribute, statement.value, target)
        for config in logging_configs(self._module, self._project):
            self._config(config, None)
        return self._found

    def _place(self, node: ast.expr) -> Place:
        return Place(self._path, node.lineno, self._path)

    def _names(self, node: ast.expr) -> frozenset[str]:
        return logger_names(self._module, self._project, node)

    # Code

    def _call(self, call: ast.Call) -> None:
        qualified = self._module.qualified(call.func) or ""
        place = self._place(call)
        match call:
            case _ if qualified == "logging.disable":
                given = [*call.args, *(item.value for item in call.keywords)]
                number = self._levels.highest(given[0]) if given else _OFF
                self._found.switched_off.append(SetLevel(number, place))
            case _ if qualified == "logging.basicConfig":
                self._basic_config(call, place)
            case ast.Call(args=[given, *_]) if qualified == "logging.config.dictConfig":
                self._defined_elsewhere(given, place)
            case _ if qualified in _OF_LIBRARIES:
                levels = [item.value for item in call.keywords if item.arg == "level"] or call.args[:1]
                for level in levels:
                    self._found.levels.setdefault("", []).append(SetLevel(self._levels.highest(level), place))
            case ast.Call(args=[logger, ast.Constant(value=str(name)), value]) if qualified == "builtins.setattr":
                self._set(logger, name, value, call)
            case ast.Call(func=ast.Attribute(value=logger, attr="setLevel")) if call.args or call.keywords:
                given = [*call.args, *(item.value for item in call.keywords)]
                self._set(logger, "level", given[0], call)
            case ast.Call(func=ast.Attribute(value=logger, attr="addFilter"), args=[given_filter]):
                self._filter(logger, given_filter, call)
            case ast.Call(func=ast.Attribute(value=logger, attr="addHandler"), args=[handler]):
                self._attach(self._names(logger), [handler], call)
            case ast.Call(func=ast.Attribute(value=logger, attr="removeHandler")):
                self._empty(logger, place)
            case ast.Call(func=ast.Attribute(value=ast.Attribute(value=logger, attr="handlers"), attr=method)):
                self._change_handlers(logger, method, call)
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=logger, attr="filters"), attr="append" | "insert")
            ) if call.args:
                self._filter(logger, call.args[-1], call)

    def _set(self, logger: ast.expr, attribute: str, value: ast.expr, node: ast.expr) -> None:
        place = self._place(node)
        if attribute == "disable":  # logging.root.manager.disable
            if "manager" in ast.unparse(logger):
                self._found.switched_off.append(SetLevel(self._levels.highest(value), place))
            return
        names = self._names(logger)
        if attribute == "level" and not names:
            for name in self._of_handlers(logger):
                found = SetLevel(self._levels.highest(value), place)
                self._found.handler_levels.setdefault(name, []).append(found)
        off = isinstance(value, ast.Constant) and not value.value
        for name in names:
            if attribute == "level":
                self._found.levels.setdefault(name, []).append(SetLevel(self._levels.highest(value), place))
            elif attribute == "disabled" and not off:
                self._found.disabled.setdefault(name, []).append(place)
            elif attribute == "propagate" and not (isinstance(value, ast.Constant) and value.value):
                self._found.cut.setdefault(name, []).append(place)
        if attribute == "filters":
            for item in items_of(self._module, value):
                self._filter(logger, item, node)
        elif attribute == "handlers" and names:
            self._empty(logger, place)
            self._attach(names, list(items_of(self._module, value)), node)

    def _of_handlers(self, node: ast.expr) -> frozenset[str]:
        """The loggers whose handlers an expression goes through: `root.handlers[0]`, `for h in root.handlers`."""
        if isinstance(node, ast.Subscript):
            holder: ast.AST | None = node.value
        elif isinstance(node, ast.Name):
            bindings = self._module.names.bindings(node)
            loop = self._module.scopes.parent(bindings[0].node) if len(bindings) == 1 else None
            holder = loop.iter if isinstance(loop, (ast.For, ast.comprehension)) else None
            holder = holder.value if isinstance(holder, ast.Subscript) else holder  # a copy: `handlers[:]`
        else:
            holder = None
        is_list = isinstance(holder, ast.Attribute) and holder.attr == "handlers"
        return self._names(holder.value) if is_list and isinstance(holder, ast.Attribute) else frozenset()

    def _filter(self, logger: ast.expr, given: ast.expr, node: ast.expr) -> None:
        names = self._names(logger)
        if names and not lets_all_pass(self._module, self._project, given, names):
            for name in names:
                self._found.filtered.setdefault(name, []).append(self._place(node))

    def _empty(self, logger: ast.expr, place: Place) -> None:
        for name in self._names(logger):
            self._found.emptied.setdefault(name, []).append(place)

    def _change_handlers(self, logger: ast.expr, method: str, call: ast.Call) -> None:
        if method in ("append", "insert") and call.args:
            self._attach(self._names(logger), [call.args[-1]], call)
        elif method == "extend" and call.args:
            self._attach(self._names(logger), list(items_of(self._module, call.args[0])), call)
        elif method in ("clear", "remove", "pop"):
            self._empty(logger, self._place(call))

    def _attach(self, names: frozenset[str], handlers: list[ast.expr], node: ast.expr) -> None:
        for handler in handlers:
            for value in origins(self._module, handler):
                written = handler_writes(self._module, self._project, value)
                number, drops = self._of_handler(value)
                shown = _class_name(self._module, value)
                for name in names:
                    attached = Attached(shown, written, number, drops, self._place(node))
                    self._found.handlers.setdefault(name, []).append(attached)

    def _of_handler(self, made: ast.expr) -> tuple[int, bool]:
        """The level of a handler, 0 where it has none, and whether it has a filter that drops records."""
        number, drops = 0, False
        given = [item.value for item in made.keywords if item.arg == "level"] if isinstance(made, ast.Call) else []
        for call in self._module.calls_named(frozenset({"setLevel", "addFilter"})):
            if isinstance(call.func, ast.Attribute) and call.args and made in origins(self._module, call.func.value):
                if call.func.attr == "setLevel":
                    given.append(call.args[0])
                else:
                    drops = drops or may_drop(self._module, call.args[0])
        for target in self._module.scopes.stores("level"):
            statement = self._module.scopes.parent(target)
            if isinstance(statement, ast.Assign) and made in origins(self._module, target.value):
                given.append(statement.value)
        number = max((self._levels.highest(level) or 0 for level in given), default=0)
        return number, drops

    def _defined_elsewhere(self, node: ast.expr, place: Place) -> None:
        """A configuration that is written down in another file."""
        for value in origins(self._module, node):
            qualified = self._module.qualified(value) if isinstance(value, (ast.Name, ast.Attribute)) else None
            found = next(values_elsewhere(self._module, self._project, qualified), None) if qualified else None
            if found is not None and isinstance(found[1], ast.Dict):
                self._config(literal_config(found[0], found[1])._replace(site=node), place)

    def _basic_config(self, call: ast.Call, place: Place) -> None:
        given = {item.arg: item.value for item in call.keywords}
        for value in origins(self._module, given[None]) if None in given else ():
            if isinstance(value, ast.Dict):
                keys = (str(key.value) if isinstance(key, ast.Constant) else "" for key in value.keys)
                given = {**dict(zip(keys, value.values, strict=True)), **given}
            elif isinstance(value, ast.Call):
                given = {**{item.arg: item.value for item in value.keywords}, **given}
        if "level" in given:
            self._found.levels.setdefault("", []).append(SetLevel(self._levels.highest(given["level"]), place))
        elif None not in given:
            self._found.unlevelled.append(place)
        root = frozenset({""})
        if "handlers" in given:
            self._attach(root, list(items_of(self._module, given["handlers"])), call)
            return
        written = Written.CONSOLE
        if "filename" in given:
            written = Written.ELSEWHERE
        elif "stream" in given:
            written = handler_writes(self._module, self._project, given["stream"], is_stream=True)
        shown = "a file" if "filename" in given else "the `basicConfig` handler"
        self._found.handlers.setdefault("", []).append(Attached(shown, written, 0, False, place))

    # Configurations

    def _config(self, config: LoggingConfig, at: Place | None) -> None:
        path = config.path or self._path
        site = at or Place(path, config.site.lineno if config.path is None else 1, self._path)
        if config.disables:
            self._found.disabling.append((self._module, config, site))
        root_levelled = False
        for entry in config.entries:
            place = at or Place(path, entry.line, self._path)
            root_levelled = root_levelled or (not entry.name and entry.levelled)
            if entry.levelled:
                node = dict_get(entry.node, "level") if entry.node is not None else None
                number = self._levels.highest(node) if node is not None else entry.level
                self._found.levels.setdefault(entry.name, []).append(SetLevel(number, place))
            if entry.propagate is False:
                self._found.cut.setdefault(entry.name, []).append(place)
            if entry.filtered:
                self._found.filtered.setdefault(entry.name, []).append(place)
            for handler in entry.handlers:
                attached = self._configured(config, handler, place)
                self._found.handlers.setdefault(entry.name, []).append(attached)
        if not root_levelled and any(not entry.name for entry in config.entries):
            self._found.unlevelled.append(site)

    def _configured(self, config: LoggingConfig, handler: str, place: Place) -> Attached:
        written = Written.of_class(config.classes.get(handler, ""))
        return Attached(f"handler `{handler}`", written, config.handler_levels.get(handler, 0), False, place)


def _class_name(module: Module, node: ast.expr) -> str:
    called = node.func if isinstance(node, ast.Call) else node
    return (module.qualified(called) or ast.unparse(called)).rpartition(".")[2]
