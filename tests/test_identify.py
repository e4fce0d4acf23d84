"""Which card is which, one behaviour after the other."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from identities import edited, entry_of, identity
from msgspec import structs

from offbook.identify import identify
from offbook.identify.identity import Identity
from offbook.likeness import (
    Weights,
    answer_likeness,
    names,
    question_key,
    question_likeness,
    sketch,
    sketched,
)
from offbook.model import Entry

STORY = (
    "Our label service called a carrier that often timed out. I added a retry, and in the morning 1,900 parcels had "
    "two labels. Since then every request has a key by which the carrier recognises a repeat."
)
OTHER_STORY = (
    "The alerts: 140 a week for five people, and everybody had stopped reading them. I asked for one hour on Fridays, "
    "and we put each alert to one of three uses: delete, fix, keep."
)
THIRD_STORY = (
    "Locker telemetry, eleven weeks over. I knew after four and said so after eight, because I hoped to catch up; the "
    "delay was forgiven, the silence was not."
)


def card(
    question: str, answer: str = STORY, note: str = "acme/prep.md", section: str = "Atlas", block: str = ""
) -> Identity:
    return identity(note, section, question, answer, (note.partition("/")[0],), block=block)


def ledger(cards: Sequence[Identity], *, retired: bool = False) -> list[Entry]:
    """Return a ledger of cards; their guids are `0`, `1` …"""
    return [entry_of(str(number), each, retired=retired) for number, each in enumerate(cards)]


def known(before: Sequence[Identity], after: Sequence[Identity], *, retired: bool = False) -> list[int | None]:
    """Return for each card afterwards the number of the one that it was before; None for a new one."""
    guids = identify(after, ledger(before, retired=retired))
    return [int(guid) if len(guid) < 4 else None for guid in guids]


ONE = card("How do you make a request safe to repeat?")

EDITS = {
    "nothing": ONE,
    "answer rewritten": edited(ONE, answer=OTHER_STORY),
    "answer extended": edited(ONE, answer=f"{STORY} An accountant can read it."),
    "answer shortened": edited(ONE, answer=STORY.partition(". I added")[0]),
    "question reworded": edited(ONE, question="How would you make requests that are safe to repeat?"),
    "question reworded, answer edited": edited(
        ONE, question="How is a request made safe to repeat?", answer=STORY[60:]
    ),
    "typing error mended": edited(ONE, question="How do you make a reqeust safe to repeat?"),
    "punctuation and case": edited(ONE, question="HOW do you make a request “safe to repeat”:", answer=STORY.upper()),
    "moved to another section": edited(ONE, section="Borealis"),
    "moved to another note": edited(ONE, note="acme/other.md", section=""),
    "moved to another company": edited(ONE, note="bolt/prep.md", companies=("bolt",)),
    "note renamed": edited(ONE, note="acme/round 2.md"),
    "heading retitled": edited(ONE, section="2. The Atlas project"),
    "moved and reworded": edited(ONE, note="acme/x.md", question="How does one make a request safe to repeat?"),
    "block id given": edited(ONE, block="repeat"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_card_is_the_same(edit: str) -> None:
    others = [card("What is TCP?", OTHER_STORY), card("What went well?", THIRD_STORY)]
    assert known([ONE, *others], [others[0], EDITS[edit], others[1]]) == [1, 0, 2]


def test_cards_that_swap_places_keep_their_guids() -> None:
    one, other = card("What is TCP?", STORY, section="A"), card("What is UDP?", OTHER_STORY, section="B")
    assert known([one, other], [edited(other, section="A"), edited(one, section="B")]) == [1, 0]


def test_look_alikes_that_swap_places_keep_their_guids() -> None:
    one, other = card("What went well?", STORY, section="A"), card("What went well?", OTHER_STORY, section="B")
    assert known([one, other], [edited(one, section="B"), edited(other, section="A")]) == [0, 1]


def test_look_alikes_of_two_projects_keep_apart_while_one_is_rewritten() -> None:
    one, other = card("What went well?", STORY, section="A"), card("What went well?", OTHER_STORY, section="B")
    assert known([one, other], [edited(one, answer=THIRD_STORY), other]) == [0, 1]
    assert known([one, other], [edited(other, answer=THIRD_STORY)]) == [1]


def test_a_look_alike_under_a_new_heading_is_new() -> None:
    one = card("What went well?", STORY, section="A")
    assert known([one], [card("What went well?", OTHER_STORY, section="C")]) == [None]


def test_the_next_of_a_series_is_new() -> None:
    tcp = card("What is TCP?", "A transport protocol.")
    assert known([tcp], [card("What is UDP?", "A transport protocol.")]) == [None]
    design = card("How would you design a rate limiter?", STORY)
    assert known([design], [card("How would you design a news feed?", f"{STORY} {THIRD_STORY[:60]}")]) == [None]


def test_a_short_answer_left_where_it_was_keeps_its_card_under_a_question_in_other_words() -> None:
    """Whatever else comes or goes: what is told there in the same words is told to be the same."""
    answer = "I have done the migration I was hired for; what comes next is maintenance."
    before = [card("Why are you leaving?", answer), card("Who pushed back?", OTHER_STORY)]
    reworded = card("What makes you leave?", answer)
    assert known(before, [reworded, before[1]]) == [0, 1]
    assert known(before, [reworded, card("Why us?", THIRD_STORY), before[1]]) == [0, None, 1]


def test_several_short_answers_left_where_they_were_keep_their_cards() -> None:
    before = [card("What is ISR?", "in-sync replicas"), card("What is Raft?", "leader election"), card("Two?", "2019")]
    after = [
        card("Which copies count?", "in-sync replicas"),
        card("How is agreement found?", "leader election"),
        card("When was it written?", "2019"),
    ]
    assert known(before, after) == [0, 1, None]


def test_a_question_with_more_words_over_the_same_answer() -> None:
    before = [card("Why us?", "open ledgers daily")]
    assert known(before, [card("Why us? Third round", "open ledgers daily")]) == [0]


def test_one_answer_to_two_questions_of_a_place_is_no_proof() -> None:
    before = [card("What is ISR?", "a log"), card("What is WAL?", "a log")]
    assert known(before, [card("Which copies count?", "a log")]) == [None]


def test_questions_that_are_counted_anew_keep_their_guids() -> None:
    """However short their answers are."""
    before = [card("1. Name the layers.", "Seven."), card("2. Explain CSMA/CD.", "Rare.")]
    first = card("1. What is a protocol?", "Rules.")
    counted_on = [edited(before[0], question="2. Name the layers."), edited(before[1], question="3. Explain CSMA/CD.")]
    assert known(before, [first, *counted_on]) == [None, 0, 1]
    assert known(counted_on, before) == [0, 1]


def test_a_number_is_not_enough_to_tell_two_questions_apart_nor_to_join_them() -> None:
    before = [card("1. Person Singular", "bin")]
    assert known(before, [card("2. Person Singular", "bist")]) == [None]


def test_equal_questions_of_two_companies_are_two_cards() -> None:
    one = card("How would you design a rate limiter?", STORY, "acme/a.md")
    assert known([one], [card(one.question, OTHER_STORY, "bolt/b.md")]) == [None]


def test_a_card_that_could_be_either_of_two_is_neither() -> None:
    before = [card("Where does the queue sit?", STORY), card("Where does the queue rest?", STORY)]
    assert known(before, [card("Where does the queue stay?", STORY, section="Elsewhere")]) == [None]


def test_merged_notes() -> None:
    one = [card("What went well?", STORY, "acme/a.md", "A"), card("What is TCP?", "Yes.", "acme/a.md", "A")]
    two = [card("What went well?", OTHER_STORY, "acme/b.md", "B"), card("What is UDP?", "Yes.", "acme/b.md", "B")]
    assert known([*one, *two], [edited(each, note="acme/c.md") for each in [*two, *one]]) == [2, 3, 0, 1]


def test_split_notes() -> None:
    before = [card("What went well?", story, section=story[:3]) for story in (STORY, OTHER_STORY, THIRD_STORY)]
    after = [edited(before[0], note="acme/x.md"), before[1], edited(before[2], note="acme/y.md")]
    assert known(before, after) == [0, 1, 2]


def test_a_rewritten_answer_in_a_renamed_note_is_followed_by_what_stood_next_to_it() -> None:
    before = [card("What went well?", STORY), card("What is TCP?", OTHER_STORY), card("Who pushed back?", "Nobody.")]
    after = [edited(each, note="acme/new name.md", section="Atlas, again") for each in before]
    assert known(before, [edited(after[0], answer=THIRD_STORY), *after[1:]]) == [0, 1, 2]


def test_a_story_is_known_by_its_text_when_note_and_title_are_renamed() -> None:
    story = card("Angry parent", STORY, note="stories/angry parent.md", section="")
    renamed = edited(story, note="stories/the dad.md", question="The dad who shouted")
    assert known([story, card("What is TCP?", OTHER_STORY)], [card("What is TCP?", OTHER_STORY), renamed]) == [1, 0]
    copied = edited(renamed, note="stories/copy.md", question="A father in the door")
    assert known([story], [renamed, copied]) == [None, None]  # it could be either


def test_a_returning_card_gets_its_guid_back() -> None:
    assert known([ONE], [ONE], retired=True) == [0]
    assert known([ONE], [edited(ONE, note="acme/x.md", section="")], retired=True) == [0]


def test_a_returning_card_may_have_another_number() -> None:
    before = [edited(ONE, question=f"3. {ONE.question}"), card("4. Why two alerts?", OTHER_STORY)]
    after = [card("1. Why two alerts?", OTHER_STORY), edited(ONE, question=f"2. {ONE.question}")]
    assert known(before, after, retired=True) == [1, 0]
    assert known(before, [edited(after[1], answer=THIRD_STORY, note="acme/x.md")], retired=True) == [0]


def test_a_card_that_resembles_a_retired_one_is_new() -> None:
    assert known([ONE], [edited(ONE, question="How do you make a payment safe to repeat?")], retired=True) == [None]
    generic = card("What went well?", STORY)
    assert known([generic], [edited(generic, answer=OTHER_STORY, section="Another")], retired=True) == [None]
    assert known([generic], [edited(generic, answer=OTHER_STORY, note="acme/x.md")], retired=True) == [None]


def test_a_question_that_was_without_an_answer_for_a_while_is_the_same_where_it_stands() -> None:
    generic = card("What went well?", STORY)
    assert known([generic], [edited(generic, answer=OTHER_STORY)], retired=True) == [0]


def test_a_block_id_is_above_all_else() -> None:
    before = [card("What is TCP?", STORY, block="tcp"), card("What is UDP?", OTHER_STORY)]
    after = [card("What is UDP?", OTHER_STORY, block="tcp"), card("Why two protocols?", THIRD_STORY)]
    assert known(before, after) == [0, None]
    elsewhere = card("Why two protocols?", THIRD_STORY, "acme/x.md", block="tcp")
    assert known(before, [before[1], elsewhere]) == [1, 0]


def test_another_company_may_use_the_same_block_id() -> None:
    before = [card("Why us?", STORY, "acme/a.md", block="why")]
    assert known(before, [card("Why this city?", OTHER_STORY, "bolt/b.md", block="why")]) == [None]


def test_cards_that_are_the_same_in_all_keep_their_guids() -> None:
    twins = [card("Did it work?", "Yes."), card("Did it work?", "Yes.")]
    assert sorted(map(str, known(twins, twins))) == ["0", "1"]


def test_an_open_question_takes_no_entry_from_an_answered_one() -> None:
    one = card("What is TCP?", STORY, section="A")
    assert known([one], [edited(one, answer=""), edited(one, section="B")]) == [None, 0]


def test_a_lost_ledger_costs_nothing_for_cards_that_were_not_reworded() -> None:
    cards = [ONE, card("What is TCP?", OTHER_STORY)]
    guids = identify(cards, [])
    assert identify([edited(each, note="acme/x.md", section="", answer="New.") for each in cards], []) == guids


def test_a_lost_ledger_exchanges_no_look_alikes() -> None:
    first, second = card("What went well?", STORY, section="A"), card("What went well?", OTHER_STORY, section="B")
    guids = identify([first, second], [])
    assert identify([second, first], []) == guids[::-1]
    alone = identify([second], [])
    assert guids[0] not in alone


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Why leave nursing?", "Why are you leaving the ward after nine years?"),
        ("Why Lumen?", "Why us, of all people?"),
        ("What is your biggest weakness?", "Where do you fall short?"),
    ],
)
def test_an_answer_that_stands_word_for_word_where_it_stood_keeps_its_card(before: str, now: str) -> None:
    """However much of the question is other words."""
    (entry,) = ledger([identity("a.md", "HR", before, STORY, ("acme",))])
    assert identify([identity("a.md", "HR", now, STORY, ("acme",))], [entry]) == [entry.guid]


def test_a_short_answer_does_not_do_so() -> None:
    """“A queue that keeps what was read.” may answer the next question as well."""
    (entry,) = ledger([identity("a.md", "HR", "What is QUIC?", "A queue that keeps what was read.", ("acme",))])
    assert identify(
        [identity("a.md", "HR", "What is ext4?", "A queue that keeps what was read.", ("acme",))], [entry]
    ) != [entry.guid]


# -- properties ----------------------------------------------------------------------------------

texts = st.sampled_from(["What is TCP?", "What is UDP?", "what is tcp", "What went well?", "Why?", "?!", "什么是TCP"])
answers = st.sampled_from(["", "Yes.", "Yes, often.", STORY, STORY[:90], OTHER_STORY, "A transport protocol."])
identities = st.builds(
    identity,
    note=st.sampled_from(["a.md", "b.md"]),
    section=st.sampled_from(["", "A", "B"]),
    question=texts | st.text(max_size=12),
    answer=answers | st.text(max_size=12),
    companies=st.sampled_from([("acme",), ("bolt",), ("acme", "bolt"), ("all",)]),
    block=st.sampled_from(["", "", "", "q1", "conflict"]),
    cloze=st.sampled_from([False, False, False, True]),
)
vaults = st.lists(identities, max_size=9)


@settings(deadline=None)
@given(before=vaults, after=vaults, gone=vaults)
def test_no_guid_is_given_twice(before: list[Identity], after: list[Identity], gone: list[Identity]) -> None:
    entries = [*ledger(before), *(structs.replace(e, guid=f"r{e.guid}") for e in ledger(gone, retired=True))]
    guids = identify(after, entries)
    assert len(guids) == len(after) == len(set(guids))


@settings(deadline=None)
@given(before=vaults)
def test_an_unchanged_vault_keeps_all_guids(before: list[Identity]) -> None:
    assert set(identify(before, ledger(before))) == {entry.guid for entry in ledger(before)}


@settings(deadline=None)
@example(
    before=[],
    after=[identity("a.md", "", "", "", (), block="q1", cloze=cloze) for cloze in (False, True)],
    random=Random(1),
)
@given(before=vaults, after=vaults, random=st.randoms(use_true_random=False))
def test_the_order_of_entries_and_cards_does_not_matter(
    before: list[Identity], after: list[Identity], random: Random
) -> None:
    after = list({_texts(card): card for card in after}.values())
    entries = ledger(before)
    guids = dict(zip(map(_texts, after), identify(after, entries), strict=True))
    random.shuffle(entries)
    random.shuffle(after)
    assert dict(zip(map(_texts, after), identify(after, entries), strict=True)) == guids


def _texts(card: Identity) -> tuple[object, ...]:
    return card.note, card.section, card.question, card.answer, card.companies, card.block, card.cloze


# -- likeness ------------------------------------------------------------------------------------


@given(st.text())
def test_a_sketch_is_short_and_does_not_depend_on_the_order(text: str) -> None:
    assert len(sketch(text)) <= 130
    assert sketch(" ".join(reversed(text.split()))) == sketch(" ".join(text.split()))


def test_what_is_no_sketch_holds_nothing() -> None:
    assert sketched("not base64!") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("What is TCP?", "what is “TCP”:"), ("Größe", "Gro\u0308ße"), ("C++ or C#", "c++, or c#!")],
)
def test_equal_questions(one: str, other: str) -> None:
    assert question_key(one) == question_key(other)


@pytest.mark.parametrize(("one", "other"), [("What does * do?", "What does & do?"), ("C", "C++"), ("?", "!")])
def test_different_questions(one: str, other: str) -> None:
    assert question_key(one) != question_key(other)


def test_rare_words_tell_more_than_common_ones() -> None:
    weights: Weights[str] = Weights([["what", "is", "tcp"], ["what", "is", "udp"]], ["what", "is"])
    reworded, _ = question_likeness("what is tcp", "what exactly is tcp", weights)
    about_something_else, exchanged = question_likeness("what is tcp", "what is udp", weights)
    assert about_something_else < 0.3 < 0.7 < reworded
    assert exchanged > 6


def test_a_misspelt_word_is_nearly_the_same_but_numbers_are_not() -> None:
    weights: Weights[str] = Weights([], [])
    assert question_likeness("kubernetes", "kubrenetes", weights)[0] > 0.6
    assert question_likeness("http2", "http3", weights)[0] == 0


def test_likeness_of_answers() -> None:
    weights: Weights[bytes] = Weights([], [])
    whole, half = sketched(sketch("alpha beta gamma delta")), sketched(sketch("alpha beta epsilon zeta"))
    assert answer_likeness(whole, whole, weights)[0] == 1
    assert answer_likeness(whole, half, weights)[0] == pytest.approx(0.5)
    assert answer_likeness(whole, (), weights) == (0, 0)


def test_names() -> None:
    assert names("What is TCP?")
    assert names("Why Kafka?")
    assert not names("What went well?")
    assert not names("WHAT WENT WELL?")


def test_two_questions_whose_answers_are_exchanged_keep_their_guids() -> None:
    tcp, udp = "A reliable ordered stream of bytes.", "Datagrams without any guarantee at all."
    before = [card("What is TCP?", tcp), card("What is UDP?", udp)]
    after = [card("What is TCP?", udp), card("What is UDP?", tcp)]
    assert known(before, after) == [0, 1]


def test_twins_of_which_one_serves_another_company_now_do_not_depend_on_their_order() -> None:
    twin = card("What is TCP?")
    other = edited(twin, companies=("bolt",))
    assert known([twin, twin], [twin, other]) == [0, 1]
    assert known([twin, twin], [other, twin]) == [1, 0]


def test_a_number_that_is_no_longer_part_of_a_question_changes_nothing() -> None:
    """Earlier releases kept it; their ledgers have it."""
    cards = [card("What is a thunk?", "A delayed call."), card("What is a promise?", "A value to come.")]
    before = [edited(each, question=f"{number}. {each.question}") for number, each in enumerate(cards, 4)]
    assert known(before, cards) == [0, 1]
    assert known(before, [edited(cards[0], answer="A call of no arguments."), cards[1]]) == [0, 1]


def test_a_word_of_the_question_is_exchanged_over_an_answer_left_where_it_was() -> None:
    """As where a page of Logseq is renamed, and all links to it with it."""
    before = [
        card("How do you test? Facilitation", "five people in one room"),
        card("What is a token? Facilitation", "a named value"),
        card("Which voice does Facilitation want?", "a calm voice"),
    ]
    after = [edited(each, question=each.question.replace("Facilitation", "Leading workshops")) for each in before]
    assert known(before, after) == [0, 1, 2]


def test_a_short_card_of_a_renamed_note_is_known() -> None:
    before = [card("Why us?", "The ledger.", note="Acme/pitch.md", section="")]
    assert known(before, [edited(before[0], note="Acme/why.md")]) == [0]
    assert known(before, [edited(before[0], note="Globex/pitch.md", companies=("globex",))]) == [0]
    assert known(before, [edited(before[0], note="Globex/other.md", companies=("globex",))]) == [None]
