"""Which resources fit a query, and how well.

A query is a handful of concepts (`asking`). A resource fits by how many of them it names, the rare
ones more (idf), and by where it names them (`index`): whole words before prefixes, what was typed
before what means the same, titles that are the query before all. What fits clearly less than the
best is left out, so that one common word brings no crowd.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search import asking, questions, synonyms, vocabulary, words
from bot.search.asking import Concept
from bot.search.index import Segment, phrase
from bot.search.synonyms import Phrase, Table
from bot.search.vocabulary import Vocabulary
from bot.topics import NO_TREE, Tree

PREFIX, TYPING = 0.6, 0.95
"""What a word counts that only begins as typed, when the text is complete and while it is typed."""
PREFIX_MIN = 3
"""Letters of a prefix where nobody is typing any more."""
SOFT: Final = 0.25
"""What a word counts that only says what for."""
APART: Final = 0.8
"""What a phrase counts whose words stand apart."""
PARTLY: Final = 0.6
"""Share of a run's pairs that must occur."""
COVERED: Final = 0.7
"""A result names at least so much of what the best one names."""
LEAST: Final = 0.3
"""And at least so much of what was asked."""
TITLED, BEGUN, WITHIN = 1.0, 0.3, 0.2
"""What a title is worth that is the query, begins with it, or holds it."""
RUN_MIN = 3
"""Characters of a run that is corrected at least."""
RUN_MAX = 10
"""And at most, or it is a sentence."""
_READ = 2_000
"""Titles that are read for a run that was misspelt, at most."""
_LOOKED_AT = 300
"""Of how many of the best titles are compared whole."""

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Matches:
    """What fits, best first.

    ``ids`` int64[n]; ``scores`` float32[n], from 0, of a perfect title about 2; ``covered``
    float32[n], how much of what was asked each names, to 1; ``corrected`` is the query as it was
    understood where a word of it was misspelt.
    """

    ids: NDArray[np.int64]
    scores: Scores
    covered: Scores
    corrected: str | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """The segments of one catalogue; ``alive`` says which places of each still count.

    ``tree`` holds the server's own tags.
    """

    segments: tuple[Segment, ...]
    alive: tuple[NDArray[np.bool_], ...]
    synonyms: Table
    tree: Tree = NO_TREE

    @property
    def vocabularies(self) -> list[Vocabulary]:
        """The written words of each segment."""
        return [one.vocabulary for one in self.segments]

    @classmethod
    def of(
        cls,
        base: Segment,
        recent: Segment,
        gone: NDArray[np.int64],
        synonyms: Table,
        tree: Tree = NO_TREE,
    ) -> "Index":
        """Return the index of a large segment and what has changed since.

        ``gone`` are ids that the large one must not answer for: what changed, or was removed.
        """
        segments = (base, recent) if len(recent.ids) else (base,)
        alive = [~np.isin(base.ids, gone)]
        alive += [np.ones(len(one.ids), np.bool_) for one in segments[1:]]
        return cls(
            segments=segments,
            alive=tuple(alive),
            synonyms=synonyms,
            tree=tree,
        )

    def has(self, word: str) -> bool:
        """Say whether a word, as it is compared, occurs anywhere."""
        return any(word in one.rows for one in self.segments)

    def __len__(self) -> int:
        return sum(int(np.count_nonzero(one)) for one in self.alive)


@dataclass(slots=True)
class _Asked:
    """A concept, and what each resource says of it, by segment."""

    concept: Concept
    scores: list[Scores]
    n_found: int = field(init=False)

    def __post_init__(self) -> None:
        self.n_found = sum(int(np.count_nonzero(one)) for one in self.scores)


def find(index: Index, text: str, *, is_typing: bool = False) -> Matches:
    """Return the resources that fit a text.

    Parameters
    ----------
    is_typing
        Whether it is being typed: then the last word may have only begun.
    """
    asked, corrected = _asked(index, text, is_typing)
    if not any(one.n_found for one in asked):
        nothing = np.empty(0, np.float32)
        return Matches(ids=np.empty(0, np.int64), scores=nothing, covered=nothing)
    ids, scores, named = [], [], []
    wholes = _wholes(corrected or text, asked)
    best = max(float(covered.max(initial=0)) for _, covered in _fits(index, asked))
    for segment, (fit, covered) in zip(index.segments, _fits(index, asked), strict=True):
        is_found = covered >= max(COVERED * best, LEAST)
        at = np.flatnonzero(is_found)
        fit = fit[at]
        top = np.argsort(-fit, kind="stable")[:_LOOKED_AT]
        fit[top] += [_title(segment.titles[at[i]], wholes, is_typing) for i in top]
        ids.append(segment.ids[at])
        scores.append(fit)
        named.append(covered[at])
    all_ids, all_scores = np.concatenate(ids), np.concatenate(scores)
    order = np.lexsort((-all_ids, -all_scores))
    return Matches(
        ids=all_ids[order],
        scores=all_scores[order],
        covered=np.concatenate(named)[order],
        corrected=corrected,
    )


def corrected(index: Index, text: str) -> str:
    """Return a text with its misspelt words put right, as `find` understands it."""
    return _asked(index, text, is_typing=False)[1] or text


def _asked(index: Index, text: str, is_typing: bool) -> tuple[list[_Asked], str | None]:
    """Return what is asked, and the text as it was understood where that differs."""
    asked = _understood(index, text, is_typing)
    missing = [word for one in asked if not one.n_found for word in one.concept.typed]
    misspelt = dict(_misspelt(index, missing, words.cut(text))) if missing else {}
    if not misspelt:
        return asked, None
    right = " ".join(_replaced(word, misspelt) for word in words.cut(text))
    return _understood(index, right, is_typing), right


def _understood(index: Index, text: str, is_typing: bool) -> list[_Asked]:
    found = []
    named = asking.concepts(text, index.synonyms)
    for place, one in enumerate(named):
        asked = _Asked(one, said(index, one.ways))
        if is_typing and place == len(named) - 1:
            asked = _begun(index, one, at_least=1, beside=asked, share=TYPING)
        elif not asked.n_found or _is_one_character(one):
            asked = _begun(index, one, at_least=PREFIX_MIN, beside=asked, share=PREFIX)
        found.append(asked)
    return found


def _is_one_character(one: Concept) -> bool:
    """Say whether it was cut from a run, within which the same character stands in pairs."""
    return words.is_run(one.typed[-1]) and len(one.typed[-1]) == 1


def _misspelt(
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
        return None if is_known else vocabulary.corrected(index.vocabularies, word)
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


def _replaced(word: str, misspelt: Mapping[str, str]) -> str:
    """Return a word put right; of a run, the part that was misspelt."""
    if word in misspelt or not words.is_run(word):
        return misspelt.get(word, word)
    for wrong, right in misspelt.items():
        word = word.replace(wrong, right)
    return word


def _begun(index: Index, one: Concept, *, at_least: int, beside: _Asked, share: float) -> _Asked:
    """Add the words that begin as the last one of a concept was typed, or the pairs with it."""
    last = one.typed[-1]
    if words.is_run(last):
        if len(last) > 1:
            return beside
        keys = {key for segment in index.segments for key in segment.containing(last)}
    elif len(last) < at_least or len(one.typed) > 1:
        return beside
    else:
        begun = {word for segment in index.segments for word in segment.beginning(last)}
        keys = {key(word) for word in begun for key in (words.stem, words.name)}
    said = [
        np.maximum(scores, share * _best(segment, alive, keys))
        for segment, alive, scores in zip(index.segments, index.alive, beside.scores, strict=True)
    ]
    return _Asked(one, said)


def _best(segment: Segment, alive: NDArray[np.bool_], keys: set[str]) -> Scores:
    found = np.zeros(len(segment.ids), np.float32)
    for key in keys:
        docs, weights = segment.of(key)
        found[docs] = np.maximum(found[docs], weights)
    return found * alive


def said(index: Index, ways: Sequence[tuple[Phrase, float]]) -> list[Scores]:
    """Return what each resource says of a concept, in whatever way, from 0 to 1."""
    said = []
    for segment, alive in zip(index.segments, index.alive, strict=True):
        best = np.zeros(len(segment.ids), np.float32)
        for way, share in ways:
            _raise(best, segment, way, share)
        said.append(best * alive)
    return said


def _raise(best: Scores, segment: Segment, way: Phrase, share: float) -> None:
    """Raise what is said to what one way to say it comes to, where all its words occur.

    Words of a phrase of the field stand side by side; where it was typed itself, apart, too.
    """
    if len(way) == 1 and not words.is_run(way[0]):
        docs, weights = segment.of(way[0])
        best[docs] = np.maximum(best[docs], share * weights)
        return
    if len(way) == 1:
        _raise_all(best, segment, words.pairs(way[0]), share=share, least=PARTLY)
        return
    side_by_side = synonyms.neighbours(way)
    is_ours = synonyms.our_neighbours().issuperset(side_by_side)
    if is_ours:
        _raise_all(best, segment, side_by_side, share=share)
    if share == 1.0 or not is_ours:
        keys = [key for word in way for key in _keys(word)]
        _raise_all(best, segment, keys, share=share * (APART if is_ours else 1.0))


def _raise_all(
    best: Scores, segment: Segment, keys: Sequence[str], *, share: float, least: float = 1.0
) -> None:
    """Raise what is said where at least a share of some keys occurs."""
    total = np.zeros(len(segment.ids), np.float32)
    count = np.zeros(len(segment.ids), np.int16)
    for key in keys:
        docs, weights = segment.of(key)
        total[docs] += weights
        count[docs] += 1
    part = count / len(keys)
    part[part < least] = 0
    np.maximum(best, share * part**2 * total / np.maximum(count, 1), out=best)


def _keys(word: str) -> list[str]:
    return words.pairs(word) if words.is_run(word) else [word]


def _fits(index: Index, asked: Sequence[_Asked]) -> Iterator[tuple[Scores, Scores]]:
    """Yield, for each segment, how well its resources fit and how much of the query they name."""
    needed = [one for one in asked if not one.concept.is_soft] or list(asked)
    rarity = {id(one): np.log1p(len(index) / (1 + one.n_found)) for one in asked}
    whole = sum(rarity[id(one)] for one in needed)
    for place, segment in enumerate(index.segments):
        said = np.zeros(len(segment.ids), np.float32)
        covered = np.zeros(len(segment.ids), np.float32)
        for one in needed:
            share = rarity[id(one)] / whole
            said += share * one.scores[place]
            covered += share * (one.scores[place] > 0)
        extra = np.zeros(len(segment.ids), np.float32)
        for one in asked:
            if one.concept.is_soft and one not in needed:
                extra += SOFT / len(asked) * one.scores[place]
        yield (said + extra) * covered, covered


def _wholes(text: str, asked: Sequence[_Asked]) -> list[str]:
    """Return the query as a phrase: as typed, and only what it asks for."""
    needed = [one.concept for one in asked if not one.concept.is_soft]
    named = " ".join(word for one in needed for word in one.typed)
    return [one for one in dict.fromkeys((phrase(text), phrase(named))) if one.strip()]


def _title(title: str, wholes: Sequence[str], is_typing: bool) -> float:
    return max((_worth(title, whole, is_typing) for whole in wholes), default=0.0)


def _worth(title: str, whole: str, is_typing: bool) -> float:
    if title == whole:
        return TITLED
    # A run has no end that can be seen: what follows it may be another word.
    begun = whole.rstrip() if is_typing or words.is_run(whole[-2]) else whole
    within = begun.lstrip() if words.is_run(whole[1]) else begun
    return BEGUN if title.startswith(begun) else WITHIN * (within in title)


def nearest(index: Index, text: str, limit: int) -> list[str]:
    """Return written words to try where a text found nothing, the nearest first.

    Those of its words that do occur are the nearest; of others, those that are spelt alike.
    """
    found: dict[str, None] = {}
    for word in words.cut(text):
        if words.is_run(word) or word in questions.ASKING:
            continue
        is_written = any(word in one.counts for one in index.vocabularies)
        alike = [word] if is_written else vocabulary.nearest(index.vocabularies, word, limit)
        found |= dict.fromkeys(alike)
    return list(found)[:limit]
