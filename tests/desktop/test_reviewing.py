"""A user who is reviewing while cards are brought in: an answer is waited for, and no card on the screen is gone."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from test_watch import watching

from desktop.anki import Desktop, wait_for
from desktop.conftest import Brought
from desktop.test_imports import ACME, NOTE, TWO, answer
from offbook.commands import into_anki

NEW = NOTE.replace("Y.", "Another.")


def question(anki: Desktop) -> str:
    """Return the question that the reviewer shows; empty without one."""
    script = "(document.querySelector('.question') || document.body).textContent.trim()"
    return str(anki.javascript(script)) if anki.python("mw.state == 'review'") else ""


def test_an_answer_on_the_screen_is_waited_for(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", NOTE)
    anki.review(ACME)
    anki.turn()
    with ThreadPoolExecutor() as pool:
        run = pool.submit(brought, "acme/a.md", NEW)
        time.sleep(3)
        assert not run.done()
        assert anki.shows("answer")
        assert "Y." in answer(anki)
        anki.connect("guiAnswerCard", ease=3)
        told = run.result(30)
    assert (
        "Anki is showing an answer, which an import would close. Waiting, a minute at most, until you grade it." in told
    )
    assert "Another." in answer(anki)
    (card,) = anki.connect("cardsInfo", cards=anki.connect("findCards", query=ACME))
    assert card["reps"] == 1


def test_it_is_waited_for_no_longer_than_that(anki: Desktop, brought: Brought, monkeypatch: pytest.MonkeyPatch) -> None:
    assert into_anki.PATIENCE == 60
    monkeypatch.setattr(into_anki, "PATIENCE", 2)
    brought("acme/a.md", NOTE)
    anki.review(ACME)
    anki.turn()
    brought("acme/a.md", NEW)
    assert "Another." in answer(anki)


def test_a_question_on_the_screen_is_not_waited_for_and_is_the_new_one_then(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", f"{NOTE.rstrip()} ^x\n")
    anki.review(ACME)
    told = brought("acme/a.md", f"{NOTE.rstrip()} ^x\n".replace("What is X?", "What is X, exactly?"))
    assert "Waiting" not in told
    wait_for("the new question", lambda: question(anki) == "What is X, exactly?")
    assert anki.shows("question")


def test_a_watch_tries_again_once_the_answer_is_graded(anki: Desktop, brought: Brought) -> None:
    brought("acme/a.md", NOTE)
    anki.review(ACME)
    anki.turn()
    with watching(brought.workspace, "--import", "--url", anki.url) as watch:
        watch.wait_for("Watching")
        assert anki.shows("answer")
        brought.workspace.write("acme/a.md", NEW)
        watch.wait_for("Anki shows an answer; what changed arrives as soon as you grade it.")
        time.sleep(2)
        assert anki.shows("answer")
        assert "Y." in answer(anki)
        anki.connect("guiAnswerCard", ease=3)
        watch.wait_for("Acme: 1 updated")
    assert "Another." in answer(anki)


@pytest.mark.parametrize("retired", ["suspend", "delete"])
def test_a_card_that_is_retired_while_it_is_on_the_screen_leaves_it(
    anki: Desktop, brought: Brought, retired: str
) -> None:
    brought("acme/a.md", TWO)
    anki.review("Question:*X*")
    assert question(anki) == "What is X?"
    brought("acme/a.md", TWO.replace(NOTE, ""), "--retired", retired, "--yes")
    wait_for("another page", lambda: question(anki) != "What is X?")
    time.sleep(2)
    assert not anki.connect("findCards", query="Question:*X* -is:suspended")
    assert len(anki.connect("findCards", query="Question:*X*")) == (retired == "suspend")
    assert anki.messages() == []
