"""What the documents say is what the code does."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from conftest import ROOT

from printlint.cli import cli
from printlint.config import Config, load
from printlint.config_values import ASYNC_BACKENDS, MESSAGE_STYLES
from printlint.lint.linter import lint
from printlint.report import FORMATS
from printlint.rewrite.fixer import fix
from printlint.rule import Rule
from printlint.rules import all_rules, rule_codes
from printlint.source import Source

pytestmark = pytest.mark.system

HEADINGS = (
    *("What it does", "Why is this bad", "Example", "Use instead", "Fix safety"),
    *("Options", "Peers' codes", "Left alone", "Source"),
)
DOCUMENTS = [
    *("README.md", "CHANGELOG.md"),
    *sorted(page.relative_to(ROOT).as_posix() for page in (ROOT / "docs").rglob("*.md")),
]
SOURCES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "printlint").rglob("*.py"))
# What an author would call files of an example.
INVENTED = ("printlint/rules/handlers/old_level_name.py", "printlint/report/as_NAME.py")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_rules_pages_are_fresh() -> None:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    pages = {f"docs/{name.as_posix()}": page for name, page in module.pages().items()}
    for name, page in pages.items():
        assert text(name) == page, "run `python docs/generate.py`"
    on_disk = {f"docs/rules/{path.name}" for path in (ROOT / "docs" / "rules").iterdir()}
    assert on_disk == {name for name in pages if name.startswith("docs/rules/")}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_explain_shows_the_page(rule: Rule) -> None:
    shown = CliRunner().invoke(cli, ["explain", rule.code]).output
    assert shown == text(f"docs/rules/{rule.code}.md")
    headings = re.findall(r"^## (.+)$", shown, re.MULTILINE)
    assert headings == [heading for heading in HEADINGS if heading in headings]
    assert (ROOT / re.findall(r"## Source\n`(.+)`", shown)[0]).is_file()


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_page_shows_what_was_run(rule: Rule) -> None:
    alone = Config(select=(rule.code,))
    sections = dict(re.findall(r"^## (.+)\n((?s:.*?))(?=^## |\Z)", text(f"docs/rules/{rule.code}.md"), re.MULTILINE))
    (example,) = code_blocks(sections["Example"])
    assert lint(Source("snippet.py", example), alone).findings
    unsafe = "fix --unsafe-fixes" in sections.get("Use instead", "")
    fixed = fix(Source("snippet.py", example), alone, unsafe=unsafe).source.text
    if fixed != example:
        assert code_blocks(sections["Use instead"]) == [fixed]
        assert sections["Use instead"].startswith("`printlint fix")
    for clean in code_blocks(sections.get("Use instead", "")) + code_blocks(sections["Left alone"]):
        assert not lint(Source("snippet.py", clean), alone).findings


def code_blocks(page: str) -> list[str]:
    return re.findall(r"^```python\n((?s:.*?))^```$", page, re.MULTILINE)


def test_every_code_is_in_the_changelog_with_its_name() -> None:
    for rule in all_rules():
        if rule.code != "PRT900":
            assert f"{rule.code} {rule.name}" in text("CHANGELOG.md")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_name_only_codes_that_exist(name: str) -> None:
    declared = re.findall(r'^    code = "(PRT\d{3})"$', text(name), re.MULTILINE)  # by an example rule
    for code in re.findall(r"PRT\d{3}", text(name)):
        assert code in (*rule_codes(), *declared)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", text(name)):
        assert ((ROOT / name).parent / target).exists(), target


def test_every_key_is_documented() -> None:
    keys = text("docs/configuration.md").partition("## Output formats")[0]
    documented = set(re.findall(r"^\| `([a-z-]+)`", keys, re.MULTILINE))
    assert documented == {name.replace("_", "-") for name in Config._fields} - {"root", "file"}


@pytest.mark.parametrize("name", [*DOCUMENTS, *SOURCES])
def test_files_that_are_named_exist(name: str) -> None:
    """In documents, and in comments and docstrings: a path that begins in this repository, or at a room."""
    rooms = "|".join(path.name for path in (ROOT / "printlint").iterdir() if path.is_dir())
    ours = rf"(?:printlint|tests|fixtures|docs)/[\w./-]+\.(?:py|md|toml|txt)|(?:{rooms})/[\w/]+\.py"
    for path in re.findall(rf"(?<![\w/.])(?:{ours})", text(name)):
        assert path in INVENTED or (ROOT / path).exists() or (ROOT / "printlint" / path).exists(), path


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_and_options_that_are_named_exist(name: str) -> None:
    page = text(name)
    context = click.Context(cli)
    commands = {command: cli.get_command(context, command) for command in cli.list_commands(context)}
    options = {
        name: {"--help"}.union(*((*item.opts, *item.secondary_opts) for item in command.params))
        for name, command in commands.items()
        if command is not None
    }
    consoles = "".join(re.findall(r"^```(?:console|shell)\n((?s:.*?))^```$", page, re.MULTILINE))
    shown = re.findall(r"(?:^|\$ |&& |bin/)printlint ((?!-|&)[^\n#|&]+)", consoles, re.MULTILINE)
    for line in [*shown, *re.findall(r"`printlint ([^`-][^`]*)`", page)]:
        command, *words = line.split('"')[0].split()
        assert command in options, line
        assert {word.partition("=")[0] for word in words if word.startswith("--")} <= options[command], line
    every = {"--version", "--preview", "--no-format"}.union(*options.values())  # ruff's and libcst's
    assert set(re.findall(r"`(--[a-z][a-z-]*)", page)) <= every


def test_every_back_end_has_a_row_and_can_be_chosen() -> None:
    table = text("docs/event-stream.md").partition("\n| back end | ")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| `(\w+)`", table, re.MULTILINE)
    classes = [path.stem.removesuffix("_backend") for path in (ROOT / "printlint" / "backends").glob("*_backend.py")]
    assert sorted(rows) == sorted(classes) == sorted(set(ASYNC_BACKENDS) - {"auto"})


LOGGING_TWICE = """\
import logging

logger = logging.getLogger(__name__)


async def handle(x):
    logger.info("x %s", x, extra={"size": 3})


def work(x):
    logger.info("x %s", x, extra={"size": 3})
"""


@pytest.mark.parametrize("backend", sorted(set(ASYNC_BACKENDS) - {"auto"}))
def test_a_call_becomes_on_each_back_end_what_the_table_says(backend: str) -> None:
    (row,) = re.findall(rf"^\| `{backend}`[^|]* \| (.+ \|) (.+) \|$", text("docs/event-stream.md"), re.MULTILINE)
    source = LOGGING_TWICE if "size" in row[0] else LOGGING_TWICE.replace(', extra={"size": 3}', "")
    fixed = fix(Source("snippet.py", source), Config(async_backend=backend)).source.text
    asynchronous, synchronous = fixed.partition("\n\ndef work")[::2]
    assert all(f"{code}\n" in asynchronous for code in re.findall(r"`([^`]+)`", row[0]))
    assert all(f"{code}\n" in synchronous for code in re.findall(r"`([^`]+)`", row[1]))


def test_every_output_format_is_documented() -> None:
    section = text("docs/configuration.md").partition("## Output formats\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    assert set(re.findall(r"`([a-z-]+)`", " ".join(rows))) == {"text", *FORMATS}


def test_every_output_format_can_be_chosen() -> None:
    files = (path.stem for path in (ROOT / "printlint" / "report").glob("as_*.py"))
    assert {name.removeprefix("as_").replace("_", "-") for name in files} == set(FORMATS)


def test_the_page_of_prt401_has_the_figures_of_the_load_benchmark() -> None:
    stalled = text("docs/load.md").split("| logs nothing |")[3]
    for row in ("logging, StreamHandler", "printlint fix, queue"):
        (lag,) = re.findall(rf"^\| {row} \|[^|]+\|[^|]+\| ([\d.]+) \(", stalled, re.MULTILINE)
        assert f"up to {float(lag):.3g} ms" in text("docs/rules/PRT401.md")


def test_json_is_as_the_page_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = re.findall(r"```json\n((?s:.+?))```", text("docs/json.md"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app").mkdir()
    for number in range(11):
        (tmp_path / "app" / f"part{number}.py").touch()
    (tmp_path / "app" / "db.py").write_text('def connect(host):\n    """Connect."""\n    print("connected to", host)\n')
    shown = CliRunner().invoke(cli, ["check", "-q", "--output-format", "json"]).stdout
    assert json.loads(shown) == json.loads(block)
    assert re.findall(r'"(\w+)":', shown) == re.findall(r'"(\w+)":', block)


def test_the_readme_shows_what_fix_writes(tmp_path: Path) -> None:
    before, after = code_blocks(text("README.md"))
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    module = tmp_path / "shop" / "orders.py"
    module.write_text(before, encoding="utf-8")
    assert CliRunner().invoke(cli, ["fix", "-q", str(tmp_path)]).exit_code == 0
    assert module.read_text("utf-8") == after


# For each sign of docs/verdicts.md, by its number, a function that shows it and no sign before it.
SIGNS = [
    (2, "def f():\n    print('[DEBUG] the error is back')\n", "debug"),
    (3, "if not found():\n    print('no such thing')\n    raise SystemExit(1)\n", "critical"),
    (4, "def f():\n    print('panic')\n", "critical"),
    (4, "def f():\n    print('caution: hot')\n", "warning"),
    (4, "def f():\n    print('ValueError: no')\n", "error"),
    (5, "def f(err):\n    print('it says', err)\n", "error"),
    (6, "def f():\n    if debug:\n        print('it works', 1)\n", "debug"),
    (7, "def f():\n    print('it stops')\n    raise ValueError\n", "error"),
    (
        8,
        "def f():\n    try:\n        g()\n    except ImportError:\n        print('it goes on')\n        h()\n",
        "error",
    ),
    (8, "def f():\n    try:\n        g()\n    except KeyboardInterrupt:\n        print('it stops')\n", "info"),
    (8, "def f():\n    try:\n        g()\n    except OSError:\n        print('it goes on')\n        h()\n", "error"),
    (
        8,
        "def f():\n    try:\n        g()\n    except OSError:\n        print('it goes on')\n        x = 1\n",
        "warning",
    ),
    (10, "def f():\n    print('it timed out, as always')\n", "warning"),
    (9, "def f():\n    print('the job was cancelled')\n", "info"),
    (11, "def debug_it():\n    print('it is there')\n", "debug"),
    (12, "def f():\n    print('here')\n", "debug"),
    (13, "import sys\ndef f():\n    print('it is there', file=sys.stderr)\n", "warning"),
    (14, "def f(x):\n    print('\\033[31m', x)\n", "error"),
    (15, "def f(x):\n    print(x)\n", "info"),
    (15, "def f(x):\n    print('it is there')\n", "info"),
]


@pytest.mark.parametrize(("number", "source", "level"), SIGNS)
def test_the_signs_of_levels_are_those_of_the_page(number: int, source: str, level: str) -> None:
    (sign,) = re.findall(
        rf"^{number}\. ((?s:.+?))(?=^\d+\. |\n\n)", text("docs/verdicts.md").partition("## Levels")[2], re.M
    )
    assert level in sign
    found = lint(Source("snippet.py", source), Config(select=("PRT101",), detect_interface=False)).findings
    assert [finding.level.method for finding in found if finding.level] == [level]


def test_each_message_style_gives_what_the_table_says(tmp_path: Path) -> None:
    page = text("docs/event-stream.md")
    (printed,) = re.findall(r"^\| style \| `(print\(.+\))` \|$", page, re.MULTILINE)
    rows = re.findall(r"^\| `(\w+)`[^|]* \| `(logger\.warning\(.+\))` \|$", page, re.MULTILINE)
    assert [style for style, _ in rows] == list(MESSAGE_STYLES)
    for style, written in rows:
        source = f"def pay(user_id: str, gateway: str):\n    {printed}\n"
        fixed = fix(Source("snippet.py", source), Config(message_style=style)).source.text
        assert fixed.endswith(f"    {written}\n")


def test_a_baseline_is_announced_as_the_page_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (command, said), *_ = re.findall(r"```console\n\$ printlint (.+)\n((?s:.+?))```", text("docs/configuration.md"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "x.py").write_text("def f():\n    print('it works')\n" * 412)
    shown = CliRunner().invoke(cli, command.split()).output
    assert said in shown


def test_architecture_follows_a_print_to_what_fix_makes_of_it(tmp_path: Path) -> None:
    shop = Path(shutil.copytree(ROOT / "fixtures" / "shop", tmp_path / "shop"))
    before, after = (
        block.strip().splitlines()[-1].strip()
        for block in re.findall(r"```python\n((?s:.*?))```", text("docs/architecture.md"))
    )
    worker = shop / "shop" / "worker.py"
    assert before in worker.read_text("utf-8")
    assert CliRunner().invoke(cli, ["fix", "-q", "--exit-zero", str(shop)]).exit_code == 0
    new = worker.read_text("utf-8")
    assert after in new
    for line in re.findall(r"`(from \S+ import \w+)`", text("docs/architecture.md")):
        assert line in new
    assert "import logging\n" not in new


def test_every_option_has_help() -> None:
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, (name, parameter.name)


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "peers").glob("*.md")), ids=lambda page: page.stem)
def test_a_peers_page_says_which_rules_its_codes_are(page: Path) -> None:
    told = {}
    for code, own in re.findall(
        r"^\| ((?:[TGWE]|LOG|TRY|PLE|RUF)\d+) \| (PRT[\d, PRT]+) \|", page.read_text("utf-8"), re.M
    ):
        told[code] = set(own.split(", "))
    assert told
    assert told == {code: {rule.code for rule in all_rules() if code in rule.peers} for code in told}
    letters = {re.sub(r"\d", "", code) for code in told}
    legacy = {f"T00{number}" for number in range(1, 5)}
    alike = {code for rule in all_rules() for code in rule.peers if re.sub(r"\d", "", code) in letters} - legacy
    if page.stem != "ruff":  # which has some rules of each
        assert told.keys() == alike


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if "[tool.printlint]" in text(name)])
def test_configurations_that_are_shown_can_be_loaded(name: str, tmp_path: Path) -> None:
    blocks = [
        block
        for block in re.findall(r"^```toml.*\n((?s:.*?))^```$", text(name), re.MULTILINE)
        if "tool.printlint" in block
    ]
    for number, block in enumerate(blocks):
        path = tmp_path / f"{number}.toml"
        path.write_text(block, encoding="utf-8")
        config = load(path, rule_codes())
        assert config is not None
        if "and no more" in block:
            chosen = {rule for rule in all_rules() if config.selects(rule.code, by_default=rule.by_default)}
            assert chosen == {rule for rule in all_rules() if any(code.startswith("T2") for code in rule.peers)}


def test_every_threat_is_held_by_a_test_that_exists() -> None:
    rows = re.findall(r"^\| .+ \| .+ \| (.+) \|$", text("docs/security.md").partition("## Threats")[2], re.MULTILINE)[
        1:
    ]
    assert rows
    for row in rows:
        names = re.findall(r"`(tests/\w+\.py)::(\w+)`", row)
        assert names, row
        for file, function in names:
            assert re.search(rf"^def {function}\(", text(file), re.MULTILINE), f"{file} has no {function}"
