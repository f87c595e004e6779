"""The proof under load: event-loop lag, throughput, CPU and losses of one service with many ways to log.

    pip install -e '.[bench]' && python tests/load_benchmark.py

runs everything and writes docs/load.md's table and docs/load.svg. Rounds are interleaved, so that a busy machine is
busy for all; the table has medians, and the range over the rounds where it matters.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SECONDS, CLIENTS, LINES_A_REQUEST = 2.5, 20, 3
STALL_AFTER, STALL_SECONDS = 0.8, 1.0
FROZEN = 0.05  # a loop that is late by more than this (seconds) counts as frozen for all that time
PRINT = re.compile(r'print\("request", number, "([^"]*)"\)')

# How other loggers say the same: what replaces a print, and what stands before and behind the program.
STRUCTLOG = """
import structlog, logging, sys
structlog.configure(
    processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso"),
                structlog.stdlib.PositionalArgumentsFormatter(), structlog.processors.JSONRenderer()],
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    logger_factory=structlog.WriteLoggerFactory(sys.stdout), cache_logger_on_first_use=True)
logger = structlog.get_logger()
"""
OTHERS = {
    "logs nothing": ("", "pass"),
    "print": ("", 'print("request", number, "{text}")'),
    "logging, StreamHandler": (
        "import logging, sys\nlogging.basicConfig(stream=sys.stdout, level='INFO')\nlogger = logging.getLogger('load')\n",
        'logger.info("request %s {percent}", number)',
    ),
    "aiologger, as its README": (
        "from aiologger import Logger\nlogger = Logger.with_default_handlers(name='load')\n",
        'await logger.info(f"request {{number}} {text}")',
    ),
    "loguru, enqueue": (
        "import sys\nfrom loguru import logger\nlogger.remove()\nlogger.add(sys.stdout, enqueue=True)\n",
        'logger.info("request {{}} {text}", number)',
    ),
    "structlog, ainfo": (STRUCTLOG, 'await logger.ainfo("request %s {percent}", number)'),
}
BACKENDS = ("queue", "aiologger", "structlog", "none")
SINKS = ("file", "fast pipe", "stalling pipe")


@dataclass
class Measured:
    """One round of one way to log into one sink. Lags in milliseconds, CPU in microseconds a line, memory in MiB."""

    p50: float = 0.0
    p99: float = 0.0
    max: float = 0.0
    frozen: float = 0.0
    throughput: float = 0.0
    cpu: float = 0.0
    memory: float = 0.0
    lost: int = 0


@dataclass
class Series:
    rounds: list[Measured] = field(default_factory=list)
    problem: str = ""

    def median(self, name: str) -> float:
        return statistics.median(getattr(item, name) for item in self.rounds)

    def span(self, name: str) -> str:
        values = [getattr(item, name) for item in self.rounds]
        return f"{statistics.median(values):.1f} ({min(values):.1f}–{max(values):.1f})"  # noqa: RUF001


def prepare(work: Path) -> dict[str, Path]:
    """A copy of the service for each way to log; for the back ends it is what `printlint fix` and `init` make of it."""
    folders = {}
    for name, (head, call) in OTHERS.items():
        folder = Path(shutil.copytree(ROOT / "fixtures" / "load", work / name.replace(" ", "_")))
        service = folder / "load" / "service.py"
        text = PRINT.sub(
            lambda match: call.format(text=match[1], percent=match[1].replace("%", "%%")), service.read_text()
        )
        service.write_text(text.replace("import asyncio\n", f"import asyncio\n{head}"))
        if "aiologger" in name:
            main = folder / "load" / "__main__.py"
            main.write_text(
                main.read_text().replace(
                    "    await watcher\n", "    await watcher\n    await service.logger.shutdown()\n"
                )
            )
        folders[name] = folder
    for backend in BACKENDS:
        name = f"printlint fix, {backend}"
        folder = folders[name] = Path(shutil.copytree(ROOT / "fixtures" / "load", work / backend))
        for command in ("fix", "init"):
            subprocess.run(
                [sys.executable, "-m", "printlint", command, "--async-backend", backend],
                cwd=folder,
                check=True,
                capture_output=True,
            )
    return folders


def count_lines(stream: int, stall: bool) -> Callable[[], int]:
    """Read a pipe to its end in a thread; with `stall`, stop reading for a while in the middle."""
    found = 0

    def read() -> None:
        nonlocal found
        begin, stalled = time.monotonic(), not stall
        while piece := os.read(stream, 1 << 16):
            found += piece.count(b"\n")
            if not stalled and time.monotonic() - begin > STALL_AFTER:
                stalled = True
                time.sleep(STALL_SECONDS)

    thread = threading.Thread(target=read)
    thread.start()

    def wait() -> int:
        thread.join()
        return found

    return wait


def measure(folder: Path, sink: str) -> Measured | str:
    """One run, or what went wrong in it."""
    results = folder / "results.json"
    results.unlink(missing_ok=True)
    command = [sys.executable, "-m", "load", str(SECONDS), str(CLIENTS), str(results)]
    if sink == "file":
        with open(folder / "out.txt", "wb") as out:
            process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        lines = (folder / "out.txt").read_bytes().count(b"\n")
    else:
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout is not None
        counted = count_lines(process.stdout.fileno(), sink == "stalling pipe")
        _, status, usage = os.wait4(process.pid, 0)
        lines = counted()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or not results.exists():
        return f"fails (exit {process.returncode})"
    result = json.loads(results.read_text())
    lags = sorted(1000 * lag for lag in result["lags"])
    written = result["served"] * LINES_A_REQUEST
    return Measured(
        p50=statistics.median(lags),
        p99=lags[int(len(lags) * 0.99)],
        max=lags[-1],
        frozen=100 * sum(lag for lag in lags if lag > 1000 * FROZEN) / (1000 * result["seconds"]),
        throughput=result["served"] / result["seconds"],
        cpu=1e6 * (usage.ru_utime + usage.ru_stime) / written,
        memory=usage.ru_maxrss / 1024,
        lost=written - lines,
    )


def run(folders: dict[str, Path], rounds: int) -> dict[tuple[str, str], Series]:
    found = {(name, sink): Series() for sink in SINKS for name in folders}
    for number in range(rounds):
        for (name, sink), series in found.items():
            if series.problem:
                continue
            click.echo(f"round {number + 1} of {rounds}: {name}, {sink}", err=True)
            result = measure(folders[name], sink)
            if isinstance(result, str):
                series.problem = result
            else:
                series.rounds.append(result)
    return found


def table(found: dict[tuple[str, str], Series]) -> Iterator[str]:
    for sink in SINKS:
        yield f"\n### {sink.capitalize()}\n"
        yield "| | lag p50, ms | lag p99, ms | lag max, ms (range) | frozen | requests/s | CPU, µs a line | memory, MiB | lost |"
        yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
        silent = found["logs nothing", sink].median("cpu")
        for (name, at), series in found.items():
            if at != sink:
                continue
            if series.problem:
                yield f"| {name} | {series.problem} | | | | | | | |"
                continue
            lost = "" if name == "logs nothing" else f"{series.median('lost') / max(1, expected(series)):.0%}"
            if name != "logs nothing" and not any(item.lost for item in series.rounds):
                lost = "0"
            yield (
                f"| {name} | {series.median('p50'):.2f} | {series.median('p99'):.2f} | {series.span('max')} "
                f"| {series.median('frozen'):.0f} % | {series.median('throughput'):.0f} "
                f"| {series.median('cpu') - silent:.0f} | {series.median('memory'):.0f} | {lost} |"
            )


def expected(series: Series) -> float:
    return series.median("throughput") * SECONDS * LINES_A_REQUEST


def plot(found: dict[tuple[str, str], Series], path: Path) -> None:
    """The longest lag of each way to log, behind a reader that stalls: bars on a logarithmic axis."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "printlint"
    from matplotlib import pyplot

    shown = [(name, series) for (name, sink), series in found.items() if sink == "stalling pipe" and not series.problem]
    shown.sort(key=lambda item: item[1].median("max"))
    figure, axes = pyplot.subplots(figsize=(8, 0.42 * len(shown) + 1))
    names = [name for name, _ in shown]
    middles = [series.median("max") for _, series in shown]
    lower = [
        middle - min(item.max for item in series.rounds) for middle, (_, series) in zip(middles, shown, strict=True)
    ]
    upper = [
        max(item.max for item in series.rounds) - middle for middle, (_, series) in zip(middles, shown, strict=True)
    ]
    colours = ["#2a7" if name.startswith("printlint") else "#888" for name in names]
    axes.barh(names, middles, xerr=[lower, upper], color=colours, ecolor="#444", capsize=2)
    axes.set_xscale("log")
    axes.set_xlabel("longest event-loop lag, ms, while the reader of standard output stalls for 1 s")
    axes.invert_yaxis()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def write_docs(lines: list[str]) -> None:
    page = DOCS / "load.md"
    head, _, rest = page.read_text(encoding="utf-8").partition("<!-- table -->\n")
    _, _, tail = rest.partition("<!-- /table -->\n")
    body = "\n".join(lines)
    page.write_text(f"{head}<!-- table -->\n{body}\n\n<!-- /table -->\n{tail}", encoding="utf-8")


@click.command()
@click.option("--rounds", default=5, show_default=True)
@click.option("--write/--no-write", default=True, help="Write the table and the plot into docs/.")
@click.option("--only", default="", help="Ways to log whose name holds this.")
def main(rounds: int, write: bool, only: str) -> None:
    with tempfile.TemporaryDirectory() as work:
        folders = {name: path for name, path in prepare(Path(work)).items() if only in name or name == "logs nothing"}
        found = run(folders, rounds)
    version = ".".join(map(str, sys.version_info[:3]))
    lines = [
        f"Python {version}, {os.cpu_count()} cores, {rounds} rounds of {SECONDS} s, {CLIENTS} clients.",
        *table(found),
    ]
    click.echo("\n".join(lines))
    if write:
        write_docs(lines)
        plot(found, DOCS / "load.svg")


if __name__ == "__main__":
    main()
