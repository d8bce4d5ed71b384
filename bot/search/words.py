"""What counts as a word, in any script.

A text is folded (width, case, diacritics, traditional Chinese to simplified) and cut: into words
where there are spaces, into overlapping pairs of characters where there are none, as in Chinese
and Japanese. Signs that belong to a name stay (c++, c#, .net, node.js). Words are compared by a
light English stem, so that "learn" finds "Learning"; what a member reads is never a stem.
"""

import re
import unicodedata
from functools import cache
from typing import Final

from opencc import OpenCC

_UNSPACED: Final = (
    "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"  # Han
    "\u3041-\u3096\u30a1-\u30fa\u30fc"  # kana
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ede\u1000-\u109f\u1780-\u17d3"  # Thai, Lao, Burmese, Khmer
)
RUN = re.compile(f"[{_UNSPACED}]+")
"""Characters of a script that puts no spaces between words."""
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_MARKS = re.compile("[\u0300-\u036f]")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_LETTER = rf"[^\W_{_UNSPACED}]"
_TOKEN = re.compile(
    rf"(?P<run>[{_UNSPACED}]+)"
    rf"|(?P<named>(?<![^\W_])\.net\b|(?<![^\W_])(?:c|g)\+\+|(?<![^\W_])[cfj]\#(?!\w))"
    rf"|(?P<dotted>{_LETTER}+(?:\.{_LETTER}+)+)"
    rf"|(?P<plain>{_LETTER}+(?:-{_LETTER}+)*)"
)
_KEPT = frozenset({"networking", "stats"})
"""Words with endings that are no forms of others: a neural network is no networking."""
_VOWEL = re.compile("[aeiouy]")
_PART_MAX = 40
"""Characters of a word that count: longer ones are no words."""


def folded(text: str) -> str:
    """Return `text` without differences of width, case, diacritics or kind of Chinese."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = unicodedata.normalize("NFC", _MARKS.sub("", apart))
    return _simplifying().convert(plain) if _HAN.search(plain) else plain


@cache
def _simplifying() -> OpenCC:
    return OpenCC("t2s")


def cut(text: str) -> list[str]:
    """Return the words of a text in order, folded; runs without spaces stay whole.

    A compound with hyphens comes in its parts ("few-shot" is "few" and "shot").
    """
    plain = folded(text)
    if "'" in plain or "’" in plain:
        plain = _APOSTROPHE.sub("", _POSSESSIVE.sub("", plain))
    found: list[str] = []
    for match in _TOKEN.finditer(plain):
        if match.lastgroup == "run":
            found.append(match[0])
        elif match.lastgroup == "plain":
            found += [part[:_PART_MAX] for part in match[0].split("-")]
        else:
            found.append(match[0][:_PART_MAX])
    return found


def joined(text: str) -> list[str]:
    """Return the compounds of a text written as one word: "nodejs" for Node.js, "fewshot"."""
    if "-" not in text and "." not in text and text.isascii():
        return []
    plain = folded(text)
    return [
        re.sub(r"[.-]", "", match[0])[:_PART_MAX]
        for match in _TOKEN.finditer(plain)
        if match.lastgroup in ("dotted", "plain") and re.search(r"[.-]", match[0])
    ]


def pairs(run: str) -> list[str]:
    """Return the overlapping pairs of a run without spaces; of one character, itself."""
    return [run] if len(run) == 1 else [run[at : at + 2] for at in range(len(run) - 1)]


def is_run(word: str) -> bool:
    """Say whether a word of `cut` is of a script without spaces."""
    return RUN.match(word) is not None


def language_of(text: str) -> str | None:
    """Return the language that the letters of a text say it is in, None where they do not."""
    return "zh" if any(is_run(word) for word in cut(text)) else None


def name(word: str) -> str:
    """Return what a word of somebody's name is compared by: itself, for names have no endings."""
    return f"={word}"


@cache
def stem(word: str) -> str:
    """Return what a word is compared by: without the endings of English plurals and verbs.

    The steps are those of an S-stemmer (Harman, 1991), then -ing and -ed, then a final e.
    """
    if not (word.isascii() and word.isalpha()) or len(word) < 4 or word in _KEPT:
        return word
    stemmed = _singular(word)
    for ending in ("ing", "ed"):
        base = stemmed.removesuffix(ending)
        if base != stemmed and len(base) >= 3 and _VOWEL.search(base):
            doubled = base[-1] == base[-2] and base[-1] not in "aeiouyls"
            stemmed = base[:-1] if doubled else base
            break
    return stemmed[:-1] if len(stemmed) > 3 and stemmed[-1] == "e" else stemmed


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
