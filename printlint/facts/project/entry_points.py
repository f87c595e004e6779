"""Where a program starts, and so where its logging is set up: guards, scripts, applications, settings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from printlint.facts.module import Module
from printlint.facts.project.setup_files import SETUP_NAMES
from printlint.names.enclosing import Function, is_main_guard
from printlint.names.import_block import is_bare_constant, is_import, leading_block
from printlint.names.start_up import StartUp

# A file without any of these words starts nothing that is known here.
SIGNS = re.compile(
    rb"__main__|FastAPI|Starlette|Flask|Quart|Sanic|Litestar|falcon|web\.Application|INSTALLED_APPS|Celery|uvicorn"
    rb"|hypercorn|multiprocessing|ProcessPoolExecutor"
)

_APPLICATIONS = frozenset(
    {
        *("fastapi.FastAPI", "starlette.applications.Starlette", "flask.Flask", "quart.Quart", "sanic.Sanic"),
        *("litestar.Litestar", "falcon.App", "falcon.asgi.App", "aiohttp.web.Application"),
    }
)
# These configure logging when they are made, the root logger among others; the set-up comes behind them.
_CONFIGURING = frozenset({"sanic.Sanic", "litestar.Litestar"})
_SPAWNING = re.compile(
    r"multiprocessing\.(\w+\.)*(Process|Pool|get_context|set_start_method)"
    r"|concurrent\.futures\.(process\.)?ProcessPoolExecutor"
)
_LOGGER_MAKERS = frozenset({"getLogger", "get_logger", "get_async_logger"})
# Django's commands set logging up from the settings.
_NOT_A_PROGRAM = frozenset(
    {
        *("unittest.main", "doctest.testmod", "pytest.main", "setuptools.setup"),
        "django.core.management.execute_from_command_line",
    }
)


@dataclass(frozen=True)
class Start:
    """A statement at which a program starts. `kind` says what it is, for the user.

    `text` is the line to add, before the statement or, if not `before`, behind it; `uses` are the names that it needs
    an import for. With a `reason` the place is the user's.
    """

    kind: str
    statement: ast.stmt
    text: str = "setup_logging()"
    uses: tuple[str, ...] = ("setup_logging",)
    before: bool = True
    reason: str = ""
    at_import: bool = False
    in_factory: bool = False


def find_starts(
    module: Module,
    scripts: frozenset[str],
    *,
    is_run: bool = False,
    is_served: bool = False,
    is_run_and_imported: bool = False,
    handler: str = "",
) -> list[Start]:
    """The starts of one module, in source order; `scripts` are the project's `module:function` entry points.

    `is_run`: the file is run by its path, and no other one imports it; `is_run_and_imported`: a command runs it, and
    others import it. `is_served`: a server imports it. `handler` is the function of it that a platform calls.
    """
    if is_wired(module):
        return []
    wanted = _script_names(module, scripts)
    functions = list(_functions(module, wanted))
    names = {function.name for function in functions}
    found = [*_django_settings(module), *_celery_apps(module), *_applications(module)]
    if not found and is_served:
        found += (replace(start, kind=_SERVED, at_import=True) for start in top_of(module))
    if not found:  # what is at the top of the module has run before its guard does
        found += _main(module, names, scripts)
    if not found and handler:
        found += _handler(module, handler)
    if not found and not functions and not module.main_guards and (is_run or is_run_and_imported):
        found += (replace(start, at_import=is_run_and_imported) for start in top_of(module))
    found += [Start(f"the console script {function.name}", _first(function)) for function in functions]
    for name in wanted - names:
        for binding in module.bindings_of(name)[:1]:
            reason = f"the console script {name} is not a function of this file; call setup_logging() in its code"
            found.append(Start("a console script", module.places.statement(binding.node), reason=reason))
    return sorted(found, key=lambda start: start.statement.lineno)


_SERVED = "the file that a server imports"


def is_wired(module: Module, *, imported: bool = False) -> bool:
    """Whether the module sets logging up by the set-up module's functions already; `imported`: if it is not run."""
    return set_up_call(module, "setup_logging", "logging_config", imported=imported) is not None


def calls_set_up(module: Module, *names: str) -> bool:
    """Whether the module calls one of some functions of a set-up module."""
    return set_up_call(module, *names) is not None


def set_up_call(module: Module, *names: str, imported: bool = False) -> ast.Call | None:
    """The first call of one of some functions of a set-up module; `imported`: where the file is not run itself."""
    for call in module.calls_named(frozenset(names)):
        origin, _, name = (module.qualified(call.func) or "").rpartition(".")
        if name in names and origin and not (imported and module.places.under_main_guard(call)):
            if origin == module.setup_module or origin.rpartition(".")[2] in SETUP_NAMES:
                return call
    return None


def configured_at(module: Module) -> int:
    """The line at which a file configures loggers in a way of its own; 0 where none does."""
    own = ("logging.config.dictConfig", "logging.config.fileConfig")
    return next((call.lineno for call in module.calls if module.qualified(call.func) in own), 0)


def leftovers(module: Module, *, wired: bool) -> Iterator[tuple[int, str]]:
    """Lines that get in the way of the set-up, each with what to do about it; `wired`: the file calls it."""
    for call in module.calls:
        qualified = module.qualified(call.func) or ""
        keywords = {keyword.arg for keyword in call.keywords}
        if qualified == "uvicorn.run" and "log_config" not in keywords:
            yield call.lineno, "uvicorn.run configures its own loggers after setup_logging(); pass log_config=None"
        if qualified == "hypercorn.config.Config":
            yield call.lineno, "Hypercorn configures its own loggers; set its logconfig_dict to logging_config()"
        if _SPAWNING.fullmatch(qualified) and not wired:
            yield call.lineno, "a spawned process logs nothing unless it imports the set-up module"
        if qualified in ("logging.config.dictConfig", "logging.config.fileConfig"):
            yield call.lineno, f"{qualified} also configures logging; records may be written twice or elsewhere"
        if qualified == "logging.basicConfig" and ("filename" in keywords or "handlers" in keywords):
            yield call.lineno, "basicConfig adds a handler to the root logger, which gets the records too"


def _script_names(module: Module, scripts: frozenset[str]) -> set[str]:
    """The names in this module that are console scripts."""
    dotted = module.layout.module if module.layout else ""
    return {script.partition(":")[2] for script in scripts if script.partition(":")[0] == dotted}


def _functions(module: Module, names: set[str]) -> Iterator[Function]:
    """The functions of these names, but for those that do nothing yet."""
    for statement in module.tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) and statement.name in names:
            if ast.get_docstring(statement) is None or len(statement.body) > 1:
                yield statement


def _first(function: Function) -> ast.stmt:
    """The first statement behind the docstring."""
    body = function.body
    return body[1] if ast.get_docstring(function) is not None and len(body) > 1 else body[0]


def _main(module: Module, wired: set[str], scripts: frozenset[str]) -> Iterator[Start]:
    """The body of the guard, or the code of a `__main__.py`; a function that is wired itself needs nothing more."""
    elsewhere = {script.replace(":", ".") for script in scripts}
    guards = [node for node in module.tree.body if isinstance(node, ast.If) and is_main_guard(node)]
    if guards:
        body, kind = guards[0].body, 'the `if __name__ == "__main__"`'
    elif module.layout is not None and module.layout.path.stem == "__main__":
        body, kind = [node for node in module.tree.body if not _defines(node)], "`__main__.py`"
    else:
        return
    within = [node for statement in body for node in ast.walk(statement)]
    qualified = {module.qualified(node.func) or "" for node in within if isinstance(node, ast.Call)}
    names = {node.id for node in within if isinstance(node, ast.Name)}  # called, or passed on: `typer.run(main)`
    if body and not names & wired and not qualified & {*_NOT_A_PROGRAM, *elsewhere} and _runs(body):
        if not all(map(_is_self_test, filter(_is_work, body))):
            yield Start(kind, body[0])


def top_of(module: Module) -> Iterator[Start]:
    """The first statement behind the imports that does something, in a file whose work is at its top."""
    start_up, head = StartUp(module.tree), len(leading_block(module.tree))
    for statement in module.tree.body[head:]:
        acts = _acts_when_defined(module, statement) if _defines(statement) else start_up.has(statement)
        if acts and not _makes_logger(module, statement):
            yield Start("the script", statement)
            return


def _handler(module: Module, name: str) -> Iterator[Start]:
    """The top of a file of which a platform calls a function: before what it does there, else before the function."""
    kind, text = f"the file of the handler `{name}`", f"setup_logging(){module.source.newline * 2}"
    for start in top_of(module):
        yield replace(start, kind=kind, at_import=True)
        return
    for function in _functions(module, {name}):
        yield Start(kind, function, text, at_import=True)


def _makes_logger(module: Module, statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(value=ast.Call(func=func)) | ast.AnnAssign(value=ast.Call(func=func)):
            return (module.qualified(func) or "").rpartition(".")[2] in _LOGGER_MAKERS
    return False


def _runs(body: list[ast.stmt]) -> bool:
    return any(map(_is_work, body))


def _is_work(statement: ast.stmt) -> bool:
    return not isinstance(statement, (ast.Pass, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign))


def _is_self_test(statement: ast.stmt) -> bool:
    """Whether a statement calls what is named for testing the file: `_test()`, `run_doctest()`."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return re.search(_TESTS, name) is not None
    return False


_TESTS = r"(?i)(?:^|_)(?:doc|unit|self)?_?tests?(?:_|$)"


def _defines(statement: ast.stmt) -> bool:
    """A definition, an import or a docstring: nothing that is the program's work."""
    definition = isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    return definition or is_bare_constant(statement) or is_import(statement)


def _acts_when_defined(module: Module, statement: ast.stmt) -> bool:
    """Whether a definition runs code of the module's own: in the body of a class, by a decorator or a base."""
    if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return False
    makers = [*statement.decorator_list]
    if isinstance(statement, ast.ClassDef):
        makers += [*statement.bases, *(item.value for item in statement.keywords)]
    named = {node.id for item in makers for node in ast.walk(item) if isinstance(node, ast.Name)}
    own = (binding.value for name in named for binding in module.bindings_of(name))
    if any(isinstance(item, ast.Lambda) for item in makers) or any(map(_runs_for_others, own)):
        return True
    body = statement.body if isinstance(statement, ast.ClassDef) else []
    return any(not _defines(item) and isinstance(item, (ast.Expr, ast.For, ast.While, ast.With)) for item in body)


_ON_DEFINITION = frozenset({"__init_subclass__", "__new__", "__init__", "__call__", "__prepare__"})


def _runs_for_others(definition: object) -> bool:
    """Whether a decorator or a base class runs code where something is defined with it."""
    if isinstance(definition, ast.ClassDef):
        return any(getattr(item, "name", "") in _ON_DEFINITION for item in definition.body)
    return isinstance(definition, (ast.FunctionDef, ast.AsyncFunctionDef))


def _assigned_calls(module: Module) -> Iterator[tuple[ast.stmt, str, str]]:
    """`name = call(...)` at the top of the module, with the name and the qualified function."""
    for statement in module.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=func)):
                yield statement, name, module.qualified(func) or ""
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Call(func=func)):
                yield statement, name, module.qualified(func) or ""


def _applications(module: Module) -> Iterator[Start]:
    found = False
    for statement, name, qualified in _assigned_calls(module):
        if qualified in _APPLICATIONS and not found:
            found = True
            yield Start(f"the application `{name}`", statement, before=qualified not in _CONFIGURING, at_import=True)
    if found or any(isinstance(node, ast.If) and is_main_guard(node) for node in module.tree.body):
        return
    for call in module.calls:
        function = module.places.function(call)
        called = module.qualified(call.func)
        if called in _APPLICATIONS and _is_factory(module, function):
            assert function is not None
            yield _in_factory(function, module.places.statement(call), called in _CONFIGURING)
            return


def _in_factory(function: Function, made: ast.stmt, configures: bool) -> Start:
    """The place in a function that makes an application by the statement `made`."""
    kind = f"the application created by {function.name}()"
    if not configures:
        return Start(kind, _first(function), in_factory=True)
    returned = "it configures logging itself; call setup_logging() before the application is returned"
    return Start(kind, made, before=False, reason=returned if isinstance(made, ast.Return) else "")


def _is_factory(module: Module, function: Function | None) -> bool:
    """Whether a function is there to make the program's application; libraries make others for purposes of theirs."""
    return function in module.tree.body and function is not None and bool(re.match(_FACTORY, function.name))


_FACTORY = r"^_?(?:create|make|build|get|init)_app(?:lication)?$|^app_factory$"


def _django_settings(module: Module) -> Iterator[Start]:
    bindings = module.all_bindings()
    if "INSTALLED_APPS" not in bindings:
        return
    last = module.tree.body[-1]
    if existing := bindings.get("LOGGING"):
        reason = "it already defines LOGGING; logging_config() returns that of the set-up module"
        place = module.places.statement(existing[0].node)
        yield Start("Django's settings", place, reason=reason)
    else:
        text = f"{module.source.newline}LOGGING = logging_config()"
        yield Start("Django's settings", last, text, ("logging_config",), before=False)


def _celery_apps(module: Module) -> Iterator[Start]:
    for statement, name, qualified in _assigned_calls(module):
        if qualified in ("celery.Celery", "celery.app.base.Celery"):
            text = "signals.setup_logging.connect(lambda **_: setup_logging(), weak=False)"
            uses = ("setup_logging", "signals")
            yield Start(f"the Celery app `{name}`", statement, text, uses, before=False)
