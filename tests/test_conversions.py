"""Values whose text is made by code of the project: a print of one stays where logging would run it otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import isolated, write_files

from printlint.config import Config
from printlint.rewrite.files import fix_files
from printlint.rewrite.fixer import fix
from printlint.source import Source

RAISES = '    def __str__(self):\n        if not self.paid:\n            raise ValueError\n        return "order"\n'
ORDER = f"from dataclasses import dataclass\nfrom pathlib import Path\nclass Order:\n{RAISES}"


def is_rewritten(text: str) -> bool:
    result = fix(Source("app.py", text), Config(levels={"": "info"}))
    assert result.failure is None
    return "print(" not in result.source.text


@pytest.mark.parametrize(
    ("parameters", "before", "value", "rewritten"),
    [
        ("x", "", "x", False),
        ("x: Order", "", "x", False),
        ("x: 'Order'", "", "x", False),
        ("x", "y = Order(x)", "y", False),
        ("x", "y: Order = x", "y", False),
        ("x", "", "[1, x]", False),
        ("x", "", "{1: x}", False),
        ("x", "", "{x: 1}", False),
        ("x: list", "", "x", False),  # of orders, perhaps
        ("x", "y: Path\n    y = x", "y", False),
        ("x", "y = Path(x) if x else x", "y", False),
        ("x", "y = path(x)", "y", False),
        ("x", "y = ORDER(x)", "y", False),  # a function may be in capitals
        ("x", "@dataclass\n    class Paid:\n        order: Order\n    y = Paid(x)", "y", False),
        ("x", "class Paid:\n        def __repr__(self): return repr(x)\n    y = Paid()", "y", False),
        ("x", "class Paid(Order): ...\n    y = Paid()", "y", False),
        ("x: int", "", "x", True),
        ("x: Path", "", "x", True),
        ("x", "y = Path(x)", "y", True),
        ("x", "class Paid: ...\n    y = Paid()", "y", True),
        ("x", "", "len(x)", True),
        ("x", "", "[1, 'a']", True),
        ("x", "", "{1: 'a'}", True),
        ("x", "", "'a'", True),
        ("x", "", "'%d' % x", True),
    ],
)
def test_a_value_that_may_be_of_a_class_that_raises_stays(
    parameters: str, before: str, value: str, rewritten: bool
) -> None:
    program = f"{ORDER}def work({parameters}):\n    {before or 'pass'}\n    print('got', {value})\n"
    assert is_rewritten(program) is rewritten


PLAIN = "class Order:\n    def {}\n"


@pytest.mark.parametrize(
    ("method", "call", "rewritten"),
    [
        ("__str__(self): return self.name", "print('got', x)", True),
        ("__str__(self): return f'{self.name}: {self.size}'", "print('got', x)", True),
        ("name(self): raise ValueError", "print('got', x)", True),  # nobody asks for it
        ("__str__(self): print('made'); return 'x'", "print('got', x)", False),
        ("__str__(self): logging.info('made'); return 'x'", "print('got', x)", False),
        ("__repr__(self): print('made'); return 'x'", "print('got', x)", False),
        ("__str__(self): print('made'); return 'x'", "print(x)", True),  # which comes first in any case
        ("__getattribute__(self, name): return self.load()[name]", "print(x)", False),
        ("__getattribute__(self, name): return self.load()[name]", "print('got', x, x)", True),  # none is alone
        ("__str__(self): self.n += 1; return str(self.n)", "print(x, f'{x}', x)", False),
        ("__str__(self): return str(self.lines.pop())", "print(x, f'of {x}')", False),
        ("__str__(self): return next(self.numbers)", "print(x, f'of {x}')", False),
        ("__str__(self): self.n += 1; return str(self.n)", "print(f'{x}', x)", True),  # in the order of the values
        ("__str__(self): self.n += 1; return str(self.n)", "print(x, x, x.n)", True),
        ("__str__(self): lines = []; lines.append(self.n); return str(lines)", "print(x, f'of {x}')", True),
    ],
)
def test_what_a_conversion_does_decides(method: str, call: str, rewritten: bool) -> None:
    assert is_rewritten(f"import logging\n{PLAIN.format(method)}def work(x):\n    {call}\n") is rewritten


HELPERS = "    def text(self):\n        {}\n        return 'x'\n"


@pytest.mark.parametrize(
    ("text", "helper", "rewritten"),
    [
        ("self.text()", HELPERS.format("print('made')"), False),
        ("text(self)", "def text(order):\n    print('made')\n    return 'x'\n", False),
        ("self.text", "    @property\n" + HELPERS.format("print('made')"), False),
        ("self.text()", HELPERS.format("self.made = True"), True),
        ("text(self)", "def text(order):\n    return 'x'\ndef other():\n    print('made')\n", True),
    ],
)
def test_a_class_of_a_file_that_only_the_program_imports_counts(
    text: str, helper: str, rewritten: bool, tmp_path: Path
) -> None:
    models = f"class Order:\n    def __str__(self):\n        return {text}\n{helper}"
    main = "import app\nimport models\nimport logging\nlogging.basicConfig(level=10)\napp.work(models.Order())\n"
    files = {"app.py": "def work(x):\n    print('got', x)\n", "models.py": models, "main.py": main}
    write_files(tmp_path, files)
    (found,) = fix_files([tmp_path / "app.py"], isolated(), unsafe=False, allow_setup=False).files
    assert (found.change is not None) is rewritten


HUGE = "def work(x):\n    try:\n        save(x)\n        print('got', {})\n    except ValueError:\n        pass\n"


@pytest.mark.parametrize(
    ("value", "rewritten"),
    [
        ("2 ** x", False),
        ("1 << x", False),
        ("1 + (2 ** x) * 3", False),
        ("2 ** 8", True),
        ("2 ** -8", True),
        ("len('a' * 2 ** x)", True),
        ("'a'", True),
        ("x + 1", True),
    ],
)
def test_a_number_of_more_digits_than_python_writes_stays(value: str, rewritten: bool) -> None:
    """`str()` of it raises a ValueError, which is caught where it is printed and not where it is logged."""
    assert is_rewritten(HUGE.format(value)) is rewritten
