"""Runs `fix` over much code that nobody here wrote, in all modes, message styles and back ends.

    python tests/nightly.py                          CPython's Lib of each interpreter here, and 150 releases from PyPI
    python tests/nightly.py --seed 7 --releases 20   other releases, drawn by the seed from nightly_packages.txt
    python tests/nightly.py --releases 0             the interpreters alone
    python tests/nightly.py --no-interpreters        the releases alone
    python tests/nightly.py --folder DIR             a folder of yours, alone
    python tests/nightly.py --every                  each corpus in all 24 combinations, not in six
    python tests/nightly.py --skip 40                go on behind the first 40 corpora

Nothing of that code is run. For each combination: `fix` does its work (no status 2, no internal error, no rewrite
discarded), every file that compiled still compiles, and a second run changes nothing. For one combination a run with
another hash seed has to give the same bytes. What fails is printed with the command; the exit status is then 1.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pypi import fetch, newest

HERE = Path(__file__).parent
MODES = ("default", "unsafe")
STYLES = ("keep", "lazy", "structured")
BACKENDS = ("queue", "aiologger", "structlog", "none")
COMBINATIONS = tuple(itertools.product(MODES, STYLES, BACKENDS))
_LIMIT_S = 3600
_FAULT = re.compile(r"internal error|please report|verification failed|Traceback")

Combination = tuple[str, str, str]
Texts = dict[Path, bytes]


def interpreters() -> Iterator[tuple[str, Path]]:
    """The standard library of each Python 3 that this machine has, by pyenv or on the PATH."""
    found = {Path(os.__file__).parent}
    for lib in Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/3.*/lib/python3.*"):
        found.add(lib)
    for lib in sorted(found):
        yield f"{lib.parent.parent.name}-{lib.name}", lib


def releases(count: int, seed: int, cache: Path) -> Iterator[tuple[str, Path]]:
    """That many source distributions, drawn from the list; what has none, or cannot be had, is passed over."""
    names = (HERE / "nightly_packages.txt").read_text(encoding="utf-8").split()
    random.Random(seed).shuffle(names)
    for name in names:
        if count == 0:
            return
        try:
            version = newest(name, "sdist")
            yield f"{name}-{version}", fetch(name, version, "sdist", cache)
        except Exception as error:  # an index, an archive: whatever is wrong with it is not what is looked for here
            print(f"{name}: passed over ({type(error).__name__}: {error})")
        else:
            count -= 1


def combinations(number: int, every: bool) -> tuple[Combination, ...]:
    """Six for a corpus, by its number: each mode with each style, and the back ends in turn. Or all."""
    if every:
        return COMBINATIONS
    backends = itertools.islice(itertools.cycle(BACKENDS), number, None)
    return tuple((*pair, next(backends)) for pair in itertools.product(MODES, STYLES))


def texts(folder: Path) -> Texts:
    """The Python files below a folder, by their relative names."""
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*.py")
        if path.is_file() and not path.is_symlink()
    }


def compiles(data: bytes) -> bool:
    """Whether Python takes a file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, "file", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return False
    return True


def run_fix(folder: Path, combination: Combination, hash_seed: int = 0) -> str:
    """Rewrite a folder. Returns what was wrong, or nothing."""
    mode, style, backend = combination
    options = ["--message-style", style, "--async-backend", backend, *(["--unsafe-fixes"] if mode == "unsafe" else [])]
    command = [
        sys.executable,
        "-P",
        "-m",
        "printlint",
        "fix",
        "--isolated",
        "--exit-zero",
        "--select",
        "ALL",
        *options,
        ".",
    ]
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": str(HERE.parent)}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return f"not done within {_LIMIT_S} s"
    faults = [line for line in done.stderr.splitlines() if _FAULT.search(line)]
    if done.returncode or faults:
        return "\n".join([f"exit status {done.returncode}", *faults, *done.stderr.splitlines()[-3:]])
    return ""


def copied(pristine: Path, folder: Path) -> Path:
    """A copy of a corpus that `fix` may change: Python files and what configures them, no links."""
    wanted = (".py", ".toml", ".cfg", ".ini", ".txt", ".json", ".yaml", ".yml", ".conf")
    for path in pristine.rglob("*"):
        if path.suffix in wanted and path.is_file() and not path.is_symlink():
            target = folder / path.relative_to(pristine)
            if "site-packages" not in target.parts:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    return folder


def problems(pristine: Path, combination: Combination, *, hashes: bool) -> Iterator[str]:
    """What is wrong with the rewrite of a corpus."""
    with tempfile.TemporaryDirectory(prefix="printlint-nightly-") as scratch:
        folder = copied(pristine, Path(scratch) / "work")
        before = texts(folder)
        if wrong := run_fix(folder, combination):
            yield wrong
            return
        after = texts(folder)
        for name, data in after.items():
            if data != before.get(name) and (name not in before or compiles(before[name])) and not compiles(data):
                yield f"{name} does not compile any more"
        if wrong := run_fix(folder, combination):
            yield f"second run: {wrong}"
        yield from (f"{name} is changed by a second run" for name, data in texts(folder).items() if data != after[name])
        if hashes:
            other = copied(pristine, Path(scratch) / "other")
            run_fix(other, combination, hash_seed=1)
            yield from (
                f"{name} depends on the hash seed" for name, data in texts(other).items() if data != after[name]
            )


def examine(number: int, name: str, pristine: Path, every: bool) -> int:
    """Try a corpus in its combinations. Returns how many of them went wrong."""
    wrong = 0
    for combination in combinations(number, every):
        found = list(problems(pristine, combination, hashes=combination[:2] == ("unsafe", "structured")))
        wrong += bool(found)
        for line in found[:10]:
            print(f"{name} {'/'.join(combination)}: {line}", flush=True)
    print(f"{name}: {'well' if not wrong else f'{wrong} combinations went wrong'}", flush=True)
    return wrong


def main() -> None:
    """Examine what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--releases", type=int, default=150)
    parser.add_argument("--skip", type=int, default=0, help="pass over that many corpora, to go on where a run ended")
    parser.add_argument("--no-interpreters", action="store_true", help="the releases alone")
    parser.add_argument("--folder", type=Path, help="this corpus alone")
    parser.add_argument("--every", action="store_true", help="all combinations for each corpus")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "printlint-nightly")
    arguments = parser.parse_args()
    if arguments.folder is not None:
        if not arguments.folder.is_dir():
            parser.error(f"{arguments.folder}: no such folder")
        corpora: Iterator[tuple[str, Path]] = iter([(arguments.folder.name, arguments.folder)])
    else:
        corpora = itertools.chain(
            () if arguments.no_interpreters else interpreters(),
            releases(arguments.releases, arguments.seed, arguments.cache),
        )
    numbered = itertools.islice(enumerate(corpora), arguments.skip, None)
    with ThreadPoolExecutor(arguments.jobs) as pool:
        tried = [pool.submit(examine, number, name, folder, arguments.every) for number, (name, folder) in numbered]
        wrong = sum(attempt.result() for attempt in tried)
    print(f"{len(tried)} corpora, {wrong} combinations went wrong")
    sys.exit(int(wrong > 0))


if __name__ == "__main__":
    main()
