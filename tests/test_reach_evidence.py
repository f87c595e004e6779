"""What single files and command lines say about how files are reached."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest
from conftest import write_files

from printlint.facts.reach.command_files import commands_below
from printlint.facts.reach.declared import declared_roots
from printlint.facts.reach.edges import find_edges
from printlint.facts.reach.import_roots import ImportRoots
from printlint.facts.reach.reading import When, read_tree
from printlint.facts.reach.starts import command_runs

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
        ("if TYPE_CHECKING:\n    import a", When.BRANCH),
        ("def f():\n    import a", When.PERHAPS),
        ("match x:\n    case 1:\n        import a", When.BRANCH),
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


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import a.b, c as d\nfrom e import f", {"a", "d", "f"}),
        ("def f(x):\n    inner = 1\nasync def g():\n    inner = 1", {"f", "g"}),
        ("class A:\n    def method(self): ...", {"A"}),
        ("h = lambda: (inner := 1)", {"h"}),
        ("if x:\n    y = 1\nfor z in (): ...", {"y", "z"}),
        ("from a import *", None),
        ("def __getattr__(name): ...", None),
        ("globals()['x'] = 1", None),
    ],
)
def test_the_names_that_a_file_has_are_those_that_its_top_binds(code: str, names: set[str] | None) -> None:
    binds = read_tree(ast.parse(code), FILE, code).binds
    always = read_tree(ast.parse(""), FILE, "").binds
    assert always is not None
    assert (None if binds is None else binds - always) == names


def test_a_folder_without_the_module_is_not_where_its_name_leads() -> None:
    """`one/jobs` and `two/jobs` have no `__init__.py`; `regular` has one, and its missing modules may be made by it."""
    files = ("one/jobs/a.py", "two/jobs/b.py", "regular/__init__.py", "main.py")
    roots = ImportRoots("/tree", frozenset(f"/tree/{file}" for file in files))
    assert [found.files for found in roots.find("/tree/main.py", "jobs.b")] == [("/tree/two/jobs/b.py",)]
    assert roots.find_at("/tree/one", "jobs.b") is None
    assert roots.find("/tree/main.py", "jobs.missing") == ()
    (found,) = roots.find("/tree/main.py", "regular.missing")
    assert (found.files, found.whole) == (("/tree/regular/__init__.py",), False)


@pytest.mark.parametrize(
    ("file", "code", "loaded"),
    [
        ("main.py", "uvicorn.run('api.web:app')", ["api/web.py"]),
        ("main.py", "uvicorn.run('api.web:other')", []),
        ("main.py", "import_module('api.web.app')", ["api/web.py"]),
        ("main.py", "import_module('tools')", ["tools.py"]),
        ("main.py", "import_module('tools.toml')", []),  # a file's name, and no module `tools`
        ("main.py", "import_module('web')", []),  # no name starts within a package
        ("api/run.py", "import_module('web')", ["api/web.py"]),  # but beside a script
    ],
)
def test_names_in_strings_lead_to_the_modules_that_have_what_they_name(file: str, code: str, loaded: list[str]) -> None:
    texts = {"api/__init__.py": "", "api/web.py": "app = 1\n", "tools.py": "toml = other = 1\n", file: code + "\n"}
    readings = {f"/tree/{name}": read_tree(ast.parse(text), f"/tree/{name}", text) for name, text in texts.items()}
    edges = find_edges(readings, ImportRoots("/tree", frozenset(readings)))
    found = {edge.file.removeprefix("/tree/") for edge in edges if not edge.file.endswith("__init__.py")}
    assert sorted(found) == loaded


@pytest.mark.parametrize(
    ("code", "other", "loaded"),
    [
        ("import utils\nutils.run()", "def run(): ...", True),
        ("from utils import run", "def run(): ...", True),
        ("import utils\nutils.stop()", "def run(): ...", False),
        ("import utils", "def run(): ...", False),  # nothing shows that it is not a library
        ("import utils\nutils.run()", "from somewhere import *", False),
    ],
)
def test_a_file_of_another_part_is_meant_where_it_has_what_is_used(code: str, other: str, *, loaded: bool) -> None:
    texts = {"one/main.py": code, "two/utils.py": other}
    readings = {f"/tree/{name}": read_tree(ast.parse(text), f"/tree/{name}", text) for name, text in texts.items()}
    edges = find_edges(readings, ImportRoots("/tree", frozenset(readings)))
    assert [edge.file for edge in edges] == ["/tree/two/utils.py"] * loaded


@pytest.mark.parametrize(("command", "named"), [("flask --app shop/web.py run", True), ("python shop/web.py", False)])
def test_a_file_that_a_server_imports_has_a_name_and_one_that_is_run_has_none(
    tmp_path: Path, command: str, *, named: bool
) -> None:
    write_files(tmp_path, {"Procfile": f"web: {command}\n", "shop/__init__.py": "", "shop/web.py": ""})
    files = {str(tmp_path / name) for name in ("shop/__init__.py", "shop/web.py")}
    (found,) = command_runs(commands_below(tmp_path), ImportRoots(str(tmp_path), frozenset(files)))
    assert (found.file, found.root) == (str(tmp_path / "shop/web.py"), str(tmp_path) if named else "")


# Files with commands, in a tree with folders `api` and `worker`; behind each, what its commands start: the line, the
# program, what it loads (`+`: by `-m`), the folder that it runs in ("?": not known), and what is on `PYTHONPATH`.
STARTED = r"""
== Dockerfile
FROM python:3.12
RUN pip install uvicorn
CMD ["python", "-u", "x/n.py"]
-> 3 python x/n.py ?
== Dockerfile
WORKDIR /srv
COPY api/ .
CMD uvicorn main:app --port 80
-> 3 uvicorn main api
== Dockerfile
WORKDIR /srv
COPY . .
WORKDIR worker
CMD exec celery -A tasks worker
-> 4 celery tasks.celery worker
== Dockerfile
COPY . /srv/
ENTRYPOINT ["tini", "--"]
CMD ["python", "/srv/api/x.py"]
-> 3 python {top}/api/x.py ?
== Dockerfile
WORKDIR /a
COPY . .
ENTRYPOINT ["python"]
CMD ["x.py"]
-> 4 python x.py .
== api/Dockerfile
WORKDIR /a
COPY main.py .
ENV PYTHONPATH=/a
CMD python -m main
-> 4 python -m main main+ api api
== api/Dockerfile
WORKDIR /a
COPY worker/run.py api/ ./
CMD python main.py
-> 3 python main.py api
== api/Dockerfile
FROM x AS b
WORKDIR /a
FROM b
COPY . .
CMD python main.py
-> 5 python main.py api
== api/Dockerfile
COPY ../../.. /a
WORKDIR /a
CMD python main.py
-> 3 python main.py ?
== Procfile
web: gunicorn -w 4 --chdir api site_.wsgi:application
-> 1 gunicorn site_.wsgi api
== Procfile
web: gunicorn -b 0.0.0.0:80 site_.wsgi
w: rq worker -c settings
-> 1 gunicorn site_.wsgi .
-> 2 rq settings .
== Makefile
run:
    @cd api && $(PYTHON) -m app.main --now
# python old.py
    python x.py
-> 2 python -m app.main app.main+ api
-> 4 python x.py .
== Makefile
run:
    PYTHONPATH=api:. uv run --frozen python x.py
test:
    pytest -q x.py
-> 2 python x.py . api .
== start.sh
#!/bin/sh
exec uvicorn \
  --app-dir api main:app
-> 2 uvicorn main ?
== api/run.sh
cd "$(dirname "$0")"
nohup python main.py > log &
./tool.py
-> 2 python main.py api
-> 3 a command ./tool.py api
== api/run.sh
cd "$(dirname "$0")/.."
(cd api; python a.py)
python b.py
-> 2 python a.py api
-> 3 python b.py .
== entrypoint
#!/bin/sh
export PYTHONPATH=$PWD
echo python no.py
exec sh -c 'python yes.py'
-> 4 python yes.py ?
== compose.yml
services:
  a:
    build: ./api
    command: python main.py
-> 4 python main.py api
== compose.yml
services:
  a:
    volumes: ['./api:/srv']
    working_dir: /srv
    command: [uvicorn, 'm:app']
-> 5 uvicorn m api
== compose.yml
services:
  a:
    environment:
      DJANGO_SETTINGS_MODULE: x.settings
-> 4 DJANGO_SETTINGS_MODULE x.settings .
== .github/workflows/ci.yml
jobs:
  a:
    steps:
    - working-directory: api
      run: |
        pip install x
        python bin/c.py && python -m build
-> 7 python bin/c.py api
-> 7 python -m build build+ api
== .gitlab-ci.yml
a:
  script:
    - cd api
    - poetry run python x.py
-> 4 python x.py .
== unit.service
[Service]
WorkingDirectory=/opt/x
ExecStart=/opt/x/.venv/bin/python3 /opt/x/main.py
-> 3 python /opt/x/main.py ?
== supervisord.conf
[program:a]
command=daphne -p 80 a.asgi:application
-> 2 daphne a.asgi .
== tox.ini
[testenv]
setenv = PYTHONPATH = {toxinidir}/api
commands =
    {envpython} x.py
-> 4 python x.py . api
== package.json
{"scripts": {
"start": "cd api && flask --app main:create run"}}
-> 2 flask main api
== fly.toml
[processes]
web = 'hypercorn api.main:app'
-> 2 hypercorn api.main .
== render.yaml
services:
- rootDir: api
  startCommand: waitress-serve --call main:make
-> 3 waitress-serve main api
== app.yaml
entrypoint: gunicorn -b :$PORT main:app
-> 1 gunicorn main .
== crontab
0 5 * * * cd /opt/x && /usr/bin/python3 jobs/x.py
-> 1 python jobs/x.py ?
== README.md
Run it:

    $ python x.py

python is great
-> 3 python x.py ?
-> 5 python is ?
== run.sh
arq tasks.Settings
dramatiq a.b c
ddtrace-run python x.py
-> 1 arq tasks.Settings ?
-> 2 dramatiq a.b ?
-> 2 dramatiq c ?
-> 3 python x.py ?
== run.sh
python -m uvicorn a:b
python -m pdb x.py
coverage run -m a.b
streamlit run y.py
-> 1 uvicorn a ?
-> 2 pdb x.py ?
-> 3 coverage a.b+ ?
-> 4 streamlit y.py ?
== run.sh
chainlit run y.py -w
panel serve --port 80 y.py
bokeh serve y.py
gradio y.py
scrapy runspider y.py
ipython -i y.py
locust -f y.py
torchrun --nproc 2 y.py
accelerate launch y.py
-> 1 chainlit y.py ?
-> 2 panel y.py ?
-> 3 bokeh y.py ?
-> 4 gradio y.py ?
-> 5 runspider y.py ?
-> 6 ipython y.py ?
-> 7 locust y.py ?
-> 8 torchrun y.py ?
-> 9 accelerate y.py ?
== run.sh
export FLASK_APP=a/b.py
DJANGO_SETTINGS_MODULE=s.t python manage.py x
-> 1 FLASK_APP a/b.py ?
-> 2 DJANGO_SETTINGS_MODULE s.t ?
-> 2 python manage.py ?
== run.sh
git add x.py; mypy x.py; chmod +x ./x.py
docker build -t python .
-> 2 python . ?
== serverless.yml
functions:
  a:
    handler: api/main.handle
  b: {handler: wsgi_handler.handler, module: worker}
-> 3 a handler api.main .
-> 4 a handler wsgi_handler worker
== template.yaml
Globals: {Function: {CodeUri: worker}}
Resources:
  A:
    Properties: {Handler: main.handle, CodeUri: ./api/, Runtime: python3.12}
  B:
    Properties:
      Handler: run.handle
-> 4 a handler main api
-> 7 a handler run worker
== api/main.tf
resource "aws_lambda_function" "a" {
  handler = "run.handle"
  source_dir = "${path.module}/../worker"
}
-> 2 a handler run worker
== .vscode/launch.json
{"configurations": [
  // of this project
  {"type": "debugpy", "program": "${workspaceFolder}/api/x.py", "args": ["-v"]},
  {"type": "debugpy", "module": "uvicorn", "args": ["api.main:app"], "env": {"PYTHONPATH": "worker"}},
]}
-> 1 python api/x.py .
-> 1 uvicorn api.main . worker
== scrapy.cfg
[settings]
default = shop.settings
-> 1 SCRAPY_SETTINGS_MODULE shop.settings .
== notes.md
python readme.py
"""


def started_cases() -> list[tuple[str, str, list[str]]]:
    cases = []
    for block in STARTED.split("\n== ")[1:]:
        name, *lines = block.splitlines()
        text = "".join(f"{line}\n" for line in lines if not line.startswith("-> "))
        cases.append((name, text, [line[3:] for line in lines if line.startswith("-> ")]))
    return cases


@pytest.mark.parametrize(("name", "text", "expected"), started_cases())
def test_command_lines_are_read(tmp_path: Path, name: str, text: str, expected: list[str]) -> None:
    for folder in ("api", "worker"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "main.py").write_text("")
    (tmp_path / "worker" / "run.py").write_text("")
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text, encoding="utf-8")

    def place(folder: str) -> str:
        return os.path.relpath(folder, tmp_path) if folder else "?"

    assert [
        " ".join(
            [
                f"{item.line} {item.program} {item.file or item.module}{'+' * item.is_module}".replace(
                    str(tmp_path), "{top}"
                ),
                *map(place, (item.folder, *item.path)),
            ]
        )
        for item in commands_below(tmp_path)
    ] == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("pyproject.toml", "[tool.setuptools]\npackage-dir = {'' = 'src'}\n", {("src", "src")}),
        (
            "pyproject.toml",
            "[tool.setuptools.packages.find]\nwhere = ['lib', 'src']\n",
            {("lib", "lib"), ("src", "src")},
        ),
        ("pyproject.toml", "[tool.setuptools]\npackage-dir = {'a.b' = 'src/a/b'}\n", {("src", "src/a/b")}),
        ("pyproject.toml", "[tool.hatch.build.targets.wheel]\npackages = ['src/app']\n", {("src", "src/app")}),
        ("pyproject.toml", "[tool.hatch.build]\nsources = ['src']\n", {("src", "src")}),
        ("pyproject.toml", "[tool.poetry]\npackages = [{include = 'app', from = 'src'}]\n", {("src", "src/app")}),
        (
            "pyproject.toml",
            "[tool.poetry]\npackages = [{include = 'app'}, {include = 'x/*'}]\n",
            {(".", "app"), (".", "x")},
        ),
        ("pyproject.toml", "[tool.pdm.build]\npackage-dir = 'src'\n", {("src", "src")}),
        ("pyproject.toml", "[build-system]\nbuild-backend = 'uv_build'\n", {("src", "src")}),
        ("pyproject.toml", "[build-system]\nbuild-backend = 'flit_core.buildapi'\n", {("src", "src")}),
        ("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = ['.', 'src']\n", {("src", "src")}),
        ("pyproject.toml", "[tool.poetry]\npackages = [{include = 'app', from = '../../out'}]\n", set()),
        ("pyproject.toml", "[tool.poetry\n", set()),
        (
            "setup.cfg",
            "[options]\npackage_dir =\n    = src\n[options.packages.find]\nwhere = lib\n",
            {("src", "src"), ("lib", "lib")},
        ),
        ("setup.cfg", "[tool:pytest]\npythonpath = src lib\n", {("src", "src"), ("lib", "lib")}),
        ("setup.py", "setup(package_dir={'': 'src'}, packages=find_packages('src'))", {("src", "src")}),
        ("setup.py", "setup(packages=find_namespace_packages(where='lib'))", {("lib", "lib")}),
        ("setup.py", "setup(packages=find_packages(), package_dir=PLACES)", set()),
        ("pytest.ini", "[pytest]\npythonpath = src\n", {("src", "src")}),
        (".env", "TOKEN=x\nPYTHONPATH=./src:$HOME\n", {("src", "src")}),
        ("custom_components/shop/manifest.json", "{}", {(".", "custom_components/shop")}),
    ],
)
def test_roots_that_metadata_declares_are_read(tmp_path: Path, name: str, text: str, expected: set[str]) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = declared_roots(str(tmp_path), {str((tmp_path / name).parent)})
    assert {
        (os.path.relpath(item.root, tmp_path), os.path.relpath(item.covers, tmp_path)) for item in found
    } == expected


def test_handlers_of_a_cdk_stack_are_read(tmp_path: Path) -> None:
    stack = (
        "lambda_.Function(\n    self,\n    handler='main.handle',\n    code=lambda_.Code.from_asset('../lambda'),\n)\n"
    )
    files = {"infra/cdk.json": "{}", "infra/stack/app.py": stack, "infra/lambda/main.py": "", "other.py": stack}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = commands_below(tmp_path)
    assert [(item.source, item.module, item.entry, item.line) for item in found] == [
        (str(tmp_path / "infra" / "stack" / "app.py"), "main", "handle", 3)
    ]
    assert found[0].folder == str(tmp_path / "infra" / "lambda")
