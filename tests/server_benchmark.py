"""How long after a change does an editor have the findings of a file? `python tests/server_benchmark.py FILE...`

Each file is opened in `printlint server`, and a line is typed into it again and again, each time elsewhere. What is
measured is what an editor sees: from sending the change until the findings of that text are there.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from pathlib import Path

from test_server import connected

CHANGES = 30


def changed(text: str, number: int) -> str:
    """The text with a print more, at the end of a function's body if possible."""
    lines = text.splitlines(keepends=True)
    start = len(lines) * number // CHANGES
    for place in range(start, len(lines)):
        if lines[place].strip() and lines[place].startswith("    return"):
            return "".join([*lines[:place], f'    print("typed {number}")\n', *lines[place:]])
    return f'{text}\n\ndef typed():\n    print("typed {number}")\n'


async def measured(path: Path) -> list[float]:
    """Milliseconds for each change."""
    text, root = path.read_text(), path.parent
    async with connected(("-m", "printlint", "server"), (root,)) as editor:
        await editor.open(path)
        await editor.hover(path, 0, 0)  # which is answered when the project's facts are known
        times = []
        for number in range(CHANGES):
            new = changed(text, number)
            began = time.perf_counter()
            await editor.type(path, new)
            times.append(1000 * (time.perf_counter() - began))
        return times


def main() -> None:
    """One line a file."""
    print(f"{'lines':>6} {'median':>8} {'worst':>8}   ms for each of {CHANGES} changes")
    for name in sys.argv[1:]:
        path = Path(name).absolute()
        times = asyncio.run(measured(path))
        lines = path.read_text().count("\n")
        print(f"{lines:>6} {statistics.median(times):>8.1f} {max(times):>8.1f}   {path.name}")


if __name__ == "__main__":
    main()
