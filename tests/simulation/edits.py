"""What people do to a card: the edits, and how often each is made.

An edit changes the vault or, where a reader could not follow, does nothing. It marks what it changed on the card.
"""

from __future__ import annotations

from collections.abc import Callable

from simulation.values import Card, Note, Section, Stand, key, keys, neighbours, stand
from simulation.vocabulary import GENERIC
from simulation.world import World
from simulation.writing import half_of

_GENERIC = frozenset(map(key, GENERIC))

Edit = Callable[[World, Note, Section, Card], None]


def edit_card(world: World, note: Note) -> list[str]:
    """Make one edit to a card of the note, and return the edit's name; an empty note gets a card."""
    edit = world.random.choices(list(EDITS), list(EDITS.values()))[0]
    places = list(world.cards(note))
    if not places:
        world.add(note, note.sections[0])
        return []
    edit(world, *world.random.choice(places))
    return [edit.__name__]


# -- its text --------------------------------------------------------------------------------------


def rewrite_answer(world: World, note: Note, section: Section, card: Card) -> None:
    """Write another answer."""
    if not (card.reworded or card.rewritten or card.edited):
        world.answer(card)
        card.rewritten = card.touched = True


def edit_answer(world: World, note: Note, section: Section, card: Card) -> None:
    """Change a part of the answer."""
    if card.rewritten or card.edited:
        return
    answer = world.writer.edited(card.answer)
    if world.say(card.question, answer):
        card.answer = answer
        card.edited = card.touched = True


def reword(world: World, note: Note, section: Section, card: Card) -> None:
    """Ask the same in other words."""
    if card.rewritten or card.reworded or card.was is None:
        return
    question = world.writer.reworded(card.question)
    if question == card.question or len(question.split()) < 2:
        return
    if world.fits(question, note, section, topic=card.topic) and not world.is_asked(question):
        card.question = question
        world.say(question, card.answer)
        card.reworded = card.touched = True


def reword_and_edit(world: World, note: Note, section: Section, card: Card) -> None:
    """Change both question and answer."""
    reword(world, note, section, card)
    edit_answer(world, note, section, card)


def exchange_in_place(world: World, note: Note, section: Section, card: Card) -> None:
    """Put other words in the place of a quarter of the question's, and change a third of the answer."""
    if card.was is None or card.rewritten or card.reworded or card.edited or len(card.question.split()) < 4:
        return
    around = neighbours(section, card)
    question, answer = world.writer.exchanged(card.question), world.writer.edited(card.answer)
    alone = not any(each for each in around) or card.block
    if alone or not world.fits(question, note, section, topic=True, new=True) or world.is_asked(question):
        return
    if world.say(question, answer):
        card.question, card.answer, card.between = question, answer, around
        card.exchanged = card.reworded = card.edited = card.touched = True


def carry_to_another_company(world: World, note: Note, section: Section, card: Card) -> None:
    """Move a card whose question is asked once only to another company, and edit a fifth of its answer."""
    others = [other for other in world.notes if other.company != note.company]
    asked = sum(key(other.question) == key(card.question) for _, _, other in world.cards())
    known = sum(key(stood.question) == key(card.question) for stood in world.program.known.values())
    if not others or not card.topic or asked > 1 or known > 1 or card.touched or len(card.answer.split()) < 14:
        return
    answer = world.writer.edited_by_a_fifth(card.answer)
    _move(world, section, card, world.random.choice(others))
    if card.touched and world.say(card.question, answer):
        card.answer = answer
        card.edited = card.carried = True


def format(world: World, note: Note, section: Section, card: Card) -> None:
    """Change what plain text keeps of formatting: case, punctuation, spacing."""
    question = card.question
    card.question = world.random.choice(
        [question.upper(), question.lower(), question.rstrip("?.") + ":", f"“{question}”"]
    )
    card.answer = world.random.choice([card.answer.replace(". ", "\n- "), card.answer.replace(",", " –")])
    card.touched = True


# -- its place -------------------------------------------------------------------------------------


def move_within(world: World, note: Note, section: Section, card: Card) -> None:
    """Move a card to another section of its note."""
    _move(world, section, card, note)


def move_away(world: World, note: Note, section: Section, card: Card) -> None:
    """Move a card to any note."""
    _move(world, section, card, world.random.choice(world.notes))


def _move(world: World, section: Section, card: Card, to: Note) -> None:
    place = world.random.choice(to.sections)
    fits = place is not section and world.fits(card.question, to, place, topic=card.topic)
    if fits and not (card.block and any(other.block == card.block for _, _, other in world.cards(to))):
        section.cards.remove(card)
        place.cards.insert(world.random.randint(0, len(place.cards)), card)
        card.touched = True


def swap(world: World, note: Note, section: Section, card: Card) -> None:
    """Let two cards of a note swap places."""
    _, other_section, other = world.random.choice(list(world.cards(note)))
    _exchange(section, card, other_section, other)


def swap_lookalikes(world: World, note: Note, section: Section, card: Card) -> None:
    """Let two cards with the same question swap places."""
    alike = [place for place in world.cards() if key(place[2].question) == key(card.question) and place[2] is not card]
    if alike:
        other_note, other_section, other = world.random.choice(alike)
        if other_note is note or not (card.block or other.block):
            _exchange(section, card, other_section, other)


def _exchange(section: Section, card: Card, other_section: Section, other: Card) -> None:
    # When the answers change, too, swapped look-alikes are like two that stayed.
    if card is other or card.rewritten or other.rewritten or card.was is None or other.was is None:
        return
    around = [each for each in (*section.cards, *other_section.cards) if each not in (card, other)]
    if keys((card, other)) & keys(around):
        return
    i, j = section.cards.index(card), other_section.cards.index(other)
    section.cards[i], other_section.cards[j] = other, card
    card.touched = other.touched = True


# -- come and go -----------------------------------------------------------------------------------


def add_here(world: World, note: Note, section: Section, card: Card) -> None:
    """Add a card beside this one."""
    world.add(note, section)


def delete(world: World, note: Note, section: Section, card: Card) -> None:
    """Delete a card."""
    section.cards.remove(card)
    if card.was is not None:
        world.gone.append((card, card.was))


def replace_by_lookalike(world: World, note: Note, section: Section, card: Card) -> None:
    """Delete a card, and add one much like it that is about something else, or under another heading.

    Where it shares an answer with the old one, it comes with another card: as all that changes in a section, it would
    be the old one to a reader. Nor is a question asked again elsewhere that says something by itself.
    """
    delete(world, note, section, card)
    if card.was is None:
        return
    question, place = card.question, section
    if card.topic:
        question = world.writer.about_something_else(question)
    else:
        place = world.random.choice(note.sections)
    says_something = key(question) not in _GENERIC and not card.topic
    if question == card.question and (place is section or says_something):
        return
    if not world.fits(question, note, place, topic=card.topic, new=True):
        return
    new = Card(question, "", card.topic, origin=question)
    world.answer(new)
    if card.topic and world.random.random() < 0.5:
        new.answer = half_of(card.answer, new.answer)
        if not world.say(new.question, new.answer):
            return
        world.add(note, place)
    place.cards.append(new)


def restore(world: World, note: Note, section: Section, card: Card) -> None:
    """Put a deleted card back exactly, at its old place or wherever there is room."""
    present = {id(each) for _, _, each in world.cards()}
    before = [(each, was) for each, was in world.gone if id(each) not in present and not each.touched]
    before = [(each, was) for each, was in before if each.guid in world.program.retired]
    if not before:
        return
    back, was = world.random.choice(before[-60:])
    places = [(n, s) for n in world.notes for s in n.sections if (n.path, s.title) == (was.note, was.section)]
    home, place = places[0] if places else (note, section)
    if not _has_room(world, back, was, home, place):
        return
    world.gone = [(each, stood) for each, stood in world.gone if each is not back]
    back.begin_step(was)
    back.question, back.answer = was.question, was.answer
    back.block = "" if any(each.block == was.block for _, _, each in world.cards(home)) else was.block
    back.back = back.touched = True
    place.cards.append(back)


def _has_room(world: World, back: Card, was: Stand, home: Note, place: Section) -> bool:
    """Whether no other card that asks the same stands, stood or was deleted where one is to be put back."""
    deleted = [stood for each, stood in world.gone if each is not back]
    stood = [each.was for _, _, each in world.cards() if each.was]
    here = [stand(home, place, each) for each in place.cards]
    return not any(
        (other.note, other.section, key(other.question)) == (home.path, place.title, key(was.question))
        for other in (*deleted, *stood, *here)
    )


# -- its block id, and the headings around it ------------------------------------------------------


def give_block(world: World, note: Note, section: Section, card: Card) -> None:
    """Give a card a block id, or take it away."""
    card.block = "" if card.block else world.new_block(note)
    card.touched = True


def use_block(world: World, note: Note, section: Section, card: Card) -> None:
    """Rewrite both question and answer of a card that has a block id."""
    if card.was is None or not card.block or card.block != card.was.block or card.was.note != note.path:
        return
    question, topic = world.writer.question()
    if world.fits(question, note, section, topic=topic, new=True):
        card.question, card.topic, card.origin = question, topic, question
        world.answer(card)
        card.rewritten = card.reworded = card.touched = True


def retitle(world: World, note: Note, section: Section, card: Card) -> None:
    """Renumber all headings of a note, or give one another text."""
    if world.random.random() < 0.4:
        for number, each in enumerate(note.sections, world.random.randint(1, 3)):
            if each.title:
                _set_title(world, note, each, f"{number}. {each.title.lstrip('0123456789. ')}")
    elif section.title:
        extra = world.random.choice(["again", "part one", "(2023)", "and after"])
        titles = [f"{section.title} {extra}", " ".join(section.title.split()[:-2]), world.new_title(note)]
        _set_title(world, note, section, world.random.choice(titles))


def _set_title(world: World, note: Note, section: Section, title: str) -> None:
    if title in {each.title for each in note.sections if each is not section}:
        return
    # A heading that takes over the name of another leaves a reader guessing about look-alikes.
    asked = keys(section.cards)
    known = world.program.known.values()
    if any((each.note, each.section) == (note.path, title) and key(each.question) in asked for each in known):
        return
    section.title = title
    for card in section.cards:
        card.touched = True


def new_heading(world: World, note: Note, section: Section, card: Card) -> None:
    """Put a part of a section under a heading of its own, or add a whole section."""
    if world.random.random() < 0.5:
        note.sections.append(world.new_section(note))
        return
    new = Section(world.new_title(note))
    for each in section.cards[len(section.cards) // 2 :]:
        if world.fits(each.question, note, new, topic=each.topic):
            section.cards.remove(each)
            new.cards.append(each)
            each.touched = True
    note.sections.append(new)


EDITS: dict[Edit, float] = {
    rewrite_answer: 3,
    edit_answer: 3,
    reword: 4,
    exchange_in_place: 1.5,
    carry_to_another_company: 1.5,
    format: 1,
    reword_and_edit: 1,
    move_within: 2,
    move_away: 2,
    swap: 1,
    swap_lookalikes: 1,
    add_here: 2,
    delete: 1.5,
    replace_by_lookalike: 1.5,
    restore: 1,
    give_block: 0.6,
    use_block: 0.4,
    retitle: 0.8,
    new_heading: 0.4,
}
"""All edits, and how often each is made, compared with the others."""
