"""The preview: its templates against a real Anki collection, its page in a real browser."""

from __future__ import annotations

import re
import shutil
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import ColorScheme, Tabs, Watched, needs_browser
from conftest import Anki, Workspace
from playwright.sync_api import Error, Frame

from offbook import ledger
from offbook.model import Entry
from offbook.notetypes import CLOZE, QUESTION, Notetype
from offbook.preview.media import Embedded
from offbook.preview.templates import faces

EXAMPLES = Path(__file__).parent.parent / "notes"
browser_test = needs_browser

GONE = """# Gone
What was asked here once? :: Something that is no longer in the notes.
"""
INJECTION = r"""# <script>window.hacked=1</script> </script><script>window.hacked=1</script>
## What is <img src=x onerror="window.hacked=1"> and `</script><!--<script>window.hacked=1</script>`?
<script>window.hacked=1</script><svg onload="window.hacked=1"></svg> <a href="javascript:window.hacked=1">link</a>
<iframe srcdoc="<script>parent.hacked=1</script>"></iframe> [js](javascript:window.hacked=1) <!--[data]-->
$\text{<script>window.hacked=1</script><img src=x onerror=window.hacked=1>}$ and $\href{javascript:window.hacked=1}{x}$

![far](https://example.invalid/track.png) <img src="https://example.invalid/too.png">
"""


def question(**fields: str) -> tuple[str, ...]:
    return tuple(fields.get(name.lower(), "") for name in QUESTION.fields)


def add_retired(workspace: Workspace, *kept: tuple[str, ...]) -> None:
    """Enter retired cards in the ledger, with the very fields that they were exported with."""
    entries = [
        Entry(
            f"{number:016x}", "Old.md", fields[0], ("acme",), "Interviews::Acme", added=1, modified=2, retired=2,
            kept=fields,
        )
        for number, fields in enumerate(kept)
    ]  # fmt: skip
    workspace.decks.mkdir(exist_ok=True)
    (workspace.decks / ledger.FILE_NAME).write_text(ledger.dump(entries), "utf-8")


# -- templates -------------------------------------------------------------------------------------

ODD_CLOZES = (
    "{{c1::a <b>x</b> \"q\" & &amp; 'z' é 漢/::hint}} {{c2::b {{c1::n}} c}} }} {{c3::never closed",
    r"\(x {{c1::a<i>b</i>}} &lt; <!-- --> c\) {{c1::<!-- -->}}",
    "{{c10::ten::}} {{c0::zero}} {{c2::a::b::c}}",
    "{{c1,2::both}} {{c3::}<!-- -->}}}",
)


def test_templates_render_as_in_a_real_collection(tmp_path: Path, anki: Anki) -> None:
    workspace = Workspace(tmp_path)
    workspace.notes.symlink_to(EXAMPLES)
    workspace.run("export")
    for package in sorted(workspace.decks.glob("*.apkg")):
        anki.import_package(package)
    for text in ODD_CLOZES:
        add_note(anki, CLOZE, Text=text, Speak="1", Timer="90 &amp; <b>s</b>", Hint="<br>", Source="<p>x</p>")
    add_note(anki, QUESTION, Question="Q", Answer="<div><br></div>", Reversed="1", Timer="&nbsp;9", Hint=" h ")
    add_note(anki, QUESTION, Question="Q2", Answer="A", Reversed="1", Speak="Say <b>it</b>", Context="<")
    compared = 0
    for note in anki.notes():
        notetype = CLOZE if note.note_type()["name"] == CLOZE.name else QUESTION  # type: ignore[index]
        mine = {face.ordinal: face for face in faces(notetype, tuple(note.fields), note.tags)}
        assert set(mine) == {card.ord for card in note.cards()}
        for card in note.cards():
            output = card.render_output()
            assert mine[card.ord].front.strip() == without_sounds(output.question_text).strip()
            assert mine[card.ord].back.strip() == without_sounds(output.answer_text).strip()
            compared += 1
    assert compared > 80


def add_note(anki: Anki, notetype: Notetype, **fields: str) -> None:
    model = anki.collection.models.by_name(notetype.name)
    assert model is not None
    note = anki.collection.new_note(model)
    for name, value in fields.items():
        note[name] = value
    deck = anki.collection.decks.id("Odd")
    assert deck is not None
    anki.collection.add_note(note, deck)


def without_sounds(html: str) -> str:
    return re.sub(r"\[anki:play:[qa]:\d+\]", "", html)


def test_a_template_that_names_no_field_is_a_fault_of_ours() -> None:
    from offbook.preview.templates import render

    with pytest.raises(KeyError, match="Nothing"):
        render("{{Nothing}}", {"Question": ""}, 0)
    with pytest.raises(KeyError, match="furigana"):
        render("{{furigana:Question}}", {"Question": ""}, 0)


# -- pictures and sounds ---------------------------------------------------------------------------


def test_media_are_put_in_once_and_what_is_not_there_is_named(tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("a.png", "b.mp3", "c.webm", "lost.png")}
    for name in ("a.png", "b.mp3", "c.webm"):
        files[name].write_bytes(name.encode())
    media = Embedded(files, lambda file, name: file.read_bytes())
    picture = '<img alt="x > y" src="a.png" width="9">'
    assert media.take(picture * 2) == picture * 2
    assert media.take("[sound:b.mp3]") == '<audio controls preload="none" src="b.mp3"></audio>'
    assert media.take("[sound:c.webm]").startswith("<video ")
    drawn = '<img src="data:image/png;base64,AA==">'
    assert media.take(drawn) == drawn
    for name in ("lost.png", "https://example.invalid/x.png", "../a.png"):
        assert media.take(f'<img src="{name}">') == f'<span class="missing">{name}</span>'
    assert list(media.addresses) == ["a.png", "b.mp3", "c.webm"]
    assert media.addresses["a.png"] == "data:image/png;base64,YS5wbmc="


# -- the page in a browser -------------------------------------------------------------------------


class Preview(Watched):
    """A page that is open, with all that it asked for and complained of."""

    @property
    def frame(self) -> Frame:
        return self.page.frames[1]

    def shown(self) -> str:
        return str(self.frame.inner_text("#qa"))

    def until(self, condition: str, arg: object = None) -> None:
        """Wait for a function in the frame to hold; the page's policy forbids what playwright's own waits evaluate."""
        for _ in range(1500):
            if self.frame.evaluate(condition, arg):
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"{condition} ({arg}) does not hold for {self.frame.inner_text('body')!r}")

    def wait_for(self, text: str) -> None:
        self.until("text => document.body.innerText.includes(text)", text)

    def rows(self) -> list[str]:
        # Not what is visible: far rows are not laid out until they are scrolled to.
        return self.page.locator(".part:not([hidden]) .row:not([hidden]) .row-title").all_text_contents()

    def choose(self, title: str) -> None:
        self.page.locator(".part:not([hidden]) .row", has_text=title).first.click()
        self.wait_for(title)

    def has_answer(self) -> bool:
        return bool(self.frame.evaluate("() => document.querySelector('#answer') !== null"))

    def wait_for_side(self, back: bool) -> None:
        self.until("back => (document.querySelector('#answer') !== null) === back", back)


Open = Callable[..., Preview]


@pytest.fixture
def open_page(tabs: Tabs) -> Iterator[Open]:
    watched: list[Preview] = []

    def open_(file: Path, at: str = "", width: int = 1200, height: int = 800, scheme: ColorScheme = "light") -> Preview:
        page = tabs.open(width, height, scheme)
        page.set_default_timeout(5_000)
        preview = Preview(page)
        watched.append(preview)
        page.goto(file.as_uri() + at)
        page.wait_for_selector(".frame.is-ready", state="attached")
        preview.frame.wait_for_selector(".offbook", state="attached")
        return preview

    yield open_
    for preview in watched:
        preview.leave()


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example notes, with one card that was exported and is gone."""
    workspace = Workspace(tmp_path_factory.mktemp("examples"))
    shutil.copytree(EXAMPLES, workspace.notes)
    gone = workspace.write("Tallowby/Gone.md", GONE)
    workspace.run("export")
    gone.unlink()
    workspace.run("export")
    said = workspace.run("preview").output
    file = workspace.decks / "preview.html"
    assert said.startswith(f"{file}: ")
    assert said.endswith(" 1 retired\n")
    return file


def make(workspace: Workspace) -> Path:
    workspace.run("preview")
    return workspace.decks / "preview.html"


@browser_test
def test_it_loads_from_a_file_alone(examples: Path, open_page: Open) -> None:
    preview = open_page(examples)
    for row in preview.page.locator(".part:not([hidden]) .row").all()[:8]:
        row.click()
        preview.page.keyboard.press(" ")
        preview.wait_for_side(back=True)
    assert preview.requests[0] == examples.as_uri()
    assert [url for url in preview.requests[1:] if not url.startswith("data:")] == []
    assert preview.complaints == []


@browser_test
def test_the_list_is_by_company_and_section(examples: Path, open_page: Open) -> None:
    page = open_page(examples).page
    groups = page.locator(".part:not([hidden]) .group-name").all_text_contents()
    assert groups == ["Harbourlight", "Tallowby", "Wattwiese", "Harbourlight, Tallowby", "All companies"]
    harbourlight = page.locator(".group").first
    assert "System design round › Port vocabulary" in harbourlight.locator(".section-name").all_text_contents()
    assert "TEU" in harbourlight.locator(".row-title").all_text_contents()


@browser_test
def test_click_space_and_arrows_turn_cards(examples: Path, open_page: Open) -> None:
    preview = open_page(examples)
    page, first, second = preview.page, *preview.rows()[:2]
    preview.choose(first)
    assert not preview.has_answer()
    preview.frame.click("#qa")
    preview.wait_for_side(back=True)
    preview.frame.press("body", " ")
    preview.wait_for_side(back=False)
    page.locator(".row[aria-current]").press(" ")
    preview.wait_for_side(back=True)
    page.keyboard.press("ArrowRight")
    preview.wait_for(second)
    preview.wait_for_side(back=False)
    page.keyboard.press("ArrowLeft")
    preview.wait_for_side(back=True)
    preview.wait_for(first)
    page.keyboard.press("ArrowDown")
    preview.wait_for(second)
    page.keyboard.press("ArrowUp")
    preview.wait_for(first)
    page.click(".flip")
    preview.wait_for_side(back=True)
    assert page.inner_text(".flip") == "Show question"
    assert page.inner_text(".where") == "Harbourlight/System design round.md:15"


@browser_test
def test_a_note_of_several_gaps_counts_once_as_in_the_terminal(workspace: Workspace, open_page: Open) -> None:
    workspace.write("acme.md", "Why? :: Because.\n\n{{c1::Raft}} elects a {{c2::leader}}.\n")
    said = workspace.run("preview").output
    preview = open_page(workspace.decks / "preview.html")
    assert said.endswith("preview.html: 2 cards\n")
    assert preview.page.inner_text("#tab-cards .number") == "2"
    assert len(preview.rows()) == 3
    counts = []
    for row in preview.page.locator(".part:not([hidden]) .row").all():
        row.click()
        counts.append(preview.page.inner_text(".count"))
    assert counts == ["1 of 2", "2 of 2", "2 of 2"]


@browser_test
def test_search_looks_into_answers_and_places(examples: Path, open_page: Open) -> None:
    preview = open_page(examples)
    page = preview.page
    page.keyboard.press("/")
    page.keyboard.type("brin postgres")
    assert preview.rows() == ["How would you store the tracks?"]
    assert page.inner_text("#tab-cards .number") == "1"
    page.keyboard.press("Enter")
    preview.wait_for("How would you store the tracks?")
    page.fill(".search", "GROSSTE schwache")
    assert preview.rows() == []
    assert page.is_visible(".unfound:visible")
    page.fill(".search", "größte SCHWÄCHE")
    assert preview.rows() == ["Was ist Ihre größte Schwäche?"]
    page.press(".search", "Escape")
    assert len(preview.rows()) > 70


@browser_test
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_is_the_systems_until_it_is_switched(examples: Path, open_page: Open, scheme: ColorScheme) -> None:
    preview = open_page(examples, scheme=scheme)
    paper = "() => getComputedStyle(document.body).backgroundColor"
    colours = {"light": "rgb(252, 251, 248)", "dark": "rgb(29, 29, 31)"}
    other = {"light": "dark", "dark": "light"}[scheme]
    for wanted in (scheme, other):
        preview.until(f"wanted => ({paper})() === wanted", colours[wanted])
        assert preview.page.evaluate(paper) == colours[wanted]
        assert preview.page.get_attribute(".theme", "aria-pressed") == str(wanted == "dark").lower()
        preview.page.click(".theme")


@browser_test
def test_phone_width_is_360_pixels(examples: Path, open_page: Open) -> None:
    preview = open_page(examples)
    assert preview.frame.evaluate("innerWidth") > 700
    preview.page.keyboard.press("p")
    preview.until("() => innerWidth === 360")
    preview.page.click(".phone")
    preview.until("() => innerWidth > 700")


@browser_test
def test_no_example_overflows_a_phone(examples: Path, open_page: Open) -> None:
    preview = open_page(examples, width=360, height=740)
    preview.page.click(".row >> nth=0")
    preview.until("() => innerWidth === 360")
    cards, media = preview.page.evaluate(
        "() => { const d = JSON.parse(document.querySelector('#data').textContent); return [d.cards, d.media]; }"
    )
    sides = {f"{card['id']} {card['where']} {side}": card[side] for card in cards for side in ("front", "back")}
    assert len(sides) > 150
    for name, address in media.items():
        sides = {key: html.replace(f'src="{name}"', f'src="{address}"') for key, html in sides.items()}
    assert preview.frame.evaluate(TOO_WIDE, sides) == []


TOO_WIDE = """async (sides) => {
    const qa = document.getElementById("qa"), root = document.documentElement, wide = [];
    for (const [name, html] of Object.entries(sides)) {
        qa.innerHTML = html;
        await Promise.all([...document.images].map((image) => image.decode()));
        if (root.clientWidth !== 360 || root.scrollWidth > 360) wide.push([name, root.scrollWidth, root.clientWidth]);
    }
    return wide;
}"""


@browser_test
def test_maths_is_mathml(examples: Path, open_page: Open) -> None:
    preview = open_page(examples)
    preview.choose("How do you know that an arrival time")
    preview.page.keyboard.press(" ")
    preview.wait_for_side(back=True)
    assert preview.frame.locator("math").count() == 3
    assert (
        preview.frame.locator(
            "mjx-container[display=true] math[display=block] munderover, "
            "mjx-container[display=true] math[display=block] msubsup"
        ).count()
        == 1
    )
    assert "\\" not in preview.shown()


@browser_test
def test_pictures_are_in_the_page(examples: Path, open_page: Open) -> None:
    preview = open_page(examples)
    preview.choose("How would you take in position reports")
    preview.page.keyboard.press(" ")
    preview.wait_for_side(back=True)
    preview.until("() => document.images[0].naturalWidth > 400")
    assert str(preview.frame.get_attribute("img", "src")).startswith("data:image/png;base64,")


@browser_test
def test_reversed_cards_and_clozes_show_each_of_their_cards(examples: Path, open_page: Open) -> None:
    preview = open_page(examples)
    names = preview.page.locator(".row", has_text="Backpressure").locator(".badge").all_text_contents()
    assert names == ["reverse"]
    preview.page.locator(".row", has_text="Backpressure").nth(1).click()
    preview.wait_for("What is this?")
    raft = preview.page.locator(".row", has_text="In Raft a candidate")
    assert raft.locator(".badge").all_text_contents() == ["c1", "c2"]
    raft.nth(1).click()
    preview.wait_for("if the entry is [...]")
    assert "a majority of the servers" in preview.shown()
    preview.page.keyboard.press(" ")
    preview.wait_for("of its own term")


@browser_test
def test_open_questions_and_retired_cards_have_their_own_places(examples: Path, open_page: Open) -> None:
    preview = open_page(examples)
    assert "Wo sehen Sie sich in fünf Jahren?" not in preview.rows()
    preview.page.click("#tab-open")
    assert "Wo sehen Sie sich in fünf Jahren?" in preview.rows()
    preview.choose("Wo sehen Sie sich in fünf Jahren?")
    preview.page.keyboard.press(" ")
    preview.wait_for("There is no answer in the notes yet.")
    preview.page.locator("#tab-open").press("ArrowRight")
    assert preview.rows() == ["What was asked here once?"]
    assert preview.page.inner_text(".where") == "Tallowby/Gone.md"
    assert "retired on" in preview.page.inner_text(".facts")
    preview.page.click(".flip")
    preview.wait_for("no longer in the notes")


@browser_test
def test_a_title_that_is_the_notes_name_is_said_once(workspace: Workspace, open_page: Open) -> None:
    text = "# {}\n\n## Why us?\n\nRobots.\n\n## Tech\n\n### What is a {} log?\n\nA list.\n"
    workspace.write("acme/Onsite.md", text.format("onsite", "Raft"))
    workspace.write("acme/Screen.md", text.format("A call", "Kafka"))
    sections = open_page(make(workspace)).page.locator(".section-name").all_text_contents()
    assert sections == ["onsite", "onsite › Tech", "Screen › A call", "Screen › A call › Tech"]


@browser_test
def test_a_card_gone_since_the_last_export_is_retired_too(workspace: Workspace, open_page: Open) -> None:
    workspace.write("acme.md", "Why? :: Because.\n\nHow? :: Somehow.\n")
    workspace.run("export")
    workspace.write("acme.md", "Why? :: Because.\n")
    file = make(workspace)
    before = (workspace.decks / ledger.FILE_NAME).read_bytes()
    preview = open_page(file)
    preview.page.click("#tab-retired")
    assert preview.rows() == ["How?"]
    assert "will be retired" in preview.page.inner_text(".facts")
    preview.page.click(".flip")
    preview.wait_for("Somehow")
    (workspace.decks / "acme.apkg").unlink()
    preview = open_page(make(workspace))
    preview.page.click("#tab-retired")
    preview.page.click(".flip")
    preview.wait_for("Its answer was not kept")
    assert (workspace.decks / ledger.FILE_NAME).read_bytes() == before


@browser_test
def test_the_clock_runs_and_nothing_is_spoken(workspace: Workspace, open_page: Open) -> None:
    workspace.write("acme.md", "Why? :: Because.\n")
    add_retired(workspace, question(question="Timed", answer="A", speak="Timed", timer="120", key="k", reversed="1"))
    preview = open_page(make(workspace), "#0000000000000000.1")
    assert preview.page.inner_text("#tab-retired .number") == "1"
    preview.until("() => /^0:0\\d \\/ 2:00$/.test(document.querySelector('.clock').textContent)")
    preview.until("() => document.querySelector('.clock').textContent.startsWith('0:01')")
    assert "tts" not in preview.frame.inner_html("#qa")
    preview.page.keyboard.press(" ")
    preview.until("() => /^0:0[1-9] \\/ 2:00$/.test(document.querySelector('.clock.done')?.textContent)")
    assert preview.complaints == []


@browser_test
def test_the_users_own_css_is_in_the_card_and_around_it(workspace: Workspace, open_page: Open) -> None:
    workspace.write("offbook.toml", 'css = ".card { --offbook-paper: #102030; }"\n')
    workspace.write("acme.md", "Why? :: Because.\n")
    preview = open_page(make(workspace), scheme="light")
    for frame in preview.page.frames:
        assert frame.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 32, 48)"


@browser_test
def test_nothing_from_a_note_runs(workspace: Workspace, open_page: Open) -> None:
    workspace.write("</script><script>window.hacked=1</script>.md", INJECTION)
    preview = open_page(make(workspace))
    for side in (False, True):
        preview.wait_for_side(back=side)
        preview.page.wait_for_timeout(100)
        assert [frame.evaluate("typeof window.hacked") for frame in preview.page.frames] == ["undefined"] * 2
        preview.page.keyboard.press(" ")
        preview.wait_for_side(back=not side)
    preview.page.keyboard.press(" ")
    preview.wait_for_side(back=True)
    assert "https://example.invalid/track.png" in preview.frame.inner_text("body")
    assert [url for url in preview.requests[1:] if not url.startswith("data:")] == []
    assert preview.complaints == []


@browser_test
def test_not_even_what_no_sanitiser_has_seen_runs(workspace: Workspace, open_page: Open) -> None:
    """The ledger is a file that somebody else may have written; the page's policy is the second wall."""
    evil = '<script>window.hacked=1</script><img src="x" onerror="window.hacked=1"><svg onload="window.hacked=1"></svg>'
    workspace.write("acme.md", "Why? :: Because.\n")
    add_retired(workspace, question(question=evil, answer=evil))
    preview = open_page(make(workspace), "#0000000000000000.1:back")
    preview.page.wait_for_timeout(100)
    assert preview.frame.locator("script").count() >= 2
    assert [frame.evaluate("typeof window.hacked") for frame in preview.page.frames] == ["undefined"] * 2
    with pytest.raises(Error):
        preview.frame.evaluate("parent.document")


@browser_test
def test_a_phone_shows_the_list_or_the_card(examples: Path, open_page: Open) -> None:
    preview = open_page(examples, width=360, height=740)
    page = preview.page
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.is_visible(".list")
    assert not page.is_visible(".stage")
    assert page.evaluate(overflow) == 0
    page.click(".row >> nth=1")
    assert not page.is_visible(".list")
    preview.until("() => innerWidth === 360")
    assert page.evaluate(overflow) == 0
    page.click(".to-list")
    assert page.is_visible(".list")
    assert page.evaluate("document.activeElement.className") == "row"


@browser_test
def test_everything_can_be_reached_by_keyboard(examples: Path, open_page: Open) -> None:
    page = open_page(examples).page
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.className || document.activeElement.tagName"))
    assert reached == [
        "tool theme",
        "search",
        "tab",
        "row",
        "tool previous",
        "flip",
        "tool next",
        "tool phone",
    ]
    controls = "[...document.querySelectorAll('button, input, iframe')]"
    assert page.evaluate(f"{controls}.filter((e) => !(e.ariaLabel || e.title || e.textContent)).length") == 0


@browser_test
def test_hundreds_of_cards_are_all_there(workspace: Workspace, open_page: Open) -> None:
    for company in range(4):
        text = "".join(
            f"## Entry {company}.{n}: what is $x_{{{n}}}$?\nIt is **{n}** and\n\n```python\nprint({n})\n```\n\n"
            for n in range(100)
        )
        workspace.write(f"Company {company}/notes.md", f"# Section\n{text}")
    preview = open_page(make(workspace))
    assert preview.page.locator(".row").count() == 400
    assert preview.page.locator(".group").count() == 4
    assert preview.page.inner_text(".count") == "1 of 400"
    preview.page.fill(".search", "entry 3.99:")
    assert len(preview.rows()) == 1
    preview.page.press(".search", "Enter")
    preview.wait_for("Entry 3.99")


# -- the command -----------------------------------------------------------------------------------


def test_a_company_alone(workspace: Workspace) -> None:
    workspace.write("acme.md", "Why acme? :: Because.\n")
    workspace.write("globex.md", "Why globex? :: Because.\n")
    file = workspace.root / "new folder" / "acme.html"
    said = workspace.run("preview", "ACME", "-o", str(file)).output
    assert said == f"{file}: 1 card\n"
    assert "Why acme?" in file.read_text("utf-8")
    assert "Why globex?" not in file.read_text("utf-8")
    assert not workspace.decks.exists()
    assert "did you mean 'Acme'" in workspace.run("preview", "acne", status=2).output


def test_an_output_that_is_a_folder_is_wrong_usage(workspace: Workspace) -> None:
    assert "is a folder" in workspace.run("preview", "-o", str(workspace.root), status=2).output


def test_a_dash_is_standard_output(here: Workspace) -> None:
    here.write("acme/a.md", "## Why us? 漢\nRobots.\n")
    here.run("preview")
    page = here.decks / "preview.html"
    assert here.run("preview", "-o", "-").stdout == page.read_text("utf-8")
    assert {file.name for file in here.root.iterdir()} == {"notes", "decks"}
    assert "-o - writes none" in here.run("preview", "-o", "-", "--open", status=2).stderr


def test_faults_are_told_and_the_rest_is_shown(workspace: Workspace) -> None:
    workspace.write("acme.md", "Why? :: Because.\n\nWhere? :: ![[lost.png]]\n")
    workspace.write("bad.md", "---\ncompany: [\n---\nHow? :: So.\n")
    output = workspace.run("preview", status=1).output
    assert "bad.md" in output
    assert "lost.png" not in output  # `check` and `export` name it
    assert "2 cards" in output


def test_it_opens_in_the_browser(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    workspace.write("acme.md", "Why? :: Because.\n")
    workspace.run("preview", "--open")
    assert opened == [(workspace.decks / "preview.html").as_uri()]


def test_the_same_notes_give_the_same_page(workspace: Workspace) -> None:
    workspace.write("acme.md", "Why? :: Because.\n")
    assert make(workspace).read_bytes() == make(workspace).read_bytes()
