"""How code puts handlers on loggers, and sets attributes of theirs: the one reading of all the ways that Python has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from printlint.facts.flow.origins import items_of, origins
from printlint.facts.loggers.kinds import LoggerValue
from printlint.facts.module import Module, once_a_module
from printlint.names.qualified import last_name

_NULL = "logging.NullHandler"
# The lists of a logger, with the method that adds to each, and the parameter of that.
_ADDS = {"handlers": ("addHandler", "hdlr"), "filters": ("addFilter", "filter")}
_CHANGES_LIST = r"\.%s[\s\\]*(?:\.[\s\\]*(?:append|insert|extend)\b|\[)"


class AttributeSet(NamedTuple):
    """A value that an attribute of `owner` is given; `value` is None where the code does not show it."""

    node: ast.expr
    owner: ast.expr
    attribute: str
    value: ast.expr | None


class Attachment(NamedTuple):
    """Handlers or filters that `node`, a call or the target of an assignment, puts on a logger, or on a handler.

    `replaces`: in place of those that it has. `copies`: they come out of a list that the code does not show.
    """

    node: ast.expr
    logger: ast.expr
    items: tuple[ast.expr, ...]
    replaces: bool = False
    copies: bool = False


class AddedHandler(NamedTuple):
    """Handlers that are put on a known logger. `classes` are those of the handlers, None for one that is unknown."""

    node: ast.expr
    receiver: ast.expr
    logger: LoggerValue
    handlers: tuple[ast.expr, ...]
    classes: tuple[str | None, ...]
    replaces: bool = False
    copies: bool = False

    @property
    def spelling(self) -> str:
        """The logger, as the code writes it."""
        return ast.unparse(self.receiver)

    @property
    def key(self) -> str:
        """One string for one logger, which the module may spell in several ways."""
        return key_of(self.receiver, self.logger)

    @property
    def by_list(self) -> bool:
        """Whether it goes past `addHandler`, to the logger's list."""
        return not (isinstance(self.node, ast.Call) and last_name(self.node.func) == "addHandler")

    @property
    def null(self) -> bool:
        """Whether it is the `NullHandler` that a library adds, or the list is emptied."""
        return not self.copies and all(name == _NULL for name in self.classes)

    @property
    def handler(self) -> str | None:
        """The class of the first handler that does something."""
        return next((name for name in self.classes if name != _NULL), None)

    @property
    def console(self) -> bool:
        """Whether a handler is known to write to a standard stream."""
        return "logging.StreamHandler" in self.classes


def key_of(receiver: ast.expr, logger: LoggerValue) -> str:
    """One string for one logger: by its `getLogger` call where that is known, else by its spelling."""
    return ast.dump(logger.created[0]) if len(logger.created) == 1 else ast.unparse(receiver)


def added_handlers(module: Module) -> Iterator[AddedHandler]:
    """The attachments to loggers of the standard library, in source order."""
    for item in attachments(module):
        logger = module.loggers.value(item.logger)
        if logger is not None and logger.is_standard:
            classes = tuple(_class_of(module, handler) for handler in item.items)
            yield AddedHandler(item.node, item.logger, logger, item.items, classes, item.replaces, item.copies)


def unknown_loggers_given(module: Module) -> Iterator[Attachment]:
    """The attachments of logging's own handlers to what the code does not show to be a logger, like a parameter."""
    for item in attachments(module):
        classes = [_class_of(module, handler) or "" for handler in item.items]
        writing = any(name.startswith("logging.") and name != _NULL for name in classes)
        if writing and module.loggers.value(item.logger) is None:
            yield item


def _class_of(module: Module, handler: ast.expr) -> str | None:
    """The qualified class of a handler, where all that it may come from has one."""
    found = {
        module.qualified(value.func) if isinstance(value, ast.Call) else None for value in origins(module, handler)
    }
    return found.pop() if len(found) == 1 else None


@once_a_module
def attachments(module: Module, attribute: str = "handlers") -> tuple[Attachment, ...]:
    """Where handlers, or `filters`, are put on anything that could have them, in source order."""
    found = [*_calls(module, attribute), *_lists(module, attribute), *_assignments(module, attribute)]
    return tuple(sorted(found, key=lambda item: (item.node.lineno, item.node.col_offset)))


def _calls(module: Module, attribute: str) -> Iterator[Attachment]:
    """`logger.addHandler(handler)`"""
    method, parameter = _ADDS[attribute]
    for call in module.calls_named(frozenset({method})):
        given = [*call.args, *(item.value for item in call.keywords if item.arg == parameter)]
        if isinstance(call.func, ast.Attribute) and call.func.attr == method and len(given) == 1:
            yield Attachment(call, call.func.value, (given[0],))


def _lists(module: Module, attribute: str) -> Iterator[Attachment]:
    """`logger.handlers.append(handler)`, `insert`, `extend`, and `logger.handlers[:] = [handler]`."""
    if re.search(_CHANGES_LIST % attribute, module.source.text) is None:  # as in most files: names cost more
        return
    for name in module.scopes.named((attribute,)):
        holder = module.scopes.parent(name)
        around = module.scopes.parent(holder)
        if not isinstance(name, ast.Attribute):
            continue
        match holder, around:
            case ast.Attribute(attr="append" | "insert"), ast.Call(func=func, args=[*_, handler]) if func is holder:
                yield Attachment(around, name.value, (handler,))
            case ast.Attribute(attr="extend"), ast.Call(func=func, args=[listed]) if func is holder:
                yield _of_list(module, around, name.value, listed)
            case ast.Subscript(ctx=ast.Store(), slice=place), ast.Assign(value=value):
                if isinstance(place, ast.Slice):
                    yield _of_list(module, holder, name.value, value, replaces=True)
                else:
                    yield Attachment(holder, name.value, (value,), replaces=True)


def _assignments(module: Module, attribute: str) -> Iterator[Attachment]:
    """`logger.handlers = [handler]`, `+=`, and `setattr(logger, "handlers", [handler])`."""
    for item in attributes_set(module, attribute):
        statement = module.scopes.parent(item.node)
        if item.value is not None:
            replaces = not isinstance(statement, ast.AugAssign)
            yield _of_list(module, item.node, item.owner, item.value, replaces=replaces)


def _of_list(
    module: Module, node: ast.expr, logger: ast.expr, listed: ast.expr, *, replaces: bool = False
) -> Attachment:
    handlers = tuple(items_of(module, listed))
    is_empty = isinstance(listed, (ast.List, ast.Tuple, ast.Constant)) or _is_empty_call(listed)
    return Attachment(node, logger, handlers, replaces, copies=not handlers and not is_empty)


def _is_empty_call(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and not node.args and not node.keywords


def attributes_set(module: Module, *attributes: str) -> Iterator[AttributeSet]:
    """Where attributes of some names are set, on whatever: by assignments of all kinds and by `setattr`."""
    written = [attribute for attribute in attributes if attribute in module.source.text]
    for attribute in written:
        for target in module.scopes.stores(attribute):
            yield AttributeSet(target, target.value, attribute, _assigned(module, target))
    if not written or "setattr" not in module.source.text:
        return
    for call in module.calls_named(frozenset({"setattr"})):
        if module.qualified(call.func) == "builtins.setattr" and len(call.args) == 3:
            owner, named, value = call.args
            for name in origins(module, named):
                if isinstance(name, ast.Constant) and name.value in attributes:
                    yield AttributeSet(call, owner, str(name.value), value)


def sets_propagate(module: Module, added: AddedHandler) -> bool:
    """Whether the module sets `propagate` on the same logger anywhere, to whatever value."""
    for item in attributes_set(module, "propagate"):
        logger = module.loggers.value(item.owner)
        if logger is not None and (
            key_of(item.owner, logger) == added.key or ast.unparse(item.owner) == added.spelling
        ):
            return True
    return False


def _assigned(module: Module, target: ast.expr) -> ast.expr | None:
    """What an assignment gives a target, also one of several that a display is unpacked into."""
    child: ast.AST = target
    parent = module.scopes.parent(target)
    index = None
    if isinstance(parent, (ast.Tuple, ast.List)):
        index, child, parent = parent.elts.index(target), parent, module.scopes.parent(parent)
    if not isinstance(parent, (ast.Assign, ast.AnnAssign, ast.AugAssign)) or parent.value is child:
        return None
    if index is None:
        return parent.value
    is_display = isinstance(parent.value, (ast.Tuple, ast.List)) and index < len(parent.value.elts)
    return parent.value.elts[index] if is_display else None  # type: ignore[union-attr]
