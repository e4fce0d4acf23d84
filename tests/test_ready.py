"""`offbook ready` beside a real collection with real histories: its numbers are Anki's, and nothing is written."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ankiconnect import AnkiConnectServer
from conftest import Workspace
from rehearsing import AGAIN, DAY, EASY, answer, next_card, opened, options, rehearse, turn_back

from offbook.anki import rehearsal_open
from offbook.anki.connect import AnkiConnect
from offbook.anki.rehearsal import Clock
from offbook.anki.rehearsal_closed import look, look_into
from offbook.interview import days_until, spoken

DECK = "Interviews::Acme"
OPEN = "## What is your notice period?\n"
CARDS = 14
NOTES = "".join(f"## What is the answer to question {number}?\nNumber {number} of many.\n\n" for number in range(CARDS))
WAYS = ["closed", "open"]


class Candidate:
    """Somebody with notes and a profile of Anki."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace(folder)
        self.file = folder / "Anki2" / "User 1" / "collection.anki2"

    def begin(self, *, fsrs: bool = True, new: int = 5) -> None:
        self.workspace.notes.mkdir()
        self.workspace.write("Acme/a.md", NOTES)
        self.file.parent.mkdir(parents=True)
        with opened(self.file) as collection:
            collection.set_config("fsrs", fsrs)
        self.bring()
        with opened(self.file) as collection:
            options(collection, DECK, new=new)

    def bring(self) -> str:
        return self.workspace.run("import", "--collection", str(self.file)).output

    def ready(self, *args: str, way: str = "closed", status: int = 0) -> str:
        """Run `offbook ready`, and see to it that nothing is written."""
        before = self.digest()
        if way == "closed":
            said = self.workspace.run("ready", *args, "--collection", str(self.file), status=status).output
            assert self.digest() == before
            assert sorted(path.name for path in self.file.parent.glob("*.anki2*")) == ["collection.anki2"]
            return said
        with opened(self.file) as collection, AnkiConnectServer(collection).running() as server:
            server.only_reads = True
            return self.workspace.run("ready", *args, "--url", server.url, status=status).output

    def data(self, *args: str, way: str = "closed") -> dict[str, Any]:
        (line,) = self.ready("--json", *args, way=way).splitlines()
        found: dict[str, Any] = json.loads(line)
        return found

    def digest(self) -> str:
        return hashlib.sha256(self.file.read_bytes()).hexdigest()

    def today(self) -> datetime.date:
        return Clock(time.time()).today


@pytest.fixture(scope="module", params=["FSRS on", "FSRS off"])
def old_hand(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    """A candidate with a hundred days of reviews."""
    candidate = Candidate(tmp_path_factory.mktemp("old-hand"))
    candidate.begin(fsrs=request.param == "FSRS on", new=1)
    rehearse(candidate.file, DECK, 100)
    return candidate


@pytest.fixture
def candidate(tmp_path: Path) -> Candidate:
    """A candidate who has just brought in the cards."""
    candidate = Candidate(tmp_path)
    candidate.begin()
    return candidate


def copy_of(candidate: Candidate, folder: Path) -> Candidate:
    shutil.copytree(candidate.workspace.root, folder / "copy")
    return Candidate(folder / "copy")


# -- the numbers are Anki's ------------------------------------------------------------------------


def anki_says(file: Path, *, fsrs: bool) -> dict[str, float]:
    """Return the recall of each card today, by guid, as Anki tells it in its card info."""
    if not fsrs:
        switch_fsrs_on(file)
    with opened(file) as collection:
        cards = [collection.get_card(id) for id in collection.find_cards("-is:new")]
        return {card.note().guid: collection.card_stats_data(card.id).fsrs_retrievability for card in cards}


def switch_fsrs_on(file: Path) -> None:
    """Do what the deck options do: Anki then works out the memory states from its review log."""
    from anki.deck_config_pb2 import UpdateDeckConfigsRequest

    with opened(file) as collection:
        deck = collection.decks.id_for_name(DECK)
        assert deck is not None
        now = collection.decks.get_deck_configs_for_update(deck)
        collection.decks.update_deck_configs(
            UpdateDeckConfigsRequest(
                target_deck_id=deck, configs=[each.config for each in now.all_config], fsrs=True, fsrs_reschedule=False
            )
        )


@pytest.mark.parametrize("way", WAYS)
def test_todays_recall_is_the_one_that_anki_tells(old_hand: Candidate, way: str, tmp_path: Path) -> None:
    fsrs = look_into(old_hand.file).fsrs
    ours = {card["guid"]: card["recall"] for card in old_hand.data(way=way)["weakest"]}
    anki = anki_says(copy_of(old_hand, tmp_path).file, fsrs=fsrs)
    assert len(ours) == CARDS
    assert ours == pytest.approx(anki, abs=0.02)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_expected_today_is_the_sum_of_anki_s_recalls(old_hand: Candidate, way: str, tmp_path: Path) -> None:
    fsrs = look_into(old_hand.file).fsrs
    data = old_hand.data(way=way)
    anki = anki_says(copy_of(old_hand, tmp_path).file, fsrs=fsrs)
    assert data["expected"] == pytest.approx(sum(anki.values()), abs=0.02 * CARDS)
    assert (data["cards"], data["seen"], data["unseen"]) == (CARDS, CARDS, 0)


def test_an_open_and_a_closed_anki_say_the_same(old_hand: Candidate) -> None:
    on = (old_hand.today() + datetime.timedelta(days=20)).isoformat()
    closed, served = (old_hand.data("--on", on, way=way) for way in WAYS)
    for name in ("expected", "expected_kept_up"):
        assert closed.pop(name) == pytest.approx(served.pop(name), abs=0.02 * CARDS)
    weakest = [data.pop("weakest") for data in (closed, served)]
    assert closed == served
    rows = [{row["guid"]: (row["due"], row["lapses"], row["line"]) for row in rows} for rows in weakest]
    assert rows[0] == rows[1]


def test_recall_on_a_later_day_is_what_anki_will_say_then(old_hand: Candidate, tmp_path: Path) -> None:
    fsrs = look_into(old_hand.file).fsrs
    on = old_hand.today() + datetime.timedelta(days=30)
    ours = {card["guid"]: card["recall"] for card in old_hand.data("--on", on.isoformat())["weakest"]}
    later = copy_of(old_hand, tmp_path)
    with opened(later.file) as collection:
        turn_back(collection, 30 * DAY)
    assert ours == pytest.approx(anki_says(later.file, fsrs=fsrs), abs=0.02)


def test_parameters_and_retention_of_the_preset_count(old_hand: Candidate, tmp_path: Path) -> None:
    """With other parameters Anki works out other memory states, and the review log replayed with them says the same."""
    changed = copy_of(old_hand, tmp_path)
    own = [0.4, 1.1, 3.1, 9.0, 7.0, 0.6, 2.0, 0.01, 1.5, 0.1, 1.0, 1.9, 0.1, 0.3, 2.2, 0.3, 2.9, 0.5, 0.1, 0.1, 0.3]
    with opened(changed.file) as collection:
        options(collection, DECK, fsrsParams6=own)
        collection.set_config("fsrs", False)
    served = {card["guid"]: card["recall"] for card in changed.data(way="open")["weakest"]}
    switch_fsrs_on(changed.file)
    assert served == pytest.approx(anki_says(changed.file, fsrs=False), abs=0.02)


# -- the clock -------------------------------------------------------------------------------------


@pytest.mark.parametrize("rollover", [0, 4, 23])
def test_the_day_is_anki_s(candidate: Candidate, rollover: int) -> None:
    with opened(candidate.file) as collection:
        collection.set_config("rollover", rollover)
    with opened(candidate.file) as collection:
        clock = look(collection, "User 1").clock
        assert clock.rollover == rollover
        assert clock.day_end == collection.sched.day_cutoff


def test_the_day_of_an_open_anki_is_found_out(candidate: Candidate) -> None:
    """AnkiConnect does not tell the hour at which days end; what was answered today does: here before midnight."""
    now = datetime.datetime.now()
    rollover = (now.hour + 1) % 24
    before_midnight = now.hour * 3600 + now.minute * 60 + now.second + 1800
    with opened(candidate.file) as collection:
        collection.set_config("rollover", rollover)
    with opened(candidate.file) as collection:
        collection.decks.select(collection.decks.id_for_name(DECK))  # type: ignore[arg-type]
        card = next_card(collection)
        assert card is not None
        answer(collection, card, EASY)
        turn_back(collection, before_midnight if rollover else DAY // 2)
    closed = look_into(candidate.file)
    with opened(candidate.file) as collection, AnkiConnectServer(collection).running() as server:
        served = rehearsal_open.look(AnkiConnect(server.url))
    assert served.clock.today == closed.clock.today
    for one, other in zip(closed.cards.values(), served.cards.values(), strict=True):
        assert [card.due for card in one if card.seen] == [card.due for card in other if card.seen]


ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def at(text: str) -> float:
    return datetime.datetime.fromisoformat(text).timestamp()


def test_before_the_rollover_hour_it_is_still_the_day_before(zone: str) -> None:
    assert Clock(at("2026-12-03T03:59:59")).today == datetime.date(2026, 12, 2)
    assert Clock(at("2026-12-03T04:00:00")).today == datetime.date(2026, 12, 3)
    assert Clock(at("2026-12-03T00:00:00"), 0).today == datetime.date(2026, 12, 3)
    assert Clock(at("2026-12-03T22:59:00"), 23).today == datetime.date(2026, 12, 2)


@pytest.mark.parametrize("turn", ["2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-05"])
def test_days_are_right_where_summer_time_begins_and_ends(zone: str, turn: str) -> None:
    turned = datetime.date.fromisoformat(turn)
    for before in range(3):
        day = turned - datetime.timedelta(days=before)
        for hour in ("04:00:00", "12:00:00", "23:59:59"):
            clock = Clock(at(f"{day}T{hour}"))
            assert clock.today == day
            assert clock.day(clock.now) == 0
            assert clock.day_end == at(f"{day + datetime.timedelta(days=1)}T04:00:00")
            for ahead in range(1, 5):
                noon = datetime.datetime.fromtimestamp(clock.moment(ahead))
                assert (noon.date(), noon.hour) == (day + datetime.timedelta(days=ahead), 12)


# -- what counts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_cards_that_were_never_seen_count_nothing(candidate: Candidate, way: str) -> None:
    candidate.workspace.write("Acme/open.md", OPEN)
    rehearse(candidate.file, DECK, 1)
    data = candidate.data("--on", (candidate.today() + datetime.timedelta(days=3)).isoformat(), way=way)
    assert (data["seen"], data["unseen"], data["open"], data["days"]) == (5, CARDS - 5, 1, 3)
    assert 0 < data["expected"] < 5
    assert data["new_per_day"] == 3
    assert CARDS - 1.5 < data["expected_kept_up"] <= CARDS


@pytest.mark.parametrize("way", WAYS)
def test_suspended_and_retired_cards_are_told_apart(candidate: Candidate, way: str) -> None:
    with opened(candidate.file) as collection:
        collection.sched.suspend_cards(collection.find_cards("", order="c.due")[:2])
    gone = NOTES.split("\n\n")
    candidate.workspace.write("Acme/a.md", "\n\n".join(gone[:8] + gone[9:]))
    candidate.bring()
    data = candidate.data(way=way)
    assert (data["cards"], data["suspended"], data["retired"]) == (CARDS - 3, 2, 1)
    assert "not counted      2 suspended, 1 retired" in candidate.ready(way=way)


@pytest.mark.parametrize("way", WAYS)
def test_cards_that_were_deleted_in_anki_count_no_more_once_an_import_has_said_so(
    candidate: Candidate, way: str
) -> None:
    with opened(candidate.file) as collection:
        collection.remove_notes([collection.get_card(collection.find_cards("")[0]).nid])
    assert candidate.data(way=way)["not_in_anki"] == 1
    candidate.bring()
    data = candidate.data(way=way)
    assert (data["cards"], data["deleted"], data["not_in_anki"]) == (CARDS - 1, 1, 0)
    told = candidate.ready(way=way)
    assert "not counted      1 deleted in Anki" in told
    assert "what it lacks" not in told


@pytest.mark.parametrize("way", WAYS)
def test_cards_in_a_filtered_deck_count_as_those_of_their_own(candidate: Candidate, way: str, tmp_path: Path) -> None:
    rehearse(candidate.file, DECK, 6)
    on = (candidate.today() + datetime.timedelta(days=9)).isoformat()
    before = candidate.data("--on", on, way=way)
    with opened(candidate.file) as collection:
        filtered = collection.sched.get_or_create_filtered_deck(deck_id=0)  # type: ignore[arg-type]
        filtered.name = "Interviews::Cram"
        filtered.config.search_terms[0].search = '"deck:Interviews::Acme"'
        filtered.config.search_terms[0].limit = 3
        collection.sched.add_or_update_filtered_deck(filtered)
        assert len(collection.find_cards('"deck:Interviews::Cram"')) == 3
    after = candidate.data("--on", on, way=way)
    assert after["expected"] == pytest.approx(before["expected"], abs=0.02)
    assert after["expected_kept_up"] == pytest.approx(before["expected_kept_up"], abs=0.3)
    assert [row["due"] for row in after["weakest"]] == [row["due"] for row in before["weakest"]]
    assert "Interviews::Cram" not in candidate.ready("--on", on, way=way)


@pytest.mark.parametrize("way", WAYS)
def test_buried_cards_come_back_tomorrow(candidate: Candidate, way: str) -> None:
    rehearse(candidate.file, DECK, 4)
    with opened(candidate.file) as collection:
        collection.sched.deck_due_tree()  # Anki shows its decks, and takes out what was buried on days before
        due = collection.find_cards("is:due")
        assert due
        collection.sched.bury_cards(due)
        guids = {collection.get_card(id).note().guid for id in due}
    tomorrow = (candidate.today() + datetime.timedelta(days=1)).isoformat()
    rows = {row["guid"]: row["due"] for row in candidate.data(way=way)["weakest"]}
    assert {rows[guid] for guid in guids} == {tomorrow}


@pytest.mark.parametrize("way", WAYS)
def test_cards_in_learning_are_seen_and_due_today(candidate: Candidate, way: str) -> None:
    with opened(candidate.file) as collection:
        collection.decks.select(collection.decks.id_for_name(DECK))  # type: ignore[arg-type]
        card = next_card(collection)
        assert card is not None
        answer(collection, card, AGAIN)
    data = candidate.data(way=way)
    assert (data["seen"], data["unseen"]) == (1, CARDS - 1)
    assert data["weakest"][0]["due"] == candidate.today().isoformat()
    assert 0.9 < data["expected"] <= 1


@pytest.mark.parametrize("way", WAYS)
def test_a_card_that_was_forgotten_by_hand_is_new_again(candidate: Candidate, way: str) -> None:
    rehearse(candidate.file, DECK, 2)
    with opened(candidate.file) as collection:
        collection.sched.schedule_cards_as_new(collection.find_cards("-is:new")[:1])
    data = candidate.data(way=way)
    assert (data["seen"], data["unseen"]) == (9, CARDS - 9)


@pytest.mark.parametrize("way", WAYS)
def test_each_gap_is_a_card_and_what_is_not_in_anki_yet_is_said(candidate: Candidate, way: str) -> None:
    candidate.workspace.write("Acme/gaps.md", "A ship has a {{c1::port}} and a {{c2::starboard}} side.\n")
    data = candidate.data(way=way)
    assert (data["cards"], data["not_in_anki"]) == (CARDS + 1, 1)
    last = spoken(candidate.today() + datetime.timedelta(days=2))
    told = f"not yet seen      15         1 not in Anki yet; at 5 new a day the other {CARDS} are seen by {last}"
    assert told in candidate.ready(way=way)
    candidate.bring()
    data = candidate.data(way=way)
    assert (data["cards"], data["unseen"], data["not_in_anki"]) == (CARDS + 2, CARDS + 2, 0)


# -- dates -----------------------------------------------------------------------------------------


def test_the_next_of_several_interviews_counts(candidate: Candidate) -> None:
    today = candidate.today()
    for name, ahead in (("past", -4), ("next", 6), ("later", 20)):
        day = today + datetime.timedelta(days=ahead)
        candidate.workspace.write(f"Acme/{name}.md", f"---\ninterview: {day}\n---\n{name} question? :: yes\n")
    data = candidate.data()
    assert (data["interview"], data["days"]) == ((today + datetime.timedelta(days=6)).isoformat(), 6)


def test_what_is_behind_the_names_is_a_column(candidate: Candidate) -> None:
    candidate.workspace.write("Groß & Klein GmbH, Co. KG/a.md", "## Why us?\nBecause.\n")
    candidate.bring()
    lines = [line for line in candidate.ready().splitlines() if "  no interview is ahead" in line]
    assert [line.partition("  ")[0] for line in lines] == ["Acme", "Groß & Klein GmbH, Co. KG"]
    assert len({line.index("no interview is ahead") for line in lines}) == 1
    assert all("  no interview is ahead" in line for line in lines)


def test_without_a_date_it_is_said_of_today_and_how_to_set_one(candidate: Candidate) -> None:
    said = candidate.ready()
    assert "no interview is ahead" in said
    assert "write `interview: 2026-12-03` in a front matter, or use --on" in said
    assert "if you keep up" not in said
    data = candidate.data()
    assert (data["interview"], data["days"]) == (None, None)


def test_pages_of_notion_have_a_property_for_the_day(candidate: Candidate) -> None:
    candidate.workspace.write("Acme/Why us 0123456789abcdef0123456789abcdef.md", "# Why us?\n\nBecause.\n")
    assert "in a front matter, or a property `Interview` in Notion, or use --on" in candidate.ready()


def test_a_day_that_is_none_is_said_with_its_line(candidate: Candidate) -> None:
    candidate.workspace.write("Acme/b.md", "---\ninterview: soon\n---\nWhat is said? :: This.\n")
    said = candidate.ready()
    assert "Acme/b.md:2: " in said
    assert "`interview` must be a day such as 2026-12-03" in said


def test_a_fault_in_the_notes_is_status_1(candidate: Candidate) -> None:
    candidate.workspace.write("Acme/b.md", b"What is broken? :: \x81")
    said = candidate.ready(status=1)
    assert "Acme/b.md:1: " in said
    candidate.workspace.write("Acme/a.md", b"\x81")
    assert "retired" not in candidate.ready(status=1)
    assert "known today" in said


def test_new_cards_that_come_too_late_are_said_and_what_to_set(candidate: Candidate) -> None:
    said = candidate.ready("--on", (candidate.today() + datetime.timedelta(days=2)).isoformat())
    assert "at 5 new a day all are seen by" in said
    assert "set new cards a day to at least 7 (now 5: the last card would come on" in said


def test_a_deck_without_new_cards_is_said(candidate: Candidate) -> None:
    with opened(candidate.file) as collection:
        options(collection, DECK, new=0)
    said = candidate.ready("--on", (candidate.today() + datetime.timedelta(days=2)).isoformat())
    assert "shows no new cards" in said
    assert "set new cards a day to at least 7 (now 0: none would come)" in said


def test_the_evening_search_finds_cards_in_anki(candidate: Candidate) -> None:
    rehearse(candidate.file, DECK, 8)
    said = candidate.ready("--on", (candidate.today() + datetime.timedelta(days=2)).isoformat())
    search = said.partition("Create Filtered Deck with:  ")[2].splitlines()[0]
    assert search == '"deck:Interviews::Acme" prop:r<0.9'
    with opened(candidate.file) as collection:
        weak = [
            id for id in collection.find_cards("-is:new") if collection.card_stats_data(id).fsrs_retrievability < 0.9
        ]
        assert sorted(collection.find_cards(search)) == sorted(weak)


# -- what goes wrong -------------------------------------------------------------------------------


def fails(candidate: Candidate, *args: str, status: int = 3) -> str:
    return candidate.workspace.run("ready", *args, status=status).output


def test_a_collection_that_is_open_in_anki_is_left_alone(candidate: Candidate) -> None:
    import subprocess
    import sys

    file = str(candidate.file)
    script = f"from anki.collection import Collection; c = Collection({file!r}); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as anki:
        assert anki.stdout is not None
        anki.stdout.readline()
        said = fails(candidate, "--collection", str(candidate.file))
        anki.communicate("\n")
    assert "is open in Anki; close Anki" in said
    assert "seen" in candidate.ready()


def test_an_anki_with_none_of_the_cards_names_its_profile(candidate: Candidate, tmp_path: Path) -> None:
    other = tmp_path / "Anki2" / "Somebody" / "collection.anki2"
    other.parent.mkdir()
    with opened(other):
        pass
    said = fails(candidate, "--collection", str(other))
    assert "none of your cards is in the profile 'Somebody' of Anki" in said
    assert "offbook import" in said
    with opened(other) as collection, AnkiConnectServer(collection).running() as server:
        assert "'Somebody'" in fails(candidate, "--url", server.url)


def test_nothing_that_answers_says_what_to_open(candidate: Candidate, monkeypatch: pytest.MonkeyPatch) -> None:
    from offbook.anki import connect

    monkeypatch.setattr(connect, "URL", "http://127.0.0.1:9")
    said = fails(candidate)
    assert "Open it" in said
    assert "2055492159" in said


def test_an_anki_without_fsrs_is_too_old(candidate: Candidate, monkeypatch: pytest.MonkeyPatch) -> None:
    def old(server: AnkiConnectServer, deck: str) -> dict[str, Any]:
        return {"name": "Default", "new": {"perDay": 20}, "dyn": False}

    monkeypatch.setattr(AnkiConnectServer, "do_getDeckConfig", old)
    assert "too old for FSRS" in candidate.ready(way="open", status=3)


@pytest.mark.parametrize(
    ("args", "part"),
    [
        (("--on", "tomorrow"), "'tomorrow' is not a day such as 2026-12-03"),
        (("--on", "2020-01-01"), "--on takes a day that is ahead"),
        (("nobody",), "there is no company 'nobody'"),
        (("--profile", "A", "--url", "http://x"), "give one of them"),
    ],
)
def test_wrong_usage(candidate: Candidate, args: tuple[str, ...], part: str) -> None:
    collection = () if "--profile" in args else ("--collection", str(candidate.file))
    assert part in fails(candidate, *args, *collection, status=2)


def test_a_damaged_collection_is_named(candidate: Candidate) -> None:
    candidate.file.write_bytes(b"no database" * 999)
    said = fails(candidate, "--collection", str(candidate.file))
    assert str(candidate.file) in said
    assert "damaged" in said


# -- what export and import say --------------------------------------------------------------------


def set_interview(candidate: Candidate, ahead: int) -> datetime.date:
    day = candidate.today() + datetime.timedelta(days=ahead)
    candidate.workspace.write("Acme/a.md", f"---\ninterview: {day}\n---\n{NOTES}")
    return day


def test_an_import_says_when_cards_will_not_be_seen_in_time(candidate: Candidate) -> None:
    late = "and 4 cards will not be seen in time; see offbook ready acme"
    day = set_interview(candidate, 2)
    assert f"Acme: the interview is {days_until(day)}, {late}" in candidate.bring()
    with opened(candidate.file) as collection, AnkiConnectServer(collection).running() as server:
        assert late in candidate.workspace.run("import", "--url", server.url).output
    said = candidate.workspace.run("import", "--collection", str(candidate.file), "--quiet").output
    assert "in time" not in said
    for ahead in (3, 30, -2):
        set_interview(candidate, ahead)
        assert "in time" not in candidate.bring()


def test_an_export_says_when_it_brings_too_many_new_cards(workspace: Workspace) -> None:
    today = Clock(time.time()).today
    more = "".join(f"## What is number {number}?\nIt is {number}.\n\n" for number in range(41))
    for ahead, warned in ((2, True), (3, False)):
        workspace.write("Acme/a.md", f"---\ninterview: {today + datetime.timedelta(days=ahead)}\n---\n{more}")
        said = workspace.run("export", "--dry-run").output
        assert ("will not be seen in time; see offbook ready acme" in said) == warned


def test_between_midnight_and_the_end_of_ankis_day_people_say_another_day() -> None:
    clock = Clock(datetime.datetime(2026, 11, 27, 2, 30).timestamp())
    assert (clock.today, clock.by_calendar) == (datetime.date(2026, 11, 26), datetime.date(2026, 11, 27))
