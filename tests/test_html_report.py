"""`printlint report --html`: one page that needs nothing else, in which text of a repository is text."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import Run, write_files

pytestmark = pytest.mark.inside

NASTY = "<script>alert(1)</script>"
WORK = f"""\
import logging

log = logging.getLogger("<img src=x onerror=alert(2)>")


def run(n, seen):
    print("{NASTY}", n)
    log.info("done %s")
    return map(print, seen)
"""


class Page(HTMLParser):
    """The elements of a page, with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    main = (
        'import logging, work\n\nlogging.basicConfig(level="INFO")\n\nif __name__ == "__main__":\n    work.run(1, [])\n'
    )
    return write_files(
        tmp_path, {"work.py": WORK, "main.py": main, "<b>": "", "<i>.py": 'def f(a):\n    print("it works", a)\n'}
    )


def page_of(printlint: Run, folder: Path) -> Page:
    done = printlint("report", "--html", "report.html")
    assert (done.returncode, done.stdout) == (0, "")
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def test_text_of_a_repository_is_text(printlint: Run, folder: Path) -> None:
    page = page_of(printlint, folder)
    tags = {tag for tag, _ in page.elements}
    assert tags.isdisjoint({"script", "img", "i", "iframe", "link", "a", "form"})
    assert not [
        name for _, attributes in page.elements for name in attributes if name.startswith(("on", "src", "href"))
    ]
    assert "<i>.py" in page.text


def test_the_page_has_programs_findings_fixes_and_what_stays(printlint: Run, folder: Path) -> None:
    text = re.sub(r"\s+", " ", page_of(printlint, folder).text)
    assert "main.py: script" in text
    assert "basicConfig" in text
    assert "PRT101 print-call" in text
    assert "PRT103 print-reference" in text
    assert "Use `logger.info`" in text
    assert "first: work.py:9" in text


def test_the_trend_is_told_where_there_is_a_baseline(printlint: Run, folder: Path) -> None:
    assert "Since the baseline" not in page_of(printlint, folder).text
    (folder / "pyproject.toml").write_text('[tool.printlint]\nbaseline = "accepted.json"\n')
    printlint("check", "--write-baseline")
    (folder / "work.py").write_text(WORK + '\n\ndef later(a):\n    print("it is new", a)\n')
    (folder / "<i>.py").write_text("")
    text = page_of(printlint, folder).text
    assert re.search(r"1 new finding; of \d+ that were accepted, \d+ are left and 1 gone\.", text)


def test_a_page_that_cannot_be_written_is_named(printlint: Run, folder: Path) -> None:
    done = printlint("report", "--html", "nowhere/report.html")
    assert done.returncode == 2
    assert "nowhere/report.html: not written (No such file or directory)" in done.stderr


def test_without_its_package_one_line_says_what_to_install(
    printlint: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    done = printlint("report", "--html", "report.html")
    assert done.returncode == 2
    assert done.stderr == "Error: a report needs one more package: pip install 'printlint[report]'\n"
