"""Starts applications before and after `fix`, and counts that every message on the road is heard exactly once.

    python tests/listening.py                      those of applications.toml that name their start
    python tests/listening.py hifi-gan Lambda      some of them, by a part of their names

The start runs as it is run, with stand-ins for what is not installed (stand_ins.py), and then every function of the
program that prints or logs. What was printed or logged before in the same way twice, and so depends neither on time nor
on chance, has to be heard after `fix` as often as before. Then `fix` has to change nothing more, and `check` to report
what `fix` left. Exit status 1: a message is lost or doubled, or one of these is not so.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from applications import Application, applications, copy, printlint

STAND_INS = Path(__file__).parent / "stand_ins.py"
_LIMIT_S = 300
_NO_MESSAGE = r"\s*$|Traceback |  File |    |sys:|\S+: RuntimeWarning|RuntimeWarning|Exception ignored"
_METHODS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical"})


@dataclass
class Heard:
    """What was heard of an application: how many different messages, and those that come less or more often."""

    name: str
    start: str
    functions: int = 0
    messages: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    changed_again: list[str] = field(default_factory=list)
    not_clean: int = 0
    wrong: str = ""

    @property
    def well(self) -> bool:
        """Whether all is as it should be."""
        return not (self.lost or self.doubled or self.changed_again or self.not_clean or self.wrong)


class Stage:
    """A folder with the application as it was and as `fix` leaves it."""

    def __init__(self, application: Application, source: Path, folder: Path) -> None:
        self.application = application
        self.folder = folder
        self.before, self.after = folder / "before", folder / "after"
        copy(source, self.before)
        copy(source, self.after)
        self.root = Path(application.root)
        self.functions = [place for path in self._files() for place in talkative(path, self._module(path))]

    def _files(self) -> list[Path]:
        return sorted(path for path in (self.before / self.root).rglob("*.py") if not _is_test(path))

    def _module(self, path: Path) -> str:
        parts = path.relative_to(self.before / self.root).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def run(self, place: Path, left_out: list[object]) -> tuple[list[str], list[object], int]:
        """What is heard of the program there, as lines, which functions took too long, and how many were called."""
        plan = place.with_suffix(".json")
        plan.write_text(
            json.dumps(
                {
                    "folder": str(self.folder),
                    "root": str(place / self.root),
                    "start": self.application.start,
                    "functions": self.functions,
                    "left_out": left_out,
                }
            )
        )
        environment = {
            **self.application.env,
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONHASHSEED": "0",
            "LOG_LEVEL": "DEBUG",
        }
        command = [sys.executable, "-S", "-P", str(STAND_INS), str(plan)]
        done = subprocess.run(
            command,
            cwd=place / self.application.folder,
            env={**environment, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_LIMIT_S,
            check=False,
        )
        end = json.loads(plan.with_suffix(".done").read_text())
        text = done.stdout.decode("utf-8", "replace").replace(str(place), "PLACE")
        return list(lines_heard(text)), end["late"], end["walked"]


def _is_test(path: Path) -> bool:
    return any(part.startswith("test") for part in path.parts) or path.stem.endswith("_test")


def talkative(path: Path, module: str) -> Iterator[tuple[str, str]]:
    """The functions of a file, and the methods of its classes, that print or log."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return
    classes = [(f"{node.name}.", node.body) for node in tree.body if isinstance(node, ast.ClassDef)]
    for prefix, body in [("", tree.body), *classes]:
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and any(map(_talks, ast.walk(node))):
                yield module, prefix + node.name


def _talks(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="print")):
            return True
        case ast.Call(func=ast.Attribute(attr=attr)):
            return attr in _METHODS
    return False


def lines_heard(text: str) -> Iterator[str]:
    """The lines of messages: of those that are JSON, what they say. Numbers depend on time, and are left out."""
    for line in text.splitlines():
        message = re.sub(r"\d+", "0", _message(line))
        yield from (part.rstrip() for part in message.splitlines() if not re.match(_NO_MESSAGE, part))


def _message(line: str) -> str:
    if line.startswith("{"):
        try:
            found: Any = json.loads(line)
        except ValueError:
            return line
        if isinstance(found, dict) and isinstance(found.get("message"), str):
            return str(found["message"])
    return line


def heard(lines: list[str], said: str) -> int:
    """How often something is heard, alone in a line or behind what a formatter puts before it."""
    return sum(line == said or line.endswith((f" {said}", f"|{said}", f"]{said}", f":{said}")) for line in lines)


def listen(application: Application, source: Path) -> Heard:
    """Run an application before and after `fix`, and compare."""
    result = Heard(application.name, application.start)
    with tempfile.TemporaryDirectory(prefix="printlint-listening-") as scratch:
        stage = Stage(application, source, Path(scratch).resolve())
        try:
            _, left_out, result.functions = stage.run(stage.before, [])
            first, more, _ = stage.run(stage.before, left_out)
            left_out += more
            again, *_ = stage.run(stage.before, left_out)
            done, _ = printlint(stage.after, "fix", "--output-format", "json", "--exit-zero", ".")
            after, *_ = stage.run(stage.after, left_out)
        except (subprocess.TimeoutExpired, FileNotFoundError) as error:
            result.wrong = f"{type(error).__name__}: {error}"
            return result
        _compare(result, first, again, after)
        _run_again(result, stage.after, json.loads(done.stdout)["findings"])
    return result


def _compare(result: Heard, first: list[str], again: list[str], after: list[str]) -> None:
    counts, repeated = Counter(first), Counter(again)
    for said in (line for line, number in counts.items() if repeated[line] == number):
        wanted, got = heard(first, said), heard(after, said)
        result.messages += 1
        if got != wanted:
            (result.lost if got < wanted else result.doubled).append(said)


def _run_again(result: Heard, place: Path, left: list[dict[str, Any]]) -> None:
    old = {path: path.read_bytes() for path in place.rglob("*.py")}
    printlint(place, "fix", "--exit-zero", ".")
    result.changed_again = [str(path.relative_to(place)) for path, data in old.items() if path.read_bytes() != data]
    checked, _ = printlint(place, "check", "--output-format", "json", "--exit-zero", ".")
    places = [(item["code"], item["path"], item["line"]) for item in json.loads(checked.stdout)["findings"]]
    result.not_clean = sum((Counter(places) - Counter((x["code"], x["path"], x["line"]) for x in left)).values())


def main() -> None:
    """Listen to those that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="a part of the name; all that can be started by default"
    )
    parser.add_argument("--folder", type=Path, default=Path.home() / ".cache" / "printlint-applications")
    arguments = parser.parse_args()
    chosen = [one for one in applications() if not arguments.names or any(name in one.name for name in arguments.names)]
    print("| application | start | functions | messages | lost | doubled | second fix changes | new findings |")
    print("|---|---|---|---|---|---|---|---|")
    well = True
    for application in (one for one in chosen if one.start):
        result = listen(application, application.checkout(arguments.folder))
        well = well and result.well
        print(
            f"| {result.name} | {result.start} | {result.functions} | {result.messages} | {len(result.lost)}"
            f" | {len(result.doubled)} | {len(result.changed_again)} | {result.not_clean} |",
            flush=True,
        )
        for kind, texts in (("lost", result.lost), ("doubled", result.doubled), ("changed", result.changed_again)):
            for text in texts:
                print(f"{result.name}: {kind}: {text}", file=sys.stderr)
        if result.wrong:
            print(f"{result.name}: {result.wrong}", file=sys.stderr)
    sys.exit(not well)


if __name__ == "__main__":
    main()
