"""Places where no output or logging call may be rewritten, each with the reason that the user reads."""

from __future__ import annotations

import ast
import re

from printlint.facts.calls.catching import catchers
from printlint.facts.calls.log_calls import COUNTED, LogCall, log_call_of
from printlint.facts.context import Context
from printlint.facts.log_setup.logging_callbacks import LoggingCallbacks
from printlint.facts.module import Module, once_a_module
from printlint.facts.prints.open_lines import may_complete_a_line
from printlint.facts.prints.outputs import PRINT
from printlint.facts.prints.partial_lines import is_partial
from printlint.facts.project.mocked_loggers import may_patch_logger_of, patches_loggers
from printlint.facts.project.project import Project
from printlint.facts.readers.captured_output import reading_test
from printlint.facts.readers.doctests import reading_doctest
from printlint.facts.readers.output_readers import reader_of
from printlint.finding import Finding
from printlint.logging_names import MODERN
from printlint.names.enclosing import Function
from printlint.names.import_block import has_line_of_its_own, leading_block
from printlint.names.qualified import last_name
from printlint.plan.message import Refused

# An exception that print itself raises, so that an `except` around it may be there for the print.
_PRINT_RAISES = r"^(?:Unicode\w*Error|OSError|IOError|EnvironmentError|BrokenPipeError|ConnectionError|WindowsError)$"
_UNENCODABLE = frozenset({"builtins.UnicodeEncodeError", "builtins.UnicodeError"})
_REDIRECTS = frozenset({"contextlib.redirect_stdout", "contextlib.redirect_stderr"})
_HOOKS = frozenset(
    {
        *("sys.settrace", "sys.setprofile", "sys.addaudithook", "sys.monitoring.register_callback"),
        *("threading.settrace", "threading.setprofile"),
    }
)
# GitHub's workflow commands, Azure's and TeamCity's: each a line of its own on standard output.
_CI_COMMAND = r"::[a-z][a-z-]*(?: [^:]*=.*)?(?:::|$| )|##vso\[|##\[[a-z]+\]|##teamcity\["
_SIGNALS = frozenset({"signal.signal", "add_signal_handler"})
_PATCHES = r"""patch(?:\.object)?\(\s*["']?(?:sys["']?\s*[.,]\s*["']?std|builtins["']?\s*[.,]\s*["']?print)"""
_CAPTURES = r"\b(?:capsys|capfd|capfdbinary|capsysbinary)\b"
_FOREIGN_LOOPS = frozenset({"trio", "anyio", "curio", "twisted"})


def is_mocked(project: Project, module: Module, found: LogCall) -> bool:
    """Whether a test may have a mock in the place of a call's logger."""
    elsewhere = found.logger.foreign or not (found.logger.plain or found.logger.created)
    return patches_loggers(project) if elsewhere else may_patch_logger_of(project, module.layout)


def mock_caution(project: Project, module: Module, found: LogCall, asked: str) -> str:
    """Why a call should stay as it is written, where a test may have a mock in its logger's place; empty elsewhere."""
    return f"tests mock a logger and may check for {asked}" if is_mocked(project, module, found) else ""


def old_name_caution(project: Project, found: LogCall) -> str:
    """Why `warn` and `fatal` may be other methods than those that have taken their place; empty where they are not."""
    if found.method in MODERN and project.sets_logger_class:
        return f"the project sets a logger class, which may define its own `{found.method}`"
    if found.method in MODERN and project.derived(_assigns_old_names):
        return f"the project patches methods of logging's classes, perhaps `{found.method}`"
    return ""


def _assigns_old_names(project: Project) -> bool:
    pattern = rb"Logger\w*\.(?:warn|fatal)[ \t]*=[^=]|setattr\([^)\n]*Logger\w*[^)\n]*[\"'](?:warn|fatal)[\"']"
    return any(re.search(pattern, data) for _, data in project.survey.holding((b"Logger",)))


def check_not_generated(module: Module) -> None:
    """Raise `Refused` where a file is not written by hand."""
    if module.is_generated:
        raise Refused("the file is generated; change its generator")


def check_place(module: Module, call: ast.expr) -> None:
    """Raise `Refused` where neither a print nor a logging call may be rewritten."""
    check_not_generated(module)
    if module.places.in_annotation(call):
        raise Refused("it is in an annotation, which may never be evaluated")
    for ancestor in module.scopes.outline(call):
        if isinstance(ancestor, ast.JoinedStr):
            raise Refused("it is inside an f-string, where nested quotes need Python 3.12")
    for function in module.places.enclosing_functions(call):
        if function.name == "__del__":
            raise Refused("`__del__` may run after logging has shut down")
        if function.name in _signal_handlers(module):
            raise Refused(f"`{function.name}` is a signal handler, where logging's locks are not safe")


def check_not_called_by_logging(module: Module, project: Project, call: ast.expr) -> None:
    """Raise `Refused` in code that logging calls, where a record would come back without end."""
    if reason := LoggingCallbacks(module, project).reason(call):
        raise Refused(reason)


def check_not_read(module: Module, project: Project, call: ast.Call) -> str:
    """Raise `Refused` where another program reads what is printed; where only a test does, the caution to give."""
    if _is_for_ci(call):
        raise Refused("it is a command for a CI system, which reads it from the output")
    reader = reader_of(module, project, call)
    if reader is not None and not reader.is_test:
        raise Refused(f"{reader.where} runs this program and reads its output")
    where = reader.where if reader is not None else reading_test(module, project, call)
    return f"a test ({where}) reads this output" if where else ""


def _is_for_ci(call: ast.Call) -> bool:
    match call.args:
        case [ast.Constant(value=str(text)), *_] | [ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]), *_]:
            return re.match(_CI_COMMAND, text) is not None
        case [
            ast.BinOp(left=ast.Constant(value=str(text)))
            | ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)))),
            *_,
        ]:
            return re.match(_CI_COMMAND, text) is not None
    return False


def rewritable_call(finding: Finding, context: Context) -> LogCall:
    """The logging call of a finding that is at one. Raises `Refused` in a generated file."""
    check_not_generated(context.module)
    found = log_call_of(context.module, finding.site)
    assert found is not None
    check_not_counted(found)
    return found


def check_not_counted(found: LogCall) -> None:
    """Raise `Refused` for `log_every_n` and the like of absl."""
    if found.method in COUNTED:
        raise Refused(f"`{found.method}` has an argument between the message and its values")


def check_not_test(module: Module, project: Project, call: ast.expr, why: str) -> None:
    """Raise `Refused` in a test file or a test function; `why` says what tests have to do with the call."""
    path = module.file
    if project.file(path).is_test or any(_is_test(item, module) for item in module.places.enclosing_functions(call)):
        raise Refused(f"it is in a test, {why}")


def _is_test(function: Function, module: Module) -> bool:
    """Whether pytest or unittest would run a function, by their defaults: the file is asked about elsewhere.

    What the module itself reads is no test: nobody but the runner calls one.
    """
    if not function.name.startswith("test_"):
        return False
    around = next((node for node in module.scopes.outline(function) if node is not function), None)
    if isinstance(around, ast.ClassDef):
        bases = (last_name(base) or "" for base in around.bases)
        return around.name.startswith("Test") or any(base.endswith(("TestCase", "Test", "Tests")) for base in bases)
    return not module.reads_of(frozenset({function.name}))


def check_output(module: Module, project: Project, call: ast.expr) -> None:
    """Raise `Refused` where a call that writes to a stream may not become a logging call."""
    check_place(module, call)
    check_not_test(module, project, call, "where output is shown only on failure")
    if reason := _file_reason(module):
        raise Refused(reason)
    if reason := reading_doctest(module, project, call):
        raise Refused(reason)
    _check_handlers(module, call)
    _check_second_attempt(module, call)
    if may_complete_a_line(module, project, call) and not is_partial(call):
        raise Refused("it may complete a line that another call has begun")


def check_head(module: Module) -> None:
    """Raise `Refused` where no new line behind the imports would come before the code that needs it."""
    if not _has_line_behind_head(module):
        raise Refused("the last import shares its line with other code, so nothing can be inserted after it")


@once_a_module
def _has_line_behind_head(module: Module) -> bool:
    return has_line_of_its_own(module.tree)


def check_behind_head(module: Module, node: ast.AST) -> None:
    """Raise `Refused` where a node comes before the imports of which a new one would bring a name that it needs."""
    if getattr(node, "lineno", 0) <= _last_line_of_head(module):
        raise Refused("the start-up code below it has to run before further imports")


@once_a_module
def _last_line_of_head(module: Module) -> int:
    block = leading_block(module.tree)
    return (block[-1].end_lineno or 0) if block else 0


def check_foreign_loop(module: Module) -> None:
    """Raise `Refused` in a module whose `async def`s may run on another event loop than asyncio's."""
    imported = {(binding.origin or "").partition(".")[0] for binding in module.scopes.imports_of(_FOREIGN_LOOPS)}
    if foreign := imported & _FOREIGN_LOOPS:
        raise Refused(f"the module uses {min(foreign)}, and the back ends need asyncio")


@once_a_module
def _file_reason(module: Module) -> str | None:
    if module.is_notebook:
        return "the file is a notebook saved as a script"
    if re.search(_CAPTURES, module.source.text):
        return "the file captures its output (capsys) and would miss log records"
    if re.search(_PATCHES, module.source.text):
        return "the file patches print or a standard stream"
    for node in module.scopes.nodes:
        if isinstance(node, ast.Call) and (qualified := module.qualified(node.func)) in _REDIRECTS | _HOOKS:
            if qualified in _HOOKS:
                return f"the file installs a hook with {qualified}, which would also run inside logging"
            return "the file redirects its output, but a log handler keeps writing to the old stream"
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, (ast.Store, ast.Del)):
            if module.qualified(node) in ("sys.stdout", "sys.stderr", PRINT) and not _reencodes(module, node):
                return f"the file replaces {ast.unparse(node)}, but a log handler keeps writing to the old stream"
    return None


def _reencodes(module: Module, target: ast.Attribute) -> bool:
    """Whether a stream is replaced by one that writes to the same file: `io.TextIOWrapper(sys.stdout.buffer, …)`."""
    statement = module.scopes.parent(target)
    match statement.value if isinstance(statement, ast.Assign) else None:
        case ast.Call(func=ast.Call(func=made), args=[stream]) if module.qualified(made) == "codecs.getwriter":
            pass
        case ast.Call(func=made, args=[stream, *_]) if module.qualified(made) == "io.TextIOWrapper":
            pass
        case _:
            return False
    written = stream.value if isinstance(stream, ast.Attribute) and stream.attr == "buffer" else stream
    name = module.qualified(target)
    return name is not None and module.qualified(written) in (name, name.replace("sys.std", "sys.__std") + "__")


def _check_handlers(module: Module, call: ast.expr) -> None:
    for catcher in catchers(module, call):
        if all(_is_print(module, statement) for statement in catcher.body):
            raise Refused("the `try` or `with` around it contains nothing else, so it handles errors of `print`")
        for name in sorted(catcher.caught):
            if re.search(_PRINT_RAISES, name):
                raise Refused(
                    f"the `try` or `with` around it catches {name}, which `print` raises and logging swallows"
                )


def _check_second_attempt(module: Module, call: ast.expr) -> None:
    """Refuse what prints in another form what the terminal could not show, which logging would have shown at once."""
    handler = module.places.handler(call)
    if handler is None or _UNENCODABLE.isdisjoint(module.places.caught(handler)):
        return
    attempt = module.scopes.parent(handler)
    statements = attempt.body if isinstance(attempt, (ast.Try, ast.TryStar)) else []
    if any(_is_print(module, node) for statement in statements for node in ast.walk(statement)):
        raise Refused("it prints again what the `try` above it could not encode")


def _is_print(module: Module, statement: ast.AST) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and module.qualified(call.func) == PRINT


@once_a_module
def _signal_handlers(module: Module) -> frozenset[str]:
    found: set[str] = set()
    for call in module.calls:
        name = module.qualified(call.func) or (call.func.attr if isinstance(call.func, ast.Attribute) else "")
        if name in _SIGNALS:
            found.update(map(last_name, call.args[1:]))
    return frozenset(found)
