"""How fast: CPU time and memory of `check`, `fix` and the flake8 plugin beside their peers.

    python tests/speed_benchmark.py

makes an environment with printlint and its peers, fetches 200 MB of packages (both kept in --folder), runs everything
and writes docs/speed.md's table and docs/speed.svg. Rounds are interleaved, so that a busy machine is busy for all;
figures are medians of user and system time, of a command with all its processes.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click
from pypi import fetch

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PEERS = (
    *("ruff==0.17.6", "ast-grep-cli==0.51.1", "fixit==2.2.1", "flake8", "flake8-print==5.0.0"),
    *("flake8-logging==1.8.0", "flake8-logging-format", "setuptools<81"),  # whose pkg_resources the last one imports
)
ASYNC = {
    "aiohttp": "3.14.5",
    "sanic": "24.6.0",
    "websockets": "17.4",
    "aiokafka": "0.14.0",
    "starlette": "1.10.0",
    "asyncssh": "2.24.1",
    "tornado": "6.6.1",
}
PACKAGES = {
    "homeassistant": "2024.3.3",
    "kubernetes_asyncio": "36.1.0",
    "scikit-learn": "1.5.2",
    "sympy": "1.14.0",
    "django": "5.2.19",
    "sqlalchemy": "2.1.9",
    "ansible-core": "2.19.14",
    "twisted": "26.10.0",
    "nltk": "3.5",
    "celery": "5.4.0",
    "scrapy": "2.19.0",
    "networkx": "3.7",
    "web3": "8.0.0",
    "sphinx": "9.2.0",
    "poetry": "2.5.1",
    **ASYNC,
    "streamlink": "8.6.3",
}
SMALL = "streamlink"
EDITED = ("streamlink", "django", "scikit-learn")
PRINTS = "nltk/parse"  # 0.4 MB with 190 prints, which is as many as there are anywhere
GROWTH_MB = (10, 50, 100, 200)

# The codemods that are compared turn every print into a logger's call, and look at nothing else.
LIBCST_CODEMOD = """
import libcst as cst
import libcst.matchers as m
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand
from libcst.metadata import QualifiedNameProvider, QualifiedNameSource

class PrintToLogging(VisitorBasedCodemodCommand):
    DESCRIPTION = "print to logging"
    METADATA_DEPENDENCIES = (QualifiedNameProvider,)

    def leave_Call(self, original_node, updated_node):
        names = self.get_metadata(QualifiedNameProvider, original_node.func, set())
        if any(name.name == "builtins.print" for name in names):
            return updated_node.with_changes(func=cst.parse_expression("logger.info"))
        return updated_node
"""
FIXIT_RULE = """
import libcst as cst
from fixit import LintRule

class PrintToLogging(LintRule):
    MESSAGE = "print"

    def visit_Call(self, node):
        if isinstance(node.func, cst.Name) and node.func.value == "print":
            self.report(node, replacement=node.with_changes(func=cst.parse_expression("logger.info")))
"""


# flake8 with a clock around the plugin's import and around each file that it is given.
TIMED_FLAKE8 = """
import sys, time
from flake8.main.cli import main  # what it loads anyway is not the plugin's cost
clock = time.process_time
begun = clock()
import printlint.flake8_plugin as plugin
from printlint.rules import all_rules
all_rules()
spent = [clock() - begun]
run = plugin.Plugin.run
def timed(self):
    begun = clock()
    found = list(run(self))
    spent[0] += clock() - begun
    return found
plugin.Plugin.run = timed
report, arguments = sys.argv[1], sys.argv[2:]
main(arguments)
with open(report, "w") as file:
    file.write(f"{spent[0]} {clock()}")
"""


class Cost(NamedTuple):
    """CPU seconds of a command with its processes, and the largest one's peak memory in MiB."""

    cpu: float
    memory: float


class Bench:
    """The commands, and the folder that they run in."""

    def __init__(self, folder: Path, rounds: int) -> None:
        self.folder, self.rounds = folder, rounds
        self.packages = folder / "packages"
        self.environment = folder / "venv"
        self.work = Path(tempfile.mkdtemp(dir=folder))
        self.variables = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
            "PRINTLINT_CACHE_DIR": str(self.work / "cache"),
        }

    def prepare(self) -> None:
        """The environment and the packages; what is there stays."""
        python = self.environment / "bin" / "python"
        if not python.exists():
            venv.create(self.environment, with_pip=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--force-reinstall", "--no-deps", ROOT], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", ROOT], check=True)
        for name, version in PACKAGES.items():
            fetch(name, version, "sdist", self.packages)
        self.run("printlint", "check", "--exit-zero", "--no-cache", self.package(SMALL))  # compiles what is imported

    def package(self, name: str) -> str:
        """The folder of a package."""
        return str(self.packages / f"{name}-{PACKAGES[name]}-sdist")

    def run(self, program: str, *arguments: str) -> Cost:
        """Run a command of the environment to its end, whatever it says."""
        command = [str(self.environment / "bin" / program), *arguments]
        child = subprocess.Popen(
            command, cwd=self.work, env=self.variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 1):
            raise click.ClickException(f"{' '.join(command)[:200]} ended with {child.returncode}")
        return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    def medians(self, *commands: Callable[[], Cost], rounds: int = 0) -> list[Cost]:
        """The medians of commands that take turns."""
        costs: list[list[Cost]] = [[] for _ in commands]
        for _ in range(rounds or self.rounds):
            for found, command in zip(costs, commands, strict=True):
                found.append(command())
        return [Cost(*map(statistics.median, zip(*found, strict=True))) for found in costs]

    def check(self, *paths: str, cache: bool = False, jobs: int = 1) -> Callable[[], Cost]:
        """`printlint check` by its default rules."""
        more = () if cache else ("--no-cache",)
        return lambda: self.run("printlint", "check", "--isolated", "-q", "-j", str(jobs), *more, *paths)

    def after_edits(self, files: Sequence[Path], command: Callable[[], Cost]) -> Callable[[], Cost]:
        """A command, each time after another line at the end of some files."""

        def run() -> Cost:
            for path in files:
                with path.open("a") as file:
                    file.write("# edited\n")
            return command()

        return run

    def ruff(self, *paths: str, cache: bool = False) -> Callable[[], Cost]:
        """`ruff check` by its rules for prints and logging."""
        more = ("--cache-dir", str(self.work / "ruff")) if cache else ("--no-cache",)
        return lambda: self.run("ruff", "check", "--isolated", "-q", "--select", "T20,LOG,G", *more, *paths)

    def flake8(self, path: str, select: str) -> Callable[[], Cost]:
        """flake8 in one process, with all plugins loaded, reporting `select`."""
        return lambda: self.run("flake8", "--isolated", "-j", "1", "--select", select, path)

    def rewrite(self, folder: Path, program: str, *arguments: str) -> Cost:
        """Run a command on a fresh copy of a folder, of which nothing is left for the next: it looks around itself."""
        with tempfile.TemporaryDirectory(dir=self.work) as around:
            target = Path(around) / folder.name
            shutil.copytree(folder, target)
            return self.run(program, *arguments, str(target))

    @property
    def prints(self) -> Path:
        """The folder with many prints."""
        return Path(self.package("nltk")) / f"nltk-{PACKAGES['nltk']}" / PRINTS

    def fix(self, folder: Path) -> Cost:
        """`printlint fix` on a fresh copy."""
        return self.rewrite(folder, "printlint", "fix", "--isolated", "-q", "-j", "1", "--unsafe-fixes")

    def rewriters(self, folder: Path) -> list[Callable[[], Cost]]:
        """The commands that rewrite prints, each on a fresh copy: printlint, libcst's runner, Fixit, ast-grep."""
        (self.work / "codemods").mkdir(exist_ok=True)
        (self.work / "codemods" / "__init__.py").write_text("")
        (self.work / "codemods" / "printing.py").write_text(LIBCST_CODEMOD)
        (self.work / "rules").mkdir(exist_ok=True)
        (self.work / "rules" / "__init__.py").write_text(FIXIT_RULE)
        (self.work / "pyproject.toml").write_text(
            '[tool.fixit]\nroot = true\nenable = [".rules"]\ndisable = ["fixit.rules"]\n'
        )
        (self.work / ".libcst.codemod.yaml").write_text(
            "generated_code_marker: '@generated'\nformatter: ['cat']\nblacklist_patterns: []\n"
            "modules: ['codemods']\nrepo_root: '.'\n"
        )
        libcst = ("-m", "libcst.tool", "codemod", "printing.PrintToLogging", "-j", "1", "--no-format")
        pattern = ("run", "-l", "py", "-p", "print($$$A)", "-r", "logger.info($$$A)", "-U")
        return [
            lambda: self.fix(folder),
            lambda: self.rewrite(folder, "python", *libcst),
            lambda: self.rewrite(folder, "fixit", "fix", "-a"),
            lambda: self.rewrite(folder, "ast-grep", *pattern),
        ]


class Row(NamedTuple):
    """A line of the table: ours and the peer's CPU seconds, and the ratio that is aimed at."""

    what: str
    ours: float
    peer: str
    theirs: float
    target: float


def compared(bench: Bench) -> Iterator[Row]:
    """Everything that is compared with a peer."""
    whole = [bench.package(name) for name in PACKAGES]
    asynchronous = [bench.package(name) for name in ASYNC]
    small = bench.package(SMALL)
    for name, paths in (("200 MB", whole), ("asynchronous packages", asynchronous), ("a small repository", [small])):
        ours, ruff = bench.medians(bench.check(*paths), bench.ruff(*paths))
        yield Row(f"`check`, no cache, {name}", ours.cpu, "ruff", ruff.cpu, 2.0 if paths is asynchronous else 1.5)
        bench.medians(bench.check(*paths, cache=True), bench.ruff(*paths, cache=True), rounds=1)
        ours, ruff = bench.medians(bench.check(*paths, cache=True), bench.ruff(*paths, cache=True))
        yield Row(f"`check`, warm cache, {name}", ours.cpu, "ruff", ruff.cpu, 0.8)
    yield from after_edits(bench)
    ours, flake8 = bench.medians(bench.check(small), bench.flake8(small, "T,LOG,G"))
    yield Row("`check`, no cache, a small repository", ours.cpu, "flake8 with three plugins", flake8.cpu, 1 / 40)
    plugin, flake8_alone = plugin_share(bench, small)
    yield Row("the flake8 plugin", plugin, "the rest of flake8", flake8_alone, 0.02)
    for name, folder, rounds in (("a small repository", Path(small), 1), (PRINTS, bench.prints, bench.rounds)):
        ours, libcst, fixit, grep = bench.medians(*bench.rewriters(folder), rounds=rounds)
        yield Row(f"`fix`, {name}", ours.cpu, "libcst's codemod runner", libcst.cpu, 1 / 40)
        yield Row(f"`fix`, {name}", ours.cpu, "Fixit", fixit.cpu, 1 / 70)
        yield Row(f"`fix`, {name}", ours.cpu, "ast-grep", grep.cpu, 3.0)
    clean = bench.work / "clean"
    clean.mkdir()
    (clean / "app.py").write_text("import logging\n\nlogger = logging.getLogger(__name__)\n")
    bench.check(str(clean), cache=True)()
    version, warm, python = bench.medians(
        lambda: bench.run("printlint", "--version"),
        bench.check(str(clean), cache=True),
        lambda: bench.run("python", "-c", "pass"),
        rounds=15,
    )
    yield Row("`printlint --version`", version.cpu, "the bare interpreter", python.cpu, 2.5)
    yield Row("a warm `check` of a clean repository", warm.cpu, "the bare interpreter", python.cpu, 2.5)


def after_edits(bench: Bench) -> Iterator[Row]:
    """A run over all files after some of them were edited, which is how often a cache is of use."""
    for name in EDITED:
        folder = bench.work / name
        shutil.copytree(bench.package(name), folder)
        time.sleep(3)  # the time of a file that has just been written proves nothing
        files = sorted(path for path in folder.rglob("*.py") if path.stat().st_size > 2_000)
        bench.medians(bench.check(str(folder), cache=True), bench.ruff(str(folder), cache=True), rounds=1)
        for count in (1, 5, 20):
            edited = files[:: len(files) // count][:count]
            ours, ruff = bench.medians(
                bench.after_edits(edited, bench.check(str(folder), cache=True)),
                bench.after_edits(edited, bench.ruff(str(folder), cache=True)),
            )
            yield Row(f"`check`, {count} of {len(files)} files of {name} edited", ours.cpu, "ruff", ruff.cpu, 1.5)


def plugin_share(bench: Bench, path: str) -> tuple[float, float]:
    """CPU seconds of printlint's plugin within a flake8 run, its import included, and of the rest of that run.

    Timed from within, since runs with and without the plugin differ by more from one to the next.
    """
    folder = bench.folder / "flake8-printlint"
    if not folder.exists():
        venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", "flake8", str(ROOT)], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", "--force-reinstall", "--no-deps", str(ROOT)], check=True)
    report = bench.work / "plugin.txt"
    command = ("-c", TIMED_FLAKE8, str(report), "--isolated", "-j", "1", path)
    rounds = []
    for _ in range(bench.rounds):
        bench.run(python, *command)
        ours, whole = map(float, report.read_text().split())
        rounds.append((ours, whole - ours))
    return sorted(rounds)[len(rounds) // 2]


class Growth(NamedTuple):
    """Costs of `check` by size in MB, of one file by its number of prints, and wall-clock seconds by processes."""

    sizes: list[tuple[float, Cost]]
    prints: list[tuple[int, Cost]]
    processes: list[tuple[int, float]]
    fix_memory: float


def growth(bench: Bench) -> Growth:
    """How `check` grows."""
    folders = [Path(bench.package(name)) for name in PACKAGES]
    sizes = []
    for limit in GROWTH_MB:
        taken, size = taken_up_to(limit * 1e6, folders)
        (cost,) = bench.medians(bench.check(*map(str, taken)), rounds=1)
        sizes.append((size / 1e6, cost))
    prints = []
    for count in (1_000, 10_000, 100_000):
        path = bench.work / f"prints{count}.py"
        path.write_text("def report(x):\n" + "    print('value', x)\n" * count)
        (cost,) = bench.medians(bench.check(str(path)))
        prints.append((count, cost))
    processes = []
    for jobs in sorted({1, os.cpu_count() or 1}):
        started = os.times().elapsed
        bench.check(bench.package("homeassistant"), jobs=jobs)()
        processes.append((jobs, os.times().elapsed - started))
    fix = bench.fix(bench.prints)
    return Growth(sizes, prints, processes, fix.memory)


def taken_up_to(limit: float, folders: Sequence[Path]) -> tuple[list[Path], float]:
    """The folders of packages that fit into a number of bytes, the first ones first."""
    taken: list[Path] = []
    total = 0.0
    for folder in folders:
        size = sum(file.stat().st_size for file in folder.rglob("*.py"))
        if total + size <= limit * 1.02:
            taken.append(folder)
            total += size
    return taken, total


def table(rows: Sequence[Row], grown: Growth) -> Iterator[str]:
    """The figures as Markdown."""
    cores = os.cpu_count()
    yield f"Python {platform.python_version()}, {cores} cores; CPU seconds, medians of interleaved rounds."
    yield ""
    yield "| | printlint, s | peer | s | ratio | aim |"
    yield "|---|---:|---|---:|---:|---:|"
    for row in rows:
        ratio = row.ours / row.theirs
        yield f"| {row.what} | {row.ours:.3g} | {row.peer} | {row.theirs:.3g} | {ratio:.3g} | ≤ {row.target:.3g} |"
    yield ""
    yield "| source | CPU, s | s a MB | peak memory, MiB |"
    yield "|---:|---:|---:|---:|"
    for size, cost in grown.sizes:
        yield f"| {size:.0f} MB | {cost.cpu:.3g} | {cost.cpu / size:.3f} | {cost.memory:.0f} |"
    for count, cost in grown.prints:
        yield f"| {count} prints in a file | {cost.cpu:.3g} | | {cost.memory:.0f} |"
    yield ""
    yield (
        f"`fix` of {PRINTS} has a peak of {grown.fix_memory:.0f} MiB. `check` of homeassistant by the clock: "
        + ", ".join(f"{seconds:.1f} s in {jobs} process{'es' * (jobs > 1)}" for jobs, seconds in grown.processes)
    )


def plot(grown: Growth, path: Path) -> None:
    """CPU seconds by megabytes, as SVG."""
    width, height, left, bottom = 560, 300, 56, 36
    most_mb = max(size for size, _ in grown.sizes)
    most_s = max(cost.cpu for _, cost in grown.sizes)

    def place(size: float, cpu: float) -> tuple[float, float]:
        return left + size / most_mb * (width - left - 20), height - bottom - cpu / most_s * (height - bottom - 24)

    points = [place(0, 0), *(place(size, cost.cpu) for size, cost in grown.sizes)]
    line = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"'
        ' font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<path d="M{left},20 V{height - bottom} H{width - 10}" fill="none" stroke="#888"/>',
        f'<polyline points="{line}" fill="none" stroke="#1f77b4" stroke-width="2"/>',
    ]
    for (size, cost), (x, y) in zip(grown.sizes, points[1:], strict=True):
        parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3.5" fill="#1f77b4"/>')
        parts.append(f'<text x="{x - 8:.0f}" y="{y - 8:.0f}" text-anchor="end">{cost.cpu:.1f} s</text>')
        parts.append(f'<text x="{x:.0f}" y="{height - bottom + 16}" text-anchor="middle">{size:.0f} MB</text>')
    path.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")


def write_docs(lines: Sequence[str]) -> None:
    """Put the tables into docs/speed.md, between its marks."""
    path = DOCS / "speed.md"
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition("<!-- table -->\n")
    _, _, tail = rest.partition("<!-- end of table -->")
    body = "\n".join(lines)
    path.write_text(f"{head}<!-- table -->\n{body}\n\n<!-- end of table -->{tail}", encoding="utf-8")


@click.command()
@click.option("--rounds", default=3, show_default=True, help="Rounds of each comparison.")
@click.option("--folder", default=Path(tempfile.gettempdir()) / "printlint-speed", type=click.Path(path_type=Path))
@click.option("--write/--no-write", default=True, help="Write docs/speed.md and docs/speed.svg.")
def main(rounds: int, folder: Path, write: bool) -> None:
    """Measure everything. Takes about twenty minutes, and 2 GB in --folder."""
    folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(folder, rounds)
    try:
        bench.prepare()
        rows = []
        for row in compared(bench):
            rows.append(row)
            click.echo(f"{row.what}: {row.ours:.3g} s, {row.peer} {row.theirs:.3g} s: {row.ours / row.theirs:.3g}")
        grown = growth(bench)
        lines = list(table(rows, grown))
        click.echo("\n".join(lines))
        if write:
            write_docs(lines)
            plot(grown, DOCS / "speed.svg")
    finally:
        shutil.rmtree(bench.work)


if __name__ == "__main__":
    sys.exit(main())
