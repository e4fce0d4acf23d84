"""How evidence is weighed: the table that was learned, and what is said of it."""

from __future__ import annotations

import weigh

from offbook.cards.styles.points import Points, points


def test_points_are_of_evidence_that_exists() -> None:
    seen = next(weigh.of_golden()).seen
    assert set(points().steps) <= set(seen)
    assert set(seen) >= weigh.AGAINST


def test_points_speak_for_or_against_as_a_reader_would() -> None:
    for name, steps in points().steps.items():
        sign = -1 if name in weigh.AGAINST else 1
        assert all(more * sign > 0 for _, more in steps), name


def test_the_table_takes_what_the_cases_take() -> None:
    """It was learned from these cases and from notes of strangers; by itself it is right in nearly all of them."""
    cases = list(weigh.of_golden())
    right = sum((points().of(case.seen) >= 0) == case.asks for case in cases)
    assert right >= 0.9 * len(cases)


def test_a_value_has_the_points_of_each_limit_that_it_reaches() -> None:
    weights = Points(-10, {"siblings: answered": ((1, 6), (3, 5)), "prose": ((1, -8),)})
    assert weights.of({"siblings: answered": 0, "prose": 0}) == -10
    assert weights.of({"siblings: answered": 2, "prose": 0}) == -4
    assert weights.of({"siblings: answered": 3, "prose": 1}) == -7


def test_the_weightiest_evidence_is_told() -> None:
    weights = Points(-10, {"siblings: answered": ((1, 6),), "title of questions": ((1, 9),), "prose": ((1, -8),)})
    seen = {"siblings: answered": 1.0, "title of questions": 0.0, "prose": 1.0, "like: asking": 3, "like: topics": 1}
    assert weights.reason(seen, "bold lines") == "is one of 4 bold lines alike, 3 of which ask by themselves"
    assert weights.reason({**seen, "title of questions": 1}, "bold lines") == "is under a title that says questions"
    assert weights.objection({**seen, "like: asking": 0}, "bold lines") == "is prose"
    few = {**seen, "like: topics": 4}
    assert weights.objection(few, "bold lines") == "too few bold lines like it ask by themselves, 3 of 7"
    said = "asks nothing by itself, and most bold lines like it that ask have no answer (2 of 3)"
    assert weights.objection({**seen, "like: answered": 1}, "bold lines") == said
    assert weights.objection({**seen, "like: answered": 3}, "bold lines") == "is prose"


def test_one_text_is_not_told_to_be_one_of_one() -> None:
    weights = Points(-10, {": topics": ((1, 9),), ": cover": ((0.5, 6),)})
    seen = {": topics": 1.0, ": cover": 0.9, "like: asking": 0, "like: topics": 1, "in a folder for interviews": 1}
    assert weights.reason(seen, "headings") == "is over most of this note"
    assert weights.reason({**seen, ": cover": 0.0}, "headings") == "reads as what is asked in a note for interviews"
    assert weights.reason({**seen, "like: topics": 2}, "headings").startswith("is one of 2 headings alike")


def test_one_text_is_not_told_to_be_counted() -> None:
    weights = Points(-10, {": counted": ((0.1, 6),)})
    seen = {": counted": 1.0, "like: asking": 0, "like: topics": 3}
    assert weights.reason(seen, "lines") == "is counted, as other lines are"
    assert weights.reason({**seen, "like: topics": 1}, "lines") == "stands over text, as what is asked does"
    assert weights.reason({**seen, ": counted": 0.3}, "lines") == "stands over text, as what is asked does"


def test_a_tenth_of_a_note_is_not_told_to_be_most_of_it() -> None:
    weights = Points(-10, {": cover": ((0.1, 6),)})
    seen = {": cover": 0.1, "like: asking": 0, "like: topics": 3}
    assert weights.reason(seen, "lines") == "stands over text, as what is asked does"
    assert weights.reason({**seen, ": cover": 0.5}, "lines") == "is one of 3 lines that are most of this note"


def test_what_a_reader_says_is_learned() -> None:
    """A text that asks by itself needs no points; one that does not is learned from, with what stands around it."""
    cases = [case for case in weigh.of_golden() if case.note == "styles: A flat note of headings, a few of which ask"]
    assert [case.asks for case in cases] == [True, True, True]
    assert all(case.seen["siblings: answered"] == 2 and case.seen["siblings: topics"] == 3 for case in cases)


def test_what_is_said_of_a_text_is_true_of_its_note() -> None:
    weights = Points(-10, {"in a folder for interviews": ((1, 14),), "term of a glossary": ((1, 29),)})
    seen = {"in a folder for interviews": 1.0, "term of a glossary": 0.0, "like: asking": 0, "like: topics": 2}
    assert "for interviews" in weights.reason(seen, "headings")
    elsewhere = {**seen, "in a folder for interviews": 0.0}
    assert "interviews" not in weights.reason(elsewhere, "headings")
    assert "glossary" in weights.reason({**elsewhere, "term of a glossary": 1}, "headings")
