"""PRT313."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from printlint.facts.calls.log_calls import log_calls
from printlint.facts.context import Context
from printlint.facts.flow.origins import origins
from printlint.facts.log_setup.own_set_up import own_set_ups
from printlint.facts.module import Module
from printlint.finding import Finding
from printlint.names.enclosing import Function
from printlint.names.qualified import last_name
from printlint.partial.triggers import LOG_WORDS
from printlint.rule import Rule, flagged, ignored

_SPAWNS = ("spawn", "forkserver")
_STARTERS = frozenset({"set_start_method", "get_context"})
_POOLS = frozenset({"Pool", "ProcessPoolExecutor"})
# What runs its first argument in a process of a pool.
_RUNS = frozenset({"map", "map_async", "imap", "imap_unordered", "starmap", "apply", "apply_async", "submit"})
_PROCESSES = frozenset({"Process", *_RUNS})
_SET_UP = frozenset({"basicConfig", "dictConfig", "fileConfig", "addHandler"})
_MAY_SET_UP = ("config", "setup", "set_up", "init")


class UnconfiguredChildren(Rule):
    """## What it does
    Finds functions that log and are run in a spawned process, where the only configuration of the file is under
    `if __name__ == "__main__":`. Only where the file itself asks for `spawn` or `forkserver`.

    ## Why is this bad
    A spawned process imports the file anew, under another name than `__main__` (Python documentation, multiprocessing,
    "The spawn and forkserver start methods"): logging is not configured there. Records below WARNING are lost.

    ## Fix safety
    No fix: configure logging in the function, in the pool's `initializer`, or hand the records to the parent by a
    `QueueHandler`.
    """

    code = "PRT313"
    name = "unconfigured-children"
    summary = "a spawned process that does not run the configuration under the main guard"
    starts = LOG_WORDS
    options = ("loggers",)
    refusal = "no automatic fix; configure logging in the function, or in the pool's `initializer`"
    examples = (
        flagged(
            """
            import logging
            import multiprocessing

            logger = logging.getLogger(__name__)


            def work():
                logger.info("nobody sees this")


            if __name__ == "__main__":
                logging.basicConfig(level=logging.INFO)
                multiprocessing.set_start_method("spawn")
                multiprocessing.Process(target=work).start()
            """,
            instead="""
            import logging
            import multiprocessing

            logger = logging.getLogger(__name__)


            def work():
                logging.basicConfig(level=logging.INFO)
                logger.info("seen")


            if __name__ == "__main__":
                logging.basicConfig(level=logging.INFO)
                multiprocessing.set_start_method("spawn")
                multiprocessing.Process(target=work).start()
            """,
        ),
        ignored(
            """
            import logging
            import multiprocessing

            logging.basicConfig(level=logging.INFO)


            def work():
                logging.getLogger(__name__).info("seen")


            if __name__ == "__main__":
                multiprocessing.set_start_method("spawn")
                multiprocessing.Process(target=work).start()
            """
        ),
        ignored(
            """
            import logging
            import multiprocessing


            def work():
                logging.getLogger(__name__).info("seen, as the process is forked")


            if __name__ == "__main__":
                logging.basicConfig(level=logging.INFO)
                multiprocessing.set_start_method("fork")
                multiprocessing.Process(target=work).start()
            """
        ),
        ignored(
            """
            import logging
            import multiprocessing


            def work(number):
                logging.getLogger(__name__).info("seen")


            if __name__ == "__main__":
                logging.basicConfig(level=logging.INFO)
                with multiprocessing.get_context("spawn").Pool(initializer=logging.basicConfig) as pool:
                    pool.map(work, range(3))
            """
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """The function at the call that runs it in another process."""
        module = context.module
        if not module.main_guards or not any(method in module.source.text for method in _SPAWNS):
            return
        if context.is_test or not _spawns(module):
            return
        set_ups = list(own_set_ups(module))
        if not set_ups or not all(_is_in_guard(module, item.statement) for item in set_ups) or _initializes(module):
            return
        for call in module.calls_named(_PROCESSES):
            name = _run_by(module, call)
            function = _function(module, name) if name is not None else None
            if name is not None and function is not None and _logs(module, function) and not _may_set_up(function):
                where = f"line {set_ups[0].line}"
                message = f"`{function.name}` logs in a process that does not run {where}; set logging up there too"
                yield self.finding(context, name, message)

    def introduced_by_rewrite(self, finding: Finding) -> bool:
        """The plan's caution has said that the record is lost."""
        return True


def _spawns(module: Module) -> bool:
    """Whether the file asks for processes that import it anew."""
    given = (call.args[0] for call in module.calls_named(_STARTERS) if call.args)
    return any(isinstance(method, ast.Constant) and method.value in _SPAWNS for method in given)


def _is_in_guard(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement is run where the file is started alone: under its guard, or in a function called there."""
    if module.places.under_main_guard(statement):
        return True
    function = module.places.function(statement)
    calls = module.calls_named(frozenset({function.name})) if function is not None else []
    return bool(calls) and all(module.places.under_main_guard(call) for call in calls)


def _initializes(module: Module) -> bool:
    return any(item.arg == "initializer" for call in module.calls for item in call.keywords)


def _run_by(module: Module, call: ast.Call) -> ast.Name | None:
    """The name of the function that a call runs in another process."""
    if last_name(call.func) == "Process":
        given = [item.value for item in call.keywords if item.arg == "target"]
    else:
        given = call.args[:1] if isinstance(call.func, ast.Attribute) and _is_pool(module, call.func.value) else []
    return given[0] if given and isinstance(given[0], ast.Name) else None


def _is_pool(module: Module, node: ast.expr) -> bool:
    made = (value.func for value in origins(module, node) if isinstance(value, ast.Call))
    return any(last_name(function) in _POOLS for function in made)


def _function(module: Module, name: ast.Name) -> Function | None:
    bindings = module.names.bindings(name)
    value = bindings[0].value if len(bindings) == 1 else None
    return value if isinstance(value, ast.FunctionDef) else None


def _logs(module: Module, function: Function) -> bool:
    return any(module.places.function(found.call) is function for found in log_calls(module))


def _may_set_up(function: Function) -> bool:
    """Whether a function configures logging, itself or by a function that is called for it."""
    called = [last_name(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(name in _SET_UP or any(word in name.lower() for word in _MAY_SET_UP) for name in called)
