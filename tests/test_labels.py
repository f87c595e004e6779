"""Labels that two readers gave: the table holds together, and their agreement is computed as it is defined."""

from __future__ import annotations

from collections import Counter

from finding_sample import PAGE, table
from verdict_figures import agreement, kappa
from verdict_labels import rows

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
LABELS = {("interface", "-"), ("unsure", "-"), *(("diagnostic", level) for level in LEVELS)}


def test_no_print_is_labelled_twice_and_no_repository_gives_more_than_five() -> None:
    table = rows("two_readers.tsv")
    places = {(row["repo"], row["commit"], row["path"], row["line"]) for row in table}
    assert len(places) == len(table)
    assert max(Counter(row["repo"] for row in table).values()) <= 5


def test_no_repository_is_in_another_table_of_labels() -> None:
    others = {row["repo"] for name in ("applications.tsv", "migrations.tsv") for row in rows(name)}
    assert others.isdisjoint(row["repo"] for row in rows("two_readers.tsv"))


def test_what_is_settled_is_what_one_of_the_readers_said() -> None:
    for row in rows("two_readers.tsv"):
        first, second = ((row[f"{reader}_kind"], row[f"{reader}_level"]) for reader in ("first", "second"))
        assert {first, second} <= LABELS, row
        assert (row["kind"], row["level"]) in (first, second), row


def test_kappa_is_cohens() -> None:
    pairs = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    assert round(kappa(pairs), 9) == 0.4
    assert kappa([("a", "a"), ("b", "b")]) == 1


def test_levels_are_compared_where_both_say_diagnostic() -> None:
    answers = [
        ("diagnostic", "error", "diagnostic", "exception"),
        ("diagnostic", "debug", "diagnostic", "info"),
        ("diagnostic", "debug", "diagnostic", "warning"),
        ("diagnostic", "info", "interface", "-"),
        ("interface", "-", "interface", "-"),
    ]
    names = ("first_kind", "first_level", "second_kind", "second_level")
    *_, line = agreement([dict(zip(names, answer, strict=True)) for answer in answers])
    assert line == "| 5 | 4 of 5 (0.80) | 0.55 | 1 of 3 (0.33) | 2 of 3 (0.67) |"


def test_the_table_of_false_alarms_counts_the_rows() -> None:
    assert table() in PAGE.read_text(encoding="utf-8")
