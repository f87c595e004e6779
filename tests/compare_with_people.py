"""Puts what `fix` makes of prints beside what people made of them, in commits that turned prints into logging.

    python tests/compare_with_people.py            print the tables; repositories are fetched, and kept
    python tests/compare_with_people.py --write    and renew those in docs/people.md
    python tests/compare_with_people.py --sample 60 --mode tidy    print so many pairs to read, drawn by checksums

`--repositories` is a folder of bare clones, named `owner+name`; what is not there is cloned from GitHub. Whether a
print is output is not asked here (docs/verdicts.md has that): every print of the files is rewritten where it can be.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import hashlib
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from verdict_labels import Labelled, level_of, rows

from printlint.config import Configs
from printlint.finding import Reported
from printlint.rewrite.files import fix_files
from printlint.rules import rule_codes

PAGE = Path(__file__).parent.parent / "docs" / "people.md"
MODES: dict[str, tuple[dict[str, object], bool]] = {
    "default": ({}, False),
    "tidy": ({"tidy": True}, False),
    "tidy, unsafe": ({"tidy": True}, True),
}
_LEVELS = ("debug", "info", "warning", "warn", "error", "critical", "fatal", "exception")
_OTHER_METHODS = ("log", "success", "trace", "msg", *(f"a{level}" for level in _LEVELS))  # loguru's and structlog's
_PRINTS = ("print", "pprint", "print_exc")
_STEPS = ("debug", "info", "warning", "error", "critical")
_HOLE = "\0"


class Call(NamedTuple):
    """A call that says something: its method, its text with a hole for each value, the values, and its lines."""

    method: str
    text: str
    values: tuple[str, ...]
    traceback: bool
    code: str
    lines: tuple[int, int]

    @property
    def words(self) -> str:
        """The letters, digits and holes of the text: what is left where people differ in signs alone."""
        return re.sub(rf"[^\w{_HOLE}]+", "", self.text).lower()

    @property
    def level(self) -> str:
        """The level of its method."""
        return level_of(self.method.removeprefix("a") if self.method in _OTHER_METHODS else self.method)


class Pair(NamedTuple):
    """A print with what people made of it, and what a mode did: a call, or the reason why there is none."""

    place: str
    before: Call
    theirs: Call
    ours: Call | None
    why: str
    says_levels: bool


def calls_of(text: str) -> list[Call]:
    """The prints and logging calls of a source, in its order."""
    found = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    read = [call for node in found if (call := _read(node)) is not None]
    return sorted(read, key=lambda call: call.lines)


def _read(node: ast.Call) -> Call | None:
    match node.func:
        case ast.Name(id="print" as name) | ast.Name(id="pprint" as name) | ast.Attribute(attr="print_exc" as name):
            pass
        case ast.Attribute(attr=name) if name in _LEVELS or name in _OTHER_METHODS:
            pass
        case ast.Name(id=name) if name in _LEVELS:
            pass
        case _:
            return None
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    separator = keywords.get("sep")
    gap = separator.value if isinstance(separator, ast.Constant) else " "
    arguments = node.args[1:] if name == "log" else node.args
    text, values = _parts(arguments, str(gap), joined=name in ("print", "pprint"))
    values += [ast.unparse(value) for key, value in keywords.items() if key not in _NO_VALUES]
    traceback = name in ("exception", "aexception", "print_exc") or (
        "exc_info" in keywords and ast.unparse(keywords["exc_info"]) != "False"
    )
    return Call(name, text, tuple(values), traceback, ast.unparse(node), (node.lineno, node.end_lineno or node.lineno))


_NO_VALUES = frozenset({"sep", "end", "file", "flush", "exc_info", "stacklevel", "stack_info", None})


def _parts(arguments: list[ast.expr], gap: str, *, joined: bool) -> tuple[str, list[str]]:
    """The text of a call with holes, and the values in them; a template's placeholders are holes."""
    texts, values = [], list[str]()
    for argument in arguments:
        text, own = _text(argument)
        texts.append(text)
        values += own
        if not joined:
            break
    if not joined:
        rest = [ast.unparse(value) for value in arguments[1:]]
        placeholder = r"%[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]|\{[^{}]*\}"
        if rest and texts:
            texts = [re.sub(placeholder, _HOLE, texts[0])]
        values += rest
    return gap.join(texts), values


def _text(node: ast.expr) -> tuple[str, list[str]]:
    match node:
        case ast.Constant(value=str(text)):
            return text, []
        case ast.JoinedStr(values=parts):
            found = [_text(part) for part in parts]
            return "".join(text for text, _ in found), [value for _, values in found for value in values]
        case ast.FormattedValue(value=value):
            return _HOLE, [ast.unparse(value)]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            (one, first), (two, second) = _text(left), _text(right)
            return one + two, first + second
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod(), right=right):
            given = right.elts if isinstance(right, ast.Tuple) else [right]
            return re.sub(r"%[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]", _HOLE, text), [ast.unparse(item) for item in given]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format"), args=given):
            return re.sub(r"\{[^{}]*\}", _HOLE, text), [ast.unparse(item) for item in given]
        case ast.Call(func=ast.Name(id="str"), args=[value]):
            return _HOLE, [ast.unparse(value)]
    return _HOLE, [ast.unparse(node)]


def counterpart(old: list[str], new: list[str], call: Call, calls: Iterable[Call]) -> Call | None:
    """The call of a new text that took the place of one in the old: the most similar in the lines that came for its.

    Where a comparison of the lines shows only that they went, it may be one near that place that says the same.
    """
    others = [item for item in calls if item.method not in _PRINTS]
    for tag, start, end, new_start, new_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if start < call.lines[0] <= end and tag in ("replace", "delete"):
            near = [item for item in others if new_start < item.lines[0] <= new_end]
            if not near:
                around = (item for item in others if new_start - _NEAR < item.lines[0] <= new_end + _NEAR)
                near = [item for item in around if item.words and _likeness(call, item) > _ALIKE]
            return max(near, key=lambda item: _likeness(call, item), default=None)
    return None


_NEAR, _ALIKE = 12, 0.6


def kept_at(old: list[str], new: list[str], line: int) -> int:
    """The line, from 1, that a line of the old text has in the new one; 0 where it is another one now."""
    for tag, start, end, new_start, _ in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal" and start < line <= end:
            return new_start + line - start
    return 0


def _likeness(one: Call, other: Call) -> float:
    return difflib.SequenceMatcher(None, one.text + " ".join(one.values), other.text + " ".join(other.values)).ratio()


def pairs(labelled: Labelled, mode: str) -> Iterator[Pair]:
    """Each print that people made a logging call of, with what a mode makes of it."""
    table = [row for row in rows("migrations.tsv") if row["decision"] == "converted"]
    levels = defaultdict(set)
    for row in table:
        levels[row["commit"]].add(level_of(row["level"]))
    for repo, commit in dict.fromkeys((row["repo"], row["commit"]) for row in table):
        before, after = labelled.checkout(repo, f"{commit}^"), labelled.checkout(repo, commit)
        lines = defaultdict(set)
        for row in table:
            if row["commit"] == commit and (before / row["path"]).exists() and (after / row["path"]).exists():
                lines[row["path"]].add(int(row["line"]))
        fixed = _fixed([before / path for path in lines], mode)
        for path, own in lines.items():
            with suppress(SyntaxError, UnicodeDecodeError):
                ours, left = fixed[before / path]
                texts = (before / path).read_text("utf-8"), (after / path).read_text("utf-8"), ours
                yield from _of_file(f"{repo}/{path}", own, texts, left, len(levels[commit]) > 1)


def _of_file(
    name: str, lines: set[int], texts: tuple[str, str, str], left: Mapping[int, str], says_levels: bool
) -> Iterator[Pair]:
    old, theirs, ours = (text.splitlines() for text in texts)
    their_calls, our_calls = calls_of(texts[1]), calls_of(texts[2])
    for call in calls_of(texts[0]):
        if call.lines[0] in lines and (their := counterpart(old, theirs, call, their_calls)) is not None:
            kept = kept_at(old, ours, call.lines[0])
            our = None if kept else counterpart(old, ours, call, our_calls)
            why = left.get(kept, "left") if kept else "removed"
            yield Pair(f"{name}:{call.lines[0]}", call, their, our, why, says_levels)


def _fixed(paths: list[Path], mode: str) -> dict[Path, tuple[str, dict[int, str]]]:
    """The texts of files after `fix`, each with why prints are left in it, by their lines there."""
    table, unsafe = MODES[mode]
    configs = Configs(rule_codes(), {"detect-interface": False, **table}, isolated=True)
    found = {}
    for fix in fix_files(paths, configs, unsafe=unsafe, allow_setup=True, quiet=True).files:
        change = fix.change
        text = change.new.decode(change.encoding) if change is not None else fix.path.read_text("utf-8", "replace")
        prints = (item for item in fix.left if item.finding.code.startswith("PRT1"))
        found[fix.path] = text, {item.finding.start.line: _reason(item) for item in prints}
    return found


def _reason(item: Reported) -> str:
    return item.refused or f"unsafe: {item.fix.title if item.fix is not None else ''}"


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.2f})" if whole else "0"


def row(mode: str, found: list[Pair]) -> str:
    """One line of the table of docs/people.md."""
    done = [(pair.theirs, pair.ours) for pair in found if pair.ours is not None]
    told = [(pair.theirs, pair.ours) for pair in found if pair.ours is not None and pair.says_levels]
    cells = [
        mode,
        str(len(found)),
        _share(len(done), len(found)),
        _share(sum(their.level == our.level for their, our in told), len(told)),
        _share(sum(their.text == our.text for their, our in done), len(done)),
        _share(sum(their.words == our.words for their, our in done), len(done)),
        _share(sum(Counter(their.values) == Counter(our.values) for their, our in done), len(done)),
        _share(sum(their.traceback == our.traceback for their, our in done), len(done)),
    ]
    return f"| {' | '.join(cells)} |"


def reasons(found: list[Pair]) -> Iterator[str]:
    """Why prints that people converted are left, the most frequent reasons as lines of a table."""
    counted = Counter(_kind(pair.why) for pair in found if pair.ours is None)
    yield "| left | why |"
    yield "|---|---|"
    yield from (f"| {count} | {why} |" for why, count in counted.most_common(10))


def _kind(why: str) -> str:
    """A reason without the place that it names."""
    inside = re.search(r"^unsafe: [^(]*\((.*)\)$", why)
    said = f"unsafe: {inside[1]}" if inside else why
    return re.sub(r"`[^`]*`|[\w./^+-]+\.py(?::\d+)?|line \d+", "…", said)


def table(results: Mapping[str, list[Pair]]) -> str:
    """The Markdown table of docs/people.md."""
    head = "| mode | prints | rewritten | same level | same text | same words | same values | same traceback |"
    return "\n".join(
        [head, "|---|---|---|---|---|---|---|---|", *(row(mode, found) for mode, found in results.items())]
    )


def _show(found: list[Pair], most: int) -> Iterator[str]:
    def drawn(pair: Pair) -> bytes:
        return hashlib.sha256(pair.place.encode()).digest()

    for pair in sorted(found, key=drawn)[:most]:
        ours = pair.ours.code if pair.ours is not None else f"({pair.why})"
        yield f"{pair.place}\n  before {pair.before.code}\n  theirs {pair.theirs.code}\n  ours   {ours}"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    scratch = Path(tempfile.gettempdir())
    parser.add_argument("--folder", type=Path, default=scratch / "printlint-labels")
    parser.add_argument("--repositories", type=Path, default=scratch / "printlint-repositories")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="show so many pairs")
    parser.add_argument("--mode", choices=MODES, help="this mode alone")
    parser.add_argument("--write", action="store_true", help="renew the table in docs/people.md")
    options = parser.parse_args()
    labelled = Labelled(options.folder, options.repositories)
    results = {mode: list(pairs(labelled, mode)) for mode in MODES if options.mode in (None, mode)}
    print(table(results))
    for mode, found in results.items():
        print("", mode, *reasons(found), sep="\n")
    for found in results.values() if options.sample else ():
        print("", *_show(found, options.sample), sep="\n")
    if options.write:
        page, text = PAGE.read_text(encoding="utf-8"), table(results)
        page, count = re.subn(r"(?s)(<!-- people -->\n).*?(<!-- end -->)", rf"\g<1>{text}\n\g<2>", page)
        assert count == 1, "docs/people.md has lost its marks"
        PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
