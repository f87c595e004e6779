"""What gives a logger's name another value than the module's own statements do.

An `await` suits the logger that the module makes. Where another file assigns `module.logger`, or a subclass has a
`logger` of its own, what is called at run time may be a plain logger, whose None cannot be awaited.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from printlint.facts.flow.definitions import Defined, library_bases
from printlint.facts.flow.origins import origins
from printlint.facts.log_setup.logger_settings import shown
from printlint.facts.module import Module, once_a_module
from printlint.facts.project.project import Project
from printlint.facts.project.word_index import as_bytes
from printlint.names.bindings import BindingKind, Scope
from printlint.names.qualified import is_none, last_name
from printlint.run import once_a_run

_DYNAMIC_IMPORTS = (b"import_module", b"__import__", b"sys.modules")
_MAX_ALIASES = 4
_LOOKS = frozenset({"builtins.dir", "builtins.vars", "builtins.getattr", "builtins.hasattr", "importlib.reload"})


def rebinding(module: Module, project: Project, receiver: ast.expr | None) -> str:
    """Where else the value of a receiver is set, as `file:line`; empty where nothing does."""
    for _ in range(_MAX_ALIASES):
        match receiver:
            case ast.Name():
                bindings = module.names.bindings(receiver)
                if bindings and bindings[0].scope.module is bindings[0].scope:
                    return _of_module(module, project, receiver.id)
                values = [item.value for item in bindings if item.kind is BindingKind.ASSIGN]
                receiver = values[0] if len(values) == 1 and isinstance(values[0], ast.expr) else None
            case ast.Attribute(value=ast.Name()):
                owner = module.loggers.classes.of(receiver.value)
                if owner is not None and isinstance(owner.node, ast.ClassDef):
                    return _of_class(module, project, owner.node, receiver.attr)
                return ""
            case _:
                return ""
    return ""


# What assigns to an attribute


def _stores(module: Module, name: str) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What assigns to an attribute, each with the expression whose attribute it is; None alone is no other logger."""
    for target in module.scopes.stores(name):
        statement = module.scopes.parent(target)
        value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else statement
        if not isinstance(target.ctx, ast.Del) and not is_none(value):
            yield target, target.value
    for node in module.scopes.named((name,)):
        if isinstance(node, ast.Constant):
            yield from _stores_by_key(module, node, module.scopes.parent(node))
    for call in module.calls_named(frozenset({"update"})):
        if any(keyword.arg == name for keyword in call.keywords) and isinstance(call.func, ast.Attribute):
            yield call, _owner_of_names(call.func.value)


def _stores_by_key(module: Module, key: ast.Constant, parent: ast.AST | None) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The same where the name is a text: `setattr`, `vars(x)["name"] = ...`, `type("T", (Base,), {...})`."""
    call = module.scopes.parent(parent)
    match parent, call:
        case ast.Subscript(ctx=ast.Store(), value=names), _:
            yield parent, _owner_of_names(names)
        case ast.Call(args=[owner, second, _]), _ if second is key:
            if module.qualified(parent.func) == "builtins.setattr":
                yield parent, owner
        case ast.Dict(), ast.Call(func=ast.Attribute(value=names, attr="update")):
            yield call, _owner_of_names(names)
        case ast.Dict(), ast.Call(func=ast.Name(id="type"), args=[_, ast.Tuple(elts=bases), _]):
            yield from ((call, base) for base in bases)


def _owner_of_names(names: ast.expr) -> ast.expr:
    """Whose attributes `vars(module)` and `module.__dict__` hold."""
    match names:
        case ast.Call(func=ast.Name(id="vars"), args=[owner]) | ast.Attribute(value=owner, attr="__dict__"):
            return owner
    return names


def _values(module: Module, node: ast.expr) -> list[ast.expr]:
    """What a name is assigned; an expression that is none is its own value."""
    if not isinstance(node, ast.Name):
        return [node]
    return [item.value for item in module.names.bindings(node) if isinstance(item.value, ast.expr)]


# A name of a module


@once_a_module
def _of_module(module: Module, project: Project, name: str) -> str:
    if module.layout is None:
        return ""
    stem = module.layout.module.rpartition(".")[2]
    users = list(_users(module, project, name))
    for other in (module, *users):
        for node, base in (*_stores(other, name), *_unnamed_stores(other)):
            if _is_module(other, base, stem, own=other is module):
                return _place(other, project, node)
    place = _stored_in_parameter(project, name)
    return place if place and any(_hands_on(user, stem) for user in _importers(module, project)) else ""


def _place(module: Module, project: Project, node: ast.expr) -> str:
    return f"{shown(Path(module.source.path), project)}:{node.lineno}"


def _unnamed_stores(module: Module) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What `setattr` assigns to under a name that is not written out."""
    for call in module.calls_named(frozenset({"setattr"})):
        if len(call.args) == 3 and not isinstance(call.args[1], ast.Constant):
            yield call, call.args[0]


def _importers(module: Module, project: Project) -> Iterator[Module]:
    assert module.layout is not None
    files = project.importers(module.layout.path, tests=True)
    yield from (user for file in files if (user := project.module(file.path)) is not None)


def _hands_on(user: Module, stem: str) -> bool:
    """Whether a file gives a module of that name to a function, which may assign to its attributes."""
    for node in user.reads_of(frozenset({stem})):
        parent = user.scopes.parent(node)
        if isinstance(parent, ast.Call) and node in parent.args and (user.qualified(node) or "").endswith(stem):
            return user.qualified(parent.func) not in _LOOKS
    return False


@once_a_run(most=64)
def _stored_in_parameter(project: Project, name: str) -> str:
    """The first place in the project where a function sets an attribute of one of its parameters; empty for none."""
    for file, data in project.survey.holding((b"." + as_bytes(name),)):
        if re.search(_assigning(name), data) and (other := project.module(file.path)) is not None:
            for node, base in _stores(other, name):
                bindings = other.names.bindings(base) if isinstance(base, ast.Name) and not _is_self(base) else []
                if any(item.kind is BindingKind.PARAMETER for item in bindings):
                    return _place(other, project, node)
    return ""


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


def _assigning(name: str) -> bytes:
    """What a file has to hold that assigns to an attribute, in one of the ways that are looked for."""
    word = re.escape(as_bytes(name))
    return rb"\.%s\b[^=\n]*=(?!=)|setattr\(|[\"']%s[\"']|\bupdate\([^)\n]*\b%s\b" % (word, word, word)


def _users(module: Module, project: Project, name: str) -> Iterator[Module]:
    """The other files, tests too, that can reach a module and hold a name."""
    assert module.layout is not None
    path = module.layout.path
    stem = as_bytes(module.layout.module.rpartition(".")[2])
    found = [(file.path, data) for file, data in project.survey.read(project.importers(path, tests=True))]
    found += [(file.path, data) for file, data in project.survey.holding(_DYNAMIC_IMPORTS) if stem in data]
    wanted = _assigning(name)
    for other in dict.fromkeys(other for other, data in found if other != path and re.search(wanted, data)):
        if (parsed := project.module(other)) is not None:
            yield parsed


def _is_module(other: Module, base: ast.expr, stem: str, *, own: bool) -> bool:
    """Whether an expression may be the module of that name."""
    wanted = ("__name__", "globals()") if own else (stem,)
    dynamic = ("sys.modules", "globals()") if own else ("sys.modules", "import_module(", "__import__(")
    for value in origins(other, base):
        qualified = other.qualified(value)
        text = ast.unparse(value)
        if qualified is not None and qualified.rpartition(".")[2] == stem:
            return True
        if qualified is None and any(word in text for word in dynamic) and any(word in text for word in wanted):
            return True
    return False


# An attribute of a class


@once_a_module
def _of_class(module: Module, project: Project, class_: ast.ClassDef, name: str) -> str:
    if (field := _field(module, project, class_, name)) is not None:
        return _place(module, project, field)
    family, files = _family(module, project, class_.name, name)
    for other in files:
        for node, base in _stores(other, name):
            if _is_of_family(other, base, family, None if isinstance(node, ast.Call) else class_):
                return _place(other, project, node)
        for scope in _classes(other):
            if scope.node is not class_ and scope.node.name in family and (bound := scope.bindings_of(name)):  # type: ignore[attr-defined]
                return f"{shown(Path(other.source.path), project)}:{bound[0].node.lineno}"  # type: ignore[attr-defined]
    return ""


def _field(module: Module, project: Project, class_: ast.ClassDef, name: str) -> ast.expr | None:
    """The attribute as a field that whoever makes an instance may give another value, as of a data class."""
    made = {last_name(item.func if isinstance(item, ast.Call) else item) for item in class_.decorator_list}
    bases = {base.rpartition(".")[2] for base in library_bases(Defined(module, class_), project)}
    if (made | bases).isdisjoint(_WITH_FIELDS):
        return None
    for statement in class_.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=target), annotation=written) if target == name:
                return None if "ClassVar" in ast.unparse(written) else statement.target
    return None


# Decorators and base classes that make the annotated attributes of a class parameters of its `__init__`.
_WITH_FIELDS = frozenset(
    {
        *(
            *("dataclass", "attrs", "define", "frozen", "mutable", "attributes", "s"),
            *("dataclass_json", "pydantic_dataclass"),
        ),
        *("BaseModel", "BaseSettings", "NamedTuple", "Struct", "SQLModel", "RootModel", "GenericModel", "Schema"),
    }
)


def _family(module: Module, project: Project, class_name: str, name: str) -> tuple[set[str], list[Module]]:
    """The names of a class, of those that derive from it and of their metaclasses, and the files that hold them."""
    family, files = {class_name}, [module]
    known = 0
    while known != len(family):
        known = len(family)
        words = tuple(sorted(map(as_bytes, family)))
        found = project.survey.holding(words)
        paths = [file.path for file, _ in found if module.layout is None or file.path != module.layout.path]
        files = [module, *filter(None, map(project.module, paths))]
        for scope in (scope for other in files for scope in _classes(other)):
            assert isinstance(scope.node, ast.ClassDef)
            if scope.node.name in family or any(last_name(base) in family for base in scope.node.bases):
                family.update((scope.node.name, *(last_name(item.value) for item in scope.node.keywords)))
    return family, files


def _classes(module: Module) -> list[Scope]:
    return [scope for scope in module.scopes.scopes if isinstance(scope.node, ast.ClassDef)]


def _is_of_family(module: Module, base: ast.expr, family: set[str], class_: ast.ClassDef | None) -> bool:
    """Whether an expression may be one of some classes or an instance of one.

    What statements assign to `class_` in its own file has a say in what its logger is, and is no other value.
    """
    owner = module.loggers.classes.of(base)
    if owner is not None:
        return owner.node is not class_ and getattr(owner.node, "name", "") in family
    if module.qualified(base) is not None:
        return last_name(base) in family
    if isinstance(base, ast.Name) and not _values(module, base):
        return module.names.bindings(base) != []  # a parameter, also of a decorator
    return any(last_name(value) in family for value in _values(module, base))
