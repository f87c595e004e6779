"""What `fix` inserts resolves in every way in which a file is reached: all layouts, run before and after."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import HANDLER, Run, clean_environment

from printlint import run
from printlint.facts.reach.programs import Programs
from printlint.facts.reach.tree import tree_root
from printlint.names.layout import layout_of


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

HOST = """
import asyncio
import importlib.util
import sys


def main():
    for path in sys.argv[1:]:
        spec = importlib.util.spec_from_file_location("plugin", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        asyncio.run(module.work())


if __name__ == "__main__":
    main()
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
    "a package of which every module is a plugin": Layout(
        {
            "main.py": f"import pkgutil\nimport plugins\n{BOT}\n\n"
            "for info in pkgutil.iter_modules(plugins.__path__):\n    Bot().load_extension(f'plugins.{info.name}')\n",
            "plugins/__init__.py": "",
            "plugins/alpha.py": prints("alpha"),
        },
        ("main.py",),
        ("logging_setup.py",),
    ),
    "names of plugins that are not in a literal": Layout(
        {
            "main.py": f"import pkgutil\nimport plugins\n{BOT}\n\n"
            "for info in pkgutil.iter_modules(plugins.__path__, 'plugins.'):\n    Bot().load_extension(info.name)\n",
            "plugins/__init__.py": "from plugins import beta\n",
            "plugins/beta.py": prints("beta"),
        },
        ("main.py",),
        ("logging_setup.py",),
    ),
    "a package that loads all of its modules": Layout(
        {
            "main.py": "import asyncio\nimport routers\n\nfor router in routers.ALL:\n    asyncio.run(router.work())\n",
            "routers/__init__.py": "from importlib import import_module\nfrom pathlib import Path\n\n"
            "ALL = [import_module(f'{__name__}.{p.stem}') for p in Path(__file__).parent.glob('[!_]*.py')]\n",
            "routers/users.py": prints("users"),
        },
        ("main.py",),
        ("logging_setup.py",),
    ),
    "a package that loads one of its modules": Layout(
        {
            "main.py": "import asyncio\nimport shop\n\nasyncio.run(shop.get('users').work())\n",
            "shop/__init__.py": "from importlib import import_module\n\n\ndef get(name):\n"
            "    return import_module(f'shop.{name}')\n",
            "shop/users.py": prints("users"),
        },
        ("main.py",),
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
    "a part that nothing joins to its program": Layout(
        {
            ".git/HEAD": "",
            "tool.py": "from core import more, store\n",
            "core/__init__.py": "",
            "core/more.py": prints("more"),
            "core/store.py": prints("store"),
            "backend/requirements.txt": "",
            "backend/app/__init__.py": "",
            "backend/app/main.py": prints("main", "from core.store import work", function="serve", calls="work"),
            "backend/app/alone.py": prints("alone"),
            "backend/run.py": runs("from app.main import serve", before="from core import store", calls="serve"),
        },
        ("-c 'import sys; sys.path.insert(0, \"backend\"); import asyncio, app.main as m; asyncio.run(m.serve())'",),
        ("core/logging_setup.py",),
        ("backend/app/alone.py",),
        "is imported as `app.alone` (the packages around it), where `core.logging_setup` cannot be imported",
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
        "`jobs/nightly.py` is run as a script (what it does at its top) and perhaps imported as `jobs.nightly`",
    ),
    "a file that is run and imported": Layout(
        {
            "main.py": runs("from jobs.nightly import work", calls="work"),
            "jobs/nightly.py": prints("nightly") + runs(calls="work"),
        },
        ("main.py", "jobs/nightly.py", "-m jobs.nightly"),
        (),
        ("jobs/nightly.py",),
        "run as a script (its `__main__` guard) and imported as `jobs.nightly` (main.py imports it);"
        " no single import of the set-up module works for both",
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
        (),
        ("scripts/run.py", "app/work.py"),
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
        "`app/tool.py` is run as a script (its `__main__` guard), where `app.logging_setup` cannot be imported",
    ),
    "a file that nothing imports": Layout(
        {
            "pyproject.toml": "",
            "host.py": HOST,
            "plugins/one.py": prints("plugin"),
        },
        ("host.py plugins/one.py",),
        (),
        ("plugins/one.py",),
        "unknown how `plugins/one.py` is imported or run: no import, command or package metadata names it; set",
    ),
    "a repository that is a package": Layout(
        {
            ".git/HEAD": "",
            "__init__.py": "from .work import work\n",
            "work.py": prints("work", "from .text import name"),
            "text.py": "name = 'x'\n",
        },
        ("-c 'import sys; sys.path.insert(0, \"..\"); import asyncio, tree; asyncio.run(tree.work())'",),
        ("logging_setup.py",),
    ),
    "a server that imports by name": Layout(
        {
            "pyproject.toml": "",
            "backend/run.py": "import asyncio\nimport importlib\n\n\ndef serve(name):\n"
            "    module, _, function = name.partition(':')\n"
            "    asyncio.run(getattr(importlib.import_module(module), function)())\n\n\n"
            "if __name__ == '__main__':\n    serve('api.main:work')\n",
            "backend/api/main.py": prints("served"),
        },
        ("backend/run.py",),
        (),
        ("backend/api/main.py",),  # its start cannot be set up, so nobody would hear it
    ),
    "a folder that is run": Layout(
        {
            "pyproject.toml": "",
            "Procfile": "worker: python -m worker\n",
            "worker/__main__.py": prints("worker") + runs(calls="work"),
        },
        ("-m worker",),
        ("worker/logging_setup.py",),
    ),
    "a file that is called as a library is": Layout(
        {
            "pyproject.toml": "",
            "host.py": HOST,
            "plugins/click.py": prints("plugin"),
            "plugins/other.py": "from click import echo\n",  # the library: the file beside it binds no such name
        },
        ("host.py plugins/click.py",),
        (),
        ("plugins/click.py",),
        "unknown how `plugins/click.py` is imported or run: no import, command or package metadata names it; set",
    ),
    "a file that is called as a library is, and has what is imported": Layout(
        {
            "pyproject.toml": "",
            "main.py": runs("from app import work", calls="work.go"),
            "app/__init__.py": "",
            "app/click.py": prints("own", function="echo"),
            "app/work.py": prints("work", "from app.click import echo", function="go", calls="echo"),
        },
        ("main.py",),
        ("app/logging_setup.py",),
    ),
    "modules of one name in two folders": Layout(
        {
            "pyproject.toml": "",
            "jobs/text.py": "name = 'x'\n",
            "text.py": "other = 'x'\n",
            "jobs/work.py": prints("work", "from text import name") + runs(calls="work"),
        },
        ("jobs/work.py",),
        ("jobs/logging_setup.py",),
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
    "a package under two names": Layout(
        {
            "pyproject.toml": "",
            "src/shop/__init__.py": "",
            "src/shop/work.py": prints("work"),
            "src/main.py": runs("from shop.work import work", calls="work"),
            "tests/test_work.py": "from src.shop.work import work\n",
        },
        ("src/main.py", "-c 'import asyncio, src.shop.work as w; asyncio.run(w.work())'"),
        ("src/shop/logging_setup.py",),
    ),
    "a folder under two names, whose files import each other relatively": Layout(
        {
            "pyproject.toml": "",
            "src/shop/text.py": "name = 'x'\n",
            "src/shop/work.py": prints("work", "from .text import name"),
            "src/main.py": runs("from shop.work import work", calls="work"),
            "tests/test_work.py": "from src.shop.work import work\n",
        },
        ("src/main.py", "-c 'import asyncio, src.shop.work as w; asyncio.run(w.work())'"),
        ("src/shop/logging_setup.py",),
    ),
    "a folder that packaging names": Layout(
        {
            "pyproject.toml": "[tool.setuptools.packages.find]\nwhere = ['python']\n",
            "python/shop/work.py": prints("work"),
        },
        ("-c 'import sys; sys.path.insert(0, \"python\"); import asyncio, shop.work as w; asyncio.run(w.work())'",),
        ("python/shop/logging_setup.py",),
    ),
    "a name in a string that is no module's": Layout(
        {
            "main.py": prints("main", "from bot import music", function="serve", calls="music.work")
            + "\n\nCHOICES = ['music:next', 'music.volume']\n"
            + runs(calls="serve"),
            "bot/__init__.py": "",
            "bot/music.py": prints("music"),
            "bot/menu.py": "CHOICES = ['music:next', 'music.volume']\n",
        },
        ("main.py",),
        ("bot/logging_setup.py",),
    ),
    "a script that says itself how it is run": Layout(
        {
            ".git/HEAD": "",
            "tools/nightly.py": '"""Usage: python tools/nightly.py [--now]"""\n'
            + prints("nightly")
            + runs(calls="work"),
        },
        ("tools/nightly.py",),
        ("tools/logging_setup.py",),
    ),
    "a script that a README tells of": Layout(
        {
            ".git/HEAD": "",
            "README.md": "Once a day:\n\n    $ python tools/nightly.py --now\n",
            "tools/nightly.py": prints("nightly") + runs(calls="work"),
        },
        ("tools/nightly.py",),
        ("tools/logging_setup.py",),
    ),
    "a README that alone names a file": Layout(
        {
            ".git/HEAD": "",
            "README.md": "    uvicorn plugins.one:app\n",
            "host.py": HOST,
            "plugins/one.py": prints("plugin"),
        },
        ("host.py plugins/one.py",),
        (),
        ("plugins/one.py",),
        "unknown how `plugins/one.py` is imported or run: only uvicorn in README.md:1 says how; set `setup-module`",
    ),
    "a part of Home Assistant, and a tool beside it": Layout(
        {
            ".git/HEAD": "",
            "custom_components/shop/manifest.json": '{"domain": "shop"}',
            "custom_components/shop/__init__.py": "",
            "custom_components/shop/work.py": prints("work"),
            "tests/test_work.py": "from custom_components.shop import work\n",
        },
        ("-c 'import asyncio, custom_components.shop.work as w; asyncio.run(w.work())'",),
        ("custom_components/shop/logging_setup.py",),
    ),
    "a script that has no name of a module": Layout(
        {
            ".git/HEAD": "",
            "tools/at-night.py": prints("nightly") + runs(calls="work"),
            "2024/work.py": prints("work") + runs(calls="work"),
        },
        ("tools/at-night.py", "2024/work.py"),
        ("2024/logging_setup.py", "tools/logging_setup.py"),
    ),
    "a script that only its guard names": Layout(
        {".git/HEAD": "", "tools/nightly.py": prints("nightly") + runs(calls="work")},
        ("tools/nightly.py", "-m tools.nightly"),
        (),
        ("tools/nightly.py",),
        "unknown how `tools/nightly.py` is imported or run: only its `__main__` guard says how; set `setup-module`",
    ),
    "a guard beside a server's name": Layout(
        {
            "pyproject.toml": "",
            "Procfile": "web: uvicorn app.main:app\n",
            "app/main.py": prints("main") + runs(calls="work"),
        },
        ("app/main.py", "-m app.main"),
        (),
        ("app/main.py",),
        "`app/main.py` is run as a script",
    ),
    "a script that has the path that its command gives": Layout(
        {
            ".git/HEAD": "",
            "Makefile": "run:\n\tPYTHONPATH=. python jobs/nightly.py\n",
            "main.py": runs("from app import work", calls="work.work"),
            "app/__init__.py": "",
            "app/work.py": prints("work"),
            "jobs/nightly.py": prints("nightly") + runs(calls="work"),
        },
        ('-c \'import runpy; runpy.run_path("jobs/nightly.py", run_name="__main__")\'',),
        ("app/logging_setup.py",),
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
        "`app/work.py` is imported as `app.work` (test_work.py imports it) and as `work` (main.py imports it);"
        " no single import of the set-up module works for both",
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


def _rest(text: str) -> list[str]:
    """The lines of a file, without those that set logging up."""
    return [line for line in text.splitlines() if line.strip() and not re.search("setup_logging|logging_config", line)]


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
    changed = {file for file, text in layout.files.items() if _rest((folder / file).read_text("utf-8")) != _rest(text)}
    assert setups == set(layout.setups)
    printing = {file for file, text in layout.files.items() if "async def" in text and "print(" in text}
    assert changed == printing - set(layout.untouched)
    assert said(folder, shim, layout.commands) == before
    again = {path: path.read_bytes() for path in folder.rglob("*.py")}
    assert inside("fix", *options, cwd=folder).returncode in (0, done.returncode)
    assert {path: path.read_bytes() for path in folder.rglob("*.py")} == again, "a second run changes nothing"
    if layout.reason:
        assert layout.reason in inside("check", *options, "--output-format", "json", cwd=folder).stdout


@pytest.mark.parametrize(
    "change",
    [
        "sys.path.insert(0, '{outside}')",
        "sys.path.append('{outside}')",
        "sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'shared'))",
        "sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))",
        "sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + '/../shared')",
        "sys.path[:0] = ['{outside}']",
        "sys.path.insert(0, '/')",
    ],
)
@pytest.mark.parametrize("command", ["fix", "init"])
def test_no_change_of_the_search_path_leads_the_set_up_module_out_of_the_tree(
    inside: Run, tmp_path: Path, command: str, change: str
) -> None:
    """The only folder that both ways to `work.py` have on `sys.path` is outside: that is no place to write to."""
    tree, outside = tmp_path / "tree", tmp_path / "shared"
    first = f"import os\nimport sys\n\n{change.format(outside=outside)}\n"
    here = "os.path.abspath(__file__)"
    write(outside, {"other.py": ""})
    write(
        tree,
        {
            "pyproject.toml": "",
            "first.py": f"{first}import app.more\nimport app.work\n{prints('first')}",
            "app/second.py": first.replace(here, f"os.path.dirname({here})") + "import more\nimport work\n",
            "app/more.py": prints("more"),
            "app/work.py": prints("work"),
        },
    )
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.py") if not path.is_relative_to(tree)}
    place = Programs.of(layout_of(tree / "app" / "work.py")).place(str(tree / "app" / "work.py"))
    assert place is not None
    assert (Path(place.root), Path(place.folder)) == (tree, tree)
    assert inside(command, cwd=tree).returncode in (0, 1)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.py") if not path.is_relative_to(tree)} == before
    assert not Path("/logging_setup.py").exists()
    assert (tree / "logging_setup.py").exists()
    assert (tree / "app" / "work.py").read_text() == prints("work")


def test_init_and_fix_agree_on_the_place(inside: Run, tmp_path: Path) -> None:
    write(tmp_path, LAYOUTS["src with packages"].files)
    assert inside("init").returncode == 0
    assert [path.relative_to(tmp_path) for path in tmp_path.rglob("logging_setup.py")] == [Path("src/logging_setup.py")]
    assert "    setup_logging()\n" in (tmp_path / "src" / "main.py").read_text(encoding="utf-8")
    assert inside("fix").returncode in (0, 1)
    assert len(list(tmp_path.rglob("logging_setup.py"))) == 1
    users = (tmp_path / "src" / "api" / "users.py").read_text(encoding="utf-8")
    assert "from logging_setup import get_logger\n" in users


def test_init_asks_which_of_several_programs(inside: Run, tmp_path: Path) -> None:
    write(tmp_path, {name: text for name, text in LAYOUTS["two services"].files.items() if name != "pyproject.toml"})
    write(tmp_path, {"services/a/pkg/__init__.py": "", "services/a/pkg2/__init__.py": ""})
    done = inside("init", "services/a")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "services" / "a" / "logging_setup.py").exists()
    assert not (tmp_path / "services" / "b" / "logging_setup.py").exists()


def test_what_needs_no_set_up_module_does_not_depend_on_it(inside: Run, tmp_path: Path) -> None:
    """Synchronous code, and structlog that the project configures itself."""
    write(tmp_path, {"pyproject.toml": "", "plugins/one.py": "def work():\n    print('it works')\n"})
    structlog = "import structlog\n\nstructlog.configure()\nlog = structlog.get_logger()\n"
    structlog += "\n\nasync def work():\n    log.info('x')\n"
    write(tmp_path, {"plugins/two.py": structlog})
    inside("fix", "--async-backend", "structlog")
    assert "logger.info('it works')" in (tmp_path / "plugins" / "one.py").read_text(encoding="utf-8")
    assert "await log.ainfo('x')" in (tmp_path / "plugins" / "two.py").read_text(encoding="utf-8")
    assert not list(tmp_path.rglob("logging_setup.py"))


def test_where_nothing_shows_how_a_file_is_imported_the_user_says_it(inside: Run, tmp_path: Path) -> None:
    config = "[tool.printlint]\nsetup-module = 'core.events'\n"
    write(tmp_path, {"pyproject.toml": config, "plugins/one.py": prints("plugin"), "core/other.py": ""})
    write(tmp_path, {"main.py": "import core.other\n", "jobs/__init__.py": "", "jobs/nightly.py": prints("nightly")})
    with (tmp_path / "jobs" / "nightly.py").open("a", encoding="utf-8") as file:
        file.write("\n\nimport asyncio\nasyncio.run(work())\n")
    inside("fix")
    assert "from core.events import get_logger\n" in (tmp_path / "plugins" / "one.py").read_text(encoding="utf-8")
    assert "get_logger" not in (tmp_path / "jobs" / "nightly.py").read_text(encoding="utf-8"), "it runs as a script"
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("events.py")] == ["core/events.py"]


def test_two_packages_of_one_name_on_the_search_path_are_told_apart_by_nobody(inside: Run, tmp_path: Path) -> None:
    files = {
        "main.py": "import os\nimport sys\n\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'lib'))\n\n"
        + runs("from app.work import work", calls="work"),
        "app/__init__.py": "",
        "app/work.py": prints("work"),
        "lib/app/more.py": "",
    }
    write(tmp_path, files)
    reason = (
        "the message would be lost: logging is not set up: `app` may be the one in `lib`, which is on `sys.path` too"
    )
    assert reason in inside("fix").stderr
    assert (tmp_path / "main.py").read_text() == files["main.py"]


@pytest.mark.parametrize(
    ("statement", "ours"),
    [
        ("from sqlalchemy import text", False),
        ("from sqlalchemy.orm import Session", False),
        ("import sqlalchemy.orm", False),
        ("import sqlalchemy\n\nengine = sqlalchemy.create_engine('x')", False),
        ("from sqlalchemy import routes", True),
        ("import sqlalchemy\n\nsqlalchemy.routes.index()", True),
        ("from sqlalchemy import ROUTES", True),
        ("from sqlalchemy.routes import index", True),
    ],
)
def test_a_package_inside_of_another_is_no_library_of_its_name(tmp_path: Path, statement: str, ours: bool) -> None:
    """`src/routers/sqlalchemy` is what an import means only where it has what the import takes."""
    files = {
        "src/__init__.py": "",
        "src/routers/__init__.py": "",
        "src/routers/sqlalchemy/__init__.py": "ROUTES = []\n",
    }
    files |= {"src/routers/sqlalchemy/routes.py": "def index(): pass\n", "src/routers/shop.py": f"{statement}\n"}
    write(tmp_path, {"pyproject.toml": "", **files})
    with run.Run():
        reach = Programs.of(layout_of(tmp_path / "src" / "routers" / "shop.py")).reach
        roots = reach.ways(str(tmp_path / "src" / "routers" / "sqlalchemy" / "__init__.py")).roots
    assert (str(tmp_path / "src" / "routers") in roots) is ours


ADDED = "import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'api'))\n"


@pytest.mark.parametrize(
    ("importer", "head", "ours"),
    [
        ("tests/test_sdk.py", "from sdk.client import call\n", False),
        ("src/sdk/client.py", "from .base import call\n", False),
        ("src/sdk/client.py", "from sdk.base import call\n", False),
        ("src/sdk/client.py", f"from .base import call\n{ADDED}", True),
        ("src/sdk/core/work.py", "", False),
        ("src/sdk/client.py", "", True),  # a script beside the folder, for all that is known
        ("src/sdk/api/call.py", "from ..base import call\n", True),
    ],
)
def test_what_a_package_has_inside_is_no_library_of_its_name(
    tmp_path: Path, importer: str, head: str, ours: bool
) -> None:
    """`src/sdk/api/google/protobuf` is `sdk.api.google.protobuf` for who imports `sdk`, and `google.protobuf` none."""
    files = {"pyproject.toml": "", "src/sdk/__init__.py": "", "src/sdk/base.py": "def call(): pass\n"}
    files |= {
        "src/sdk/core/__init__.py": "",
        "src/sdk/client.py": "def call(): pass\n",
        "src/sdk/api/google/protobuf/__init__.py": "from .x import *\n",
    }
    write(tmp_path, {**files, importer: f"{head}from google.protobuf import descriptor_pb2\n"})
    with run.Run():
        reach = Programs.of(layout_of(tmp_path / importer)).reach
        roots = reach.ways(str(tmp_path / "src" / "sdk" / "api" / "google" / "protobuf" / "__init__.py")).roots
    assert (str(tmp_path / "src" / "sdk" / "api") in roots) is ours


def test_nothing_is_known_of_a_file_out_of_the_tree(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "", "main.py": ""})
    with run.Run():
        reach = Programs.of(layout_of(tmp_path / "main.py")).reach
    assert reach.ways(str(tmp_path.parent / "other.py")).unclear
    assert not reach.ways(str(tmp_path / "main.py")).unclear


def test_the_first_of_several_commands_says_why_a_file_is_run(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "", "main.py": "", "Procfile": "a: python main.py\nb: python main.py x\n"})
    with run.Run():
        reach = Programs.of(layout_of(tmp_path / "main.py")).reach
    assert reach.ways(str(tmp_path / "main.py")).script == "python in Procfile:1"


@pytest.mark.parametrize(("other", "meant"), [("core.db", True), ("core.mails", False)])
def test_a_package_elsewhere_has_all_that_a_file_imports_of_it(tmp_path: Path, other: str, meant: bool) -> None:
    """Where a part is missing, the file means a third package of that name, which is not in the tree."""
    files = {
        "pyproject.toml": "",
        "api/core/__init__.py": "",
        "api/core/db.py": "x = 1\n",
        "api/core/jobs.py": "y = 1\n",
    }
    write(tmp_path, {**files, "bot/main.py": f"from core.jobs import y\nimport {other}\n"})
    with run.Run():
        reach = Programs.of(layout_of(tmp_path / "bot" / "main.py")).reach
    assert bool(reach.edges_into.get(str(tmp_path / "api" / "core" / "jobs.py"))) is meant


def test_no_tree_begins_where_everybody_may_write(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    (shared / "mine").mkdir(parents=True)
    for name in ("other.py", "mine/main.py"):
        (shared / name).write_text("")
    assert tree_root(layout_of(shared / "mine" / "main.py")) == shared
    shared.chmod(0o777)
    with run.Run():
        assert tree_root(layout_of(shared / "mine" / "main.py")) == shared / "mine"


def test_a_repository_without_its_history_is_one_tree(tmp_path: Path) -> None:
    repository = tmp_path / "bot-main"
    write(repository, {"api/pyproject.toml": "", "api/.gitignore": "", "api/main.py": "", "common/log.py": ""})
    assert tree_root(layout_of(repository / "api" / "main.py")) == repository / "api"
    (repository / ".gitignore").write_text("logs/\n")
    with run.Run():
        assert tree_root(layout_of(repository / "api" / "main.py")) == repository
        assert tree_root(layout_of(repository / "common" / "log.py")) == repository
    (tmp_path / "setup.cfg").write_text("")
    with run.Run():
        assert tree_root(layout_of(repository / "api" / "main.py")) == tmp_path, "a project around it reaches further"


def test_no_tree_begins_at_a_collection_of_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        (tmp_path / f"work{number}").mkdir()
        (tmp_path / f"work{number}" / "main.py").write_text("")
    (tmp_path / "notes.py").write_text("")
    assert tree_root(layout_of(tmp_path / "work0" / "main.py")) == tmp_path
    monkeypatch.setattr("printlint.facts.reach.tree._MOST_LOOSE_ENTRIES", 5)
    with run.Run():
        assert tree_root(layout_of(tmp_path / "work0" / "main.py")) == tmp_path / "work0"
