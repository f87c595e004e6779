"""How calls that write to the terminal are reported, for all rules of the family PRT1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from printlint.facts.context import Context
from printlint.facts.module import Module
from printlint.facts.prints.custom_levels import custom_level
from printlint.facts.prints.inferred_level import infer_level
from printlint.facts.prints.outputs import Output, OutputKind, outputs
from printlint.facts.prints.wrappers import described_callers, wrapper_of
from printlint.finding import Finding
from printlint.rule import Rule

if TYPE_CHECKING:
    from printlint.plan.edits import Plan

_SPELLING = {OutputKind.PRINT: "print", OutputKind.PPRINT: "pprint"}
# What is known of a call's callers may change the verdict on it.
VERDICTS = ("PRT101", "PRT102", "PRT106")
PRINT_OPTIONS = (
    *("interface", "detect-interface", "levels", "message-style", "logger", "tidy"),
    *("logger-name", "loggers", "async-backend", "setup-module"),
)
_TRACEBACK = {"traceback.print_stack": "`stack_info=True`"}


def output_finding(rule: Rule, context: Context, output: Output, interface: str | None = None) -> Finding:
    """The finding for a call that writes; `interface` says why it is the program's own output."""
    level = custom_level(context.config, output.call) or infer_level(context.module, output.call, output.stream)
    name = _SPELLING.get(output.kind) or output.qualified.rpartition("builtins.")[2]
    if interface is not None:
        message = f"`{name}` is program output: {interface}; set `detect-interface = false` if not"
    elif output.kind is OutputKind.TRACEBACK:
        message = f"`{name}` call; use {_TRACEBACK.get(output.qualified, '`logger.exception`')}"
        level = level._replace(method="error", why="it prints a traceback")
    else:
        message = f"`{name}` {_where(context, output)}; use `logger.{level.method}`"
    if output.kind is not OutputKind.TRACEBACK and (told := context.interface.verdict(output.call).told):
        level = level._replace(verdict=told)
    return rule.finding(context, output.call, message, level=level)


def _where(context: Context, output: Output) -> str:
    """`call`, or the wrapper around it with its callers: the calls to change are theirs."""
    wrapper = wrapper_of(context.module, output.call)
    calls = described_callers(context.module, wrapper, context.project) if wrapper is not None else ""
    return f"in wrapper `{wrapper.name}`, which has {calls}" if wrapper is not None and calls else "call"


class OutputRule(Rule):
    """A rule for the calls of one kind that write to the terminal, those apart that are the program's interface."""

    kind: ClassVar[OutputKind]

    def check(self, context: Context) -> Iterator[Finding]:
        """Every such call that is no interface."""
        for output in self.outputs(context.module):
            if output.kind is self.kind and not self.is_interface(context, output):
                yield output_finding(self, context, output)

    def plan(self, finding: Finding, context: Context) -> Plan:
        """A logging call with the same text."""
        from printlint.rules.prints._planning import plan_output

        return plan_output(finding, context)

    def outputs(self, module: Module) -> Iterable[Output]:
        """The calls that this kind is among."""
        return outputs(module)

    def is_interface(self, context: Context, output: Output) -> bool:
        """Whether a call is the program's own output, which PRT106 has."""
        return context.interface.reason(output.call) is not None
