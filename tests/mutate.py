"""Breaks the code in many places, one at a time, and asks whether a test notices.

    python tests/mutate.py                       about 160 places, drawn by the seed 1 over all rooms
    python tests/mutate.py --seed 7 --count 50   others, and fewer
    python tests/mutate.py --room facts.flow     one room alone (the name may be repeated)
    python tests/mutate.py --trace               only find out anew which tests reach what

A room is a folder of `printlint`; those of `facts` and `rules` count each, and what is in no folder is `top`. Each room
has a share by the square root of the places that it has, so that none is left out and none takes all. A place keeps its
rank whatever is edited elsewhere, so that the same seed draws the same places tomorrow.

Which tests reach what is found by running each file of tests once in a copy of the tree that writes down which lines
run, block by block (`--cache`; a file of tests that changed is run again; where a function of the package has changed
since, all tests that reach its file count). For a mutant, the tests that reach its lines are run, the fastest first,
until one fails, or their time adds up to `--budget` seconds. A test that fails is run on the unbroken copy too, so that
a test that fails anyway catches nothing. A mutant that takes far longer than its tests did is ended, and counts as
caught. Nothing is written to the checkout but the cache and the results, and nothing is run in it.

Each result is written down at once (`--results`). The next run goes on from there: what was caught stays so as long as
its function is the same, and what survived is tried again.

The survivors are printed with their change, and at the end, also of a run that is interrupted, a line for each room.
What is there to be read: a survivor is a promise that no test holds, code that nobody needs, or a change that changes
nothing (an equivalent mutant).
"""

from __future__ import annotations

import argparse
import ast
import difflib
import hashlib
import importlib
import json
import math
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from mutants import Mutant, blocks, mutants

ROOT = Path(__file__).parent.parent
_COPIED = (
    "printlint",
    "tests",
    "fixtures",
    "docs",
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
    ".pre-commit-hooks.yaml",
)
_TEMPLATE = "setup/logging_setup.py"  # its text is what users get, so that nothing may be written into it
_TEMPLATE_TESTS = ("tests/test_setup_module.py", "tests/test_setup_in_the_world.py", "tests/test_backends.py")
_TABLE_TESTS = "tests/test_tables.py::"
_EACH_S = 0.03  # what pytest takes for a test beside what it says
_LIMIT_S = 600  # for one file of tests that is traced

# What the instrumented copy calls at the beginning of each block: the first time in each test, it writes a line.
_HITS = """
import os
_folder = {folder!r}
_file = os.open(os.path.join(_folder, "hits"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
_seen = set()
def _read():
    try:
        with open(os.path.join(_folder, "current"), encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""
_test = _read()
def begin(test):
    global _test
    _test = test
    _seen.clear()
    with open(os.path.join(_folder, "current"), "w", encoding="utf-8") as file:
        file.write(test)
def hit(block):
    if block not in _seen:
        _seen.add(block)
        try:
            os.write(_file, f"{{_test}} {{block}}\\n".encode())
        except OSError:
            pass
"""


class Reach(NamedTuple):
    """The tests, with the seconds each took, and the tests that reach each block."""

    seconds: dict[str, float]
    tests: dict[str, set[str]]


class Place(NamedTuple):
    """A mutant of a file of the package."""

    path: str  # below `printlint`
    mutant: Mutant

    @property
    def name(self) -> str:
        """The place by what is changed in which function, so that edits elsewhere leave it as it is."""
        return "|".join([self.path, *self.mutant[:1], *self.mutant[2:5]])


def room(path: str) -> str:
    parts = path.split("/")
    if len(parts) == 1:
        return "top"
    return ".".join(parts[:2]) if parts[0] in ("facts", "rules") and len(parts) > 2 else parts[0]


# The copy, and what its tests reach.


def copy_of_tree(folder: Path) -> Path:
    """A copy of what the tests need, in an empty folder."""
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy2(source, folder / name)
    return folder


def instrument(folder: Path) -> None:
    """Makes each block of the package in `folder` say that it runs."""
    for path in sorted((folder / "printlint").rglob("*.py")):
        name = path.relative_to(folder / "printlint").as_posix()
        if name != _TEMPLATE:
            path.write_text(_instrumented(path.read_text(encoding="utf-8"), name), encoding="utf-8")
    (folder / "printlint" / "_hits.py").write_text(_HITS.format(folder=str(folder)), encoding="utf-8")


def _instrumented(source: str, name: str) -> str:
    lines = source.splitlines(keepends=True)
    tree = ast.parse(source)
    added: dict[int, str] = {}
    for block in blocks(tree):
        first = block.statements[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(block.statements) > 1:
            first = block.statements[1]
        line = min([first.lineno, *(item.lineno for item in getattr(first, "decorator_list", []))])
        text = lines[line - 1]
        if text[: first.col_offset].strip() == "" and not text.lstrip().startswith("elif"):
            added[line] = f"{' ' * first.col_offset}_hit({f'{name}:{block.name}'!r})\n"
    start = next((node.lineno for node in tree.body if not _is_head(node)), 1)
    for line, text in sorted(added.items(), reverse=True):
        lines.insert(line - 1, text)
    if added:
        lines.insert(start - 1, "from printlint._hits import hit as _hit\n")
    return "".join(lines)


def _is_head(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) or (isinstance(node, ast.ImportFrom) and node.module == "__future__")


def reach(cache: Path, *, anew: bool, only: list[str]) -> Reach:
    """What each file of tests reaches: as the cache says, or by running those that have changed."""
    known = json.loads(cache.read_text(encoding="utf-8")) if cache.exists() else {}
    files = sorted(path for path in (ROOT / "tests").glob("test_*.py") if not only or path.stem in only)
    stale = [path for path in files if anew or known.get(path.name, {}).get("hash") != _hash(path)]
    if stale:
        with tempfile.TemporaryDirectory(prefix="mutate-") as name:
            folder = copy_of_tree(Path(name).resolve())
            instrument(folder)
            for path in stale:
                known[path.name] = {"hash": _hash(path), **_traced(folder, path)}
                cache.write_text(json.dumps(known), encoding="utf-8")
    seconds: dict[str, float] = {}
    tests: dict[str, set[str]] = defaultdict(set)
    for entry in known.values():
        seconds.update(entry["tests"])
        names = [name for name, _ in entry["tests"]]
        for block, reached in entry["blocks"].items():
            tests[block].update(names[number] for number in reached)
    return Reach(seconds, tests)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _traced(folder: Path, path: Path) -> dict[str, Any]:
    """One file of tests, run in the instrumented copy: the seconds of the tests that passed, and what they reach."""
    began = time.monotonic()
    (folder / "hits").write_text("")
    (folder / "passed").write_text("")
    (folder / "tests" / path.name).write_bytes(path.read_bytes())
    _pytest(folder, [f"tests/{path.name}"], {"MUTATE_FOLDER": str(folder)}, limit=_LIMIT_S)
    passed = [json.loads(line) for line in (folder / "passed").read_text(encoding="utf-8").splitlines()]
    places = {number: place for place, (number, _, _) in enumerate(passed)}
    reached: dict[str, set[int]] = defaultdict(set)
    for line in (folder / "hits").read_text(encoding="utf-8").splitlines():
        number, _, block = line.partition(" ")
        if number in places:
            reached[block].add(places[number])
    print(f"{path.name}: {len(passed)} tests, {time.monotonic() - began:.0f} s", flush=True)
    return {
        "tests": [(test, seconds) for _, test, seconds in passed],
        "blocks": {block: sorted(found) for block, found in reached.items()},
    }


def _pytest(folder: Path, arguments: list[str], environment: dict[str, str], *, limit: float) -> tuple[int | None, str]:
    """The exit status of a run of pytest in a copy and what it printed; no status when it had to be ended.

    The run is a fork, which has the libraries already: to import them takes longer than most of the tests.
    """
    temporary = folder.parent / f"{folder.name}-tests"
    output = folder / "output"
    process = os.fork()
    if process == 0:
        status = 3
        try:
            status = _run_here(folder, [f"--basetemp={temporary}", *arguments], environment, output)
        finally:
            os._exit(status)
    try:
        return _wait(process, limit), output.read_text(encoding="utf-8", errors="replace")
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _run_here(folder: Path, arguments: list[str], environment: dict[str, str], output: Path) -> int:
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGHUP):  # `nohup` ignores one, and tests send them
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream, target in ((os.open(os.devnull, os.O_RDONLY), 0), (file, 1), (file, 2)):
        os.dup2(stream, target)
    os.chdir(folder)
    paths = [str(folder), str(folder / "tests")]
    os.environ.update({"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1", **environment})
    sys.dont_write_bytecode = True
    sys.path[:0] = paths
    return int(pytest.main(["-q", "-p", "mutate", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments]))


def _wait(process: int, limit: float) -> int | None:
    """The exit status of a fork, which is ended with all that it started when it takes too long."""
    end = time.monotonic() + limit
    try:
        while time.monotonic() < end:
            done, status = os.waitpid(process, os.WNOHANG)
            if done:
                process = 0
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.02)
        return None
    finally:
        if process:
            os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)


# The part that pytest loads, by `-p mutate`: it writes down what passes, or runs what was chosen.


def pytest_collection_modifyitems(items: list[Any]) -> None:
    chosen = os.environ.get("MUTATE_CHOSEN")
    if chosen:
        order = {test: place for place, test in enumerate(Path(chosen).read_text(encoding="utf-8").splitlines())}
        items[:] = sorted((item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid])


_seconds: dict[str, float] = {}


def pytest_runtest_logstart(nodeid: str) -> None:
    if "MUTATE_FOLDER" in os.environ:
        _seconds[nodeid] = 0.0
        importlib.import_module("printlint._hits").begin(str(len(_seconds)))


def pytest_runtest_logreport(report: Any) -> None:
    """Written down at once, since a file of tests that hangs is ended."""
    if "MUTATE_FOLDER" in os.environ:
        _seconds[report.nodeid] += report.duration if report.passed else math.inf
        if report.when == "teardown" and _seconds[report.nodeid] < math.inf:
            with Path(os.environ["MUTATE_FOLDER"], "passed").open("a", encoding="utf-8") as file:
                file.write(json.dumps([str(len(_seconds)), report.nodeid, _seconds[report.nodeid]]) + "\n")


# Mutants, and whether a test notices.


def draw(seed: int, count: int, rooms: list[str]) -> list[Place]:
    """Places by the seed, in each room a share by the square root of what it has."""
    found: dict[str, list[Place]] = defaultdict(list)
    for path in sorted((ROOT / "printlint").rglob("*.py")):
        name = path.relative_to(ROOT / "printlint").as_posix()
        if not rooms or room(name) in rooms:
            found[room(name)] += [Place(name, item) for item in mutants(path.read_text(encoding="utf-8"))]
    found = {name: places for name, places in found.items() if places}
    whole = sum(math.sqrt(len(places)) for places in found.values())
    drawn: list[Place] = []
    for places in found.values():
        share = max(1, round(count * math.sqrt(len(places)) / whole))
        drawn += sorted(places, key=partial(_rank, seed))[:share]
    return sorted(drawn, key=partial(_rank, seed))


def _rank(seed: int, place: Place) -> bytes:
    return hashlib.sha256(f"{seed}|{place.name}".encode()).digest()


def tests_of(place: Place, known: Reach, budget: float) -> list[list[str]]:
    """The tests that reach a place, the fastest first, as far as the seconds go; first some of two files alone."""
    ordered = sorted(_reaching(place, known), key=lambda test: (known.seconds[test], test))
    first = _files_about(place, ordered)
    few = _within([test for test in ordered if test.partition("::")[0] in first], known, budget / 2)
    return [few, [test for test in _within(ordered, known, budget) if test not in set(few)]]


def _files_about(place: Place, tests: list[str]) -> set[str]:
    """The files of tests that have the text that is changed, or else the two that have the most tests for a place."""
    counted = Counter(test.partition("::")[0] for test in tests)
    text = place.mutant.before.strip("\"'") if place.mutant.kind == "member changed" else ""
    about = {file for file in counted if text and text in (ROOT / file).read_text(encoding="utf-8")}
    return (about or {file for file, _ in counted.most_common(2)}) | {_TABLE_TESTS.partition("::")[0]}


def _within(tests: list[str], known: Reach, budget: float) -> list[str]:
    chosen, used = [], 0.0
    for test in tests:
        used += known.seconds[test] + _EACH_S
        if chosen and used > budget:
            break
        chosen.append(test)
    return chosen


def _reaching(place: Place, known: Reach) -> set[str]:
    path, block = place.path, place.mutant.block
    if path == _TEMPLATE:
        return {test for test in known.seconds if test.startswith(_TEMPLATE_TESTS)}
    if block.startswith("="):
        users = [item for item in _users(block[1:]) if item != _TEMPLATE]
        return set().union(_of_tables(known), *(_of_file(item, known) for item in users))
    exact = known.tests.get(f"{path}:{block}") or _of_function(f"{path}:{block}", known)
    return exact | _of_earlier(f"{path}:{block}", known) or _of_file(path, known)


def _of_earlier(block: str, known: Reach) -> set[str]:
    """The tests that reached a function before it was edited; those that ran since are among the others."""
    name, _, digest = block.partition("@")
    keys = (key for key in known.tests if digest and key.startswith(f"{name}@"))
    return set().union(*(known.tests[key] for key in keys if not key.startswith(f"{name}@{digest[:8]}")))


def _of_tables(known: Reach) -> set[str]:
    """Tests that read all constants, whichever code uses them."""
    return {test for test in known.seconds if test.startswith(_TABLE_TESTS)}


def _of_function(block: str, known: Reach) -> set[str]:
    """The tests of a function that is as it was, for a block where nothing could be written down."""
    function = block.rpartition(":")[0] + ":"
    return set().union(*(found for key, found in known.tests.items() if "@" in block and key.startswith(function)))


def _users(name: str) -> Iterator[str]:
    for path in (ROOT / "printlint").rglob("*.py"):
        if name in path.read_text(encoding="utf-8"):
            yield path.relative_to(ROOT / "printlint").as_posix()


def _of_file(path: str, known: Reach) -> set[str]:
    return set().union(*(found for key, found in known.tests.items() if key.startswith(f"{path}:")))


class Copy:
    """A copy of the tree in which one file at a time is broken."""

    def __init__(self, folder: Path) -> None:
        self.folder = copy_of_tree(folder.resolve())
        self._sound: dict[str, bool] = {}

    def source(self, place: Place) -> bytes:
        return (self.folder / "printlint" / place.path).read_bytes()

    def notices(self, place: Place, tests: list[str], known: Reach) -> str:
        """The first test that fails because of a breakage, or how else it was noticed; "" for a survivor."""
        path = self.folder / "printlint" / place.path
        whole = path.read_bytes()
        while tests:
            path.write_bytes(place.mutant.applied(whole))
            try:
                status, out = self._run(tests, 30 + 6 * sum(known.seconds[test] for test in tests))
            finally:
                path.write_bytes(whole)
            if status == 0:
                return ""
            if status is None:
                return "takes too long"
            failed = next((test for test in tests if f"FAILED {test}" in out or f"ERROR {test}" in out), None)
            if failed is None and self._passes_unbroken(tests[0]):
                return "nothing can be collected: " + next(iter(out.strip().splitlines()[-1:]), "")
            failed = failed or tests[0]
            if self._passes_unbroken(failed):
                return failed
            tests = [test for test in tests if test != failed]
        return ""

    def _passes_unbroken(self, test: str) -> bool:
        if test not in self._sound:
            self._sound[test] = self._run([test], 300)[0] == 0
        return self._sound[test]

    def _run(self, tests: list[str], limit: float) -> tuple[int | None, str]:
        chosen = self.folder / "chosen"
        chosen.write_text("\n".join(tests), encoding="utf-8")
        files = sorted({test.partition("::")[0] for test in tests})
        return _pytest(self.folder, ["-x", "--tb=no", *files], {"MUTATE_CHOSEN": str(chosen)}, limit=limit)


def change(place: Place, source: bytes) -> str:
    """The breakage as a diff without context."""
    old, new = source.decode().splitlines(), place.mutant.applied(source).decode().splitlines()
    lines = [*difflib.unified_diff(old, new, n=0, lineterm="")][2:]
    return "\n".join(f"    {line}" for line in lines if not line.startswith("@@"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="what is drawn")
    parser.add_argument("--count", type=int, default=160, help="about how many places")
    parser.add_argument("--room", action="append", default=[], help="only this room; may be repeated")
    parser.add_argument("--budget", type=float, default=60, help="the most seconds of tests for one place")
    parser.add_argument("--tests", action="append", default=[], help="trace only this file of tests, as test_x")
    parser.add_argument("--trace", action="store_true", help="only find out anew which tests reach what")
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "mutate.json", help="where that is kept")
    parser.add_argument(
        "--results", type=Path, default=ROOT / "build" / "mutants.jsonl", help="where each result is kept"
    )
    options = parser.parse_args()
    for library in ("hypothesis", "libcst", "click", "yaml", "regex"):
        importlib.import_module(library)
    for path in (options.cache, options.results):
        path.parent.mkdir(parents=True, exist_ok=True)
    known = reach(options.cache, anew=options.trace, only=options.tests)
    if options.trace:
        return 0
    results: dict[Place, str] = {}
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), tempfile.TemporaryDirectory(prefix="mutate-") as name:
        copy = Copy(Path(name))
        caught = _caught(options.results)
        for place in draw(options.seed, options.count, options.room):
            results[place] = caught.get(place.name) or _result(copy, place, known, options.budget)
            if place.name not in caught:
                with options.results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([place.name, results[place]]) + "\n")
    _print_totals(results)
    return 0


def _caught(results: Path) -> dict[str, str]:
    """What earlier runs have caught, and by what."""
    lines = results.read_text(encoding="utf-8").splitlines() if results.exists() else []
    return {name: by for name, by in map(json.loads, lines) if by}


def _result(copy: Copy, place: Place, known: Reach, budget: float) -> str:
    tests = tests_of(place, known, budget)
    by = next((by for part in tests if (by := copy.notices(place, part, known))), "")
    how = f"caught by {by}" if by else f"SURVIVES {sum(map(len, tests))} tests\n{change(place, copy.source(place))}"
    print(f"printlint/{place.path}:{place.mutant.line} {place.mutant.kind}: {how}", flush=True)
    return by


def _print_totals(results: dict[Place, str]) -> None:
    rooms = Counter(room(place.path) for place in results)
    caught = Counter(room(place.path) for place, by in results.items() if by)
    print()
    for one in sorted(rooms):
        print(f"{one:24} {caught[one]:3} of {rooms[one]:3}")
    print(f"{'all':24} {caught.total():3} of {rooms.total():3}: {100 * caught.total() / max(1, rooms.total()):.1f} %")


if __name__ == "__main__":
    sys.exit(main())
