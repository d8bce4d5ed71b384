"""Words of the field that mean the same, in both languages, and those that a server adds.

A line names words that mean the same, separated by commas: "kubernetes, k8s". Each finds the
others. Ours are in `field`; moderators add lines for what is said where they are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from bot.search import field, words

Phrase = tuple[str, ...]
"""The words of one way to say something, as they are compared."""
LINES_MAX = 100
"""Lines that a server may add."""
NAMES_MAX = 12
"""Ways to say one thing in a line."""
NAME_MAX = 60
PARTS_MAX = 60
"""Names of parts by which a tag is found, too."""
_COMMAS = str.maketrans("，、;；", ",,,,")


class Refused(NamedTuple):
    """A line that cannot be taken, and the key of the sentence that says why."""

    line: str
    key: str


Table = Mapping[Phrase, tuple[Phrase, ...]]
"""By each way to say something the others."""


def phrase(text: str) -> Phrase:
    """Return the words of a text as they are compared."""
    return tuple(word if words.is_run(word) else words.stem(word) for word in words.cut(text))


def lines(text: str) -> Iterator[list[str]]:
    """Yield the names of each line; empty ones and comments are none."""
    for line in text.splitlines():
        bare = line.strip()
        if bare and not bare.startswith("#"):
            yield [name.strip() for name in bare.translate(_COMMAS).split(",") if name.strip()]


def table(groups: Iterable[Sequence[str]]) -> dict[Phrase, tuple[Phrase, ...]]:
    """Return by each name of a group the other names; a name in two groups has those of both."""
    found: dict[Phrase, dict[Phrase, None]] = {}
    for group in groups:
        said = dict.fromkeys(phrase(name) for name in group)
        said.pop((), None)
        for name in said:
            found.setdefault(name, {}).update(dict.fromkeys(x for x in said if x != name))
    return {name: tuple(others) for name, others in found.items() if others}


@cache
def ours() -> Table:
    """Return the table that comes with the program."""
    return table(lines(field.LINES))


@cache
def wider() -> Mapping[Phrase, tuple[Phrase, ...]]:
    """Return by a phrase of the field the topics that it is a part of."""
    found: dict[Phrase, list[Phrase]] = {}
    for line in field.PARTS.splitlines():
        topic, _, parts = line.partition(":")
        for part in parts.split(","):
            found.setdefault(phrase(part), []).append(phrase(topic))
    return {part: tuple(topics) for part, topics in found.items()}


@cache
def names() -> frozenset[str]:
    """Return the words that are right as they are written, whether a catalogue holds them or not.

    Beside those of our table, in the form in which they are written.
    """
    known = {word for group in lines(field.LINES) for name in group for word in words.cut(name)}
    return frozenset(known.union(field.NAMES.split()))


def neighbours(way: Sequence[str]) -> list[str]:
    """Return the pairs of words that stand side by side in a phrase."""
    return [f"{one} {other}" for one, other in pairwise(way)]


@cache
def our_neighbours() -> frozenset[str]:
    """Return the pairs of all phrases of our table: an index keeps where they stand."""
    return frozenset(pair for way in ours() for pair in neighbours(way))


def with_own(text: str) -> Table:
    """Return our table and a server's own lines."""
    if not text.strip():
        return ours()
    own = table(lines(text))
    return {
        name: tuple(dict.fromkeys((*own.get(name, ()), *ours().get(name, ()))))
        for name in (*ours(), *(name for name in own if name not in ours()))
    }


@lru_cache(maxsize=64)
def of_server(
    text: str, said: tuple[tuple[str, ...], ...], parts: tuple[tuple[str, tuple[str, ...]], ...]
) -> Table:
    """Return our table with a server's own lines and tags.

    Parameters
    ----------
    said
        All words for each of its tags: each finds the others.
    parts
        By a tag what its parts are called: whoever asks for it finds those, not the other way.
    """
    known = with_own(text)
    if not said:
        return known
    same = table(said)
    whole = {
        name: tuple(dict.fromkeys((*same.get(name, ()), *known.get(name, ()))))
        for name in (*known, *(name for name in same if name not in known))
    }
    for name, called in parts:
        below = tuple(filter(None, dict.fromkeys(map(phrase, called))))[:PARTS_MAX]
        own = phrase(name)
        for way in (own, *same.get(own, ())):
            whole[way] = tuple(
                each for each in dict.fromkeys((*whole.get(way, ()), *below)) if each != way
            )
    return whole


def checked(text: str) -> tuple[str, list[Refused]]:
    """Return a server's lines in the form in which they are kept, and those that are refused."""
    kept, refused = [], []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        names = list(dict.fromkeys(next(lines(line), [])))
        if len({phrase(name) for name in names} - {()}) < 2:
            refused.append(Refused(line, "error-search-synonyms-two"))
        elif len(names) > NAMES_MAX or any(len(name) > NAME_MAX for name in names):
            refused.append(Refused(line, "error-search-synonyms-long"))
        else:
            kept.append(", ".join(names))
    if len(kept) > LINES_MAX:
        refused.append(Refused(kept[LINES_MAX], "error-search-synonyms-many"))
    return "\n".join(kept[:LINES_MAX]), refused
