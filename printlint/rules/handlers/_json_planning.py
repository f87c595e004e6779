"""What keeps a formatter of text from becoming one of JSON, each with the reason that the user reads."""

from __future__ import annotations

import ast
import re

from printlint.facts.context import Context
from printlint.facts.flow.definitions import Defined, definitions, method_of
from printlint.facts.flow.origins import origins
from printlint.facts.log_setup.format_fields import DEFAULT, Format, constant_texts, is_computed
from printlint.facts.log_setup.formatters import TextFormatter
from printlint.facts.module import Module
from printlint.facts.project.dependencies import declared_version
from printlint.facts.project.project import Project
from printlint.facts.project.setup_files import is_setup_file
from printlint.plan.edits import Substitute
from printlint.plan.import_names import needs_import
from printlint.plan.message import Refused
from printlint.plan.refusals import check_place

JSON_FORMATTER = "pythonjsonlogger.json.JsonFormatter"
PACKAGE = "python-json-logger"
# Versions that end before 3.1, which has the module; a version alone is how Poetry names exactly one.
_TOO_OLD = re.compile(r"(?:==|~=|<=|\^|~|^)\s*(?:[0-2](?:\.|$)|3\.0)|<\s*(?:[0-2]\.|(?:[0-3](?:\.0)*|3\.1)(?![.\d]))")
_PARAMETERS = ("fmt", "datefmt", "style", "validate")
# What is done to a formatter, or around it, and has no effect on a JSON formatter.
_TEXT_ONLY = frozenset({"_fmt", "_style", "format", "formatMessage", "usesTime"})
_HANDLES_TEXT = ("emit", "format")


def substitute(context: Context, found: TextFormatter) -> tuple[Substitute, str]:
    """The edit that makes a formatter one of JSON, with the caution. Raises `Refused` where that may be wrong."""
    module = context.module
    check_place(module, found.call)
    if found.configures:
        raise Refused("`basicConfig` makes its own formatter; `printlint init` sets up JSON")
    if found.owner is not None:
        raise Refused(f"`{found.spelling}` is a class of its own; derive it from `JsonFormatter`")
    caution = _format_caution(module, found.call)
    _check_uses(context, found)
    check_dependency(context.project)
    uses = frozenset({"JsonFormatter"} if needs_import(module, found.call, "JsonFormatter", JSON_FORMATTER) else ())
    return Substitute(found.call, "JsonFormatter", uses=uses), caution


def check_dependency(project: Project) -> None:
    """Raise `Refused` where a project has no python-json-logger whose formatter is where the new import looks."""
    if project.root is None:
        return
    version = declared_version(project, PACKAGE)
    importing = (file.path for file in project.survey.holders((b"pythonjsonlogger",), own=True))
    if version is None and all(map(is_setup_file, importing)):  # that module does without it where it is missing
        raise Refused(f"the project does not depend on {PACKAGE}; add it first")
    if _TOO_OLD.search(version or ""):
        raise Refused(f"the project allows {PACKAGE} {version} only, and `{JSON_FORMATTER}` needs 3.1")


def check_format(text: str, style: str) -> str:
    """The caution for a format. Raises `Refused` where JSON would not have all that it says."""
    if style not in ("%", "{", "$"):
        raise Refused(f"{style!r} is not a style of `logging.Formatter`")
    form = Format.of(text, style)
    if form.specified:
        raise Refused(f"`{form.specified}` has more than a field's name, and {PACKAGE} reads names alone")
    if not form.fields:
        raise Refused("its format has no fields")
    if set(form.fields) == {"message"} and not form.words:
        raise Refused("its format is the message alone, as programs write for people")
    if text.lstrip().startswith("{") and style != "{":
        raise Refused("its format spells JSON with names of its own")
    return "lines become JSON, without the words between their fields" if form.words else "lines become JSON"


def _format_caution(module: Module, call: ast.Call) -> str:
    given = dict(zip(_PARAMETERS, call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    unpacked = any(keyword.arg is None for keyword in call.keywords)
    if unpacked or any(isinstance(argument, ast.Starred) for argument in call.args):
        raise Refused("its arguments are unpacked")
    styles = constant_texts(module, given["style"]) if "style" in given else ["%"]
    if styles is None or len(styles) != 1:
        raise Refused("its style is not written out")
    if "fmt" not in given or (isinstance(given["fmt"], ast.Constant) and given["fmt"].value is None):
        return check_format(DEFAULT, "%")
    if (part := is_computed(module, given["fmt"])) is not None:
        raise Refused(f"`{ast.unparse(part)}` in its format is not a field of a record")
    texts = constant_texts(module, given["fmt"])
    if texts is None:
        if styles == ["{"]:
            raise Refused("its format is not written out")
        return "lines become JSON"
    return max((check_format(text, styles[0]) for text in texts), key=len)


def _check_uses(context: Context, found: TextFormatter) -> None:
    module, project = context.module, context.project
    for target in _targets(module, found.call):
        for node in module.reads_of(frozenset({target})):
            parent = module.scopes.parent(node)
            if isinstance(parent, ast.Attribute) and parent.attr in _TEXT_ONLY:
                raise Refused(f"line {node.lineno} uses `{ast.unparse(parent)}`, which text alone has")
    if not found.handlers:
        raise Refused("no handler is known to use it")
    for handler in found.handlers:
        for made in origins(module, handler):
            if (owner := _own_handler(module, project, made)) is not None:
                raise Refused(f"`{owner}` does more with the text than write it as a line")
        for store in module.scopes.stores("terminator"):
            if ast.unparse(store.value) in (ast.unparse(handler), "logging.StreamHandler"):
                raise Refused(f"line {store.lineno} sets `{ast.unparse(store)}`, so a record may not be one line")


def _targets(module: Module, call: ast.Call) -> list[str]:
    """What a formatter is assigned to, by the last part of each name."""
    parent = module.scopes.parent(call)
    targets = parent.targets if isinstance(parent, ast.Assign) else []
    return [
        target.id if isinstance(target, ast.Name) else target.attr
        for target in targets
        if isinstance(target, (ast.Name, ast.Attribute))
    ]


def _own_handler(module: Module, project: Project, made: ast.expr) -> str | None:
    """The name of the handler's class where that is the project's own and deals with the text of records."""
    called = made.func if isinstance(made, ast.Call) else made
    for found in definitions(module, project, called) if isinstance(called, (ast.Name, ast.Attribute)) else ():
        if isinstance(found.node, ast.ClassDef) and _handles_text(found, project):
            return found.node.name
    return None


def _handles_text(owner: Defined, project: Project) -> bool:
    """Whether a class says how a record is written, or what ends it."""
    assert isinstance(owner.node, ast.ClassDef)
    targets = (target for item in owner.node.body if isinstance(item, ast.Assign) for target in item.targets)
    if any(isinstance(target, ast.Name) and target.id == "terminator" for target in targets):
        return True
    return any(any(method_of(owner, project, name)) for name in _HANDLES_TEXT)
