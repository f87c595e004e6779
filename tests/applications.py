"""Measures what `fix` does to whole applications: bots, web services, Lambda functions, DAGs, scrapers, training code.

    python tests/applications.py                          all of applications.toml (needs git and the network)
    python tests/applications.py MusicBot hifi-gan        some of them, by a part of their names
    python tests/applications.py --output-format json     the same for machines
    python tests/applications.py --folder DIR             where checkouts are kept; one that is there is used as it is

Nothing of that code is run. For each application, on a copy: how many prints and other findings `check` reports, how
many of them are gone after `fix`, left for `--unsafe-fixes` or refused and why, how many prints are output (PRT106),
and whether logging is set up where programs start. What is left in tests is counted apart: `fix` leaves tests alone.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PRINTS = ("PRT101", "PRT102", "PRT105")
OUTPUT = "PRT106"
NO_DIAGNOSTICS = (OUTPUT, "PRT900")
# What `fix` says of a program, or of several at once.
_PLACE = r"(?m)^\S+:\d+(?: \(and in (\d+) more places?\))?: "
_SET_UP = re.compile(f"{_PLACE}set up logging in ")
_CONFIGURED = re.compile(f"{_PLACE}logging is configured by ")
_NOT_SET_UP = re.compile(f"{_PLACE}logging is not set up: ")
_IN_TEST = "it is in a test"
_EXAMPLES = 2


@dataclass(frozen=True)
class Application:
    """A table of applications.toml.

    `start` is what listening.py runs, a file or `-m` and a module, in `folder` with `env`; names are imported from
    `root`.
    """

    name: str
    commit: str
    kind: str
    start: str = ""
    folder: str = "."
    root: str = "."
    env: dict[str, str] = field(default_factory=dict)

    def checkout(self, folder: Path) -> Path:
        """The files at the commit, cloned if they are not there yet. Raises CalledProcessError."""
        target = folder / self.name
        if not target.exists():
            part = target.with_name(f"{target.name}.part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            git = ["git", "-C", str(part)]
            address = f"https://github.com/{self.name}"
            for command in (
                ["init", "-q"],
                ["fetch", "-q", "--depth=1", address, self.commit],
                ["checkout", "-q", "FETCH_HEAD"],
            ):
                subprocess.run([*git, *command], check=True)
            part.rename(target)
        return target


def applications() -> tuple[Application, ...]:
    """Those of applications.toml."""
    document = tomllib.loads((HERE / "applications.toml").read_text(encoding="utf-8"))
    return tuple(Application(name, **table) for name, table in document.items())


@dataclass(frozen=True)
class Refusal:
    """A finding that is left."""

    code: str
    place: str
    reason: str

    @property
    def template(self) -> str:
        """The reason without the names and numbers of this place."""
        return re.sub(r"\b\d+(\.\d+)*\b", "N", re.sub(r"`[^`]*`|\S*/\S+|\S+\.py\b", "…", self.reason))


@dataclass
class Measured:
    """What was found in an application.

    `before` counts the findings of `check` by their codes; `set_up`, `configured` and `not_set_up` count the starts of
    programs by what `fix` says of them. `seconds` are those of the processor that `fix` took.
    """

    name: str
    kind: str
    files: int = 0
    before: dict[str, int] = field(default_factory=dict)
    unsafe: list[Refusal] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    output: int = 0
    set_up: int = 0
    configured: int = 0
    not_set_up: int = 0
    said: list[str] = field(default_factory=list)
    seconds: float = 0
    wrong: str = ""

    def diagnostics(self, codes: Callable[[str], bool] = lambda _: True) -> int:
        """How many findings there are, output aside."""
        return sum(number for code, number in self.before.items() if codes(code))

    def rewritten(self, codes: Callable[[str], bool] = lambda _: True) -> int:
        """How many findings are gone after `fix`."""
        left = Counter(item.code for item in (*self.unsafe, *self.refused))
        return sum(max(number - left[code], 0) for code, number in self.before.items() if codes(code))

    @property
    def in_tests(self) -> int:
        """How many of the refused are in tests."""
        return sum(item.reason.startswith(_IN_TEST) for item in self.refused)


def is_print(code: str) -> bool:
    """Whether findings of a code are prints that are no output."""
    return code in PRINTS


def measure(application: Application, folder: Path) -> Measured:
    """Rewrite a copy of an application, and count."""
    result = Measured(application.name, application.kind)
    try:
        source = application.checkout(folder)
    except subprocess.CalledProcessError as error:
        result.wrong = f"no checkout: {error}"
        return result
    with tempfile.TemporaryDirectory(prefix="printlint-applications-") as scratch:
        place = Path(scratch) / source.name
        copy(source, place)
        checked, _ = printlint(place, "check", "--output-format", "json", "--exit-zero", ".")
        done, result.seconds = printlint(place, "fix", "--output-format", "json", "--exit-zero", ".")
    for run in (checked, done):
        if run.returncode:
            result.wrong = f"exit status {run.returncode}: {run.stderr[-300:]}"
            return result
    _take(result, json.loads(checked.stdout), json.loads(done.stdout), done.stderr)
    print(f"{result.name}: {result.rewritten()} of {result.diagnostics()}", file=sys.stderr, flush=True)
    return result


def copy(source: Path, place: Path) -> None:
    """The files of a checkout without its history; git's folder is still what marks the root of a project."""
    shutil.copytree(source, place, symlinks=True, ignore=shutil.ignore_patterns(".git", "node_modules"))
    (place / ".git").mkdir(exist_ok=True)


def printlint(place: Path, command: str, *options: str) -> tuple[subprocess.CompletedProcess[str], float]:
    """Run the tool in a folder. Returns what it said and the seconds of processor time that it took."""
    line = [sys.executable, "-P", "-m", "printlint", command, "--isolated", *options]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(line, cwd=place, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        done = subprocess.CompletedProcess(line, process.returncode, out.read(), err.read())
    return done, usage.ru_utime + usage.ru_stime


def _take(result: Measured, checked: dict[str, Any], left: dict[str, Any], said: str) -> None:
    codes = [finding["code"] for finding in checked["findings"]]
    result.files, result.output = checked["files"], codes.count(OUTPUT)
    result.before = dict(Counter(code for code in codes if code not in NO_DIAGNOSTICS))
    result.said = said.splitlines()
    patterns = (_SET_UP, _CONFIGURED, _NOT_SET_UP)
    counted = (sum(1 + int(more or 0) for more in pattern.findall(said)) for pattern in patterns)
    result.set_up, result.configured, result.not_set_up = counted
    for finding in left["findings"]:
        if finding["code"] not in NO_DIAGNOSTICS:
            place = f"{result.name}/{finding['path']}:{finding['line']}"
            kept, why = _why_left(finding)
            getattr(result, kept).append(Refusal(finding["code"], place, why))


def _why_left(finding: dict[str, Any]) -> tuple[str, str]:
    """Whether a finding is refused or unsafe, and the reason: what is unsafe gives it in brackets."""
    if finding["fix"] is None:
        return "refused", finding["refused"]
    return "unsafe", finding["fix"]["title"].partition(" (")[2].removesuffix(")") or finding["fix"]["title"]


def share(part: int, whole: int) -> str:
    """A share in percent, or a dash of nothing."""
    return f"{100 * part / whole:.0f} %" if whole else "-"


COLUMNS = (
    *("application", "kind", "files", "prints", "diagnostics", "rewritten", "unsafe", "refused", "in tests", "output"),
    *("set up", "configured", "not set up", "s"),
)


def row(item: Measured) -> tuple[object, ...]:
    """The figures of an application, in the order of COLUMNS."""
    found, done = item.diagnostics(), item.rewritten()
    return (
        *(item.name, item.kind, item.files, item.diagnostics(is_print), found, f"{done} ({share(done, found)})"),
        *(len(item.unsafe), len(item.refused), item.in_tests, item.output),
        *(item.set_up, item.configured, item.not_set_up, f"{item.seconds:.1f}"),
    )


def reasons(items: Iterable[Refusal]) -> list[tuple[str, int, list[str]]]:
    """Each reason with how often it was given and where first, the most frequent first."""
    groups: dict[str, list[Refusal]] = {}
    for item in items:
        groups.setdefault(item.template, []).append(item)
    ordered = sorted(groups.items(), key=lambda group: -len(group[1]))
    return [(reason, len(group), [f"{item.place} {item.code}" for item in _spread(group)]) for reason, group in ordered]


def _spread(group: list[Refusal]) -> list[Refusal]:
    """Examples of different applications, if there are such."""
    first = {item.place.split("/")[1]: item for item in reversed(group)}
    return [*first.values()][:_EXAMPLES] if len(first) >= _EXAMPLES else group[:_EXAMPLES]


def total(measured: list[Measured], codes: Callable[[str], bool], *, tests: bool = True) -> dict[str, int]:
    """Sums over all applications, of findings of some codes; without `tests`, what is left in these is left out."""
    left = [item for one in measured for item in one.refused if codes(item.code)]
    outside = [item for item in left if tests or not item.reason.startswith(_IN_TEST)]
    unsafe = sum(codes(item.code) for one in measured for item in one.unsafe)
    done = sum(one.rewritten(codes) for one in measured)
    found = sum(one.diagnostics(codes) for one in measured) - (len(left) - len(outside))
    return {"diagnostics": found, "rewritten": done, "unsafe": unsafe, "refused": len(outside)}


def totals(measured: list[Measured]) -> dict[str, dict[str, int]]:
    """The sums that are reported, by what is summed."""
    return {
        "all": total(measured, lambda _: True),
        "outside of tests": total(measured, lambda _: True, tests=False),
        "prints": total(measured, is_print),
        "prints outside of tests": total(measured, is_print, tests=False),
        "other findings": total(measured, lambda code: not is_print(code)),
    }


def as_text(measured: list[Measured]) -> str:
    """Tables in Markdown."""
    lines = [f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}"]
    lines += [f"| {' | '.join(map(str, row(item)))} |" for item in measured]
    lines += ["", "| | diagnostics | rewritten | unsafe | refused |", "|---|---|---|---|---|"]
    for name, sums in totals(measured).items():
        done = f"{sums['rewritten']} ({share(sums['rewritten'], sums['diagnostics'])})"
        lines.append(f"| {name} | {sums['diagnostics']} | {done} | {sums['unsafe']} | {sums['refused']} |")
    for title, left in left_in(measured).items():
        lines += ["", f"| {title} because | findings | for example |", "|---|---|---|"]
        lines += [f"| {reason} | {number} | {', '.join(places)} |" for reason, number, places in reasons(left)]
    return "\n".join(lines) + "\n"


def left_in(measured: list[Measured]) -> dict[str, list[Refusal]]:
    """All that is left, by whether it is refused or unsafe."""
    return {
        "refused": [item for one in measured for item in one.refused],
        "unsafe": [item for one in measured for item in one.unsafe],
    }


def as_json(measured: list[Measured]) -> str:
    """One object: `applications`, `totals`, and the reasons for what is `refused` and `unsafe`."""
    keys = ("reason", "findings", "examples")
    document = {
        "applications": [
            {**asdict(item), "diagnostics": item.diagnostics(), "rewritten": item.rewritten()} for item in measured
        ],
        "totals": totals(measured),
        **{
            title: [dict(zip(keys, reason, strict=True)) for reason in reasons(left)]
            for title, left in left_in(measured).items()
        },
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Measure those that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="a part of the name; all by default")
    parser.add_argument("--folder", type=Path, default=Path.home() / ".cache" / "printlint-applications")
    parser.add_argument("--output-format", choices=("text", "json"), default="text")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    chosen = [one for one in applications() if not arguments.names or any(name in one.name for name in arguments.names)]
    with ThreadPoolExecutor(arguments.jobs) as pool:
        measured = list(pool.map(lambda one: measure(one, arguments.folder), chosen))
    print((as_json if arguments.output_format == "json" else as_text)(measured), end="")
    wrong = [f"{item.name}: {item.wrong}" for item in measured if item.wrong]
    for line in wrong:
        print(line, file=sys.stderr)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
