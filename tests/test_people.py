"""How a print and what people made of it are read and paired, for tests/compare_with_people.py."""

from __future__ import annotations

import pytest
from compare_with_people import calls_of, counterpart, kept_at


@pytest.mark.parametrize(
    "code",
    [
        "print('got', n, 'of', total)",
        "print(f'got {n} of {total}')",
        "print('got %s of %d' % (n, total))",
        "print('got {} of {}'.format(n, total))",
        "print('got ' + str(n) + ' of ' + str(total))",
        "log.info('got %s of %s', n, total)",
        "logger.warning('got {} of {}', n, total)",
        "logging.error('got %5.2f of %r', n, total, exc_info=True)",
        "logger.log(5, 'got %s of %s', n, total)",
    ],
)
def test_one_message_reads_the_same_however_it_is_written(code: str) -> None:
    (call,) = calls_of(code)
    assert call.text == "got \0 of \0"
    assert call.values == ("n", "total")
    assert call.traceback is ("exc_info" in code)


def test_words_are_the_same_where_signs_differ() -> None:
    one, other = calls_of("print('** Got:', n, '**')\nlog.info('got %s', n)\n")
    assert one.words == other.words


def test_the_counterpart_is_the_most_similar_call_in_the_lines_that_came_for_a_print() -> None:
    old = "import x\nprint('first', a)\nprint('second', b)\nlast()\n"
    new = "import x\nlog.info('first %s', a)\nlog.debug('more')\nlog.error('second %s', b)\nlast()\n"
    first, second = calls_of(old)
    found = [counterpart(old.splitlines(), new.splitlines(), call, calls_of(new)) for call in (first, second)]
    assert [call.method for call in found if call is not None] == ["info", "error"]
    assert [kept_at(old.splitlines(), new.splitlines(), line) for line in (1, 2, 3, 4)] == [1, 0, 0, 5]
    removed = new.replace("log.info('first %s', a)\nlog.debug('more')\n", "").replace("log.error", "print")
    assert counterpart(old.splitlines(), removed.splitlines(), first, calls_of(removed)) is None
