"""Findings beside those of other tools, on packages from the package index.

    python tests/peers.py

makes an environment with the peers, fetches the packages (both kept in --folder, with what the peers find there), runs
everything with suppressions off, and writes the tables of docs/peers/. A finding of a peer is found by printlint too,
or there is a reason, which peer_reasons.py finds out from the code; what has none is listed, and the exit status is 1
then. `--list FILE` writes every finding that only one side has.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tempfile
import venv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
from peer_reasons import reason_for
from pypi import fetch

from printlint.config import Config
from printlint.facts.context import Context
from printlint.finding import Finding
from printlint.lint.linter import lint
from printlint.reading.discovery import find_files
from printlint.rules import peer_codes
from printlint.source import Source, Unreadable

PAGES = Path(__file__).resolve().parent.parent / "docs" / "peers"
PINNED = (
    *("ruff==0.17.6", "pylint==4.1.4", "flake8==7.5.0", "flake8-print==5.0.0", "flake8-logging==1.8.0"),
    *("flake8-logging-format==2024.24.12", "setuptools<81"),  # whose pkg_resources the last one imports
)
PACKAGES = {
    "aiohttp": "3.14.5",
    "aiokafka": "0.14.0",
    "apprise": "2.3.0",
    "asyncssh": "2.24.1",
    "celery": "5.4.0",
    "distributed": "2026.8.0",
    "django": "5.2.19",
    "dvc": "3.67.1",
    "errbot": "6.2.1",
    "esptool": "5.6.0",
    "gensim": "4.4.0",
    "gunicorn": "27.0.1",
    "jupyter-server": "2.21.1",
    "kombu": "5.7.0",
    "locust": "2.47.0",
    "luigi": "3.8.1",
    "nltk": "3.5",
    "octoprint": "1.11.8",
    "paramiko": "5.1.0",
    "poetry": "2.5.1",
    "pyinfra": "3.10.0",
    "sanic": "24.6.0",
    "scrapy": "2.19.0",
    "snakemake": "9.27.1",
    "sphinx": "9.2.0",
    "streamlink": "8.6.3",
    "tornado": "6.6.1",
    "web3": "8.0.0",
    "websockets": "17.4",
}
RUFF_CODES = "LOG,G,T20,TRY400,TRY401,PLE1205,PLE1206,RUF065"
PYLINT_CODES = "W1201,W1202,W1203,E1200,E1201,E1205,E1206"


@dataclass(frozen=True)
class Theirs:
    """A finding of a peer. Lines count from 1."""

    peer: str
    code: str
    path: Path
    line: int


@dataclass
class Checked:
    """A file as printlint sees it, with every rule on and no suppression."""

    findings: tuple[Finding, ...]
    context: Context | None


@dataclass
class Tally:
    """What became of a code's findings."""

    both: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    unexplained: list[Theirs] = field(default_factory=list)

    @property
    def all(self) -> int:
        """How many there are."""
        return self.both + self.reasons.total() + len(self.unexplained)


def run_peers(python: Path, folder: Path) -> Iterator[Theirs]:
    """The findings of all peers below a folder."""
    yield from _ruff(python, folder)
    for peer, codes in (("flake8-print", "T2"), ("flake8-logging", "LOG"), ("flake8-logging-format", "G")):
        yield from _flake8(python, folder, peer, codes)
    yield from _pylint(python, folder)


def kept(file: Path, findings: Callable[[], Iterator[Theirs]]) -> list[Theirs]:
    """Findings out of a file, or into it: the peers take minutes, and say the same each time."""
    if file.exists():
        rows = json.loads(file.read_text(encoding="utf-8"))
        return [Theirs(peer, code, Path(path), line) for peer, code, path, line in rows]
    found = list(findings())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([(item.peer, item.code, str(item.path), item.line) for item in found]), encoding="utf-8")
    return found


def _ruff(python: Path, folder: Path) -> Iterator[Theirs]:
    command = [python.parent / "ruff", "check", "--isolated", "--preview", "--select", RUFF_CODES, "--ignore-noqa"]
    text = _output(
        [*command, "--no-cache", "--exit-zero", "--output-format", "json", "--target-version", "py312", folder]
    )
    for item in json.loads(text):
        if item["code"] and not item["code"].startswith("E") and item["code"] != "invalid-syntax":
            yield Theirs("ruff", item["code"], Path(item["filename"]), item["location"]["row"])


def _flake8(python: Path, folder: Path, peer: str, codes: str) -> Iterator[Theirs]:
    command = [python, "-m", "flake8", "--isolated", "--select", codes, "--enable-extensions", "G", "--disable-noqa"]
    for line in _output([*command, "--exit-zero", "--format", "%(row)d:%(code)s:%(path)s", folder]).splitlines():
        row, code, path = line.split(":", 2)
        yield Theirs(peer, code, Path(path), int(row))


def _pylint(python: Path, folder: Path) -> Iterator[Theirs]:
    files = [
        path for path in map(Path, find_files([folder], lambda _: False)) if re.search(rb"\blog", path.read_bytes())
    ]
    command = [python, "-m", "pylint", "--rcfile=/dev/null", "--disable=all", f"--enable={PYLINT_CODES}", "-j", "2"]
    for start in range(0, len(files), 400):
        text = _output([*command, "--output-format=json", "--score=n", *files[start : start + 400]])
        for item in json.loads(text or "[]"):
            if item["message-id"] in PYLINT_CODES:
                yield Theirs("pylint", item["message-id"], Path(item["path"]), item["line"])


def _output(command: list[object]) -> str:
    """Standard output of a peer, at work in an empty folder, where no configuration lies."""
    with tempfile.TemporaryDirectory() as empty:
        done = subprocess.run(list(map(str, command)), cwd=empty, capture_output=True, text=True, check=False)
    if not done.stdout and done.returncode not in (0, 1):
        click.echo(done.stderr[-2000:], err=True)
    return done.stdout


def check(path: Path) -> Checked:
    """printlint's findings in a file."""
    try:
        source = Source.decode(str(path), path.read_bytes())
    except Unreadable:
        return Checked((), None)
    linted = lint(source, Config(select=("ALL",)), path.absolute(), apply_noqa=False)
    return Checked(linted.findings, linted.context)


def lines_of(finding: Finding) -> range:
    """The lines of a finding and of the call that it is about."""
    first, last = finding.start.line, finding.end.line
    if isinstance(finding.site, (ast.expr, ast.stmt)):
        first, last = min(first, finding.site.lineno), max(last, finding.site.end_lineno or last)
    return range(first, last + 1)


class Comparison:
    """Their findings and ours, side by side."""

    def __init__(self) -> None:
        self.tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
        self.ours: Counter[str] = Counter()
        self.only_ours: dict[str, Counter[str]] = defaultdict(Counter)
        self.in_variables: dict[str, Counter[str]] = defaultdict(Counter)
        self.listed: list[str] = []
        self._known = {
            code: {own for own, peers in peer_codes().items() if code in peers}
            for peers in peer_codes().values()
            for code in peers
        }

    def add(self, files: Iterable[Path], theirs: list[Theirs]) -> None:
        """Compare one package's findings with ours, in all of its files."""
        by_file: dict[Path, list[Theirs]] = {path.resolve(): [] for path in files}
        for item in theirs:
            by_file.setdefault(item.path.resolve(), []).append(item)
        for path in sorted(by_file):
            checked = check(path)
            self._look_for(by_file[path], checked)
            self._count_ours(checked, by_file[path])

    def _look_for(self, theirs: list[Theirs], checked: Checked) -> None:
        """Look for a peer's findings among ours, and for the reason of those that are not there."""
        for item in theirs:
            tally = self.tallies[item.peer, item.code]
            wanted = self._known.get(item.code, set())
            if any(found.code in wanted and item.line in lines_of(found) for found in checked.findings):
                tally.both += 1
                continue
            reason = reason_for(item.code, item.line, checked.context)
            if reason:
                tally.reasons[reason] += 1
            else:
                tally.unexplained.append(item)
            self.listed.append(f"{reason or 'UNEXPLAINED'}\t{item.peer}\t{item.code}\t{item.path}:{item.line}")

    def _count_ours(self, checked: Checked, theirs: list[Theirs]) -> None:
        """Count our findings, and by peer those that are on no line of a finding of that peer that is like them."""
        for finding in checked.findings:
            self.ours[finding.code] += 1
            codes, lines = peer_codes()[finding.code], lines_of(finding)
            like = {item.peer for item in theirs if item.code in codes and item.line in lines}
            for peer in PEERS:
                if peer not in like and any(belongs(peer, code) for code in codes):
                    self.only_ours[peer][finding.code] += 1
                    self.in_variables[peer][finding.code] += _IN_A_VARIABLE.match(finding.message) is not None
                    self.listed.append(f"only ours\t{peer}\t{finding.code}\t{finding.path}:{finding.start.line}")


PEERS = ("ruff", "flake8-print", "flake8-logging", "flake8-logging-format", "pylint")
_CODES = {
    "ruff": r"T20\d|LOG\d+|G\d+|TRY40[01]|PLE120[56]|RUF065",
    "flake8-print": r"T20\d",
    "flake8-logging": r"LOG\d+",
    "flake8-logging-format": r"G\d+",
    "pylint": r"[WE]12\d\d",
}


_IN_A_VARIABLE = re.compile(r"the message \(`\w+`\)")


def belongs(peer: str, code: str) -> bool:
    """Whether a code is one of a peer's."""
    return re.fullmatch(_CODES[peer], code) is not None


def table(peer: str, comparison: Comparison) -> str:
    """The counts of a peer, in Markdown."""
    lines = [
        "| code | findings | printlint finds it, too | reason | |",
        "|---|---:|---:|---|---:|",
    ]
    for (name, code), tally in sorted(comparison.tallies.items()):
        if name != peer:
            continue
        reasons = sorted(tally.reasons.items(), key=lambda item: (-item[1], item[0])) or [("", 0)]
        for index, (reason, count) in enumerate(reasons):
            head = f"| {code} | {tally.all:,} | {tally.both:,} " if not index else "| | | "
            lines.append(f"{head}| {reason} | {f'{count:,}' if count else ''} |")
    only, built = comparison.only_ours[peer], comparison.in_variables[peer]
    lines += [
        "",
        "Only printlint, of rules that have a like in this tool:",
        "",
        "| code | findings | only printlint | of these, built in a variable before the call |",
        "|---|---:|---:|---:|",
    ]
    lines += [
        f"| {code} | {comparison.ours[code]:,} | {count:,} | {f'{built[code]:,}' if built[code] else ''} |"
        for code, count in sorted(only.items())
    ]
    return "\n".join(lines)


def write_page(peer: str, text: str) -> None:
    """Put the counts between the marks of a peer's page."""
    page = PAGES / f"{peer}.md"
    old = page.read_text(encoding="utf-8")
    new = re.sub(r"(?<=<!-- counts -->\n).*?(?=<!-- end of counts -->)", lambda _: f"{text}\n", old, flags=re.DOTALL)
    page.write_text(new, encoding="utf-8")


@click.command()
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path(".peers"), show_default=True, help="What is kept."
)
@click.option(
    "--list", "listing", type=click.Path(path_type=Path), help="A file for every finding that is not in both."
)
@click.option("--package", "only", multiple=True, help="Packages to look at; nothing is written then.")
def main(folder: Path, listing: Path | None, only: tuple[str, ...]) -> None:
    """Compare, write the tables, and list what has no reason."""
    folder = folder.resolve()
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PINNED], check=True)
    comparison = Comparison()
    for name, version in PACKAGES.items():
        if only and name not in only:
            continue
        unpacked = fetch(name, version, "sdist", folder / "packages")
        theirs = kept(folder / "findings" / f"{name}-{version}.json", lambda at=unpacked: run_peers(python, at))  # type: ignore[misc]
        comparison.add(map(Path, find_files([unpacked], lambda _: False)), theirs)
        click.echo(f"{name} {version}: {len(theirs)} findings of the peers", err=True)
    if listing is not None:
        listing.write_text("\n".join(comparison.listed) + "\n", encoding="utf-8")
    for peer in PEERS:
        if not only:
            write_page(peer, table(peer, comparison))
        click.echo(f"{peer}\n{table(peer, comparison)}\n")
    left = [item for tally in comparison.tallies.values() for item in tally.unexplained]
    for item in left:
        click.echo(f"no reason: {item.path}:{item.line}: {item.code} ({item.peer})")
    sys.exit(1 if left else 0)


if __name__ == "__main__":
    main()
