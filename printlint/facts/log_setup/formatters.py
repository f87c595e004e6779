"""Where a module makes formatters that write text: `logging.Formatter(...)`, plain subclasses of it, `basicConfig`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from printlint.facts.flow.definitions import Defined, bases_of, definitions, library_bases, method_of
from printlint.facts.flow.origins import origins
from printlint.facts.log_setup.handlers import FILE_HANDLERS
from printlint.facts.module import Module
from printlint.facts.project.project import Project

_FORMATTER = "logging.Formatter"
_STREAM_HANDLERS = FILE_HANDLERS | {"logging.StreamHandler"}
_IN_MEMORY = frozenset({"io.StringIO", "io.BytesIO"})
# What has a form of its own, or is for a terminal.
_OWN_FORM = ("format", "formatMessage")
_CLASS = re.compile(r"class[ \t]+(\w+)[ \t]*\([^)]{0,400}Formatter\b")


class TextFormatter(NamedTuple):
    """A call that makes a formatter of text. `spelling` is what is called.

    `owner` is the class where it is the project's own. `configures` is true for `basicConfig`. `handlers` are the
    expressions of the handlers that are known to get it.
    """

    call: ast.Call
    spelling: str
    owner: Defined | None = None
    configures: bool = False
    handlers: tuple[ast.expr, ...] = ()


def text_formatters(module: Module, project: Project) -> Iterator[TextFormatter]:
    """Every such call, in source order, whose formatter may be that of an event stream.

    Left out are those for a terminal (behind `isatty()`, with colours), those that only handlers get which write to
    no stream and no file (mail, syslog), and those that no handler gets.
    """
    own = frozenset(_CLASS.findall(module.source.text))
    for call in module.calls_named(frozenset({"Formatter", "basicConfig"}) | own):
        spelling = ast.unparse(call.func)
        qualified = module.qualified(call.func)
        if _is_for_terminal(module, call):
            continue
        if qualified == "logging.basicConfig":
            named = {keyword.arg for keyword in call.keywords}
            if "format" in named or not named & {"handlers", None}:
                yield TextFormatter(call, spelling, configures=True)
            continue
        owner = None if qualified == _FORMATTER else _plain_subclass(module, project, call.func)
        if (owner is None and qualified != _FORMATTER) or isinstance(module.scopes.parent(call), ast.Attribute):
            continue
        handlers = tuple(_given_to(module, call))
        if not handlers or any(_may_be_stream(module, project, handler) for handler in handlers):
            yield TextFormatter(call, spelling, owner, handlers=handlers)


def _is_for_terminal(module: Module, call: ast.Call) -> bool:
    if any("isatty" in test for test, _ in module.places.guards(call)):
        return True
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    texts = (node for value in values for item in origins(module, value) for node in ast.walk(item))
    return any(isinstance(node, ast.Constant) and "\x1b[" in str(node.value) for node in texts)


def _plain_subclass(module: Module, project: Project, called: ast.expr) -> Defined | None:
    """The class of the project that is called, where it is a formatter of logging's without a form of its own."""
    for found in definitions(module, project, called):
        if isinstance(found.node, ast.ClassDef) and library_bases(found, project) == {_FORMATTER}:
            owners = [found, *bases_of(found, project)]
            own = (item for owner in owners for name in _OWN_FORM for item in method_of(owner, project, name))
            return None if any(own) else found
    return None


def _given_to(module: Module, call: ast.Call) -> Iterator[ast.expr]:
    """The handlers whose `setFormatter` gets a formatter."""
    for node in module.calls_named(frozenset({"setFormatter"})):
        if isinstance(node.func, ast.Attribute) and len(node.args) == 1 and call in origins(module, node.args[0]):
            yield node.func.value


def _may_be_stream(module: Module, project: Project, handler: ast.expr) -> bool:
    """Whether a handler may write to a stream or a file: not where all that it may be is known to write elsewhere."""
    return any(_made_for_stream(module, project, value) is not False for value in origins(module, handler))


def _made_for_stream(module: Module, project: Project, made: ast.expr) -> bool | None:
    if not isinstance(made, ast.Call):
        return None
    qualified = module.qualified(made.func) or ""
    if qualified == "logging.StreamHandler":
        streams = (value for given in made.args[:1] for value in origins(module, given))
        return not any(isinstance(item, ast.Call) and module.qualified(item.func) in _IN_MEMORY for item in streams)
    if qualified.startswith("logging."):
        return qualified in _STREAM_HANDLERS
    for found in definitions(module, project, made.func):
        if isinstance(found.node, ast.ClassDef) and (bases := library_bases(found, project)):
            return not bases.isdisjoint(_STREAM_HANDLERS)
    return qualified.endswith(("FileHandler", "StreamHandler")) if qualified else None
