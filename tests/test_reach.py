"""What `fix` inserts resolves in every way in which a file is reached: all layouts, run before and after."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import HANDLER, Run, clean_environment


class Layout(NamedTuple):
    """A tree, the commands that reach its files, and the set-up modules that `fix` adds."""

    files: dict[str, str]
    commands: tuple[str, ...]
    setups: tuple[str, ...]
    untouched: tuple[str, ...] = ()
    reason: str = ""


def prints(text: str, *imports: str, function: str = "work", calls: str = "") -> str:
    """A module with an asynchronous function that prints."""
    body = f"    await {calls}()\n" if calls else ""
    return "".join(f"{line}\n" for line in imports) + f'\n\nasync def {function}(n=1):\n    print("{text}", n)\n{body}'


def runs(*imports: str, calls: str, before: str = "") -> str:
    """A module that runs an asynchronous function where it is started itself."""
    lines = [*imports, "", before, 'if __name__ == "__main__":', "    import asyncio", f"    asyncio.run({calls}())"]
    return "\n".join(lines) + "\n"


BOT = """
import asyncio
import importlib


class Bot:
    def load_extension(self, name):
        module = importlib.import_module(name)
        asyncio.run(module.work())
"""

LAYOUTS = {
    "flat scripts": Layout(
        {"main.py": runs("import jobs", calls="jobs.work"), "jobs.py": prints("flat")},
        ("main.py", "-m main"),
        ("logging_setup.py",),
    ),
    "a package with relative imports": Layout(
        {
            "pyproject.toml": "",
            "shop/__init__.py": "",
            "shop/__main__.py": runs("from .core.work import work", calls="work"),
            "shop/core/__init__.py": "from . import work\n",
            "shop/core/work.py": prints("relative", "from ..text import name"),
            "shop/text.py": "name = 'x'\n",
        },
        ("-m shop",),
        ("shop/logging_setup.py",),
    ),
    "a package with absolute imports": Layout(
        {
            "main.py": runs("from shop.core import work", calls="work"),
            "shop/__init__.py": "",
            "shop/core.py": prints("absolute", "from shop.text import name"),
            "shop/text.py": "name = 'x'\n",
        },
        ("main.py", "-m main", "-c 'import asyncio, shop.core; asyncio.run(shop.core.work())'"),
        ("shop/logging_setup.py",),
    ),
    "folders without __init__": Layout(
        {
            "main.py": prints("main", "from api.users import load", function="serve", calls="load")
            + runs(calls="serve"),
            "api/users.py": prints("load", "from services.store import save", function="load", calls="save"),
            "services/store.py": prints("save", function="save"),
        },
        ("main.py", "-m main", "-c 'import asyncio, services.store; asyncio.run(services.store.save())'"),
        ("logging_setup.py",),
    ),
    "one folder without __init__": Layout(
        {"main.py": runs("from api.users import work", calls="work"), "api/users.py": prints("load")},
        ("main.py", "-m main"),
        ("logging_setup.py",),
    ),
    "src with packages": Layout(
        {
            "pyproject.toml": "",
            "src/main.py": prints("main", "from api.users import load", function="serve", calls="load")
            + runs(calls="serve"),
            "src/api/__init__.py": "",
            "src/api/users.py": prints("load", "from services.store import save", function="load", calls="save"),
            "src/services/__init__.py": "",
            "src/services/store.py": prints("save", function="save"),
        },
        ("src/main.py",),
        ("src/logging_setup.py",),
    ),
    "src with a package and its tests": Layout(
        {
            "pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['src']\n",
            "src/shop/__init__.py": "",
            "src/shop/work.py": prints("work"),
            "tests/test_work.py": "from shop.work import work\n",
        },
        ("-c 'import sys; sys.path.insert(0, \"src\"); import asyncio, shop.work as w; asyncio.run(w.work())'",),
        ("src/shop/logging_setup.py",),
    ),
    "src that is a package itself": Layout(
        {
            "pyproject.toml": "",
            "src/__init__.py": "",
            "src/main.py": runs("from src.jobs.work import work", calls="work"),
            "src/jobs/__init__.py": "",
            "src/jobs/work.py": prints("work"),
        },
        ("-m src.main",),
        ("src/logging_setup.py",),
    ),
    "src with an __init__ that nobody imports": Layout(
        {
            "pyproject.toml": "",
            "src/__init__.py": "",
            "src/main.py": runs("from jobs.work import work", calls="work"),
            "src/jobs/__init__.py": "",
            "src/jobs/work.py": prints("work"),
            "src/jobs/later.py": prints("later"),
        },
        ("src/main.py",),
        ("src/jobs/logging_setup.py",),
    ),
    "two services": Layout(
        {
            "services/a/requirements.txt": "",
            "services/a/main.py": runs("from api.users import work", calls="work"),
            "services/a/api/users.py": prints("a"),
            "services/b/requirements.txt": "",
            "services/b/main.py": runs("from api.users import work", calls="work"),
            "services/b/api/users.py": prints("b"),
            "README.md": "",
            "pyproject.toml": "",
        },
        ("services/a/main.py", "services/b/main.py"),
        ("services/a/logging_setup.py", "services/b/logging_setup.py"),
    ),
    "cogs by their names": Layout(
        {
            "bot.py": f"{BOT}\n\nBot().load_extension('cogs.music')\n",
            "cogs/music.py": prints("music"),
            "cogs/games.py": prints("games"),
        },
        ("bot.py", "-c 'import asyncio, cogs.games; asyncio.run(cogs.games.work())'"),
        ("logging_setup.py",),
    ),
    "cogs by what is in their folder": Layout(
        {
            "main.py": f"import os\n{BOT}\n\nfor name in sorted(os.listdir('./cogs')):\n"
            "    if name.endswith('.py') and name != 'logging_setup.py':\n"
            "        Bot().load_extension(f'cogs.{name[:-3]}')\n",
            "cogs/music.py": prints("music"),
        },
        ("main.py",),
        ("logging_setup.py",),
    ),
    "applications by their names": Layout(
        {
            "manage.py": "import asyncio\nimport importlib\nimport os\n\n"
            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site_.settings')\n\n\ndef main():\n"
            "    settings = importlib.import_module(os.environ['DJANGO_SETTINGS_MODULE'])\n"
            "    for name in settings.INSTALLED_APPS:\n"
            "        asyncio.run(importlib.import_module(f'{name}.views').work())\n\n\n"
            "if __name__ == '__main__':\n    main()\n",
            "site_/__init__.py": "",
            "site_/settings.py": "INSTALLED_APPS = ['blog', 'shop']\n",
            "blog/__init__.py": "",
            "blog/views.py": prints("blog", "from . import models"),
            "blog/models.py": "",
            "shop/__init__.py": "",
            "shop/views.py": prints("shop", "from blog.models import __name__ as other"),
        },
        ("manage.py",),
        ("logging_setup.py",),
    ),
    "tests that import the program": Layout(
        {"app/x.py": prints("x"), "tests/test_x.py": "from app.x import work\n", "pyproject.toml": ""},
        ("-c 'import asyncio, app.x; asyncio.run(app.x.work())'",),
        ("app/logging_setup.py",),
    ),
    "a file of a package that is run by its path": Layout(
        {"jobs/__init__.py": "", "jobs/nightly.py": prints("nightly") + "\n\nimport asyncio\nasyncio.run(work())\n"},
        ("jobs/nightly.py", "-m jobs.nightly"),
        (),
        ("jobs/nightly.py",),
        "`jobs/nightly.py` is run as a script and perhaps imported as `jobs.nightly`",
    ),
    "a file that is run and imported": Layout(
        {
            "main.py": runs("from jobs.nightly import work", calls="work"),
            "jobs/nightly.py": prints("nightly") + runs(calls="work"),
        },
        ("main.py", "jobs/nightly.py", "-m jobs.nightly"),
        (),
        ("jobs/nightly.py",),
        "`jobs/nightly.py` is run as a script and imported as `jobs.nightly`; no import of the set-up module works",
    ),
    "a file that is run by its path, as a command says": Layout(
        {
            "Dockerfile": 'FROM python\nCOPY . /app\nCMD ["python", "jobs/nightly.py"]\n',
            "jobs/__init__.py": "",
            "jobs/nightly.py": prints("nightly") + runs(calls="work"),
        },
        ("jobs/nightly.py",),
        ("jobs/logging_setup.py",),
    ),
    "a file that is run as a module, as a command says": Layout(
        {
            "Makefile": "run:\n\tpython -m jobs.nightly --now\n",
            "jobs/nightly.py": prints("nightly") + runs(calls="work"),
        },
        ("-m jobs.nightly",),
        ("jobs/logging_setup.py",),
    ),
    "a file that only works as a module": Layout(
        {
            "jobs/__init__.py": "",
            "jobs/text.py": "name = 'x'\n",
            "jobs/nightly.py": prints("nightly", "from jobs.text import name") + runs(calls="work"),
        },
        ("-m jobs.nightly",),
        ("jobs/logging_setup.py",),
    ),
    "a script that finds its package itself": Layout(
        {
            "scripts/run.py": "import sys\nfrom pathlib import Path\n\n"
            "sys.path.insert(0, str(Path(__file__).resolve().parent.parent))\n\n"
            + prints("run", "from app.work import work", function="go", calls="work")
            + runs(calls="go"),
            "app/__init__.py": "",
            "app/work.py": prints("work"),
            "pyproject.toml": "",
        },
        ("scripts/run.py",),
        ("app/logging_setup.py",),
        ("scripts/run.py",),
        "`scripts/run.py` changes `sys.path` before `app.logging_setup` can be imported",
    ),
    "a file that another module lends its path": Layout(
        {
            "scripts/paths.py": "import os\nimport sys\n\nHERE = os.path.dirname(os.path.abspath(__file__))\n"
            "if os.path.dirname(HERE) not in sys.path:\n    sys.path.append(os.path.join(HERE, '..'))\n",
            "scripts/run.py": prints("run", "import paths", "from app.work import work", function="go", calls="work")
            + runs(calls="go"),
            "app/work.py": prints("work"),
            "pyproject.toml": "",
        },
        ("scripts/run.py",),
        ("app/logging_setup.py",),
        ("scripts/run.py",),
        "`scripts/run.py` changes `sys.path`",
    ),
    "a file that works in two ways": Layout(
        {
            "pyproject.toml": "",
            "app/__init__.py": "",
            "app/text.py": "name = 'x'\n",
            "app/tool.py": "try:\n    from app.text import name\nexcept ImportError:\n    from text import name\n"
            + prints("tool")
            + runs(calls="work"),
        },
        ("app/tool.py", "-m app.tool"),
        (),
        ("app/tool.py",),
        "`app/tool.py` is run as a script, where `app.logging_setup` cannot be imported",
    ),
    "a file that nothing imports": Layout(
        {
            "pyproject.toml": "",
            "host.py": "import asyncio\nimport importlib.util\nimport sys\n\n\ndef main():\n"
            "    for path in sys.argv[1:]:\n"
            "        spec = importlib.util.spec_from_file_location('plugin', path)\n"
            "        module = importlib.util.module_from_spec(spec)\n"
            "        spec.loader.exec_module(module)\n        asyncio.run(module.work())\n\n\n"
            "if __name__ == '__main__':\n    main()\n",
            "plugins/one.py": prints("plugin"),
        },
        ("host.py plugins/one.py",),
        (),
        ("plugins/one.py",),
        "nothing shows how `plugins/one.py` is imported or run; name the set-up module in setup-module",
    ),
    "two modules that import each other": Layout(
        {
            "main.py": runs("from ring import first", calls="first.work"),
            "ring/__init__.py": "",
            "ring/first.py": prints("first", "from ring import second", calls="second.work"),
            "ring/second.py": prints("second", "from ring import first"),
        },
        ("main.py",),
        ("ring/logging_setup.py",),
    ),
    "an imported folder and the same one as a program's": Layout(
        {
            "pyproject.toml": "",
            "app/main.py": runs("from work import work", calls="work"),
            "app/work.py": prints("work"),
            "tests/test_work.py": "from app.work import work\n",
        },
        ("app/main.py", "-c 'import asyncio, app.work; asyncio.run(app.work.work())'"),
        (),
        ("app/work.py",),
        "`app/work.py` is imported as `app.work` and as `work`; no import of the set-up module works for both",
    ),
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def said(folder: Path, shim: Path, commands: tuple[str, ...]) -> list[tuple[str, int]]:
    """What each command writes, with its exit status, where each record goes to standard output as its message."""
    found = []
    for command in commands:
        options = ["-c", command[3:].strip().strip("'")] if command.startswith("-c") else command.split()
        done = subprocess.run(
            [sys.executable, *options],
            cwd=folder,
            env=clean_environment(PYTHONPATH=str(shim)),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (command, done.stderr)
        found.append((done.stdout, done.returncode))
    return found


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_way_to_a_file_still_works(name: str, inside: Run, tmp_path: Path) -> None:
    layout = LAYOUTS[name]
    folder, shim = tmp_path / "tree", tmp_path / "shim"
    write(folder, layout.files)
    write(shim, {"sitecustomize.py": HANDLER, "all.toml": "[tool.printlint]\ndetect-interface = false\n"})
    options = ("--config", shim / "all.toml")
    before = said(folder, shim, layout.commands)
    assert all(text for text, _ in before)
    done = inside("fix", *options, cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    setups = {str(path.relative_to(folder)) for path in folder.rglob("*logging_setup.py")}
    changed = {file for file, text in layout.files.items() if (folder / file).read_text(encoding="utf-8") != text}
    assert setups == set(layout.setups)
    printing = {file for file, text in layout.files.items() if "async def" in text and "print(" in text}
    assert changed == printing - set(layout.untouched)
    assert said(folder, shim, layout.commands) == before
    again = {path: path.read_bytes() for path in folder.rglob("*.py")}
    assert inside("fix", *options, cwd=folder).returncode == done.returncode
    assert {path: path.read_bytes() for path in folder.rglob("*.py")} == again, "a second run changes nothing"
    if layout.reason:
        assert layout.reason in inside("check", *options, "--output-format", "json", cwd=folder).stdout
