"""Which word was meant where one occurs nowhere: by what the catalogue holds, and by the field."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from bot.search import questions, synonyms, vocabulary, words
from bot.search.index import Index

RUN_MIN = 3
"""Characters of a run that is corrected at least."""
RUN_MAX = 10
"""And at most, or it is a sentence."""
_READ = 2_000
"""Titles that are read for a run that was misspelt, at most."""
_NUMBERED: Final = re.compile("([a-z]{2,})[0-9.]+")
"""A name with the number of a version, as in vue3."""


def misspelt(
    index: Index, missing: Sequence[str], typed: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield (wrong, right): of a part that is nowhere first the run that it was cut from.

    What is wrong in a run spoils how it was cut: of 数据识库 only 识库 would be looked for.
    """
    for word in missing:
        is_run = words.is_run(word)
        wholes = [run for run in typed if is_run and word in run and len(run) <= RUN_MAX]
        for wrong in dict.fromkeys((*wholes, word)):
            right = _corrected(index, wrong)
            if right is not None:
                yield wrong, right
                break


def _corrected(index: Index, word: str) -> str | None:
    """Return the word that was meant, if it is another."""
    if not words.is_run(word):
        is_known = index.has(words.stem(word)) or index.has(words.name(word))
        if is_known or word in synonyms.names():
            return None
        numbered = _NUMBERED.fullmatch(word)
        if numbered is not None and index.has(words.stem(numbered[1])):
            return numbered[1]
        return vocabulary.corrected(index.vocabularies, word)
    if len(word) < RUN_MIN:
        return None
    alike = (
        way[0]
        for way in index.synonyms
        if len(way) == 1 and len(way[0]) == len(word) and words.is_run(way[0])
    )
    near = [one for one in alike if sum(map(str.__ne__, one, word)) == 1]
    return min(near, default=None) or _titled(index, word)


def _titled(index: Index, run: str) -> str | None:
    """Return what titles hold that is one character from a run, the most frequent.

    Of three characters two say too little: they are corrected by the field's own words only.
    """
    if len(run) <= RUN_MIN:
        return None
    changed = [f"{run[:at]}[^ ]{run[at + 1 :]}" for at in range(len(run))]
    missing = [f"{run[:at]}[^ ]{run[at:]}" for at in range(1, len(run))]
    pattern = re.compile("|".join([*changed, *missing]))
    found: Counter[str] = Counter()
    for segment, alive in zip(index.segments, index.alive, strict=True):
        counts = np.zeros(len(segment.ids), np.int16)
        for pair in words.pairs(run):
            counts[segment.of(pair)[0]] += 1
        most = np.argsort(-counts * alive, kind="stable")[:_READ]
        near = (pattern.search(segment.titles[at]) for at in most if counts[at] and alive[at])
        found.update(match[0] for match in near if match)
    return min(found, key=lambda one: (-found[one], one), default=None)


def replaced(word: str, misspelt: Mapping[str, str]) -> str:
    """Return a word put right; of a run, the part that was misspelt."""
    if word in misspelt or not words.is_run(word):
        return misspelt.get(word, word)
    for wrong, right in misspelt.items():
        word = word.replace(wrong, right)
    return word


def nearest(index: Index, text: str, limit: int) -> list[str]:
    """Return written words to try where a text found nothing, the nearest first.

    Those of its words that do occur are the nearest; of others, those that are spelt alike.
    """
    found: dict[str, None] = {}
    for word in words.cut(text):
        if words.is_run(word) or len(word) < 2 or word in questions.ASKING:
            continue
        is_written = any(word in one.counts for one in index.vocabularies)
        alike = [word] if is_written else vocabulary.nearest(index.vocabularies, word, limit)
        found |= dict.fromkeys(alike)
    return list(found)[:limit]
