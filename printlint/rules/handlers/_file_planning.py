"""What keeps a file handler from becoming a stream on standard output, each with the reason that the user reads."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress

from printlint.facts.calls.catching import catchers
from printlint.facts.context import Context
from printlint.facts.delivery.standard_output import use_of_standard_output
from printlint.facts.flow.origins import origins
from printlint.facts.log_setup.attachments import added_handlers
from printlint.facts.log_setup.file_handlers import FileHandlerCall
from printlint.facts.log_setup.handlers import FILE_HANDLERS
from printlint.facts.log_setup.log_files import LogFile, effects
from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.log_setup.logger_tree import LoggerTree, logger_name
from printlint.facts.log_setup.written_to import Written, handler_writes
from printlint.facts.module import Module
from printlint.facts.readers.shell_files import shell_files
from printlint.plan.edits import Substitute
from printlint.plan.import_names import needs_import
from printlint.plan.message import Refused
from printlint.plan.refusals import check_place

CAUTION = "the log file is no longer written"
_CLASSES = frozenset(name.rpartition(".")[2] for name in FILE_HANDLERS)
# What only handlers of files have, or have in another way than those of streams.
_FILE_ATTRIBUTES = frozenset(
    {
        *("baseFilename", "mode", "encoding", "errors", "delay", "stream", "_open", "dev", "ino"),
        *("maxBytes", "backupCount", "when", "interval", "suffix", "extMatch", "utc", "atTime", "rolloverAt"),
        *("namer", "rotator", "rotate", "doRollover", "shouldRollover", "computeRollover", "getFilesToDelete"),
        *("rotation_filename", "reopenIfNeeded"),
    }
)
_READERS = (b"baseFilename", b"doRollover", b"reopenIfNeeded", b"FileHandler")
_READS = re.compile(
    rb"\.(?:baseFilename|doRollover|reopenIfNeeded)\b|(?:isinstance|issubclass)\([^)\n]{0,200}FileHandler\b"
)
_FAILS_TO_OPEN = ("OSError", "PermissionError", "FileNotFoundError", "IsADirectoryError")
TWICE = "gets the same records, which would be printed twice"
_FILE_ARGUMENTS = ("filename", "filemode", "encoding", "errors")


def substitute(context: Context, found: FileHandlerCall) -> Substitute:
    """The edit that has a handler write to standard output. Raises `Refused` where that may be wrong."""
    module = context.module
    check_place(module, found.call)
    if found.owner is not None:
        raise Refused(f"`{found.owner.name}` is a custom class that may do more than write to a file")
    if found.configures:
        edit = _configured(module, found.call)
    else:
        edit = _constructed(module, found.call)
    _check_arguments(context, found)
    _check_uses(module, found.call)
    _check_alone(context, found.call)
    check_project(context)
    return edit


def _configured(module: Module, call: ast.Call) -> Substitute:
    keywords = {keyword.arg: keyword for keyword in call.keywords}
    if None in keywords:
        raise Refused("`**` may hold further arguments for the file")
    if clash := next((name for name in ("stream", "handlers") if name in keywords), None):
        raise Refused(f"`filename` together with `{clash}` raises a ValueError")
    dropped = tuple(keyword for keyword in call.keywords if keyword.arg in _FILE_ARGUMENTS)
    uses = frozenset({"sys"} if needs_import(module, call, "sys", "sys") else ())
    return Substitute(call, module.source.segment(call.func), dropped, "stream=sys.stdout", uses)


def _constructed(module: Module, call: ast.Call) -> Substitute:
    uses = {"sys"} if needs_import(module, call, "sys", "sys") else set()
    function = f"{_logging_as_written(module, call.func)}.StreamHandler"
    if function == "logging.StreamHandler" and needs_import(module, call, "logging", "logging"):
        uses.add("logging")
    return Substitute(call, function, (*call.args, *call.keywords), "sys.stdout", frozenset(uses))


def _logging_as_written(module: Module, func: ast.expr) -> str:
    """The name that the call has for the package `logging`, which may be imported under another."""
    inner: ast.expr = func
    while isinstance(inner, ast.Attribute):
        inner = inner.value
        if module.qualified(inner) == "logging":
            return ast.unparse(inner)
    return "logging"


def _check_arguments(context: Context, found: FileHandlerCall) -> None:
    given = [keyword for keyword in found.call.keywords if not found.configures or keyword.arg in _FILE_ARGUMENTS]
    values = [*found.call.args, *(keyword.value for keyword in given)]
    if found.path is None or any(isinstance(value, ast.Starred) for value in values):
        raise Refused("its path is among unpacked arguments")
    if any(keyword.arg is None for keyword in given):
        raise Refused("its arguments are unpacked from a dict")
    check_path(context, found.path, values)
    for catcher in catchers(context.module, found.call):
        if not catcher.catches_all and any(catcher.catches(error) for error in _FAILS_TO_OPEN):
            raise Refused("the `try` around it handles a file that cannot be opened")


def check_path(context: Context, path: ast.expr, values: list[ast.expr]) -> None:
    """Raise `Refused` where somebody needs the file at a path, or one of the values that go with it has an effect."""
    module, project = context.module, context.project
    file = LogFile(module, path)
    if file.foreign:
        raise Refused(f"its path depends on `{file.foreign}`, which the user sets to get a file")
    if effect := next(effects(module, values), None):
        raise Refused(f"`{ast.unparse(effect)}` would no longer be evaluated")
    if where := file.named_again(project):
        raise Refused(f"{where} also uses the file's path")
    for other, text in shell_files(project):
        if name := next((name for name in file.names if name in text), ""):
            raise Refused(f"{shown(other, project)} names `{name}`, and may read it")


def check_project(context: Context) -> None:
    """Raise `Refused` where the project asks handlers for their file, or uses standard output for something else."""
    project = context.project
    for file, data in project.survey.holding(_READERS):
        if match := _READS.search(data):
            line = data[: match.start()].count(b"\n") + 1
            raise Refused(f"{shown(file.path, project)}:{line} reads the file name of a handler")
    if use := use_of_standard_output(context.module, project):
        raise Refused(use)


# Uses of the handler


def _check_uses(module: Module, call: ast.Call) -> None:
    """Refuse where something needs what only handlers of files have."""
    for node in module.reads_of(_CLASSES):
        parent = module.scopes.parent(node)
        called = isinstance(parent, ast.Call) and parent.func is node
        if not called and module.qualified(node) in FILE_HANDLERS and not isinstance(parent, ast.ClassDef):
            raise Refused(f"line {node.lineno} names `{ast.unparse(node)}` as a type")
    for holder in _holders(module, call):
        for read in _reads(module, holder):
            parent = module.scopes.parent(read)
            if isinstance(parent, ast.Attribute) and parent.attr in _FILE_ATTRIBUTES:
                raise Refused(f"line {read.lineno} uses `{ast.unparse(parent)}`, which a stream handler lacks")


def _holders(module: Module, call: ast.Call) -> Iterator[ast.expr]:
    """The names and attributes that a handler is assigned to."""
    node: ast.AST = call
    parent = module.scopes.parent(call)
    while isinstance(parent, (ast.IfExp, ast.BoolOp, ast.NamedExpr)):
        if isinstance(parent, ast.NamedExpr):
            yield parent.target
        node, parent = parent, module.scopes.parent(parent)
    match parent:
        case ast.Assign(targets=targets) if parent.value is node:
            yield from targets
        case ast.AnnAssign(target=target):
            yield target


def _reads(module: Module, holder: ast.expr) -> Iterator[ast.expr]:
    match holder:
        case ast.Name(id=name):
            scope = module.scopes.scope_of(holder).holder(name)
            for node in module.reads_of(frozenset({name})):
                if isinstance(node, ast.Name) and module.scopes.scope_of(node).holder(name) is scope:
                    yield node
        case ast.Attribute(attr=attr):
            yield from (node for node in module.reads_of(frozenset({attr})) if isinstance(node, ast.Attribute))


# Other handlers


def _check_alone(context: Context, call: ast.Call) -> None:
    """Refuse where another handler gets the same records, so that each would be printed twice."""
    module, project = context.module, context.project
    calls = {node.lineno: node for node in module.calls_named(frozenset({"addHandler"})) if _adds_handler(node)}
    calls |= {node.lineno: node for node in _basic_configs(module)}
    own = {node for node in calls.values() if node.args and call in origins(module, node.args[0])}
    names = {logger_name(module, added.logger) for added in added_handlers(module) if added.node in own}
    if configuring := _configuring(module, call):
        own.add(configuring)
        names.add("")
        for sibling in _siblings(module, configuring, call):
            if handler_writes(module, project, sibling) is not Written.ELSEWHERE or _opens_file(module, sibling):
                raise Refused(f"the handler at line {sibling.lineno} {TWICE}")
    tree = LoggerTree(module, project)
    for name in names or {None}:
        for other in tree.sharing(name):
            node = calls.get(other.place.line) if _is_own(module, other.place.path) else None
            if node is not None and (node in own or any(_exclusive(module, node, item) for item in own or {call})):
                continue
            if other.is_stream or other.class_name in FILE_HANDLERS or other.written is Written.CONSOLE:
                raise Refused(f"{other.described(project)} {TWICE}")


def _is_own(module: Module, path: object) -> bool:
    return module.layout is None or module.layout.path == path


def _adds_handler(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == "addHandler"


def _basic_configs(module: Module) -> list[ast.Call]:
    calls = module.calls_named(frozenset({"basicConfig"}))
    return [node for node in calls if module.qualified(node.func) == "logging.basicConfig"]


def _configuring(module: Module, call: ast.Call) -> ast.Call | None:
    """The `basicConfig` call that makes a handler or is given it."""
    for node in _basic_configs(module):
        given = (keyword.value for keyword in node.keywords if keyword.arg == "handlers")
        if node is call or any(call in _elements(module, value) for value in given):
            return node
    return None


def _elements(module: Module, handlers: ast.expr) -> list[ast.expr]:
    found: list[ast.expr] = []
    for value in origins(module, handlers):
        for element in getattr(value, "elts", []):
            found += origins(module, element)
    return found


def _siblings(module: Module, configuring: ast.Call, call: ast.Call) -> Iterator[ast.expr]:
    for keyword in configuring.keywords:
        if keyword.arg == "handlers":
            yield from (item for item in _elements(module, keyword.value) if item is not call)


def _opens_file(module: Module, node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and module.qualified(node.func) in FILE_HANDLERS


def _exclusive(module: Module, one: ast.AST, other: ast.AST) -> bool:
    """Whether two nodes are in the two branches of one `if`, so that only one of them runs."""
    around = list(module.scopes.ancestors(other))
    branches = {id(item): child for child, item in zip([other, *around], around, strict=False)}
    child = one
    for ancestor in module.scopes.ancestors(one):
        if isinstance(ancestor, ast.If) and id(ancestor) in branches:
            with suppress(ValueError):
                return (child in ancestor.body) != (branches[id(ancestor)] in ancestor.body)
        if id(ancestor) in branches:
            return False
        child = ancestor
    return False
