"""The page of `offbook ready --html`, in a real browser."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import ColorScheme, Tabs, Watched, needs_browser
from conftest import Workspace
from playwright.sync_api import Browser
from rehearsing import opened, options, rehearse

from offbook.anki.rehearsal import Clock

pytestmark = needs_browser

HOSTILE = "</code></li></ol><script>window.hacked=1</script><img src=x onerror=window.hacked=1> <!--[script]-->"
NOTES = (
    f"## What is {HOSTILE}?\nSomething odd.\n\n## Wo liegt Zürich?\nAm See.\n\n"
    + "".join(f"## How many are {number} things?\nAs many as {number}.\n\n" for number in range(12))
    + "## What is your notice period?\n"
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of two companies: one with reviews and an interview, one without."""
    workspace = Workspace(tmp_path_factory.mktemp("ready"))
    collection = workspace.root / "Anki2" / "User 1" / "collection.anki2"
    collection.parent.mkdir(parents=True)
    with opened(collection) as anki:
        anki.set_config("fsrs", True)
    day = Clock(time.time()).today + datetime.timedelta(days=9)
    workspace.write("Acme/a.md", f"---\ninterview: {day}\n---\n{NOTES}")
    workspace.write("Fernhill/b.md", "What is a fern? :: A plant without flowers.\n")
    workspace.run("import", "--collection", str(collection))
    with opened(collection) as anki:
        options(anki, "Interviews::Acme", new=3)
    rehearse(collection, "Interviews::Acme", 3)
    page = workspace.root / "pages" / "ready.html"
    workspace.run("ready", "--collection", str(collection), "--html", str(page))
    return page


class Shown(Watched):
    """The page as it is open, with all that it asked for and complained of."""

    def questions(self) -> list[str]:
        return self.page.locator(".company >> nth=0 >> .row:not([hidden]) .question").all_text_contents()

    def recalls(self) -> list[str]:
        return self.page.locator(".company >> nth=0 >> .row:not([hidden]) .recall").all_text_contents()

    def background(self) -> str:
        return str(self.page.evaluate("getComputedStyle(document.body).backgroundColor"))


Open = Callable[..., Shown]


@pytest.fixture
def open_page(tabs: Tabs, file: Path) -> Iterator[Open]:
    watched: list[Shown] = []

    def open_(width: int = 1000, height: int = 900, scheme: ColorScheme = "light") -> Shown:
        shown = Shown(tabs.open(width, height, scheme))
        watched.append(shown)
        shown.page.goto(file.as_uri())
        return shown

    yield open_
    for shown in watched:
        shown.leave()


def test_it_loads_from_a_file_alone_and_nothing_of_a_note_acts(open_page: Open, file: Path) -> None:
    shown = open_page()
    shown.page.wait_for_timeout(200)
    assert [url for url in shown.requests if not url.startswith("data:")] == [file.as_uri()]
    assert shown.complaints == []
    assert shown.page.evaluate("window.hacked") is None
    assert any("<script>window.hacked=1</script>" in question for question in shown.questions())


def test_it_says_what_will_be_known(open_page: Open) -> None:
    page = open_page().page
    assert page.locator(".company-name").all_text_contents() == ["Acme", "Fernhill"]
    figures = page.locator(".company >> nth=0 >> .figure").all_text_contents()
    assert [re.sub(r"[\d\s]+", " ", text).strip() for text in figures] == [
        "if you stop now of", "if you keep up of", "not yet seen", "open questions",
    ]  # fmt: skip
    ahead = datetime.timedelta(days=9) + (
        Clock(time.time()).today - datetime.date.today()
    )  # Anki's day ends at 4 o'clock
    assert f"in {ahead.days} days" in page.locator(".when").first.inner_text()
    assert "No interview is set" in page.locator(".when").nth(1).inner_text()
    assert page.locator(".assumed").inner_text().startswith("If you stop now")


def test_the_chart_goes_from_today_to_the_interview(open_page: Open) -> None:
    page = open_page().page
    charts = page.locator(".chart")
    assert charts.count() == 2  # one company has an interview: a wide one and a narrow one
    wide = page.locator(".chart.wide")
    assert wide.locator(".day").count() == 10
    box = wide.bounding_box()
    assert box is not None
    ends = {}
    for kind in ("stopped", "kept-up"):
        line = wide.locator(f".line.{kind}")
        points = [tuple(map(float, point.split())) for point in (line.get_attribute("d") or "")[1:].split("L")]
        assert len(points) == 10
        ends[kind] = points[-1][1]
        assert all(0 <= y <= 240 for _, y in points)
    assert ends["kept-up"] < ends["stopped"]  # higher up
    label = wide.get_attribute("aria-label") or ""
    assert "if you keep up" in label


@pytest.mark.parametrize(
    ("words", "number"), [("zurich", 1), ("WO liegt", 1), ("how many", 12), ("acme/a.md", 14), ("no such words", 0)]
)
def test_cards_are_searched_by_their_words_and_places(open_page: Open, words: str, number: int) -> None:
    shown = open_page()
    shown.page.locator(".search").first.fill(words)
    assert len(shown.questions()) == number
    assert shown.page.locator(".company >> nth=0 >> .none").is_visible() == (number == 0)
    assert shown.page.locator(".count").first.inner_text() == ("14" if number == 14 else f"{number} of 14")


def test_cards_are_sorted_the_weakest_first_and_by_any_column(open_page: Open) -> None:
    shown = open_page()
    first = shown.recalls()
    seen = [int(recall.rstrip("%")) for recall in first if recall != "new"]
    assert seen
    assert seen == sorted(seen)
    assert first[len(seen) :] == ["new"] * (14 - len(seen))
    shown.page.get_by_role("button", name="Question").first.click()
    numbers = [re.findall(r"\d+", question)[0] for question in shown.questions() if "How many" in question]
    assert numbers == [str(number) for number in range(12)]
    shown.page.get_by_role("button", name="Question").first.click()
    assert [re.findall(r"\d+", question)[0] for question in shown.questions() if "How many" in question] == [
        *reversed(numbers)
    ]
    shown.page.get_by_role("button", name="Recall").first.click()
    assert shown.recalls() == first


def test_sorting_needs_no_mouse(open_page: Open) -> None:
    shown = open_page()
    shown.page.locator(".sort.place").first.focus()
    shown.page.keyboard.press("Enter")
    assert shown.page.locator(".sort.place").first.get_attribute("aria-pressed") == "true"


def test_light_and_dark_follow_the_system_and_the_button(open_page: Open) -> None:
    light, dark = open_page(scheme="light"), open_page(scheme="dark")
    paper, night = light.background(), dark.background()
    assert paper != night
    light.page.get_by_role("button", name="Dark").click()
    assert light.background() == night


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_written_can_be_read(open_page: Open, scheme: ColorScheme) -> None:
    """Contrast of at least 4.5 to 1, as WCAG asks of text."""
    page = open_page(scheme=scheme).page
    poor = page.evaluate(
        """() => {
          const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number).map((part) => part / 255)
            .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
          const paper = light(getComputedStyle(document.body).backgroundColor), poor = [];
          for (const element of document.querySelectorAll("main *, .title, .assumed *")) {
            if (!element.textContent.trim() || element.closest("defs, title")) continue;
            const style = getComputedStyle(element), svg = element instanceof SVGElement;
            if (svg && element.tagName !== "text" && element.tagName !== "tspan") continue;
            const ink = light(svg ? style.fill : style.color);
            const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
            if (contrast < 4.5) poor.push(`${element.tagName}.${element.getAttribute("class")} ${contrast}`);
          }
          return [...new Set(poor)];
        }"""
    )
    assert poor == []


def test_it_fits_a_phone(open_page: Open) -> None:
    page = open_page(width=360, height=740).page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".chart.narrow").is_visible()
    assert not page.locator(".chart.wide").is_visible()
    for row in page.locator(".row").all()[:5]:
        box = row.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360


def test_it_says_everything_without_its_script(browser: Browser, file: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(file.as_uri())
    assert page.locator(".row").count() == 15
    assert page.locator(".chart").count() == 2
    page.close()
