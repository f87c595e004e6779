"""What single files and command lines say about how files are reached."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from printlint.facts.reach.commands import commands_below
from printlint.facts.reach.reading import When, read_tree

FILE = "/tree/scripts/run.py"


@pytest.mark.parametrize(
    ("code", "folder"),
    [
        ("sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))", "/tree"),
        ("sys.path.append(os.path.join(os.path.dirname(__file__), '..', 'lib'))", "/tree/lib"),
        ("sys.path.insert(0, os.path.dirname(__file__) + '/../src')", "/tree/src"),
        ("sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'src'))", "/tree/src"),
        ("sys.path.insert(0, str(Path(__file__).parents[1]))", "/tree"),
        ("sys.path.append(Path(__file__).parent.joinpath('lib').as_posix())", "/tree/scripts/lib"),
        ("ROOT = Path(__file__).parent.parent\nsys.path.insert(0, str(ROOT))", "/tree"),
        ("ROOT: str = os.path.realpath(os.path.join(__file__, '..', '..'))\nsys.path.insert(0, ROOT)", "/tree"),
        ("sys.path.extend([os.path.dirname(os.path.dirname(__file__))])", "/tree"),
        ("sys.path = [os.path.dirname(__file__)] + sys.path", "/tree/scripts"),
        ("sys.path[0:0] = [os.path.dirname(__file__)]", "/tree/scripts"),
        ("sys.path += [os.path.join(os.path.dirname(__file__), os.pardir)]", "/tree"),
        ("site.addsitedir(os.path.dirname(__file__))", "/tree/scripts"),
        ("R = os.path.dirname(__file__)\nif R not in sys.path:\n    sys.path.insert(0, R)", "/tree/scripts"),
        ("sys.path.insert(0, os.environ['ROOT'])", None),
        ("sys.path.insert(0, '..')", None),
        ("sys.path.insert(0, R)", None),
        ("sys.path.insert(0, " + " + ".join(["'a'"] * 900) + ")", None),
    ],
)
def test_changes_of_the_search_path_are_read(code: str, folder: str | None) -> None:
    assert [change.folder for change in read_tree(ast.parse(code), FILE, code).path_changes] == [folder]


def test_changes_that_may_not_happen_do_not_count() -> None:
    code = "def f():\n    sys.path.insert(0, '/x')\n\nif DEBUG:\n    sys.path.insert(0, '/y')\n"
    assert read_tree(ast.parse(code), FILE, code).path_changes == ()


@pytest.mark.parametrize(
    ("code", "when"),
    [
        ("import a", When.LOADED),
        ("with quiet():\n    import a", When.LOADED),
        ("try:\n    import a\nfinally:\n    done()", When.LOADED),
        ("if __name__ == '__main__':\n    import a", When.RUN),
        ("try:\n    import a\nexcept ImportError:\n    pass", When.PERHAPS),
        ("if TYPE_CHECKING:\n    import a", When.PERHAPS),
        ("def f():\n    import a", When.PERHAPS),
        ("match x:\n    case 1:\n        import a", When.PERHAPS),
    ],
)
def test_imports_know_when_they_run(code: str, when: When) -> None:
    assert [item.when for item in read_tree(ast.parse(code), FILE, code).imports] == [when]


@pytest.mark.parametrize(
    ("code", "mentions", "folders"),
    [
        ("uvicorn.run('api.main:app')", ("api.main:app",), ()),
        ("bot.load_extension('cogs.music')", ("cogs.music",), ()),
        ("import_module('plugins')", ("plugins",), ()),
        ("INSTALLED_APPS = ['blog', 'shop.apps.Shop', *MORE]", ("blog", "shop.apps.Shop"), ()),
        ("await bot.load_extension(f'cogs.{name}')", (), ("cogs",)),
        ("import_module('app.jobs.' + name)", (), ("app.jobs",)),
        ("import_module('app.jobs.%s' % name)", (), ("app.jobs",)),
        ("import_module('jobs.{}'.format(name))", (), ("jobs",)),
        ("import_module(f'{name}.views')", (), ()),
        ("logging.getLogger('app.db')", (), ()),
        ("print('It works. Really.')", (), ()),
    ],
)
def test_names_in_strings_are_read(code: str, mentions: tuple[str, ...], folders: tuple[str, ...]) -> None:
    reading = read_tree(ast.parse(f"async def f():\n    {code}"), FILE, code)
    top = read_tree(ast.parse(code), FILE, code) if not code.startswith("await") else reading
    assert (top.mentions, top.mentioned_folders) == (mentions, folders)


COMMANDS = {
    "Dockerfile": 'FROM python:3.12\nRUN pip install uvicorn\nCMD ["python", "-u", "jobs/nightly.py"]\n',
    "Procfile": "web: gunicorn -w 4 site_.wsgi:application\nworker: celery -A app.worker worker\n",
    "Makefile": "run:\n\tpython3 -m app.main --now\n# python old.py\ntest:\n\tpytest -q\n",
    "start.sh": "#!/bin/sh\nexec uvicorn \\\n  api.main:app --port 80\n./tools/run.py\n",
    "docker-compose.yml": "services:\n  a:\n    environment:\n      DJANGO_SETTINGS_MODULE: 'x.settings'\n"
    "    command: python worker.py\n",
    ".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n      - run: uv run bin/check.py && python -m build\n",
    "notes.md": "python readme.py\n",
}


def test_command_lines_are_read(tmp_path: Path) -> None:
    for name, text in COMMANDS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = {(Path(item.source).name, item.file or item.module, item.is_module) for item in commands_below(tmp_path)}
    assert found == {
        ("Dockerfile", "jobs/nightly.py", False),
        ("Procfile", "site_.wsgi", False),
        ("Procfile", "app.worker", False),
        ("Makefile", "app.main", True),
        ("start.sh", "api.main", False),
        ("start.sh", "./tools/run.py", False),
        ("docker-compose.yml", "worker.py", False),
        ("ci.yml", "bin/check.py", False),
        ("ci.yml", "build", True),
    }
