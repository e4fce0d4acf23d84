"""Each gap of a card keeps its number in Anki, and so its reviews."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from conftest import Workspace

from offbook import ledger
from offbook.field_text import gapped, renumbered
from offbook.identify.gaps import numbered
from offbook.model import Gap

RAFT = "Raft has a ==leader==, ==followers== and ==terms==."


def cloze(text: str) -> str:
    """Return a field: highlights are gaps, numbered as they come."""
    count = 0

    def gap(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"{{{{c{count}::{match[1]}}}}}"

    return re.sub(r"==(.+?)==", gap, text)


def after(*texts: str) -> dict[str, int]:
    """Return the numbers of all gaps after a card had one text after the other."""
    known, past = gapped(""), tuple[Gap, ...]()
    for text in texts:
        result = numbered(gapped(cloze(text)), known, past)
        known, past = gapped(renumbered(cloze(text), result.numbers)), result.past
        assert known.gaps == result.gaps
        live = {each.number for each in known.gaps}
        assert live.isdisjoint(each.number for each in past)
    return {each.text: each.number for each in known.gaps}


def test_the_gaps_of_a_new_card_have_the_numbers_that_were_written() -> None:
    assert after(RAFT) == {"leader": 1, "followers": 2, "terms": 3}
    assert after("{{c2::A}} and {{c5::B}}") == {"A": 2, "B": 5}


@pytest.mark.parametrize(
    ("then", "numbers"),
    [
        ("Raft has a leader, ==followers== and ==terms==.", {"followers": 2, "terms": 3}),
        (
            "==Raft== has a ==leader==, ==followers== and ==terms==.",
            {"Raft": 4, "leader": 1, "followers": 2, "terms": 3},
        ),
        ("Raft has ==terms==, ==followers== and a ==leader==.", {"terms": 3, "followers": 2, "leader": 1}),
        ("Raft has a ==leader==, ==disciples== and ==terms==.", {"leader": 1, "disciples": 2, "terms": 3}),
        ("Raft has a ==chief==, ==disciples== and ==eras==.", {"chief": 1, "disciples": 2, "eras": 3}),
        ("Raft has a leader, ==disciples== and ==terms==.", {"disciples": 2, "terms": 3}),
        ("Raft has a ==leader== and ==terms==.", {"leader": 1, "terms": 3}),
        ("Raft has a ==quorum== and ==terms==.", {"quorum": 4, "terms": 3}),
        ("{{c3::leader}} {{c1::followers}} {{c2::terms}}", {"leader": 1, "followers": 2, "terms": 3}),
        ("Raft has a leader, followers and ==terms==.", {"terms": 3}),
        (
            "Raft has ==a strong leader==, ==followers== and ==terms==.",
            {"a strong leader": 4, "followers": 2, "terms": 3},
        ),
        (
            "Raft has a ==strong leader==, ==followers== and ==terms==.",
            {"strong leader": 1, "followers": 2, "terms": 3},
        ),
        ("Raft has a ==*leader*==, ==Followers== and ==terms==.", {"*leader*": 1, "Followers": 2, "terms": 3}),
    ],
)
def test_an_edit_leaves_gaps_their_numbers(then: str, numbers: dict[str, int]) -> None:
    assert after(RAFT, then) == numbers


def test_a_number_is_not_used_again_and_comes_back_with_its_gap() -> None:
    without = "Raft has a leader, ==followers== and ==terms==."
    assert after(RAFT, without, "Raft has a leader, ==followers==, ==terms== and ==logs==.")["logs"] == 4
    assert after(RAFT, without, RAFT) == {"leader": 1, "followers": 2, "terms": 3}


def test_of_gaps_that_hide_the_same_the_neighbours_tell_which_is_which() -> None:
    assert after("==x== or ==x== then ==y==", "x or ==x== then ==y==") == {"x": 2, "y": 3}
    assert after("==x== or ==x==", "==x==") == {"x": 3}


def test_gaps_that_the_writer_hides_together_stay_together() -> None:
    first = "{{c1::A}} with {{c1::B}} and {{c2::C}}"
    assert after(first, "{{c2::A}} with {{c2::B}} and {{c1::C}}") == {"A": 1, "B": 1, "C": 2}
    assert after(first, "{{c1::A}} with {{c1::B}} and {{c1::D}} or {{c2::C}}") == {"A": 1, "B": 1, "D": 1, "C": 2}
    assert after(first, "{{c1::A}} with {{c3::B}} and {{c2::C}}") == {"A": 1, "B": 3, "C": 2}


def test_the_gaps_of_a_field() -> None:
    field = (
        "The <b>{{c1::<i>big</i> one::hint}}</b> <span>{</span>{c9::no}} {{c2::a {{c3::nested}} gap}} &amp; :: "
        '{{c4::<img src="p.png">}}'
    )
    found = gapped(field)
    assert [(gap.number, gap.text) for gap in found.gaps] == [
        (1, "big one"), (2, "a nested gap"), (3, "nested"), (4, "p.png"),
    ]  # fmt: skip
    assert found.words.split()[found.gaps[2].at : found.gaps[2].end] == ["nested"]
    assert found.gaps[0] == Gap(1, "big one", 1, 3)


def test_a_text_of_which_less_or_more_is_hidden_is_the_same_card(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "A {{c1::lease}} is a {{c2::lock}} that {{c3::ends}}.\n")
    workspace.changes()
    less, other = "A {{c1::lease}} is a lock that ends.", "A lease is a {{c1::lock that ends}}."
    for text in (less, other, "A **lease** is a {{c1::lock}} that ends."):
        workspace.write("acme/a.md", f"{text}\n")
        assert list(workspace.changes().values()) == ["changed"]


@pytest.mark.parametrize(
    ("before", "now", "numbers"),
    [
        (
            "C: A [lease] is a lock that [ends by itself].",
            "C: A lease is a lock that [ends by itself] unless [renewed].",
            {"ends by itself": 2, "renewed": 3},
        ),
        (
            "C: A [lease] is a lock that [ends by itself].",
            "C: A lease, or timed lock, [ends by itself].",
            {"ends by itself": 2},
        ),
        (
            "C: A [lease] is a lock that [ends by itself].",
            "C: A [lease] is the lock that [ends alone].",
            {"lease": 1, "ends alone": 2},
        ),
        (
            "The quorum of N is {{c1::more than half}} of it.",
            "A quorum needs {{c1::more than half}} of {{c2::N}} nodes.",
            {"more than half": 1, "N": 2},
        ),
        (
            "C: The [leader] sends heartbeats.",
            "C: The [leader] of a Raft group sends heartbeats to all [followers].",
            {"leader": 1, "followers": 2},
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "others", ["", "C: A [mutex] is a lock with [an owner].\n\nC: A [latch] is a lock that [opens once].\n\n"]
)
def test_a_gap_that_did_not_change_stays_itself_in_a_sentence_that_did(
    workspace: Workspace, before: str, now: str, numbers: dict[str, int], others: str
) -> None:
    workspace.write("acme/a.md", f"{others}{before}\n")
    workspace.run("export")
    guids = {entry.guid for entry in ledger.load(workspace.decks / "ledger.jsonl")}
    workspace.write("acme/a.md", f"{others}{now}\n")
    assert Counter(workspace.changes().values())["changed"] == 1
    entries = ledger.load(workspace.decks / "ledger.jsonl")
    assert {entry.guid for entry in entries} == guids
    assert numbers in [{gap.text: gap.number for gap in entry.gaps} for entry in entries]


def test_a_sentence_in_the_place_of_another_one_is_a_new_card(workspace: Workspace) -> None:
    workspace.write("acme/a.md", "C: A [lease] is a lock that [ends by itself].\n")
    workspace.run("export")
    workspace.write("acme/a.md", "C: A [quorum] is more than half of the [nodes].\n")
    assert set(workspace.changes().values()) == {"new", "retired"}
