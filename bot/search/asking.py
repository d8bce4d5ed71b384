"""What a query asks for: its concepts, each with the ways to say it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.search import questions, synonyms, words
from bot.search.synonyms import Phrase, Table, phrase

SYNONYM = 0.9
"""What another way to say it counts, beside what was typed."""
PHRASE_MAX = 5
"""Words of a known phrase at most."""
CONCEPTS_MAX = 12
"""Concepts of a query that count; the rest of a long text is ignored."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that is asked for.

    ``typed`` are its words as written; ``ways`` the phrases that mean it, and what each counts;
    ``wider`` those for what it is a part of; ``is_soft`` says that it only says what for, and need
    not occur.
    """

    typed: tuple[str, ...]
    ways: tuple[tuple[Phrase, float], ...]
    wider: tuple[Phrase, ...] = ()
    is_soft: bool = False


def concepts(text: str, table: Table) -> list[Concept]:
    """Return what a query asks for, in order; nothing where it holds no word."""
    typed = words.cut(text)
    found = list(_concepts(typed, table))
    named = [one for one in found if not _only_asks(one)]
    whole = found or [concept((word,), table) for word in typed]
    return list(dict.fromkeys(named or whole))[:CONCEPTS_MAX]


def named(text: str, topics: Iterable[str], table: Table) -> set[str]:
    """Return which topics a text names, each in any of the ways to say it.

    The words of a way stand side by side; within a run of characters it is found anywhere.
    """
    said = phrase(text)
    return {
        topic
        for topic in topics
        if any(_occurs(way, said) for way, _ in concept(words.cut(topic), table).ways)
    }


def _occurs(way: Phrase, said: Phrase) -> bool:
    return bool(way) and any(
        all(
            word == there or (words.is_run(word) and word in there)
            for word, there in zip(way, said[at:], strict=False)
        )
        for at in range(len(said) - len(way) + 1)
    )


def concept(typed: Sequence[str], table: Table) -> Concept:
    """Return the concept of some words, with what means the same."""
    said = tuple(word if words.is_run(word) else words.stem(word) for word in typed)
    named = tuple(word if words.is_run(word) else words.name(word) for word in typed)
    others = table.get(said, ())
    return Concept(
        typed=tuple(typed),
        ways=(
            *((way, 1.0) for way in dict.fromkeys((said, named))),
            *((other, SYNONYM) for other in others),
        ),
        wider=_wider((said, *others), table),
        is_soft=len(typed) == 1 and questions.is_soft(typed[0]),
    )


def _wider(ways: Sequence[Phrase], table: Table) -> tuple[Phrase, ...]:
    """Return the ways to say what some phrases are a part of."""
    above = [one for way in ways for one in synonyms.wider().get(way, ())]
    whole = dict.fromkeys(way for one in above for way in (one, *table.get(one, ())))
    return tuple(way for way in whole if way not in ways)


def _only_asks(one: Concept) -> bool:
    (word, *others) = one.typed
    has_meaning = any(share < 1 for _, share in one.ways)
    return not others and not has_meaning and word in questions.ASKING


def _concepts(typed: Sequence[str], table: Table) -> Iterator[Concept]:
    at = 0
    while at < len(typed):
        if words.is_run(typed[at]):
            yield from (concept((part,), table) for part in _parts(typed[at], table))
            at += 1
            continue
        length = _known(typed[at : at + PHRASE_MAX], table)
        yield concept(typed[at : at + length], table)
        at += length


def _known(ahead: Sequence[str], table: Table) -> int:
    """Return how many of the next words are a phrase that is known, at least one."""
    stems = [word if words.is_run(word) else words.stem(word) for word in ahead]
    known = (n for n in range(len(stems), 1, -1) if tuple(stems[:n]) in table)
    return next(known, 1)


def _parts(run: str, table: Table) -> list[str]:
    """Cut a run without spaces at what is known, the longest first, and drop what only asks."""
    found, rest, at = [], 0, 0
    while at < len(run):
        length = next(
            (
                n
                for n in range(min(len(run) - at, 10), 1, -1)
                if (run[at : at + n],) in table or questions.is_soft(run[at : at + n])
            ),
            0,
        )
        if length:
            found += questions.named_in(run[rest:at]) if rest < at else []
            found.append(run[at : at + length])
            rest = at = at + length
        else:
            at += 1
    return found + (questions.named_in(run[rest:]) if rest < len(run) else [])
