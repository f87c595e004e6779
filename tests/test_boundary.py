"""No write outside of the tree: only the command line names places elsewhere, never a link or a configuration."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Run

from printlint.writing.boundary import refusal

pytestmark = pytest.mark.inside


ASYNC = "import logging\n\nlogger = logging.getLogger(__name__)\n\n\nasync def work():\n    logger.info('at work')\n"
MAIN = "def main(): ...\n\n\nif __name__ == '__main__':\n    main()\n"
PRINT = "def work():\n    print('at work')\n"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The user's own folder, in which nothing may be made or changed."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "own.py").write_text(PRINT)
    yield folder
    assert [path.name for path in folder.iterdir()] == ["own.py"]
    assert (folder / "own.py").read_text() == PRINT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A stranger's repository, with a package that needs a set-up module."""
    folder = tmp_path / "repository"
    (folder / "app").mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[project]\nname = 'app'\n")
    (folder / "app" / "__init__.py").write_text("")
    (folder / "app" / "work.py").write_text(ASYNC)
    return folder


def configure(folder: Path, **table: str) -> None:
    lines = [f'{key.replace("_", "-")} = "{value}"' for key, value in table.items()]
    (folder / "pyproject.toml").write_text("\n".join(["[tool.printlint]", *lines, ""]))


# the decision itself


def test_what_counts_is_where_a_path_leads(tmp_path: Path) -> None:
    tree, other = tmp_path / "tree", tmp_path / "other"
    (tree / "sub").mkdir(parents=True)
    other.mkdir()
    (other / "file").write_text("")
    (tree / "out").symlink_to(other)
    (tree / "back").symlink_to("sub")
    (tree / "file").write_text("")
    (tree / "linked").symlink_to("file")
    (tree / "nowhere").symlink_to("sub/none")
    os.mkfifo(tree / "pipe")
    for name in ("new", "sub/new", "back/new", "file", "linked", "out/../tree/new", "sub/../new", "../tree/new"):
        assert refusal(tree / name, [tree]) is None, name
    assert refusal(tree / "new", [tmp_path / "none", tree]) is None
    for name, reason in {
        "../new": "is outside of",
        "../other/file": "is outside of",
        "out/new": "leads to",
        "out/file": "leads to",
        "out/sub/new": "leads to",
        "nowhere": "a link to a file that does not exist",
        "pipe": "not a regular file",
        "sub": "not a regular file",
        ".git/hooks/post-checkout": "version control",
        "sub/.GIT/config": "version control",
    }.items():
        assert reason in (refusal(tree / name, [tree]) or ""), name


def test_a_tree_that_is_reached_through_a_link_is_the_same_tree(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "link").symlink_to("tree")
    assert refusal(tmp_path / "link" / "new", [tmp_path / "link"]) is None


def test_of_folders_in_one_another_the_innermost_decides(tmp_path: Path) -> None:
    """That the user stands in a folder around a repository opens nothing for its links."""
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "out").symlink_to(tmp_path)
    assert "leads to" in (refusal(tmp_path / "tree" / "out" / "new", [tmp_path, tmp_path / "tree"]) or "")
    assert refusal(tmp_path / "new", [tmp_path, tmp_path / "tree"]) is None


def test_a_named_path_may_be_elsewhere_but_is_not_led_elsewhere(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "out").symlink_to(tmp_path)
    (tree / "hook").symlink_to(".git/hook")
    (tree / ".git").mkdir()
    (tree / ".git" / "hook").write_text("")
    assert refusal(tmp_path / "new", [tree], named=True) is None
    assert refusal(tree / ".git" / "hook", [tree], named=True) is None
    assert "pass that path itself" in (refusal(tree / "out" / "new", [tree], named=True) or "")
    assert "version control" in (refusal(tree / "hook", [tree], named=True) or "")


# the set-up module


def test_a_configured_name_does_not_leave_the_project(printlint: Run, project: Path, tmp_path: Path) -> None:
    """Packages go on above the repository's own folder where that is a package itself: names start from its parent."""
    (project / "__init__.py").write_text("")
    configure(project, setup_module="evil")
    done = printlint("fix", project)
    assert done.returncode == 1
    assert "evil.py is outside of" in done.stdout + printlint("fix", "-v", project).stdout
    assert (project / "app" / "work.py").read_text() == ASYNC
    assert not (tmp_path / "evil.py").exists()
    done = printlint("fix", "-v", cwd=tmp_path)
    assert "evil.py is outside of" in done.stdout
    assert not (tmp_path / "evil.py").exists()
    done = printlint("init", project)
    assert done.returncode == 2
    assert "evil.py is outside of" in done.stderr
    assert not (tmp_path / "evil.py").exists()


def test_a_configured_name_in_the_project_is_written(printlint: Run, project: Path) -> None:
    configure(project, setup_module="app.events")
    assert printlint("fix", project).returncode == 0
    assert (project / "app" / "events.py").exists()


@pytest.mark.parametrize("command", ["fix", "init"])
def test_no_set_up_module_is_made_through_a_link_to_nothing(
    printlint: Run, project: Path, home: Path, command: str
) -> None:
    (project / "app" / "logging_setup.py").symlink_to(home / ".startup.py")
    done = printlint(command, *(["-v"] if command == "fix" else []), project)
    assert done.returncode == (1 if command == "fix" else 2)
    assert "leads to" in done.stdout + done.stderr


def test_no_set_up_module_is_made_through_a_folder_that_is_a_link(printlint: Run, project: Path, home: Path) -> None:
    configure(project, setup_module="out.events")
    (project / "out").symlink_to(home)
    done = printlint("fix", "-v", cwd=project)
    assert done.returncode == 1
    assert "leads to" in done.stdout
    done = printlint("init", cwd=project)
    assert done.returncode == 2
    assert "leads to" in done.stderr


@pytest.mark.parametrize("marked", [False, True], ids=["a folder", "a project of its own"])
def test_init_does_not_take_a_link_for_a_package_of_the_project(
    printlint: Run, tmp_path: Path, project: Path, marked: bool
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "__init__.py").write_text("")
    if marked:
        (other / "setup.cfg").write_text("")
    before = sorted(other.iterdir())
    for name in ("__init__.py", "work.py"):
        (project / "app" / name).unlink()
    (project / "linked").symlink_to(other)
    done = printlint("init", cwd=project)
    assert done.returncode == 2
    assert "leads to" in done.stderr
    assert sorted(other.iterdir()) == before


def test_init_does_not_add_to_a_set_up_module_elsewhere(printlint: Run, tmp_path: Path, project: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "__init__.py").write_text("")
    assert printlint("init", "--async-backend", "none", other).returncode == 0
    before = (other / "logging_setup.py").read_text()
    (project / "app" / "logging_setup.py").symlink_to(other / "logging_setup.py")
    done = printlint("init", "--async-backend", "structlog", cwd=project)
    assert done.returncode == 2
    assert "leads to" in done.stderr
    assert (other / "logging_setup.py").read_text() == before


def test_a_folder_that_the_user_names_is_the_users_word_though_it_is_a_link(
    printlint: Run, tmp_path: Path, project: Path
) -> None:
    (tmp_path / "linked").symlink_to(project)
    assert printlint("fix", "linked", cwd=tmp_path).returncode == 0
    assert (project / "app" / "logging_setup.py").exists()


def test_a_part_of_a_package_gets_the_packages_set_up_module(printlint: Run, project: Path) -> None:
    sub = project / "app" / "sub"
    sub.mkdir()
    (sub / "__init__.py").write_text("")
    (sub / "more.py").write_text(ASYNC)
    (project / "pyproject.toml").unlink()
    assert printlint("fix", ".", cwd=sub).returncode == 0
    assert (project / "app" / "logging_setup.py").exists()


# files that are rewritten


def test_links_are_followed_only_where_the_user_names_them(printlint: Run, project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.py").write_text(PRINT)
    (project / "file.py").symlink_to(other / "x.py")
    (project / "folder").symlink_to(other)
    printlint("fix", cwd=project)
    printlint("fix", project)
    printlint("fix", ".", "app", cwd=project)
    assert (other / "x.py").read_text() == PRINT
    assert printlint("fix", "file.py", cwd=project).returncode == 0
    assert "logger" in (other / "x.py").read_text()
    assert (project / "file.py").is_symlink()


def test_init_wires_no_file_through_a_link(printlint: Run, project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "__main__.py").write_text(MAIN)
    (project / "app" / "__main__.py").symlink_to(other / "__main__.py")
    (project / "app" / "sub").symlink_to(other)
    assert printlint("init", cwd=project).returncode == 0
    assert (other / "__main__.py").read_text() == MAIN


# baselines


@pytest.mark.parametrize(
    "place", ["../home/made.json", "../made.json", "{home}/made.json", "out/made.json", "nowhere.json"]
)
def test_no_baseline_is_written_where_the_repository_wants_it_outside(
    printlint: Run, project: Path, home: Path, tmp_path: Path, place: str
) -> None:
    (project / "app" / "work.py").write_text(PRINT)
    (project / "out").symlink_to(home)
    (project / "nowhere.json").symlink_to(home / "made.json")
    configure(project, baseline=place.format(home=home))
    before = sorted(tmp_path.parent.iterdir())
    for cwd, path in ((project, "."), (tmp_path, project)):
        done = printlint("check", "--write-baseline", path, cwd=cwd)
        assert done.returncode == 2
        assert "cannot write the baseline" in done.stderr
        assert "--baseline" in done.stderr
    assert sorted(tmp_path.parent.iterdir()) == before


def test_the_usual_baseline_is_not_written_through_a_link(printlint: Run, project: Path, home: Path) -> None:
    (project / "app" / "work.py").write_text(PRINT)
    (project / "printlint-baseline.json").symlink_to(home / "made.json")
    for more in ([], ["--baseline", "printlint-baseline.json"]):
        done = printlint("check", "--write-baseline", *more, cwd=project)
        assert done.returncode == 2
        assert "leads to" in done.stderr


def test_a_baseline_may_be_where_the_user_names_it_and_below_its_configuration(
    printlint: Run, project: Path, tmp_path: Path
) -> None:
    (project / "app" / "work.py").write_text(PRINT)
    assert printlint("check", "--write-baseline", "--baseline", "../b.json", cwd=project).returncode == 0
    assert (tmp_path / "b.json").exists()
    (project / "ci").mkdir()
    (project / "linked").symlink_to("ci")
    configure(project, baseline="linked/b.json")
    assert printlint("check", "--write-baseline", cwd=project / "app").returncode == 0
    assert (project / "ci" / "b.json").exists()


# output files


@pytest.mark.parametrize("command", ["check", "fix"])
def test_an_output_file_is_not_led_elsewhere_by_the_repository(
    printlint: Run, project: Path, home: Path, tmp_path: Path, command: str
) -> None:
    (project / "report.json").symlink_to(home / "own.py")
    (project / "new.json").symlink_to(home / "new")
    (project / "out").symlink_to(home)
    os.mkfifo(project / "pipe.json")
    for name in ("report.json", "new.json", "out/new.json", "pipe.json"):
        for cwd, path in ((project, Path()), (tmp_path, project)):
            done = printlint(command, "--output-file", path / name, "--output-format", "json", path, cwd=cwd)
            assert done.returncode == 2, name
            assert "--output-file: " in done.stderr
    assert (project / "app" / "work.py").read_text() == ASYNC


def test_an_output_file_may_be_where_the_user_names_it(printlint: Run, project: Path, tmp_path: Path) -> None:
    (project / "reports").mkdir()
    (project / "linked").symlink_to("reports")
    for name in ("../report.txt", tmp_path / "absolute.txt", "linked/report.txt", "/dev/null"):
        assert printlint("check", "--output-file", name, "--select", "PRT1", cwd=project).returncode == 0, name
    assert (tmp_path / "report.txt").exists()
    assert (project / "reports" / "report.txt").exists()


@pytest.mark.parametrize("command", ["check", "fix"])
def test_an_output_file_in_a_folder_that_is_not_there_is_said_before_anything_is_done(
    printlint: Run, project: Path, command: str
) -> None:
    done = printlint(command, "--output-file", "none/report.json", cwd=project)
    assert done.returncode == 2
    assert done.stderr == "Error: --output-file none/report.json: the folder none does not exist\n"
    assert (project / "app" / "work.py").read_text() == ASYNC


def test_an_output_file_that_cannot_be_written_is_said(printlint: Run, project: Path) -> None:
    done = printlint("check", "--output-file", "/dev/full", cwd=project)
    assert done.returncode == 2
    assert done.stderr == "Error: --output-file /dev/full: not written (No space left on device)\n"
