"""What the message of a print tells: that something goes on or goes wrong, or that a page is laid out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from printlint.facts.prints.inferred_level import literal_text
from printlint.facts.prints.level_words import failure, tag_of, worded_level, words_of

# What a program that works says it is doing, or has done.
_NARRATES = re.compile(
    r"^\W{0,40}(?:\[[^\]]{0,60}\]\W{0,20})?(?:(?:now |re)?[a-z]{2,30}ing\b"
    r"|started\b|finished\b|loaded\b|saved\b|found\b|created\b|connected\b|received\b|sent\b|done\b|downloaded\b|updated\b|removed\b|deleted\b|added\b|using\b"
    r"|completed?\b|skipped\b|initiali[sz]ed\b|begin\b|wrote\b|written\b|got\b|successfully\b|disconnected\b|stopped\b|start\b)",
    re.IGNORECASE,
)
_RULE = r"([-=*_#~.─═+])\1{3}"
_LAID_OUT = r"^\n|^ {2,}\S|\t|\n$|^\s*[-•*] |:[<>^]?\d+"


def message_signs(call: ast.Call) -> Iterator[tuple[str, str]]:
    """The signs in a print's message, each with the clause that says it."""
    text = literal_text(call)
    if not call.args:
        return
    if (tag := tag_of(text)) is not None:
        yield "tagged", f"the message is tagged {tag[0].strip()!r}"
    elif said := worded_level(text):
        yield "trouble", said.why
    elif failed := failure(text):
        yield "trouble", f"the message says {failed!r}"
    words = words_of(text)
    if not words:
        yield ("ruled", "it rules a page") if re.search(_RULE, text) else ("values", "it prints values alone")
        return
    if _NARRATES.search(text):
        yield "narrates", "the message says what goes on"
    if re.search(_LAID_OUT, text) or re.search(_RULE, text):
        yield "laid out", "the message is laid out for a reader"
