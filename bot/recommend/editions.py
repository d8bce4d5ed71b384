"""Which resources are editions of one work: no list shows two of them.

Pure. Two are one work where the address differs only in its language, where creators agree and
titles are nearly equal, or where one is the other's translation by everything the catalogue says.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from storage.records import Resource

ALIKE_MIN = 0.8
"""Share of the words of two titles that they have in common, where they are of one work."""

SLUG_MIN = 10
"""Letters in the last part of an address that say as much as a title."""

_EDITION = re.compile(
    r"[(（\[【]?\s*(?:\d+\s*(?:st|nd|rd|th)?|first|second|third|fourth|fifth|sixth|new|revised)"
    r"\s*(?:ed\.|edition|e(?=\W|$))\s*[)）\]】]?"
    r"|[(（\[【]?\s*第?\s*[0-9一二三四五六七八九十]+\s*版\s*[)）\]】]?"
    r"|[(（\[【]\s*(?:简体|繁体)?中文(?:版|译本|翻译)?\s*[)）\]】]|中文版|中译本|英文版"
)
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+[+#]*")
_LANGUAGE = re.compile(r"(?<![a-z0-9])(?:en|zh)(?:[-_](?:us|gb|cn|tw|hk|hans|hant))?(?![a-z0-9])")
_NUMBER = re.compile(r"\d+")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=4_096)
def _title(title: str) -> tuple[frozenset[str], frozenset[str], str]:
    """Return a title's words, its numbers, and the words before its subtitle."""
    plain = _EDITION.sub(" ", _folded(title))
    main = re.split(r"[:：]", plain, maxsplit=1)[0]
    words = _WORD.findall(plain)
    return frozenset(words), frozenset(_NUMBER.findall(plain)), " ".join(_WORD.findall(main))


@lru_cache(maxsize=4_096)
def _creators(creator: str) -> frozenset[str]:
    names = re.split(r"[,，、;；&]| and | et al", _folded(creator))
    return frozenset(name.strip(" .") for name in names if len(name.strip(" .")) > 1)


@lru_cache(maxsize=4_096)
def _address(url: str) -> str:
    """Return an address without its language; nothing where it says none."""
    parts = urlsplit(_folded(url))
    whole = f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"
    bare = re.sub(r"/+|\.{2,}|(?<=/)\.|^\.", "/", _LANGUAGE.sub("", whole)).strip("/")
    return bare if parts.path.strip("/") else ""


def _slug(url: str) -> str:
    """Return the last part of an address where it is long enough to be a title."""
    last = urlsplit(_folded(url)).path.strip("/").rpartition("/")[2]
    return last if len(last) >= SLUG_MIN and "-" in last else ""


def _is_of_one_kind(one: Resource, other: Resource) -> bool:
    return one.kind == other.kind and set(one.tags) == set(other.tags)


def _first(one: Resource) -> int:
    """Return the resource of which it is an edition as moderators said, itself where of none."""
    return one.edition_of or one.resource_id


def is_one_work(one: Resource, other: Resource) -> bool:
    """Say whether two resources are editions or translations of one work."""
    if _first(one) and _first(one) == _first(other):
        return True
    if one.language != other.language:
        address = _address(one.url)
        if address and address == _address(other.url):
            return True
        if _slug(one.url) and _slug(one.url) == _slug(other.url) and _is_of_one_kind(one, other):
            return True
    mine, others = _creators(one.creator), _creators(other.creator)
    if mine and others and not mine & others:
        return False
    is_known = bool(mine & others)
    return _are_titles_near(one.title, other.title, is_known=is_known) or (
        is_known and _is_translation(one, other)
    )


def _are_titles_near(one: str, other: str, *, is_known: bool) -> bool:
    """Say whether titles are of one work; only the same title is where no creator is known."""
    words, numbers, main = _title(one)
    others, their_numbers, their_main = _title(other)
    if not words or numbers != their_numbers:
        return False
    if words == others:
        return True
    if not is_known:
        return False
    whole = words == set(their_main.split()) or others == set(main.split())
    return whole or len(words & others) / len(words | others) >= ALIKE_MIN


def _is_translation(one: Resource, other: Resource) -> bool:
    """Say whether one is the other in another language, by all that does not change with it.

    Several short pieces of one creator may agree in all of it, so their length must be known.
    """
    return (
        one.language != other.language
        and one.minutes == other.minutes
        and one.minutes is not None
        and one.level == other.level
        and _is_of_one_kind(one, other)
    )


def works(resources: Sequence[Resource]) -> list[int]:
    """Return for each resource the place of the first that is of the same work."""
    found: list[int] = []
    by_clue: dict[str, list[int]] = {}
    for place, one in enumerate(resources):
        clues = {
            *_creators(one.creator),
            _address(one.url),
            _slug(one.url),
            _title(one.title)[2],
            f"edition {_first(one)}" if one.resource_id else "",
        } - {""}
        near = {at for clue in clues for at in by_clue.get(clue, ())}
        same = (found[at] for at in sorted(near) if is_one_work(resources[at], one))
        found.append(next(same, place))
        for clue in clues:
            by_clue.setdefault(clue, []).append(place)
    return found
