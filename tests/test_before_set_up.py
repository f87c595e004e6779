"""Prints that run before their program configures logging: what they said, nobody would hear."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Run, write_files

pytestmark = [pytest.mark.inside, pytest.mark.system]  # nothing here depends on the Python

HEAD = "import logging\n\n\ndef load():\n    print('loading')\n\n\ndef work():\n    print('working')\n\n\n"
CONFIG = "logging.basicConfig(level=logging.INFO)"
ROOT = "root = logging.getLogger()\n    root.setLevel(10)\n    root.addHandler(logging.StreamHandler())"
GUARD = "\n\nif __name__ == '__main__':\n"


@pytest.mark.parametrize(
    ("main", "early"),
    [
        (
            f"def main():\n    print('first')\n    load()\n    {CONFIG}\n    print('then')\n    work()",
            ["first", "loading"],
        ),
        (f"def set_up():\n    {CONFIG}\n\n\ndef main():\n    load()\n    set_up()\n    work()", ["loading"]),
        (f"def main():\n    if load():\n        {CONFIG}\n    else:\n        {CONFIG}\n    work()", ["loading"]),
        (f"def main():\n    {CONFIG}\n    load()\n    work()", []),
        (f"def run():\n    load()\n\n\ndef main():\n    run()\n    {CONFIG}\n    work()", ["loading"]),
        (f"def main():\n    load()\n    {ROOT}\n    work()", ["loading"]),
        (f"load()\n{CONFIG}\n\n\ndef main():\n    work()", ["loading"]),
        (
            f"import threading as t\n\nt.Thread(target=load).start()\n{CONFIG}\n\n\ndef main():\n    work()",
            ["loading"],
        ),
        ("def main():\n    print('ERROR: no configuration')\n    " + CONFIG, []),  # logging shows it by itself
    ],
)
def test_a_print_before_the_configuration_waits_for_the_user(
    printlint: Run, tmp_path: Path, main: str, early: list[str]
) -> None:
    write_files(tmp_path, {"main.py": f"{HEAD}{main}{GUARD}    main()\n"})
    printlint("fix", "--isolated", "--no-detect-interface")
    left = re.findall(r"print\('(\w+)'\)", (tmp_path / "main.py").read_text())
    assert sorted(left) == sorted(early)


@pytest.mark.parametrize(("import_", "early"), [("", ["loading"]), ("import early\n", [])])
def test_the_order_is_known_across_files(printlint: Run, tmp_path: Path, import_: str, early: list[str]) -> None:
    main = f"import load\nimport setting\n{import_}{GUARD}    load.load()\n    setting.set_up()\n    load.work()\n"
    files = {"main.py": main, "load.py": HEAD, "setting.py": f"import logging\n\n\ndef set_up():\n    {CONFIG}\n"}
    if import_:
        files["early.py"] = f"import logging\n\n{CONFIG}\n"
    write_files(tmp_path, files)
    printlint("fix", "--isolated", "--no-detect-interface")
    assert re.findall(r"print\('(\w+)'\)", (tmp_path / "load.py").read_text()) == early
