"""Folders that code puts on `sys.path`: what is known of an expression is what Python makes of it, or nothing."""

from __future__ import annotations

import ast
import os
import pathlib
from pathlib import Path

import pytest

from printlint.facts.reach.path_values import PathValues
from printlint.facts.reach.reading import read_tree

FILE = "/srv/app/jobs/nightly.py"
NAMES = {
    "__file__": FILE,
    "os": os,
    "Path": Path,
    "pathlib": pathlib,
    "dirname": os.path.dirname,
    "join": os.path.join,
    "abspath": os.path.abspath,
    "realpath": os.path.realpath,
    "path": os.path,
}

KNOWN = [
    "os.path.dirname(__file__)",
    "os.path.dirname(os.path.abspath(__file__))",
    "os.path.dirname(os.path.dirname(os.path.realpath(__file__)))",
    "dirname(dirname(abspath(__file__)))",
    "os.path.join(os.path.dirname(__file__), '..')",
    "os.path.join(os.path.dirname(__file__), os.pardir, 'lib')",
    "os.path.join(os.path.dirname(__file__), '..', '..', 'lib')",
    "os.path.normpath(os.path.join(os.path.dirname(__file__), '../lib'))",
    "os.path.abspath(os.path.dirname(__file__) + '/../lib')",
    "os.path.dirname(__file__) + '/lib'",
    "join(dirname(__file__), path.pardir)",
    "Path(__file__).parent",
    "Path(__file__).parent.parent",
    "Path(__file__).resolve().parent",
    "Path(__file__).absolute().parent.parent.parent",
    "str(Path(__file__).parent)",
    "os.fspath(Path(__file__).parent)",
    "Path(__file__).parent.as_posix()",
    "pathlib.Path(__file__).parents[0]",
    "Path(__file__).parents[1]",
    "str(pathlib.Path(__file__).resolve().parents[2])",
    "Path(__file__).parent / 'lib'",
    "Path(__file__).parent / '..' / 'lib'",
    "Path(__file__).parent.joinpath('lib', 'deep')",
    "Path(os.path.dirname(__file__)).parent",
    "Path(__file__, '..')",
    "pathlib.PurePath(__file__).parent",
    "'/opt/lib'",
    "'/opt/../opt/lib'",
    "os.path.join('/opt', '/usr', 'lib')",
    "Path('/')",
    "os.path.dirname('/')",
]


@pytest.mark.skipif(os.name != "posix", reason="the paths are POSIX's")
@pytest.mark.parametrize("text", KNOWN)
def test_what_is_known_is_what_python_says(text: str) -> None:
    wanted = os.path.normpath(str(eval(text, NAMES)))
    assert PathValues(FILE).folder(ast.parse(text, mode="eval").body) == wanted


UNKNOWN = [
    "'lib'",  # depends on where the process stands
    "'.'",
    "''",
    "'../lib'",
    "os.getcwd()",
    "os.environ['LIB']",
    "os.path.join(base, 'lib')",
    "os.path.join(os.path.dirname(__file__), name)",
    "os.path.dirname(__file__) + name",
    "os.path.dirname('lib/x.py')",
    "Path('lib').parent",
    "Path().parent",
    "Path(__file__).parents[n]",
    "Path(__file__).parents[-1]",
    "Path(__file__).parents[1:]",
    "Path(__file__).parents[99]",
    "Path(__file__).parent / name",
    "Path(__file__).with_name('lib')",
    "Path(__file__).stem",
    "Path.home()",
    "f'{os.path.dirname(__file__)}/lib'",
    "os.path.join()",
    "os.path.join(*parts)",
    "sys.argv[0]",
    "b'/opt/lib'",
    "3",
    "None",
    "find(__file__)",
    "os.path.dirname()",
    "base",
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_nothing_is_guessed(text: str) -> None:
    assert PathValues(FILE).folder(ast.parse(text, mode="eval").body) is None


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("HERE = os.path.dirname(__file__)", "/srv/app/jobs"),
        ("HERE: str = os.path.dirname(__file__)", "/srv/app/jobs"),
        ("ROOT = Path(__file__).parent.parent\nHERE = ROOT / 'lib'", "/srv/app/lib"),
        ("HERE = '/opt'\nHERE = '/usr'", "/usr"),
        ("HERE = '/opt'\nHERE = found()", None),  # the first value is gone
        ("HERE = '/opt'\nHERE = HERE + '/lib'", None),
        ("HERE = OTHER = '/opt'", None),
        ("HERE, OTHER = '/opt', '/usr'", None),
        ("HERE: str", None),
        ("OTHER = '/opt'", None),
        ("x.HERE = '/opt'", None),
        ("HERE = '/opt'\nHERE += '/lib'", None),
        ("HERE = '/opt'\nHERE, OTHER = found()", None),
        ("HERE = '/opt'\nfor HERE in found(): pass", None),
        ("HERE = '/opt'\nwith found() as HERE: pass", None),
        ("HERE = '/opt'\nprint(HERE := found())", None),
        ("HERE = '/opt'\nHERE.x = found()", "/opt"),
        ("HERE = '/opt'\nOTHER += HERE", "/opt"),
    ],
)
def test_names_have_the_value_that_was_assigned_last(code: str, wanted: str | None) -> None:
    values = PathValues(FILE)
    for statement in ast.parse(code).body:
        values.learn(statement)
    assert values.folder(ast.parse("HERE", mode="eval").body) == wanted


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("sys.path.insert(0, HERE)", ["/opt"]),
        ("sys.path.append(HERE)", ["/opt"]),
        ("sys.path.extend([HERE, '/usr'])", ["/opt", "/usr"]),
        ("sys.path += [HERE]", ["/opt"]),
        ("sys.path = [HERE] + sys.path", ["/opt"]),
        ("sys.path[:0] = [HERE]", ["/opt"]),
        ("sys.path[0:0] = [HERE, '/usr']", ["/opt", "/usr"]),
        ("site.addsitedir(HERE)", ["/opt"]),
        ("if HERE not in sys.path:\n    sys.path.append(HERE)", ["/opt"]),
        ("with found():\n    sys.path.append(HERE)", ["/opt"]),
        ("try:\n    sys.path.append(HERE)\nfinally:\n    pass", ["/opt"]),
        ("sys.path.append(name)", [None]),
        # A change that may not happen proves nothing.
        ("if found():\n    sys.path.append(HERE)", []),
        ("def late():\n    sys.path.append(HERE)", []),
        ("for x in y:\n    sys.path.append(HERE)", []),
        ("try:\n    sys.path.append(HERE)\nexcept OSError:\n    pass", []),
        ("if __name__ == '__main__':\n    sys.path.append(HERE)", []),
        ("sys.path.remove(HERE)", []),
        ("path.append(HERE)", []),
        ("os.path.append(HERE)", []),
        ("found(sys.path)", []),
        # Another value in one branch is one that is not known.
        ("if x:\n    HERE = '/usr'\nsys.path.append(HERE)", [None]),
        ("try:\n    HERE = found()\nexcept OSError:\n    pass\nsys.path.append(HERE)", [None]),
        ("if x:\n    OTHER = '/usr'\nsys.path.append(HERE)", ["/opt"]),
    ],
)
def test_changes_of_the_search_path(code: str, wanted: list[str | None]) -> None:
    text = f"import os, sys, site\nHERE = '/opt'\n{code}\n"
    reading = read_tree(ast.parse(text), FILE, text)
    assert [change.folder for change in reading.path_changes] == wanted
    assert all(
        text.splitlines()[change.line - 1].strip().startswith(("sys", "site")) for change in reading.path_changes
    )
