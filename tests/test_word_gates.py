"""What is asked only of texts that hold one of some words is found by each of the words alone."""

from __future__ import annotations

import pytest

from printlint.config import Config
from printlint.facts.log_setup.attachments import attachments
from printlint.facts.log_setup.guards import Asked, handlers_asked
from printlint.facts.module import Module
from printlint.facts.prints.outputs import outputs
from printlint.facts.prints.service_signs import Services
from printlint.lint.linter import context_of, lint_bytes
from printlint.partial.kept_trees import tree_of
from printlint.run import Run
from printlint.source import Source

LOGGER = "import logging\nlogger = logging.getLogger('app')\n"
SPAWNED = """
import logging
import multiprocessing

logger = logging.getLogger(__name__)

def work():
    logger.info("x")

if __name__ == "__main__":
    logging.basicConfig()
    multiprocessing.set_start_method("{}")
    multiprocessing.Process(target=work).start()
"""
MISSPELT = ("propogate", "propagates", "propgate", "propagte", "propagation", "propagated", "propergate", "disable")

FINDINGS = [
    *(("PRT309", LOGGER + f"logger.{name} = False\n") for name in MISSPELT),
    ("PRT515", LOGGER + "logger.info('all of 100%% is used')\n"),
    ("PRT515", LOGGER + "def f(ratio):\n    logger.info(f'{ratio:.0%}% is used')\n"),
    *(("PRT507", f"import logging\nlogging.getLogger('app').setLevel(logging.{name})\n") for name in ("WARN", "FATAL")),
    *(("PRT313", SPAWNED.format(method)) for method in ("spawn", "forkserver")),
]


def module_of(text: str) -> Module:
    return context_of(tree_of("work.py", Source("work.py", text), ""), Config(), None).module


@pytest.mark.parametrize(("code", "text"), FINDINGS)
def test_a_rule_finds_each_word(code: str, text: str) -> None:
    found = lint_bytes("work.py", text.encode(), Config(select=(code,))).findings
    assert [finding.code for finding in found] == [code]


CHANGES = (
    *("handlers.append(h)", "handlers.insert(0, h)", "handlers.extend([h])", "handlers[:] = [h]", "handlers[0] = h"),
    *("handlers = [h]", "handlers += [h]", "handlers\\\n    .append(h)", "handlers . append(h)"),
)


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_of_a_list_is_an_attachment(change: str) -> None:
    with Run():
        (found,) = attachments(module_of(f"{LOGGER}h = logging.StreamHandler()\nlogger.{change}\n"))
        assert len(found.items) == 1


@pytest.mark.parametrize("test", ["not logger.handlers", "not logger.hasHandlers()", "len(logger.handlers) == 0"])
def test_each_way_to_ask_for_handlers_is_seen(test: str) -> None:
    with Run():
        module = module_of(f"{LOGGER}if {test}:\n    logger.addHandler(logging.StreamHandler())\n")
        (call,) = module.calls_named(frozenset({"addHandler"}))
        assert handlers_asked(module, call) is not Asked.NOBODY


SERVING = (
    *("serve_forever", "run_forever", "loop_forever", "start_polling", "run_polling", "infinity_polling", "run_app"),
    *("start_server", "start_consuming", "run_pending"),
)


@pytest.mark.parametrize("text", [*(f"x.{name}()\n" for name in SERVING), "while True:\n    time.sleep(1)\n"])
def test_each_call_that_serves_is_a_sign(text: str) -> None:
    with Run():
        module = module_of(f"print(1)\n{text}")
        context = context_of(tree_of("work.py", module.source, ""), Config(), None)
        (output,) = outputs(context.module)
        assert "service" in dict(Services(context.module).signs(output.call))
