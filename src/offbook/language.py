"""In which language a card is written: what its question is read aloud in, and where its long words may break."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from offbook.text import languages

ENGLISH = "en"
CODE = re.compile(r"(?P<language>[A-Za-z]{2,3})(?:[-_](?P<region>[A-Za-z]{2}))?")
"""A language as settings name it, with a region or without one."""
_VOICES = [
    "ar_SA", "bg_BG", "ca_ES", "cs_CZ", "da_DK", "de_DE", "el_GR", "en_US", "es_ES", "et_EE", "fa_IR", "fi_FI", "fr_FR",
    "he_IL", "hi_IN", "hr_HR", "hu_HU", "id_ID", "it_IT", "ja_JP", "ko_KR", "lt_LT", "lv_LV", "ms_MY", "nb_NO", "nl_NL",
    "pl_PL", "pt_BR", "ro_RO", "ru_RU", "sk_SK", "sl_SI", "sr_RS", "sv_SE", "ta_IN", "th_TH", "tr_TR", "uk_UA", "vi_VN",
    "zh_CN",
]  # fmt: skip
# By script, the languages that are written in it. Those of one script are told apart by letters of their own, or not.
_SCRIPTS = (
    ("ja", "\u3040-\u30ff"),
    ("ko", "\u1100-\u11ff\uac00-\ud7af"),
    ("zh", "\u3400-\u9fff"),
    ("uk", "\u0404\u0406\u0407\u0454\u0456\u0457\u0490\u0491"),
    ("ru", "\u0400-\u04ff"),
    ("el", "\u0370-\u03ff"),
    ("he", "\u0590-\u05ff"),
    ("ar", "\u0600-\u06ff"),
    ("hi", "\u0900-\u097f"),
    ("th", "\u0e00-\u0e7f"),
)
_OTHER_SCRIPT = re.compile("|".join(f"(?P<{language}>[{signs}]+)" for language, signs in _SCRIPTS))
_WITHOUT_SPACES = ("ja", "zh", "th")
_SIGNS_OF_A_WORD = 2  # in scripts without spaces
_LATIN = re.compile("[\u00df-\u024f\u1e00-\u1eff]")  # beside a to z
_NO_WORDS = re.compile(r"\$[^$\n]{1,400}\$|`[^`\n]{1,400}`|\\[A-Za-z]+")  # formulas, code
_WORD = re.compile(r"(?<![\w/])[^\W\d_]+(?![\w/])")  # the `w` of `w/` and the `a` of `a16z` are none


def language_of(text: str, behind: str = "", *, otherwise: str = ENGLISH) -> str:
    """Return the language that a text tells, or this and the one behind it; `otherwise` where neither does.

    Its letters tell it, or those of its words that texts on anything are made of. Names and terms tell nothing.
    """
    # A word of the question counts for two of the answer, one of which is no more than chance beside those around it.
    text, behind = _NO_WORDS.sub(" ", text), _NO_WORDS.sub(" ", behind)
    for told, enough in ((text, 1), (f"{text}\n{text}\n{behind}", 2)):
        words, strange = _words(told), _strange(told)
        claims = {language: words[language] - strange[language] for language in words}
        most = max(claims.values(), default=0)
        likely = [language for language, claim in claims.items() if claim == most]
        tells = most - claims.get(otherwise, 0) >= enough
        if len(likely) == 1 and tells:
            return likely[0]
    # Of several that are as likely it is the one in which more people write: `words.toml` begins with it.
    order = {language: place for place, language in enumerate(languages())}
    return min(likely, key=lambda language: order.get(language, len(order))) if likely and tells else otherwise


def normal(code: str) -> str:
    """Return a language as HTML has it: `pt_br` as `pt-BR`; empty where it is none."""
    match = CODE.fullmatch(code.strip())
    if match is None:
        return ""
    return "-".join([match["language"].lower(), *([match["region"].upper()] if match["region"] else ())])


def voice_of(language: str) -> str:
    """Return a language as Anki's `[anki:tts lang=…]` has it: `de` as `de_DE`.

    Source: https://docs.ankiweb.net/templates/fields.html#text-to-speech-for-individual-fields
    """
    if "-" in language:
        return language.replace("-", "_")
    return next((voice for voice in _VOICES if voice.startswith(f"{language}_")), f"{language}_{language.upper()}")


def _words(text: str) -> Counter[str]:
    """Return how many words of a text are of each language, as far as they tell.

    A single one tells only where it opens the text, as the word of a question does: "Design system war" is no German.
    """
    found = _WORD.findall(text.lower())
    telling = [(word, language) for word in found for language in _common().get(word, ())]
    if len({word for word, _ in telling}) == 1 and telling[0][0].isascii() and telling[0][0] != found[0]:
        telling = []
    # One plain letter may be anything, and tells something only among other words of its language.
    sure = {language for word, language in telling if len(word) > 1 or not word.isascii()}
    counts = Counter(language for _, language in telling if language in sure)
    if text.isascii():
        return counts
    others: Counter[str] = Counter()
    for match in _OTHER_SCRIPT.finditer(text):
        language = match.lastgroup or ""
        others[language] += -(-len(match[0]) // _SIGNS_OF_A_WORD) if language in _WITHOUT_SPACES else 1
    if others:
        # A few letters that only one of a script's languages has tell it.
        language = next((language for language in ("ja", "uk") if others[language]), others.most_common(1)[0][0])
        counts[language] += others.total()
    return counts


def _strange(text: str) -> Counter[str]:
    """Return how many words of a text have letters that a language is not written with."""
    if text.isascii():
        return Counter()
    lettered = [letters for word in _WORD.findall(text.lower()) if (letters := set(_LATIN.findall(word)))]
    return Counter(language for letters in lettered for language, own in _letters().items() if not letters <= own)


@lru_cache(maxsize=1)
def _letters() -> dict[str, set[str]]:
    """Return the letters beside a to z of each language that is written with such."""
    return {language: set(*table["alphabet"]) for language, table in languages().items() if "alphabet" in table}


@lru_cache(maxsize=1)
def _common() -> dict[str, list[str]]:
    """Return the languages of each common word."""
    by_word: dict[str, list[str]] = {}
    for language, table in languages().items():
        for word in table.get("common", ()):
            by_word.setdefault(word, []).append(language)
    return by_word
