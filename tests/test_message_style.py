"""`message-style`: what messages become, and what is left as it stands."""

from __future__ import annotations

import pytest

from printlint.config import Config
from printlint.rewrite.fixer import fix
from printlint.source import Source


def rewritten(text: str, style: str, *, unsafe: bool = False) -> str:
    result = fix(
        Source("app.py", f"def f(x, name: str, n: int):\n    {text}\n"),
        Config(detect_interface=False, levels={"": "info"}, message_style=style),
        unsafe=unsafe,
    )
    assert result.failure is None
    return result.source.text.rpartition("    ")[2].rstrip("\n")


@pytest.mark.parametrize(
    ("text", "lazy"),
    [
        ('print(f"got {name}")', 'logger.info("got %s", name)'),
        ('print(f"{name!r} {n}")', 'logger.info("%r %s", name, n)'),
        ('print(f"{n:>5}")', 'logger.info("%s", format(n, ">5"))'),
        ('print(f"{n:>{n}}")', 'logger.info("%s", format(n, f">{n}"))'),
        ('print(f"{name!r:>9}")', 'logger.info("%s", format(repr(name), ">9"))'),
        ('print(f"{n=}")', 'logger.info("n=%r", n)'),
        ('print(f"{ n = :>3}")', 'logger.info(" n = %s", format(n, ">3"))'),
        ('print(f"100% of {{n}} {n}")', 'logger.info("100%% of {n} %s", n)'),
        ('print(f"a{n}" "b%" \'c\')', 'logger.info("a%s" "b%%" \'c\', n)'),
        ('print(rf"\\d {n}")', 'logger.info(r"\\d %s", n)'),
        ('print(f"{len(x)} {str(x)}")', 'logger.info("%s %s", len(x), str(x))'),
        ('print(f"{x is None}")', 'logger.info("%s", x is None)'),
        ('print(f"{(n, n)}")', 'logger.info("%s", (n, n))'),
        ('print(f"{n if n else name}")', 'logger.info("%s", n if n else name)'),
        ('print(f"\\N{EM DASH} {n}")', 'logger.info("\\N{EM DASH} %s", n)'),
        ('import logging; logging.info(f"at {n}")', 'logger.info("at %s", n)'),
        ('print("a", x)', 'logger.info("a %s", x)'),
    ],
)
def test_lazy(text: str, lazy: str) -> None:
    assert rewritten(text, "lazy").endswith(lazy)


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ('print(f"a {x}", x)', 'logger.info(f"a {x} {x!s}")'),
        ('print(f"a {x}", n, name)', 'logger.info(f"a {x} {n} {name}")'),
        ('print("a", f"{x!r}", sep="")', 'logger.info(f"a{x!r}")'),
        ('print(f"{{{x}}}", "{}", "100%")', 'logger.info(f"{{{x}}} {{}} 100%")'),
        ("print(f'a {x}', name, \"it's\")", "logger.info(f'a {x} {name} it\\'s')"),
        ("print(f'{x[1]}', x['k'])", "logger.info(f'{x[1]} ' f\"{x['k']!s}\")"),
        ('print(f"{x=}", {n: n}, lambda: n)', 'logger.info(f"{x=} {({n: n})} {(lambda: n)!s}")'),
        ('print(rf"\\d{x}", f"a" "b", n)', 'logger.info(f"\\\\d{x} ab {n}")'),
        ('print(rf"\\d{x}\\{n}", name)', 'logger.info("%s %s", rf"\\d{x}\\{n}", name)'),
        ('print(f"a {x}", "it\'s", x["k"], sep=", ")', 'logger.info(f"a {x}, it\'s, " f\'{x["k"]!s}\')'),
        ('print(f"{x}", x["k"], x["m"], name)', 'logger.info(f"{x} " f\'{x["k"]!s} {x["m"]!s} {name}\')'),
        ('print(f"{x}", len(x), x.pop())', 'logger.info(f"{x} {len(x)} {x.pop()!s}")'),
        # `x` would be made text before it is changed
        ('print(f"a", x, x.pop())', 'logger.info("a %s %s", x, x.pop())'),
    ],
)
def test_an_f_string_among_arguments_takes_the_others_in(text: str, call: str) -> None:
    assert rewritten(text, "keep") == call


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ('print(f"a {n}", x, name)', 'logger.info("a %s %s %s", n, x, name)'),
        ('print("100%", f"{name!r:}", n, sep=":")', 'logger.info(f"100%:{name!r:}:{n}")'),
        ('print(f"a {x}", n)', 'logger.info(f"a {x} {n}")'),  # format() of `x` may not be its str()
    ],
)
def test_an_f_string_among_arguments_becomes_lazy(text: str, call: str) -> None:
    assert rewritten(text, "lazy") == call


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ('print("lost: %s", x)', 'logger.info("lost: %s", x)'),
        ('print("%s is %r", name, x)', 'logger.info("%s is %r", name, x)'),
    ],
)
@pytest.mark.parametrize("style", ["keep", "lazy", "structured"])
def test_a_print_that_was_written_as_a_logging_call_becomes_one(text: str, call: str, style: str) -> None:
    assert rewritten(text, style) == text
    assert rewritten(text, style, unsafe=True) == call


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ('print("%d of %s", n, x)', 'logger.info("%%d of %%s %s %s", n, x)'),
        ('print("100% %s", n)', 'logger.info("100%% %%s %s", n)'),
        ('print("%s", *x)', 'logger.info(" ".join(map(str, ("%s", *x))))'),
        ('print("%s", n, name)', 'logger.info("%%s %s %s", n, name)'),
        ('print("%s", n, sep="")', 'logger.info("%%s%s", n)'),
    ],
)
def test_places_without_a_value_each_are_text(text: str, call: str) -> None:
    assert rewritten(text, "keep", unsafe=True) == call


@pytest.mark.parametrize(
    "text",
    [
        'print(f"got {x}")',  # a tensor's format() is not its str()
        'print(f"{x.y} of {n}")',
        'print(f"{x > n}")',
        'print(f"{x!r} {n} {str(x.pop())}")',  # x changes before it would be formatted
        'print(f"plain")',
        'print("100%")',
        'print("%s" % name)',
    ],
)
def test_what_may_read_otherwise_stays(text: str) -> None:
    assert rewritten(text, "lazy") == rewritten(text, "keep") == text.replace("print", "logger.info")


def test_unsafe_fixes_take_the_lazy_form() -> None:
    assert rewritten('print(f"got {x}")', "lazy", unsafe=True) == 'logger.info("got %s", x)'


@pytest.mark.parametrize(
    ("text", "structured"),
    [
        ('print(f"paid {x} by {name}")', 'logger.info(f"paid {x} by {name}", extra={"x": x, "name_": name})'),
        ('print(f"paid {n}")', 'logger.info("paid %s", n, extra={"n": n})'),
        ('print("paid", x, "by", name)', 'logger.info("paid %s by %s", x, name, extra={"x": x, "name_": name})'),
        ('print(f"{x.y} {x[0]} {len(x)}")', 'logger.info(f"{x.y} {x[0]} {len(x)}")'),
        ("print('paid', n, n)", "logger.info('paid %s %s', n, n, extra={'n': n})"),
        ("print('paid')", "logger.info('paid')"),
    ],
)
def test_structured(text: str, structured: str) -> None:
    assert rewritten(text, "structured") == structured


def test_a_field_never_clashes_with_an_attribute_of_records() -> None:
    names = "args, msg, message, asctime, module, taskName"
    source = f"def f({names}):\n    print({names})\n"
    text = fix(Source("app.py", source), Config(levels={"": "info"}, message_style="structured")).source.text
    for name in names.split(", "):
        assert f'"{name}_": {name}' in text


def test_structlog_gets_the_fields_as_keywords() -> None:
    source = "async def f(event, n):\n    print('got', event, n)\n"
    config = Config(levels={"": "info"}, message_style="structured", async_backend="structlog")
    text = fix(Source("app.py", source), config).source.text
    assert "await logger.ainfo('got %s %s', event, n, event_=event, n=n)" in text


def test_keys_of_fields_are_no_parameters_of_structlogs_and_differ() -> None:
    config = Config(levels={"": "info"}, message_style="structured", async_backend="structlog")
    names = ("method_name", "positional_args", "event", "event_", "name", "user")
    text = "import structlog\n\nlog = structlog.get_logger()\n\n\n"
    text += f"def f({', '.join(names)}):\n    print(" + ", ".join(names) + ")\n"
    result = fix(Source("app.py", text), config)
    keys = "method_name_=method_name, positional_args_=positional_args, event__=event, event_=event_, name_=name"
    assert f"{', '.join(names)}, {keys}, user=user)" in result.source.text


@pytest.mark.parametrize(
    ("names", "keys"), [("name, name_", '"name__": name, "name_": name_'), ("a, args", '"a": a, "args_": args')]
)
def test_keys_of_fields_are_no_attributes_of_records_and_differ(names: str, keys: str) -> None:
    result = fix(Source("app.py", f"def f({names}):\n    print({names})\n"), Config(message_style="structured"))
    assert f"extra={{{keys}}}" in result.source.text


def test_a_conversion_that_the_program_sees_is_left_where_it_is() -> None:
    class_ = 'class Row:\n    def __repr__(self):\n        raise ValueError("closed")\n\n\n'
    text = class_ + 'def f(row: Row):\n    print(f"got {[row]}")\n'
    result = fix(Source("app.py", text), Config(message_style="lazy"))
    assert 'f"got {[row]}"' in result.source.text
    assert result.fixed


def test_no_field_is_a_value_whose_text_is_made_by_code_that_acts() -> None:
    counted = "class Counted:\n    def __str__(self):\n        self.n += 1\n        return 'counted'\n\n\n"
    text = f"{counted}def f(x, n: int):\n    print(f'{{x}} {{n}}')\n"
    config = Config(detect_interface=False, levels={"": "info"}, message_style="structured")
    written = fix(Source("app.py", text), config).source.text
    assert "logger.info(f'{x} {n}', extra={'n': n})" in written
