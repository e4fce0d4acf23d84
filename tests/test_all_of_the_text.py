"""All of the writer's text stands on the card: the letters of a note's answer are those of the field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from visible import letters, rendered, shown

# Each stands on the card as it is written: nothing in it is Markdown, HTML or a mark of Obsidian's.
TEXTS = [
    "GET /files/<path> returns the file, or 404.",
    "A vector<int> is contiguous, a map<string, vector<T>> is not.",
    "Write <your name> and <T>, then <script> and <set> and <view> and <object> and <template>.",
    "if a < b and c > d then x<y>z",
    "The tag <b> makes text bold, and </div> closes a box.",
    "We used #kafka and #postgres there, issue #42 and C#.",
    "It costs $5 and then $10, or 5 $ and 10 $.",
    "A list [[1, 2], [3, 4]] and arr[i][j] and [x] and [ ].",
    "Templates hold {{name}} and {% if %} and ${HOME} and {0}.",
    "Use a & b && c, &amp is no entity and R&D is none.",
    "Generics: List<Map<String, Integer>> and Option<&'a str> and Box<dyn Fn(i32) -> i32>",
    "<?php echo 1 ?> and <!DOCTYPE html> and <![CDATA[x]]>",
    "a <- b, b -> c, c => d, d <=> e, e <> f, f != g",
    "<iframe src=x> <style>p {}</style> <svg><path d=x></svg> <math><mi>x</mi></math>",
    "<select><option>a</option></select> <textarea>x</textarea> <noscript>y</noscript> <title>z</title>",
    "[sound:a.mp3] [latex]x[/latex] [$]x[/$] [anki:play:q:0]",
]
CODE = {
    "python": "def f(x: list[int]) -> dict[str, int]:\n    return {k: v for k, v in x if a < b}  # <path>",
    "cpp": "#include <vector>\nstd::vector<int> v; template <typename T> T f(T&& t) { return t; }",
    "html": '<script src="x">alert("1")</script>\n<!-- c -->\n<a href="javascript:x()">x</a>',
    "jinja": "{{ a|b }} {% for x in y %}{{c1::z}}{% endfor %}",
    "rust": "fn f<'a, T: Ord>(x: &'a [T]) -> Option<&'a T> { x.iter().max() }",
    "sql": "SELECT * FROM t WHERE a <> 1 AND b < 2 -- [[x]]",
    "bash": "cat <<EOF > $HOME/x\n$(date) `ls` ${a[0]} \\(x\\)\nEOF",
    "latex": "[[type:Answer]] \\[ \\href{javascript:x}{y} \\] \\( x \\) $$z$$",
    "java": "Map<String, List<Integer>> m = new HashMap<>(); // [sound:x]",
    "haskell": "f :: (a -> b) -> [a] -> [b]\nf g xs = [g x | x <- xs] {- #tag -}",
}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("around", ["{}", "> {}", "> [!note] {}\n> x", "- {}", "| h |\n|---|\n| {} |", "### {}\n\nx"])
def test_text(text: str, around: str, tmp_path: Path) -> None:
    if "|" in around:
        text = text.replace("|", "")
    _, answer, _, plain = rendered(f"## What is it?\n\n{around.format(text)}\n", tmp_path)
    assert letters(text) in letters(shown(answer))
    assert letters(text) in letters(plain)


@pytest.mark.parametrize("text", TEXTS)
def test_questions(text: str, tmp_path: Path) -> None:
    question, _, plain, _ = rendered(f"## {text} Why so?\n\nIt is.\n", tmp_path)
    assert letters(text) in letters(shown(question))
    assert letters(text) in letters(plain)


@pytest.mark.parametrize("language", CODE)
def test_code(language: str, tmp_path: Path) -> None:
    code = CODE[language]
    for block in (
        f"```{language}\n{code}\n```",
        f"```\n{code}\n```",
        f"> ```{language}\n" + re.sub("(?m)^", "> ", code) + "\n> ```",
    ):
        _, answer, _, plain = rendered(f"## What is it?\n\n{block}\n", tmp_path)
        assert letters(code) in letters(shown(answer))
        assert letters(code) in letters(plain)


_WORDS = st.sampled_from([
    "a", "word", "<", ">", "<T>", "<path>", "</div>", "<b>", "<p>", "<!", "<?x?>", "<a b c>", "<your name>",
    "#1", "#tag", "$", "$5", "[", "]", "[[", "{{", "}}", "{", "}", "&", "&x", "(", ")", "<int>", "<script>",
    "</script>", "<set", "<view>", "'", '"', "|", "é", "漢", "🔥", ".", ",", ";", "/", "@", "x<y", "y>z", "<li>",
    "<img>", "<input>",
])  # fmt: skip


@given(st.lists(_WORDS, min_size=1, max_size=12))
@settings(deadline=None, max_examples=300)
def test_any_words(words: list[str]) -> None:
    text = "It says: " + " ".join(words) + " and so on."
    _, answer, _, _ = rendered(f"## What is it?\n\n{text}\n", Path("/nonexistent"))
    assert letters(text) == letters(shown(answer))
