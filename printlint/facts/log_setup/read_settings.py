"""What the files of a project do to loggers and handlers: each file is read once, whoever asks.

Handlers, levels, propagation, `disabled` and filters, as code sets them and the configurations that it loads.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from printlint.facts.flow.definitions import library_bases, owners
from printlint.facts.flow.origins import items_of, origins, values_elsewhere
from printlint.facts.log_setup.attachments import Attachment, attachments, attributes_set
from printlint.facts.log_setup.config_settings import add_config, configs_elsewhere
from printlint.facts.log_setup.guards import Asked, branches, handlers_asked, left_before
from printlint.facts.log_setup.handlers_made import handlers_made
from printlint.facts.log_setup.hosts import CALLS, CLIENTS, add_host
from printlint.facts.log_setup.level_values import LevelValues
from printlint.facts.log_setup.logger_names import BY_CALLERS, logger_names, named_by_callers
from printlint.facts.log_setup.logger_settings import (
    Attached,
    Emptied,
    LoggerSettings,
    Place,
    Propagates,
    SetLevel,
    Where,
)
from printlint.facts.log_setup.logging_config import level_of, logging_configs
from printlint.facts.log_setup.record_filters import lets_all_pass
from printlint.facts.log_setup.written_to import HandlerKind, Written, handler_writes
from printlint.facts.module import Module, once_a_module
from printlint.facts.project.project import SETUP_WORDS, Project
from printlint.facts.project.setup_files import EVENT_HANDLER, SETUP_MARKER, find_above, is_setup_file
from printlint.names.enclosing import is_main_guard
from printlint.names.scopes import start_of

WORDS = (
    *SETUP_WORDS,
    *(b"discord", b"absl", b"uvicorn.run", b"Sanic", b"Litestar", b"tornado.", b"daiquiri"),
    *(b"disable", b"addFilter", b".filters", b".level", b".handlers", b"removeHandler", b'"level"', b"'level'"),
)
_LOADERS = frozenset({"logging.config.dictConfig", "logging.config.fileConfig"})
_CALLS = frozenset(
    {
        *("disable", "basicConfig", "dictConfig", "fileConfig", "setLevel", "removeHandler"),
        *("setup_logging", "set_verbosity"),
    }
)
_UNBLOCK = frozenset({"unblock"})
# The modules whose handlers it moves, by what they are called, as the set-up module has them.
MOVABLE = ("logging", "logging.handlers", "rich.logging", "absl.logging", "concurrent_log_handler")
_ATTRIBUTES = ("level", "disabled", "propagate", "disable")
_INFO, _WARNING, _OFF = 20, 30, 50


@once_a_module
def settings_of(module: Module, project: Project) -> LoggerSettings:
    """What one file does, in its code and in the configuration files that it loads."""
    return LoggerSettings() if SETUP_MARKER in module.source.text else _Reader(module, project).read()


def _uses_discord(project: Project) -> bool:
    return any(True for _ in project.survey.holders((b"discord",), tests=False))


def _behind_queue(handler: Attached, function: str, line: int) -> Attached:
    """A handler that is there when a function, or the module's own body, comes to a line."""
    there = handler.place.where.function == function and handler.place.line < line
    may_move = handler.class_name.rpartition(".")[0] in (*MOVABLE, "") and not handler.stays
    is_moved = there and may_move and handler.kind is HandlerKind.WRITES
    return handler._replace(kind=HandlerKind.QUEUE) if is_moved else handler


def _mapping(value: ast.expr) -> dict[str | None, ast.expr]:
    """What a display of a mapping, or a call of `dict` or the like, has under names."""
    if isinstance(value, ast.Dict):
        keys = (str(key.value) if isinstance(key, ast.Constant) else "" for key in value.keys)
        return dict(zip(keys, value.values, strict=True))
    return {item.arg: item.value for item in value.keywords} if isinstance(value, ast.Call) else {}


class _Reader:
    def __init__(self, module: Module, project: Project) -> None:
        self._module = module
        self._project = project
        self._path = module.file
        self._levels = LevelValues(module, project)
        self._found = LoggerSettings()

    def read(self) -> LoggerSettings:
        for call in self._module.calls_named(_CALLS.union(self._host_calls())):
            self._call(call)
        for name in self._module.scopes.named(("handlers",)):
            self._list_call(name)
        for item in attachments(self._module):
            self._attach_to(item)
        for item in attachments(self._module, "filters"):
            for added in item.items:
                self._filter(item.logger, added, item.node)
        for given in attributes_set(self._module, *_ATTRIBUTES):
            if given.value is not None:
                self._set(given.owner, given.attribute, given.value, given.node)
        for config in logging_configs(self._module, self._project):
            path, where = config.path or self._path, self._where(config.site)
            line = config.site.lineno if config.path is None else 1
            add_config(self._found, config, Place(path, line, self._path, where), self._levels, by_entry=True)
        self._unblock()
        return self._found

    def _host_calls(self) -> Iterator[str]:
        """The names of calls that start a host: of those whose package is named, here or, for a client's, anywhere."""
        text = self._module.source.text
        yield from (name.rpartition(".")[2] for name in CALLS if name.partition(".")[0] in text)
        if ".run(" in text and ("discord" in text or self._project.derived(_uses_discord)):
            yield "run"

    def _unblock(self) -> None:
        """`unblock()` of the set-up module puts those handlers that are there, and may move, behind its queue."""
        for call in self._module.calls_named(_UNBLOCK):
            qualified = self._module.qualified(call.func) or ""
            if call.args or not self._is_set_up_module(qualified.rpartition(".")[0]):
                continue
            where = self._where(call).function
            for name, handlers in self._found.handlers.items():
                self._found.handlers[name] = [_behind_queue(item, where, call.lineno) for item in handlers]

    def _place(self, node: ast.expr) -> Place:
        return Place(self._path, node.lineno, self._path, self._where(node))

    def _where(self, node: ast.expr) -> Where:
        function = self._module.places.function(node)
        around = [node, *self._module.scopes.ancestors(node)]
        in_main = any(isinstance(item, ast.If) and is_main_guard(item) for item in around)
        arms = tuple(
            (item.lineno, any(inner in around for inner in item.body)) for item in branches(self._module, node)
        )
        behind = tuple((item.lineno, False) for item in left_before(self._module, node))
        name = function.name if function is not None else ""
        return Where(name, in_main, arms[::-1], behind, handlers_asked(self._module, node))

    def _names(self, node: ast.expr) -> frozenset[str]:
        names = logger_names(self._module, self._project, node)
        function = named_by_callers(self._module, node)
        return names | {function} if function else names

    def _level(self, node: ast.expr, place: Place, how: str = "setLevel", *, certain: bool = True) -> SetLevel:
        return SetLevel(level_of(self._module, node), self._levels.highest(node), place, how, certain=certain)

    # Code

    def _call(self, call: ast.Call) -> None:
        qualified = self._module.qualified(call.func) or ""
        match call:
            case _ if qualified == "logging.disable":
                place = self._place(call)
                given = [*call.args, *(item.value for item in call.keywords)]
                level = self._level(given[0], place) if given else SetLevel(_OFF, _OFF, place)
                self._found.switched_off.append(level)
            case _ if qualified == "logging.basicConfig":
                self._basic_config(call, self._place(call))
            case _ if qualified.endswith(".setup_logging") and self._is_set_up_module(qualified.rpartition(".")[0]):
                self._set_up(call, self._place(call))
            case _ if qualified in _LOADERS:
                self._load(call, qualified, self._place(call))
            case _ if qualified in CALLS:
                self._host(call, *CALLS[qualified], self._place(call))
            case ast.Call(args=[level, *_]) if qualified == "absl.logging.set_verbosity":
                self._found.levels.setdefault("", []).append(self._level(level, self._place(call), qualified))
            case ast.Call(func=ast.Attribute(value=client, attr="run")) if self._is_client(client):
                root = any(item.arg == "root_logger" for item in call.keywords)
                self._host(call, "discord.py" if root else "`run` of discord.py", "log_handler", self._place(call))
            case ast.Call(func=ast.Attribute(value=logger, attr="setLevel")) if call.args or call.keywords:
                given = [*call.args, *(item.value for item in call.keywords)]
                self._set(logger, "level", given[0], call)
            case ast.Call(func=ast.Attribute(value=logger, attr="removeHandler")):
                in_loop = any(isinstance(item, ast.For) for item in self._module.places.within(call))
                self._empty(logger, self._place(call), every=in_loop, given=call.args)

    def _list_call(self, name: ast.AST) -> None:
        """`logger.handlers.clear()` and its kin: the list is changed without a method of the logger's."""
        method = self._module.scopes.parent(name)
        call = self._module.scopes.parent(method)
        if not (isinstance(name, ast.Attribute) and isinstance(method, ast.Attribute) and isinstance(call, ast.Call)):
            return
        if call.func is method and method.attr in ("clear", "remove", "pop"):
            self._empty(name.value, self._place(call), every=method.attr == "clear", given=call.args)

    def _set(self, logger: ast.expr, attribute: str, value: ast.expr, node: ast.expr) -> None:
        place = self._place(node)
        if attribute == "disable":  # logging.root.manager.disable
            if "manager" in ast.unparse(logger):
                self._found.switched_off.append(self._level(value, place))
            return
        names = self._names(logger)
        if attribute == "level" and not names:
            for name in self._of_handlers(logger):
                self._found.handler_levels.setdefault(name, []).append(self._level(value, place))
        said = bool(value.value) if isinstance(value, ast.Constant) else None
        certain = self._is_one(names, logger)
        for name in names:
            if attribute == "level":
                self._found.levels.setdefault(name, []).append(self._level(value, place, certain=certain))
            elif attribute == "disabled" and said is not False:
                self._found.disabled.setdefault(name, []).append(place)
            elif attribute == "propagate":
                self._found.propagates.setdefault(name, []).append(Propagates(said, place, certain))

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
        for name in self._of_handlers(logger) if not names else ():
            if not lets_all_pass(self._module, self._project, given, frozenset({""})):
                self._found.handler_filters.setdefault(name, []).append(self._place(node))

    def _empty(self, logger: ast.expr, place: Place, *, every: bool, given: Iterable[ast.expr] = ()) -> None:
        values = (value for handler in given for value in origins(self._module, handler))
        made = frozenset(start_of(value) for value in values if isinstance(value, ast.Call))
        for name in self._names(logger):
            self._found.emptied.setdefault(name, []).append(Emptied(place, every, made=made))

    def _attach_to(self, item: Attachment) -> None:
        if item.replaces:
            self._empty(item.logger, self._place(item.node), every=True)
        names = self._names(item.logger)
        if all(name.startswith(BY_CALLERS) for name in names):
            self._found.unknown.append(self._place(item.node))
        self._attach(names, item.items, item.node, certain=self._is_one(names, item.logger))

    def _is_one(self, names: frozenset[str], logger: ast.expr) -> bool:
        """Whether something is done to each of some loggers, and not to one or another."""
        known = [name for name in names if not name.startswith(BY_CALLERS)]
        return len(known) == 1 or self._goes_through_all(logger)

    def _goes_through_all(self, logger: ast.expr) -> bool:
        """Whether code is run for each of several loggers: `for log in (one, two): …`."""
        bindings = self._module.names.bindings(logger) if isinstance(logger, ast.Name) else []
        holders = [self._module.scopes.parent(binding.node) for binding in bindings]
        return len(bindings) == 1 and isinstance(holders[0], ast.For)

    def _attach(
        self, names: frozenset[str], handlers: Iterable[ast.expr], node: ast.expr, *, certain: bool = True
    ) -> None:
        place = self._place(node)
        for slot, handler in enumerate(handlers if names else ()):
            for made in handlers_made(self._module, self._project, self._levels, handler, place):
                for name in names:
                    found = made._replace(logger=name, certain=certain, slot=slot)
                    self._found.handlers.setdefault(name, []).append(found)

    def _basic_config(self, call: ast.Call, place: Place) -> None:
        given = {item.arg: item.value for item in call.keywords}
        elsewhere: _Reader | None = None
        for value in origins(self._module, given[None]) if None in given else ():
            given = {**_mapping(value), **given}
            for other, named in values_elsewhere(self._module, self._project, self._module.qualified(value) or ""):
                if "level" not in given and (its := _mapping(named).get("level")) is not None:
                    given["level"], elsewhere = its, _Reader(other, self._project)
        if "level" in given:
            level = (elsewhere or self)._level(given["level"], place, "basicConfig")
        else:
            number = None if None in given else _WARNING
            level = SetLevel(number, number, place, "basicConfig without a level", implied=True)
        self._found.levels.setdefault("", []).append(level)
        if isinstance(force := given.get("force"), ast.Constant) and force.value:
            self._found.emptied.setdefault("", []).append(Emptied(place, every=True))
        handlers = list(items_of(self._module, given["handlers"])) if "handlers" in given else []
        if handlers:
            self._attach(frozenset({""}), handlers, call)
            return
        written, class_name, shown = Written.CONSOLE, "logging.StreamHandler", "`basicConfig` handler"
        if "filename" in given:
            written, class_name, shown = Written.ELSEWHERE, "logging.FileHandler", "`basicConfig` file handler"
        elif "stream" in given:
            written = handler_writes(self._module, self._project, given["stream"], is_stream=True)
        elif given.keys() & {"handlers", None}:
            class_name = ""
        found = Attached("", shown, class_name, written, HandlerKind.of_class(class_name), 0, False, place)
        self._found.handlers.setdefault("", []).append(found)

    def _host(self, call: ast.Call, name: str, unless: str, place: Place) -> None:
        """A framework sets logging up, at the level that it is given."""
        given = {item.arg: item.value for item in call.keywords}
        if unless in given:
            return
        add_host(self._found, name, place)
        if name in ("coloredlogs", "daiquiri") and call.args:
            given["level"] = call.args[0]
        if "level" in given:
            self._found.levels[""][-1] = self._level(given["level"], place, name)

    def _is_client(self, node: ast.expr) -> bool:
        """Whether an expression is a client of discord.py."""
        for value in origins(self._module, node):
            called = self._module.qualified(value.func) if isinstance(value, ast.Call) else None
            of_project = owners(self._module, self._project, value)
            bases = {base for owner in of_project for base in library_bases(owner, self._project)}
            if called in CLIENTS or not bases.isdisjoint(CLIENTS):
                return True
        return False

    def _is_set_up_module(self, dotted: str) -> bool:
        layout = self._module.layout
        if layout is None:
            return False
        path = layout.find(dotted, self._project.root) or find_above(layout.path.parent, dotted)
        return path is not None and is_setup_file(path)

    def _set_up(self, call: ast.Call, place: Place) -> None:
        """The set-up module gives the root logger a level and, where nothing writes to the terminal, its handler."""
        given = [*call.args, *(item.value for item in call.keywords)]
        number = self._levels.highest(given[0]) if given else _INFO
        self._found.levels.setdefault("", []).append(SetLevel(number, None, place, "setup_logging", implied=True))
        place = place._replace(where=place.where._replace(if_none=Asked.ABOVE))
        found = Attached("", EVENT_HANDLER, EVENT_HANDLER, Written.CONSOLE, HandlerKind.QUEUE, 0, False, place)
        self._found.handlers.setdefault("", []).append(found)

    # Configurations

    def _load(self, call: ast.Call, loader: str, place: Place) -> None:
        """A configuration that is written down in another file, or that cannot be read."""
        known = bool(logging_configs(self._module, self._project))
        for config in configs_elsewhere(self._module, self._project, call) if loader.endswith("dictConfig") else ():
            add_config(self._found, config, place, self._levels)
            known = True
        if not known:
            self._found.unknown.append(place)
            self._found.levels.setdefault("", []).append(SetLevel(None, None, place, loader, implied=True))
