"""PRT308."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from printlint.facts.context import Context
from printlint.facts.log_setup.attachments import added_handlers
from printlint.facts.log_setup.guards import Asked, handlers_asked
from printlint.facts.module import Module
from printlint.facts.project.project import Project
from printlint.finding import Finding
from printlint.logging_names import METHODS
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored

_CONFIGURES = "logging.basicConfig"
_EMPTIES = frozenset({"removeHandler", "clear", "shutdown", "reload", "dictConfig", "fileConfig", "pop", "remove"})


class ConfigurationWithoutEffect(Rule):
    """## What it does
    Finds `logging.basicConfig(...)` behind what has given the root logger a handler already: an earlier `basicConfig`,
    `logging.info(...)` and its kin, which call it by themselves, or `addHandler` on the root logger. Also in the
    `__init__.py` of a library, where it runs in whatever program imports that.

    ## Why is this bad
    `basicConfig` does nothing where the root logger has a handler (Python documentation, `logging.basicConfig`):
    neither the file nor the level or the format of the call is used. A library that is imported first takes the effect
    away from the program's own `basicConfig`; one that is imported later has none.

    ## Fix safety
    No fix: which of the two is meant depends on the program. `force=True` takes the first handler away.
    """

    code = "PRT308"
    name = "configuration-without-effect"
    summary = "`basicConfig` where the root logger has a handler already, or in a library"
    starts = LOG_WORDS
    refusal = "no automatic fix; merge the two, or pass `force=True`"
    examples = (
        flagged(
            """
            import logging

            logging.basicConfig(level=logging.INFO)
            logging.basicConfig(filename="run.log", level=logging.DEBUG)
            """,
            instead="""
            import logging

            logging.basicConfig(filename="run.log", level=logging.DEBUG)
            """,
        ),
        ignored("import logging\nlogging.basicConfig()\nlogging.basicConfig(level=logging.DEBUG, force=True)"),
        ignored("import logging\nif x:\n    logging.basicConfig()\nelse:\n    logging.basicConfig(level=10)"),
        ignored("import logging\nlogging.basicConfig()\nlogging.root.handlers.clear()\nlogging.basicConfig(level=10)"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """Every such call that surely comes behind the other."""
        module = context.module
        if "basicConfig" not in module.source.text or module.is_notebook:
            return
        earlier = list(_makers(module))
        for call in _calls_of(module, _CONFIGURES):
            if (
                any(item.arg in ("force", None) for item in call.keywords)
                or handlers_asked(module, call) is Asked.ABOVE
            ):
                continue
            if _is_at_import(module, call) and _is_library(module, context.project):
                message = "`basicConfig` runs in each program that imports this library; leave it to the program"
                yield self.finding(context, call, message)
                continue
            found = [item for item in earlier if item is not call and _comes_first(module, item, call)]
            if found and not _is_emptied_between(module, found[-1], call):
                line = found[-1].lineno
                message = (
                    f"`basicConfig` has no effect, as line {line} gives the root logger a handler; pass `force=True`"
                )
                yield self.finding(context, call, message)


def _is_at_import(module: Module, call: ast.Call) -> bool:
    """Whether a call runs whenever the package of an `__init__.py` is imported."""
    layout = module.layout
    is_init = layout is not None and layout.path.name == "__init__.py"
    return is_init and isinstance(module.scopes.parent(module.places.statement(call)), ast.Module)


def _is_library(module: Module, project: Project) -> bool:
    """Whether no program of the repository runs a module. A console script of its package answers at once."""
    assert module.layout is not None
    package = module.layout.module
    if any(entry.startswith((f"{package}.", f"{package}:")) for entry in project.entry_points):
        return False
    from printlint.facts.programs.kinds import Kind
    from printlint.facts.programs.model import Model

    programs = Model.of(module.layout).containing(str(module.layout.path))
    return bool(programs) and all(program.kind is Kind.LIBRARY for program in programs)


def _calls_of(module: Module, qualified: str) -> list[ast.Call]:
    name = qualified.rpartition(".")[2]
    return [call for call in module.calls_named(frozenset({name})) if module.qualified(call.func) == qualified]


def _makers(module: Module) -> Iterator[ast.expr]:
    """What gives the root logger a handler: in source order, calls that find another there too."""
    found: list[ast.expr] = [call for call in _calls_of(module, _CONFIGURES) if not _has_empty_list(call)]
    for call in module.calls_named(METHODS):
        prefix, _, method = (module.qualified(call.func) or "").rpartition(".")
        if prefix == "logging" and method in METHODS:
            found.append(call)
    found += [item.node for item in added_handlers(module) if item.logger.root and item.classes]
    yield from sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _has_empty_list(call: ast.Call) -> bool:
    return any(item.arg == "handlers" and not getattr(item.value, "elts", True) for item in call.keywords)


def _comes_first(module: Module, first: ast.expr, second: ast.expr) -> bool:
    """Whether one node has been evaluated whenever another is: its statement is above, in a block around the other."""
    statement = module.places.statement(first)
    if not isinstance(statement, (ast.Expr, ast.Assign)) or first.lineno >= second.lineno:
        return False
    around = [second, *module.scopes.ancestors(second)]
    home = module.scopes.parent(statement)
    if module.places.function(first) is not module.places.function(second) or home not in around:
        return False
    child = around[around.index(home) - 1] if home in around else None
    block, index = module.places.block(statement)
    is_level = isinstance(home, (ast.Module, ast.ClassDef))
    return is_level or child in block[index + 1 :]


def _is_emptied_between(module: Module, first: ast.expr, second: ast.expr) -> bool:
    """Whether handlers may be taken away between two lines."""
    lines = range(first.lineno, second.lineno + 1)
    if any(call.lineno in lines for call in module.calls_named(_EMPTIES)):
        return True
    return any(
        isinstance(node, ast.Attribute) and node.lineno in lines and not isinstance(node.ctx, ast.Load)
        for node in module.scopes.named(("handlers",))
    ) or any(
        isinstance(parent := module.scopes.parent(node), ast.Subscript) and not isinstance(parent.ctx, ast.Load)
        for node in module.scopes.named(("handlers",))
    )
