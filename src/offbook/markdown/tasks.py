"""Core rule: the boxes of tasks, those of GitHub and the further ones that Obsidian's themes draw."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.tasklists import tasklists_plugin

from offbook.text import without_days

_FURTHER = re.compile(r"\[([^\w\s\[\]^])\]\s+(?=\S)")
_TASK = re.compile(r"\[[^\[\]]\]\s")
_NAMES = {"/": "half", "-": "dropped"}
"""What is done by half, what is dropped; any other sign stands in its box."""


def tasks_plugin(md: MarkdownIt) -> None:
    """Make a checkbox (`html_inline`) of `[ ]`, `[x]`, `[/]`, `[-]` and their like at the beginning of a list item.

    That of the further ones has the class `half` or `dropped`; any other sign is a token `task_sign`.
    """
    md.core.ruler.before("inline", "task_days", _drop_days)
    md.use(tasklists_plugin)
    md.core.ruler.after("github-tasklists", "further_tasks", _further)


def _drop_days(state: StateCore) -> None:
    """Drop what is said of a task's days: it is no part of its text."""
    for index in range(2, len(state.tokens)):
        token = state.tokens[index]
        if token.type == "inline" and state.tokens[index - 2].type == "list_item_open" and _TASK.match(token.content):
            token.content = without_days(token.content)


def _further(state: StateCore) -> None:
    for index in range(2, len(state.tokens)):
        token, item = state.tokens[index], state.tokens[index - 2]
        if token.type != "inline" or item.type != "list_item_open" or not token.content.startswith("["):
            continue
        match = _FURTHER.match(token.content)
        if match is None or not token.children or not token.children[0].content.startswith(match[0].rstrip()):
            continue
        name = _NAMES.get(match[1])
        box = Token("task_sign", "", 0, content=match[1])
        if name:
            box = Token("html_inline", "", 0, content=f'<input class="task-list-item-checkbox {name}" type="checkbox">')
        token.content = token.content[match.end() :]
        token.children[0].content = token.children[0].content[len(match[0].rstrip()) :]
        token.children.insert(0, box)
        item.attrSet("class", "task-list-item")
