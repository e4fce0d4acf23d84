"""A vault of interview notes that people edit, where it is known which card is which.

A step edits the vault, identifies its cards against the ledger, and compares the guids with the truth, which is
the identity of the `Card` objects. What is edited, and how, follows what users do to notes; the words are made to
mislead: the same question under many headings, series of questions that differ in one word, answers that are short,
that share most of their text or that are the same.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from msgspec import structs

from offbook.identify import identify
from offbook.identify.identity import Identity
from offbook.model import Entry

# -- words ---------------------------------------------------------------------------------------


def _words(text: str) -> list[str]:
    return text.split()


def _phrases(text: str) -> list[str]:
    return text.split("|")


COMPANIES = ("acme", "bolt-and-sons", "cirrus", "dunmore")
TOPICS = _words(
    "TCP UDP HTTP HTTPS HTTP2 QUIC DNS TLS OAuth SAML Kafka RabbitMQ Redis Memcached Postgres MySQL SQLite Cassandra "
    "DynamoDB Kubernetes Docker Terraform Ansible gRPC REST GraphQL Rust Go Python2 Python3 Java Kotlin TypeScript "
    "IPv4 IPv6 ext4 ZFS epoll mutexes semaphores B-trees LSM-trees heaps tries Dijkstra quicksort mergesort Raft "
    "Paxos CRDTs sharding replication partitioning backpressure idempotency memoization deadlocks livelocks"
)
SYSTEMS = _phrases(
    "a rate limiter|a URL shortener|a news feed|a chat service|a payment ledger|a parking garage|a web crawler|"
    "a search box|a job scheduler|a metrics store|a file sync client|a ticket shop|a key-value store|a lock service|"
    "a video platform|an elevator|a notification service|a fraud check|a feature flag service|a photo album"
)
PROJECTS = _words(
    "Atlas Borealis Comet Dolphin Ember Falcon Glacier Harbour Iris Juniper Kestrel Lighthouse Meridian Nimbus "
    "Orchard Pelican Quartz Ridge Saffron Tundra"
)
GENERIC = _phrases(
    "What went well?|What went wrong?|What would you do differently?|What was your role?|What did you learn?|"
    "Which part was hardest?|Who pushed back?|How did the rollout go?|How large was the team?|Did it pay off?|"
    "Is it still running?|What would the others say?|How did you measure success?"
)
STORIES = _phrases(
    "Tell me about a time you failed|Describe a conflict with a colleague|Tell me about a time you disagreed with "
    "your manager|Describe a decision you regret|Tell me about a deadline you missed|What is your biggest weakness?|"
    "How do you give feedback?|Tell me about a time you led without authority|Why are you leaving your job?|"
    "How do you learn a new language?|Tell me about your proudest bug fix|Where do you see yourself in five years?"
)
SERIES: tuple[str, ...] = (
    "What is {topic}?",
    "How does {topic} work?",
    "When would you use {topic}?",
    "What are the limits of {topic}?",
    "What is the difference between {topic} and {other}?",
    "Why do people prefer {topic} to {other} in large companies?",
    "Explain {topic} to somebody who has never written a program",
    "Have you used {topic}?",
    "Do you still use {topic} at work?",
)
SHORT = _phrases(
    "Yes, often.|No, never.|Yes.|No.|It depends.|Sometimes, when I must.|Six people.|Yes, for two years.|Only at home."
)
SIMILAR = _phrases(
    "A transport protocol.|A protocol of the transport layer.|A database.|A database with one writer.|"
    "A queue.|A queue that keeps what was read.|A protocol on top of another."
)
NOUNS = _words(
    "latency throughput queue cache index partition leader follower client gateway invoice parcel schedule carrier "
    "dashboard alert runbook migration schema snapshot backup replica shard bucket token header socket buffer thread "
    "worker batch cursor window contract customer auditor budget roadmap rollout incident postmortem ticket review "
    "interview mentor newcomer designer analyst warehouse depot locker label tariff ledger balance refund currency "
    "timeout retry checksum manifest lockfile compiler linker parser lexer grammar kernel driver page segment"
)
VERBS = _words(
    "measured rewrote removed split merged delayed doubled halved documented automated replaced cached indexed "
    "partitioned retried dropped renamed reviewed shipped reverted profiled simplified copied compressed verified "
    "moved locked drained restored audited negotiated explained postponed cancelled repaired"
)
ADJECTIVES = _words(
    "slow nightly manual weekly broken quiet expensive careful second legacy shared central remote internal public "
    "brittle simple ordered lossy partial hidden daily stale early late hourly clumsy generous"
)
LINKS = ("because", "so that", "although", "until", "before", "after", "while", "and later")
BOILERPLATE = (
    "I would start with the requirements, estimate the load, and sketch the API and the data model.",
    "Then I would look for the bottleneck, and talk about replication, failure and cost.",
    "I led a team of six, owned the design, and reported to the head of engineering.",
    "The situation was difficult, the deadline was near, and nobody wanted to decide.",
    "It keeps the order of what was written, and gives up when the other side is gone.",
)
SYNONYMS = {
    "what": "which thing",
    "explain": "describe",
    "describe": "talk about",
    "tell": "inform",
    "difference": "distinction",
    "large": "big",
    "biggest": "greatest",
    "use": "employ",
    "used": "employed",
    "work": "function",
    "people": "folks",
    "prefer": "favour",
    "companies": "firms",
    "limits": "limitations",
    "would": "might",
    "design": "build",
    "time": "moment",
    "role": "part",
    "hardest": "toughest",
    "colleague": "coworker",
    "manager": "boss",
    "conflict": "quarrel",
    "decision": "choice",
    "deadline": "due date",
    "learn": "take away",
    "feedback": "criticism",
    "program": "piece of code",
    "wrong": "badly",
    "well": "nicely",
    "differently": "otherwise",
    "weakness": "flaw",
    "job": "position",
}
FILLERS = ("really", "exactly", "in practice", "today", "in your own words", "briefly", "at scale", "for a start")


@dataclass(eq=False)
class Card:
    """A card; the object itself is the truth about its identity."""

    question: str
    answer: str
    topic: bool
    """Whether its question says by itself what it is about."""
    block: str = ""
    origin: str = ""
    """The question before all rewording."""
    guid: str = ""
    was: Was | None = None
    """How it stood in the notes at the step before; None for a new one."""
    rewritten: bool = False
    """In this step: the answer, wholly."""
    reworded: bool = False
    """In this step: the question, by up to 40 % of its words."""
    edited: bool = False
    """In this step: the answer, in part."""
    back: bool = False
    """In this step: put back after it had been deleted."""
    touched: bool = False
    """In this step: in any way, moves and new headings included."""


@dataclass(frozen=True)
class Was:
    """Where a card stood and what it said."""

    note: str
    section: str
    company: str
    question: str
    answer: str
    block: str
    origin: str


@dataclass(eq=False)
class Section:
    """A heading and its cards."""

    title: str
    cards: list[Card] = field(default_factory=list)


@dataclass(eq=False)
class Note:
    """A note of one company."""

    path: str
    company: str
    sections: list[Section] = field(default_factory=list)


@dataclass
class Score:
    """What was measured; `touched` counts the cards that a step had edited, moved or given another heading."""

    steps: int = 0
    expected: int = 0
    kept: int = 0
    touched: int = 0
    touched_kept: int = 0
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    by_edit: dict[str, list[int]] = field(default_factory=dict)
    """From the names of a step's edits to how many touched cards it kept, and how many it should have."""

    @property
    def share(self) -> float:
        """The share of guids kept of those that a reader would keep."""
        return self.kept / max(self.expected, 1)

    @property
    def touched_share(self) -> float:
        """The same of the cards that a step had touched only."""
        return self.touched_kept / max(self.touched, 1)


class Simulation:
    """A vault, its ledger, and the edits; equal seeds give equal runs."""

    def __init__(self, seed: int, notes: int = 12) -> None:
        self._random = random.Random(seed)
        self._count = 0
        self._gone: list[tuple[Card, Was]] = []
        self._owner: dict[str, Card] = {}
        self._entries: dict[str, Entry] = {}
        self._used: set[tuple[str, str]] = set()
        self._said: list[str] = []
        self.score = Score()
        self.notes: list[Note] = []
        for _ in range(notes):
            self.notes.append(self._new_note())
        self._identify()
        self.score = Score()

    def run(self, steps: int) -> Score:
        """Take steps, and return what all steps so far came to."""
        for _ in range(steps):
            self._begin()
            self._edit()
            self._identify()
            self.score.steps += 1
        return self.score

    # -- making ------------------------------------------------------------------------------------

    def _new_note(self) -> Note:
        company = self._random.choice(COMPANIES)
        note = Note(self._path(company), company)
        for _ in range(self._random.randint(1, 4)):
            note.sections.append(self._new_section(note))
        return note

    def _path(self, company: str) -> str:
        self._count += 1
        return f"{company}/{self._random.choice(['Prep', 'Round', 'Questions', 'Log'])} {self._count}.md"

    def _new_section(self, note: Note) -> Section:
        section = Section(self._title(note))
        for _ in range(self._random.randint(1, 6)):
            self._add(note, section)
        return section

    def _title(self, note: Note) -> str:
        taken = {section.title for section in note.sections}
        while True:
            word = self._random.choice(PROJECTS)
            title = self._random.choice(
                [f"Projects › {word}", f"{self._random.randint(1, 9)}. {word}", f"{word}, looking back", "Basics", ""]
            )
            if title not in taken:
                return title

    def _add(self, note: Note, section: Section) -> Card | None:
        """Add a new card to a section, if one can be thought of that is no twin of another."""
        for _ in range(20):
            question, topic = self._question()
            card = Card(question, "", topic, origin=question)
            if self._fits(card.question, note, section, topic=topic, new=True):
                self._answer(card)
                section.cards.insert(self._random.randint(0, len(section.cards)), card)
                if self._random.random() < 0.05:
                    card.block = self._new_block(note)
                return card
        return None

    def _question(self) -> tuple[str, bool]:
        kind = self._random.random()
        if kind < 0.35:
            return self._random.choice(GENERIC), False
        if kind < 0.5:
            return self._random.choice(STORIES), True
        if kind < 0.65:
            return f"How would you design {self._random.choice(SYSTEMS)}?", True
        topic, other = self._random.sample(TOPICS, 2)
        return self._random.choice(SERIES).format(topic=topic, other=other), True

    def _fits(self, question: str, note: Note, section: Section, *, topic: bool, new: bool = False) -> bool:
        """Whether a reader could tell a card with this question, at this place, from all others.

        Nobody can tell two equal questions in one section apart once their answers change, nor a rewritten card
        from another one of the same question that was put in its place.
        """
        key = _key(question)
        if any(_key(card.question) == key for card in section.cards):
            return False
        for guid, entry in self._entries.items():
            before = _key(entry.question)
            if before == key and entry.section == section.title:
                return False
            asked = key in (before, _key(self._owner[guid].origin))
            if new and topic and asked and note.company in entry.companies:
                return False
        return True

    def _answer(self, card: Card) -> None:
        """Give a card a new answer, one that no card with the same question ever had."""
        while True:
            answer = self._new_answer(card)
            if (_key(card.question), _key(answer)) not in self._used:
                break
        self._used.add((_key(card.question), _key(answer)))
        card.answer = answer

    def _new_answer(self, card: Card) -> str:
        kind = self._random.random()
        yes_or_no = card.question.split()[0] in ("Have", "Do", "Did", "Is", "How")
        if kind < (0.5 if yes_or_no else 0.04) and not card.question.startswith("How would"):
            return self._random.choice(SHORT)
        if kind < 0.3 and card.question.startswith("What is"):
            return self._random.choice(SIMILAR)
        sentences = [self._sentence() for _ in range(self._random.randint(1, 5))]
        if self._random.random() < 0.4:
            sentences.insert(0, self._random.choice(BOILERPLATE))
        if card.question.startswith("How would you design"):
            sentences = [*BOILERPLATE[:2], *sentences[:2]]
        return " ".join(sentences)

    def _sentence(self) -> str:
        pick = self._random.choice
        clauses = [
            f"{pick(['we', 'I', 'they', 'the team', 'nobody'])} {pick(VERBS)} the {pick(ADJECTIVES)} {pick(NOUNS)}",
            f"the {pick(NOUNS)} {pick(VERBS)} {pick(['its', 'our', 'every', 'no'])} {pick(NOUNS)}",
            f"{self._random.randint(2, 900)} {pick(NOUNS)}s were {pick(VERBS)} by {pick(['us', 'me', 'accident'])}",
        ]
        self._random.shuffle(clauses)
        text = f"{clauses[0]} {pick(LINKS)} {clauses[1]}" if self._random.random() < 0.7 else clauses[0]
        return text[0].upper() + text[1:] + "."

    def _new_block(self, note: Note) -> str:
        """Return an id that is free in the note; as in Obsidian, another note may have it, too."""
        taken = {card.block for _, _, card in self._cards(note)}
        taken |= {was.block for c, was in self._gone if was.note == note.path and not self._entries[c.guid].retired}
        taken |= {card.was.block for _, _, card in self._cards() if card.was and card.was.note == note.path}
        self._count += 1
        generic = f"q{self._random.randint(1, 9)}"
        return generic if self._random.random() < 0.3 and generic not in taken else f"id-{self._count}"

    # -- editing -----------------------------------------------------------------------------------

    def _cards(self, only: Note | None = None) -> Iterator[tuple[Note, Section, Card]]:
        for note in [only] if only else self.notes:
            for section in note.sections:
                for card in section.cards:
                    yield note, section, card

    def _begin(self) -> None:
        """Remember how all cards stand."""
        self._said = []
        for note, section, card in self._cards():
            card.was = Was(note.path, section.title, note.company, card.question, card.answer, card.block, card.origin)
            card.rewritten = card.reworded = card.edited = card.back = card.touched = False

    def _edit(self) -> None:
        """Make the edits of one step: one to a card, several in one note, or one to whole notes."""
        kind = self._random.random()
        if kind < 0.5:
            self._edit_card(self._random.choice(self.notes))
        elif kind < 0.8:
            note = self._random.choice(self.notes)
            for _ in range(self._random.randint(2, 5)):
                self._edit_card(note)
        else:
            self._edit_notes()
            if self._random.random() < 0.3:
                for _ in range(self._random.randint(1, 3)):
                    self._edit_card(self._random.choice(self.notes))
        self._tidy()

    def _edit_card(self, note: Note) -> None:
        edits: list[tuple[float, Callable[[Note, Section, Card], None]]] = [
            (3, self._rewrite_answer),
            (3, self._edit_answer),
            (4, self._reword),
            (1, self._format),
            (1, self._reword_and_edit),
            (2, self._move_within),
            (2, self._move_away),
            (1, self._swap),
            (1, self._swap_lookalikes),
            (2, self._add_here),
            (1.5, self._delete),
            (1.5, self._replace_by_lookalike),
            (1, self._restore),
            (0.6, self._give_block),
            (0.4, self._use_block),
            (0.8, self._retitle),
            (0.4, self._new_heading),
        ]
        chosen = self._random.choices([edit for _, edit in edits], [weight for weight, _ in edits])[0]
        places = list(self._cards(note))
        if not places:
            self._add(note, note.sections[0])
            return
        self._said.append(chosen.__name__.strip("_"))
        chosen(*self._random.choice(places))

    def _rewrite_answer(self, note: Note, section: Section, card: Card) -> None:
        if card.reworded or card.rewritten or card.edited:
            return
        self._answer(card)
        card.rewritten = card.touched = True

    def _edit_answer(self, note: Note, section: Section, card: Card) -> None:
        """Add, drop or replace a part, at most a third; short answers keep all their words."""
        if card.rewritten or card.edited:
            return
        parts = card.answer.split(". ")
        if len(parts) > 2 and self._random.random() < 0.6:
            at = self._random.randrange(len(parts))
            parts[at : at + 1] = [] if self._random.random() < 0.4 else [self._sentence().rstrip(".")]
        elif len(card.answer.split()) > 8:
            words = card.answer.split()
            for _ in range(max(1, len(words) // 6)):
                words[self._random.randrange(len(words))] = self._random.choice(NOUNS)
            parts = [" ".join(words)]
        else:
            parts = [card.answer.rstrip("."), f"{self._random.choice(['Ask', 'Mostly', 'See'])} {parts[0].split()[0]}"]
        answer = ". ".join(parts)
        if (_key(card.question), _key(answer)) in self._used:
            return
        self._used.add((_key(card.question), _key(answer)))
        card.answer = answer
        card.edited = card.touched = True

    def _reword(self, note: Note, section: Section, card: Card) -> None:
        """Change up to 40 % of the question's words, and never what it is about by more than a typing error."""
        if card.rewritten or card.reworded or card.was is None:
            return
        words = card.question.split()
        budget = int(0.4 * len(words))
        for _ in range(self._random.randint(1, 3)):
            if budget > 0:
                words, cost = self._reword_once(words, budget)
                budget -= cost
        question = " ".join(words)
        if question == card.question or len(words) < 2:
            return
        if not self._fits(question, note, section, topic=card.topic) or self._elsewhere(question):
            return
        card.question = question
        self._used.add((_key(question), _key(card.answer)))
        card.reworded = card.touched = True

    def _elsewhere(self, question: str) -> bool:
        return any(_key(card.question) == _key(question) for _, _, card in self._cards())

    def _reword_once(self, words: list[str], budget: int) -> tuple[list[str], int]:
        kind = self._random.choice(["synonym", "synonym", "insert", "drop", "order", "typo"])
        at = self._random.randrange(len(words))
        plain = _key(words[at])
        if kind == "synonym":
            known = [i for i, word in enumerate(words) if _key(word) in SYNONYMS]
            if known:
                at = self._random.choice(known)
                new = SYNONYMS[_key(words[at])].split()
                return [*words[:at], *new, *words[at + 1 :]], 1
        if kind == "insert" and len(words) < 20:
            new = self._random.choice(FILLERS).split()[:budget]
            return [*words[:at], *new, *words[at:]], len(new)
        if kind == "drop" and len(words) > 3 and plain in _DROPPABLE:
            return [*words[:at], *words[at + 1 :]], 1
        if kind == "order" and len(words) > 4 and budget > 1:
            cut = self._random.randint(1, len(words) - 1)
            if min(cut, len(words) - cut) <= budget:
                return [*words[cut:], *words[:cut]], min(cut, len(words) - cut)
        if kind == "typo" and len(plain) > 5 and not any(letter.isdigit() for letter in plain):
            i = self._random.randint(1, len(words[at]) - 3)
            word = words[at]
            return [*words[:at], word[:i] + word[i + 1] + word[i] + word[i + 2 :], *words[at + 1 :]], 1
        return words, 0

    def _reword_and_edit(self, note: Note, section: Section, card: Card) -> None:
        self._reword(note, section, card)
        self._edit_answer(note, section, card)

    def _format(self, note: Note, section: Section, card: Card) -> None:
        """Change what plain text keeps of formatting: case, punctuation, spacing."""
        question = card.question
        card.question = self._random.choice(
            [question.upper(), question.lower(), question.rstrip("?.") + ":", f"“{question}”"]
        )
        card.answer = self._random.choice([card.answer.replace(". ", "\n- "), card.answer.replace(",", " –")])
        card.touched = True

    def _move_within(self, note: Note, section: Section, card: Card) -> None:
        self._move(section, card, note, self._random.choice(note.sections))

    def _move_away(self, note: Note, section: Section, card: Card) -> None:
        to = self._random.choice(self.notes)
        self._move(section, card, to, self._random.choice(to.sections))

    def _move(self, section: Section, card: Card, to: Note, place: Section) -> None:
        fits = place is not section and self._fits(card.question, to, place, topic=card.topic)
        if fits and not (card.block and any(c.block == card.block for _, _, c in self._cards(to))):
            section.cards.remove(card)
            place.cards.insert(self._random.randint(0, len(place.cards)), card)
            card.touched = True

    def _swap(self, note: Note, section: Section, card: Card) -> None:
        """Let two cards of a note swap places."""
        _, other_section, other = self._random.choice(list(self._cards(note)))
        self._exchange(section, card, other_section, other)

    def _swap_lookalikes(self, note: Note, section: Section, card: Card) -> None:
        """Let two cards with the same question swap places."""
        alike = [(n, s, c) for n, s, c in self._cards() if _key(c.question) == _key(card.question) and c is not card]
        if alike:
            other_note, other_section, other = self._random.choice(alike)
            if other_note is note or not (card.block or other.block):
                self._exchange(section, card, other_section, other)

    def _exchange(self, section: Section, card: Card, other_section: Section, other: Card) -> None:
        # When the answers change, too, swapped look-alikes are like two that stayed.
        if card is other or card.rewritten or other.rewritten or card.was is None or other.was is None:
            return
        keys = {_key(c.question) for s in (section, other_section) for c in s.cards if c not in (card, other)}
        if {_key(card.question), _key(other.question)} & keys:
            return
        i, j = section.cards.index(card), other_section.cards.index(other)
        section.cards[i], other_section.cards[j] = other, card
        card.touched = other.touched = True

    def _add_here(self, note: Note, section: Section, card: Card) -> None:
        self._add(note, section)

    def _delete(self, note: Note, section: Section, card: Card) -> None:
        section.cards.remove(card)
        if card.was is not None:
            self._gone.append((card, card.was))

    def _replace_by_lookalike(self, note: Note, section: Section, card: Card) -> None:
        """Delete a card, and add one much like it that is about something else, or under another heading."""
        self._delete(note, section, card)
        if card.was is None:
            return
        new = Card("", "", card.topic)
        place = section
        if card.topic:
            new.question = self._about_something_else(card.question)
        else:
            new.question, place = card.question, self._random.choice(note.sections)
        if new.question == card.question and place is section:
            return
        if not self._fits(new.question, note, place, topic=card.topic, new=True):
            return
        self._answer(new)
        if card.topic and self._random.random() < 0.5:
            new.answer = self._half_of(card.answer, new.answer)
            if (_key(new.question), _key(new.answer)) in self._used:
                return
            self._used.add((_key(new.question), _key(new.answer)))
        new.origin = new.question
        place.cards.append(new)

    def _about_something_else(self, question: str) -> str:
        for known in (TOPICS, SYSTEMS):
            for name in known:
                if re.search(rf" {name}\b", question):
                    other = self._random.choice([each for each in known if each.casefold() not in question.casefold()])
                    return re.sub(rf" {name}\b", f" {other}", question, count=1)
        return self._random.choice(STORIES)

    def _half_of(self, old: str, new: str) -> str:
        """Return an answer that shares text with another card's, or all of it where it says but little."""
        if old in SHORT or old in SIMILAR:
            return old
        parts = old.split(". ")
        return ". ".join([*parts[: max(1, 2 * len(parts) // 3)], new]) if len(parts) > 1 else new

    def _restore(self, note: Note, section: Section, card: Card) -> None:
        """Put a deleted card back exactly, at its old place or wherever there is room."""
        before = [(c, was) for c, was in self._gone if not any(c is other for _, _, other in self._cards())]
        before = [(c, was) for c, was in before if self._entries[c.guid].retired and not c.touched]
        if not before:
            return
        back, was = self._random.choice(before[-60:])
        places = [(n, s) for n in self.notes for s in n.sections if (n.path, s.title) == (was.note, was.section)]
        home, place = places[0] if places else (note, section)
        alike = [w for c, w in self._gone if c is not back and _key(w.question) == _key(was.question)]
        if any((w.note, w.section) == (home.path, place.title) for w in alike):
            return
        if any(_key(c.question) == _key(was.question) for c in place.cards) or any(
            c.was and (c.was.note, c.was.section, _key(c.was.question)) == (home.path, place.title, _key(was.question))
            for _, _, c in self._cards()
        ):
            return
        self._gone = [(c, w) for c, w in self._gone if c is not back]
        back.question, back.answer, back.was, back.touched = was.question, was.answer, was, True
        back.block = "" if any(c.block == was.block for _, _, c in self._cards(home)) else was.block
        back.rewritten = back.reworded = back.edited = False
        back.back = True
        place.cards.append(back)

    def _give_block(self, note: Note, section: Section, card: Card) -> None:
        card.block = "" if card.block else self._new_block(note)
        card.touched = True

    def _use_block(self, note: Note, section: Section, card: Card) -> None:
        """Rewrite both question and answer of a card that has a block id."""
        if card.was is None or not card.block or card.block != card.was.block or card.was.note != note.path:
            return
        question, topic = self._question()
        if not self._fits(question, note, section, topic=topic, new=True):
            return
        card.question, card.topic, card.origin = question, topic, question
        self._answer(card)
        card.rewritten = card.reworded = card.touched = True

    def _retitle(self, note: Note, section: Section, card: Card) -> None:
        """Renumber all headings of a note, or give one another text."""
        if self._random.random() < 0.4:
            for number, each in enumerate(note.sections, self._random.randint(1, 3)):
                if each.title:
                    self._set_title(note, each, f"{number}. {each.title.lstrip('0123456789. ')}")
        elif section.title:
            extra = self._random.choice(["again", "part one", "(2023)", "and after"])
            choices = [f"{section.title} {extra}", " ".join(section.title.split()[:-2]), self._title(note)]
            self._set_title(note, section, self._random.choice(choices))

    def _set_title(self, note: Note, section: Section, title: str) -> None:
        if title in {each.title for each in note.sections if each is not section}:
            return
        # A heading that takes over the name of another leaves a reader guessing about look-alikes.
        keys = {_key(card.question) for card in section.cards}
        if any((e.note, e.section) == (note.path, title) and _key(e.question) in keys for e in self._entries.values()):
            return
        section.title = title
        for card in section.cards:
            card.touched = True

    def _new_heading(self, note: Note, section: Section, card: Card) -> None:
        """Put a part of a section under a heading of its own, or add a whole section."""
        if self._random.random() < 0.5:
            note.sections.append(self._new_section(note))
            return
        new = Section(self._title(note))
        for each in section.cards[len(section.cards) // 2 :]:
            self._move_to(each, section, note, new)
        note.sections.append(new)

    def _move_to(self, card: Card, section: Section, note: Note, to: Section) -> None:
        if self._fits(card.question, note, to, topic=card.topic):
            section.cards.remove(card)
            to.cards.append(card)
            card.touched = True

    # -- editing whole notes -----------------------------------------------------------------------

    def _edit_notes(self) -> None:
        edits = [self._rename, self._move_folder, self._split, self._merge, self._new_or_gone]
        chosen = self._random.choices(edits, [3, 2, 2, 2, 1])[0]
        self._said.append(chosen.__name__.strip("_"))
        chosen(self._random.choice(self.notes))

    def _rename(self, note: Note) -> None:
        note.path = self._path(note.company)
        self._touch(note)

    def _move_folder(self, note: Note) -> None:
        """Move a note into a folder, sometimes that of another company."""
        name = note.path.rpartition("/")[2]
        if self._random.random() < 0.3:
            note.company = self._random.choice(COMPANIES)
        path = f"{note.company}/{self._random.choice(['old', 'onsite', '2024'])}/{name}"
        if path not in {other.path for other in self.notes}:
            note.path = path
            self._touch(note)

    def _split(self, note: Note) -> None:
        if len(note.sections) < 2:
            return
        new = Note(self._path(note.company), note.company)
        cut = self._random.randint(1, len(note.sections) - 1)
        note.sections, new.sections = note.sections[:cut], note.sections[cut:]
        self.notes.append(new)
        self._touch(new)

    def _merge(self, note: Note) -> None:
        """Move all sections of a note into another one; sections with the same title become one."""
        others = [n for n in self.notes if n is not note and n.company == note.company]
        if not others or len(self.notes) < 6:
            return
        other = self._random.choice(others)
        blocks = {card.block for _, _, card in self._cards(note) if card.block}
        if blocks & {card.block for _, _, card in self._cards(other)}:
            return
        titles = {section.title: section for section in note.sections}
        for section in other.sections:
            same = titles.get(section.title)
            if same and {_key(c.question) for c in same.cards} & {_key(c.question) for c in section.cards}:
                section.title = self._title(note)
                same = None
            if same:
                same.cards += section.cards
            else:
                note.sections.append(section)
        self.notes.remove(other)
        self._touch(note)

    def _new_or_gone(self, note: Note) -> None:
        """Add a note, or delete one with all that is in it."""
        if len(self.notes) < 12 or (len(self.notes) < 18 and self._random.random() < 0.5):
            self.notes.append(self._new_note())
            return
        for _, section, card in list(self._cards(note)):
            self._delete(note, section, card)
        self.notes.remove(note)

    def _touch(self, note: Note) -> None:
        for _, _, card in self._cards(note):
            card.touched = True

    def _tidy(self) -> None:
        """Drop what is empty, and keep the vault's size about the same."""
        for note in self.notes:
            note.sections = [section for section in note.sections if section.cards]
        self.notes = [note for note in self.notes if note.sections]
        while len(self.notes) < 6:
            self.notes.append(self._new_note())

    # -- measuring ---------------------------------------------------------------------------------

    def _identify(self) -> None:
        """Identify all cards, compare with the truth, and keep the ledger as the pipeline does."""
        places = list(self._cards())
        cards = [
            Identity(note.path, section.title, card.question, card.answer, (note.company,), card.block)
            for note, section, card in places
        ]
        guids = identify(cards, self._entries.values())
        assert len(set(guids)) == len(guids), "a guid was given twice"
        for (_, _, card), identity, guid in zip(places, cards, guids, strict=True):
            self._measure(card, identity, guid)
            self._enter(identity, guid)
        for guid in self._entries.keys() - set(guids):
            if not self._entries[guid].retired:
                self._entries[guid] = structs.replace(self._entries[guid], retired=1)

    def _measure(self, card: Card, identity: Identity, guid: str) -> None:
        said = f"step {self.score.steps} ({', '.join(self._said)}): {card.was} -> {identity}"
        owner = self._owner.get(guid)
        if owner is not None and owner is not card:
            self.score.wrong.append(f"{said}\n    has the guid of {self._entries[guid]}")
        if card.guid and _same_to_a_reader(card, identity):
            kept = guid == card.guid
            self.score.expected += 1
            self.score.kept += kept
            if card.touched:
                self.score.touched += 1
                self.score.touched_kept += kept
                counts = self.score.by_edit.setdefault("+".join(sorted(set(self._said))), [0, 0])
                counts[0] += kept
                counts[1] += 1
            if not kept:
                self.score.lost.append(said)
        card.guid = guid
        self._owner[guid] = card

    def _enter(self, card: Identity, guid: str) -> None:
        self._entries[guid] = Entry(
            guid=guid,
            note=card.note,
            question=card.question,
            companies=card.companies,
            deck="",
            section=card.section,
            block=card.block,
            answer=card.sketch,
        )


def _same_to_a_reader(card: Card, now: Identity) -> bool:
    """Whether a careful reader of both versions would say that a card is the one that it was."""
    was = card.was
    if was is None:
        return False
    if card.back and (card.rewritten or card.reworded or card.edited):
        return False
    same_place = (was.note, was.section) == (now.note, now.section)
    if was.block and was.block == now.block and was.note == now.note:
        return True
    if card.rewritten:
        # The question alone is left: it must say what it is about, or stand where it stood.
        same_company = was.company in now.companies
        return not card.reworded and (same_place or (card.topic and same_company))
    if (card.reworded or not card.topic) and len(_key(was.answer).split()) < 7:
        return was.note == now.note
    return True


_DROPPABLE = frozenset(_words("the a an do you would to me about what is how of your it still in at exactly really"))


@lru_cache(maxsize=1 << 14)
def _key(text: str) -> str:
    """Return the text without what formatting changes."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
