"""`--since` in a repository that nobody vouches for: git reads objects, and runs and fetches nothing."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run, clean_environment

from printlint.history import revision
from printlint.history.git import GitError, answer, output
from printlint.history.revision import RevisionError, checked_out

pytestmark = pytest.mark.system

OLD = 'def work(item):\n    print("working on", item)\n'
NEW = OLD + '    print("done with", item)\n'
ADDED = "work.py:3:5"


def git(folder: Path, *arguments: str, given: bytes = b"") -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, input=given)
    return done.stdout.decode().strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one commit, and one print more in the work tree."""
    root = tmp_path / "repository"
    root.mkdir()
    (root / "pyproject.toml").touch()
    (root / "work.py").write_text(OLD)
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    (root / "work.py").write_text(NEW)
    return root


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """A file that `trap` makes where it runs."""
    return tmp_path / "ran"


@pytest.fixture
def trap(tmp_path: Path, marker: Path) -> str:
    """A command for git's configuration."""
    script = tmp_path / "trap"
    script.write_text(f'#!/bin/sh\necho "$0 $@" >> {shlex.quote(str(marker))}\ncat\n')
    script.chmod(0o755)
    return str(script)


def added(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.returncode in (0, 1), done.stderr
    return [line.partition(": ")[0] for line in done.stdout.splitlines()]


def attributes(root: Path, text: str) -> None:
    """Attributes of all files, in the commit, in the work tree and in the repository's own folder."""
    (root / ".git/info").mkdir(exist_ok=True)
    (root / ".git/info/attributes").write_text(text)
    (root / ".gitattributes").write_text(text)
    git(root, "add", ".gitattributes")
    git(root, "-c", "core.fsmonitor=false", "commit", "-qm", "attributes")


CONFIGURED = {
    "file system monitor": ["core.fsmonitor"],
    "smudge filter": ["filter.x.smudge", "filter.x.clean"],
    "filter process": ["filter.x.process"],
    "text conversion": ["diff.x.textconv", "diff.x.command", "diff.external"],
    "pager": ["core.pager", "pager.ls-tree", "pager.cat-file", "pager.rev-parse"],
    "editor and prompts": ["core.editor", "core.askPass", "credential.helper", "gpg.program", "core.sshCommand"],
    "merge driver": ["merge.x.driver", "merge.tool", "mergetool.x.cmd"],
}


@pytest.mark.parametrize("command", ["check", "fix"])
@pytest.mark.parametrize("keys", CONFIGURED)
def test_what_a_repository_configures_does_not_run(
    child: Run, repository: Path, marker: Path, trap: str, keys: str, command: str
) -> None:
    attributes(repository, "*.py filter=x diff=x merge=x\n")
    for key in CONFIGURED[keys]:
        git(repository, "config", key, trap)
    for name in ("cat-file", "ls-tree", "merge-base", "rev-parse"):
        git(repository, "config", f"alias.{name}", f"!{trap}")
    done = child(command, *(["--diff"] if command == "fix" else []), "--since", "HEAD", cwd=repository)
    assert not marker.exists(), marker.read_text()
    assert done.returncode == 1, done.stderr
    if command == "check":
        assert added(done) == [ADDED]


def test_hooks_do_not_run(child: Run, repository: Path, marker: Path, trap: str) -> None:
    hooks = repository / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "post-checkout", "fsmonitor-watchman", "reference-transaction", "pre-auto-gc"):
        (hooks / name).write_bytes(Path(trap).read_bytes())
        (hooks / name).chmod(0o755)
    assert added(child("check", "--since", "HEAD", cwd=repository)) == [ADDED]
    assert not marker.exists()


@pytest.mark.parametrize("url", ["ext::{trap}", "ssh://host/x", "file:///nowhere"])
def test_a_missing_object_is_not_fetched(child: Run, repository: Path, marker: Path, trap: str, url: str) -> None:
    blob = git(repository, "rev-parse", "HEAD:work.py")
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": url.format(trap=trap),
        "remote.origin.uploadpack": trap,
        "core.sshCommand": trap,
        "protocol.ext.allow": "always",
        "protocol.file.allow": "always",
        "protocol.ssh.allow": "always",
    }.items():
        git(repository, "config", key, value)
    done = child("check", "--since", "HEAD", cwd=repository)
    assert not marker.exists(), marker.read_text()
    assert done.returncode == 2
    assert "lacks files of the revision" in done.stderr


def test_replaced_objects_are_not_looked_at(child: Run, repository: Path) -> None:
    other = git(repository, "hash-object", "-w", "--stdin", given=NEW.encode())
    git(repository, "replace", git(repository, "rev-parse", "HEAD:work.py"), other)
    assert added(child("check", "--since", "HEAD", cwd=repository)) == [ADDED]


def test_a_program_named_git_in_the_tree_does_not_run(repository: Path, marker: Path, trap: str) -> None:
    (repository / "git").write_bytes(Path(trap).read_bytes())
    (repository / "git").chmod(0o755)
    command = [sys.executable, "-m", "printlint", "check", "--since", "HEAD"]
    for first in ("", ".", str(repository)):
        path = os.pathsep.join([first, os.environ["PATH"]])
        done = subprocess.run(
            command, cwd=repository, env=clean_environment(PATH=path), capture_output=True, text=True, check=False
        )
        assert not marker.exists()
        assert added(done) == [ADDED]


@pytest.mark.parametrize(
    "variables",
    [
        {"GIT_DIR": "{other}/.git", "GIT_WORK_TREE": "{other}"},
        {"GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/nowhere", "GIT_PREFIX": "x/"},  # as in a hook
        {"GIT_OBJECT_DIRECTORY": "{other}/.git/objects"},
        {"GIT_TRACE": "{other}/trace", "GIT_TRACE2_EVENT": "{other}/trace"},
        {"GIT_EXTERNAL_DIFF": "{trap}", "GIT_PAGER": "{trap}", "GIT_SSH_COMMAND": "{trap}", "GIT_NAMESPACE": "x"},
    ],
)
def test_variables_do_not_lead_git_elsewhere(
    repository: Path, tmp_path: Path, marker: Path, trap: str, variables: dict[str, str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    environment = {name: value.format(other=other, trap=trap) for name, value in variables.items()}
    done = subprocess.run(
        [sys.executable, "-m", "printlint", "check", "--since", "HEAD"],
        cwd=repository,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert added(done) == [ADDED]
    assert not marker.exists()
    assert {path.name for path in other.iterdir()} == {".git"}


def test_a_committed_bare_repository_is_none(child: Run, repository: Path, marker: Path, trap: str) -> None:
    """A folder with a HEAD, refs and objects is a repository to git, with a configuration that anybody may commit."""
    bare = repository / "data"
    git(repository, "clone", "-q", "--bare", ".", str(bare))
    (bare / "config").write_text(f"[core]\nbare = false\nworktree = {repository}\nfsmonitor = {trap}\n")
    done = child("check", "--since", "HEAD", "..", cwd=bare)
    assert not marker.exists()
    assert done.returncode == 2


def test_a_plain_check_calls_no_git(repository: Path, marker: Path, trap: str, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "git").symlink_to(trap)
    environment = clean_environment(PATH=f"{folder}{os.pathsep}{os.environ['PATH']}")
    for arguments in (["check"], ["check", "-j2"], ["fix", "--diff"], ["init", "--diff"], ["check", "--since", "HEAD"]):
        assert not marker.exists()
        command = [sys.executable, "-m", "printlint", *arguments]
        subprocess.run(command, cwd=repository, env=environment, capture_output=True, check=False)
    assert marker.exists()  # the last one does


# What a commit can name


def tree_of(root: Path, *entries: tuple[str, str, str]) -> str:
    """A tree object with any names, which git's own commands would refuse: mode, id, name."""
    data = b"".join(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(id_) for mode, id_, name in entries)
    return git(root, "hash-object", "-t", "tree", "-w", "--stdin", "--literally", given=data)


def commit_of(root: Path, tree: str) -> str:
    return git(root, "commit-tree", tree, "-m", "odd", "-p", "HEAD")


def files_of(root: Path, commit: str) -> dict[str, str]:
    git(root, "update-ref", "refs/heads/main", commit)
    with checked_out("main", root) as copy:
        everything = [path for path in copy.parent.rglob("*") if not path.is_dir()]
        assert all(path.is_relative_to(copy) and not path.is_symlink() for path in everything)
        return {path.relative_to(copy).as_posix(): path.read_text() for path in everything}


def test_names_that_lead_out_of_the_copy_are_left_out(repository: Path) -> None:
    blob = git(repository, "rev-parse", "HEAD:work.py")
    inner = tree_of(repository, ("100644", blob, "config.py"))
    odd = tree_of(repository, ("40000", inner, ".."), ("40000", inner, ".GIT"), ("40000", inner, ".git"))
    absolute = [("100644", blob, name) for name in ("../out.py", "/tmp/out.py", "..", ".", "x/../../../out.py")]
    tree = tree_of(repository, ("40000", odd, "odd"), *absolute, ("100644", blob, "work.py"))
    assert files_of(repository, commit_of(repository, tree)) == {"work.py": OLD}
    assert not (repository.parent / "out.py").exists()


def test_links_and_submodules_are_left_out(repository: Path, tmp_path: Path) -> None:
    blob = git(repository, "rev-parse", "HEAD:work.py")
    link = git(repository, "hash-object", "-w", "--stdin", given=str(tmp_path).encode())
    commit = git(repository, "rev-parse", "HEAD")
    tree = tree_of(
        repository,
        ("120000", link, "link.py"),
        ("120000", link, "out"),
        ("160000", commit, "sub.py"),
        ("100755", blob, "work.py"),
    )
    assert files_of(repository, commit_of(repository, tree)) == {"work.py": OLD}


def test_trees_that_hold_one_another_many_times_are_refused(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision, "_MOST_LISTED_BYTES", 3_000_000)
    tree = tree_of(repository, ("100644", git(repository, "rev-parse", "HEAD:work.py"), "work.py"))
    for _ in range(12):
        tree = tree_of(repository, *(("40000", tree, f"d{number}") for number in range(10)))
    with pytest.raises(RevisionError, match="too many files"):
        files_of(repository, commit_of(repository, tree))


def test_more_bytes_than_a_disk_takes_are_refused(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision, "_MOST_COPIED_BYTES", 10)
    with pytest.raises(RevisionError, match="too large to copy"):
        files_of(repository, git(repository, "rev-parse", "HEAD"))


def test_a_name_that_is_a_file_and_a_folder_is_told(repository: Path) -> None:
    blob = git(repository, "rev-parse", "HEAD:work.py")
    inner = tree_of(repository, ("100644", blob, "work.py"))
    tree = tree_of(repository, ("100644", blob, "a.py"), ("40000", inner, "a.py"))
    with pytest.raises(RevisionError, match="cannot be copied"):
        files_of(repository, commit_of(repository, tree))


def test_names_of_any_bytes_and_line_ends_are_kept(repository: Path) -> None:
    names = ["a b.py", "tab\there.py", "line\nend.py", "umlaut-ä.py", "only/folders/above.py"]
    for name in names:
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_bytes(b"x = 1\r\n")
    os.chdir(repository)
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "names")
    assert set(names) < set(files_of(repository, git(repository, "rev-parse", "HEAD")))


# What stays the same for ordinary repositories


@pytest.mark.parametrize("attribute", ["* text eol=crlf", "* text=auto", "* -text", "*.py ident", ""])
def test_line_ends_make_no_finding_new(child: Run, repository: Path, attribute: str) -> None:
    (repository / "work.py").write_bytes(OLD.encode())
    attributes(repository, f"{attribute}\n")
    (repository / "work.py").write_bytes(NEW.replace("\n", "\r\n" if "crlf" in attribute else "\n").encode())
    assert added(child("check", "--since", "HEAD", cwd=repository)) == [ADDED]


def test_a_linked_work_tree_is_a_repository(child: Run, repository: Path, tmp_path: Path) -> None:
    other = tmp_path / "linked"
    git(repository, "worktree", "add", "-q", str(other))
    (other / "work.py").write_text(NEW)
    assert added(child("check", "--since", "main", cwd=other)) == [ADDED]


# Calling git


def test_where_there_is_no_git_that_is_told(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(GitError, match="not installed"):
        answer(repository, "rev-parse", "HEAD")


def test_a_git_that_does_not_end_is_ended(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fifo = tmp_path / "config"
    os.mkfifo(fifo)
    git(repository, "config", "include.path", str(fifo))
    monkeypatch.setattr("printlint.history.git._LIMIT_S", 0.3)
    with pytest.raises(GitError, match="took too long"):
        answer(repository, "rev-parse", "HEAD")


def test_what_is_not_read_of_the_output_keeps_nobody_waiting(repository: Path) -> None:
    with output(repository, "cat-file", "--batch", requests=b"HEAD\n" * 100_000) as stream:
        assert stream.readline()
