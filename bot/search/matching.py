"""Which resources fit a query, and how well.

A query is a handful of concepts (`asking`). A resource fits by how many of them it names, the rare
ones more (idf), and by where it names them (`index`): whole words before prefixes, what was typed
before what means the same, titles that are the query before all. What fits clearly less than the
best is left out, so that one common word brings no crowd; where few are left, the rest of the
topic follows them. A concept that is a tag goes by it: tags say what a resource is about.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search import asking, spelling, synonyms, words
from bot.search.asking import Concept
from bot.search.index import Index, Segment, phrase
from bot.search.synonyms import Phrase

PREFIX, TYPING = 0.6, 0.95
"""What a word counts that only begins as typed, when the text is complete and while it is typed."""
PREFIX_MIN = 3
"""Letters of a prefix where nobody is typing any more."""
SOFT: Final = 1.0
"""What a word counts that only says what for."""
APART: Final = 0.8
"""What a phrase counts whose words stand apart."""
PARTLY: Final = 0.6
"""Share of a run's pairs that must occur."""
COVERED: Final = 0.7
"""A result names at least so much of what the best one names."""
LEAST: Final = 0.3
"""And at least so much of what was asked."""
TOPIC: Final = 1.5
"""How much more of the query a concept is that is a tag, or a part of one."""
UNTAGGED: Final = 0.6
"""What the name of a tag counts in a resource that has tags, and not this one."""
WIDER: Final = 0.25
"""What the topic counts that something asked for is a part of."""
FILLED: Final = 10
"""Where fewer fit, the rest of the topic follows them, so many in all."""
FILLING: Final = 100
"""Of so many it may be asked which suit a member, before the others are left out."""
TITLED, BEGUN, WITHIN = 1.0, 0.3, 0.2
"""What a title is worth that is the query, begins with it, or holds it."""
OF_TAG: Final = 0.1
"""And that holds or begins with a query that is nothing but a tag."""
_LOOKED_AT = 300
"""Of how many of the best titles are compared whole."""

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Matches:
    """What fits, best first.

    ``ids`` int64[n]; ``scores`` float32[n], from 0, of a perfect title about 2; ``covered``
    float32[n], how much of what was asked each names, to 1; after the first ``n_fitting`` follows
    the rest of the topic, best first again; ``corrected`` is the query as it was
    understood where a word of it was misspelt.
    """

    ids: NDArray[np.int64]
    scores: Scores
    covered: Scores
    n_fitting: int = 0
    corrected: str | None = None


@dataclass(slots=True)
class _Asked:
    """A concept, and what each resource says of it, by segment.

    ``wider`` is what each says of the topic it is a part of, by its tags; ``carried`` says which
    carry a tag that is the concept or that topic, and is empty where no tag is.
    """

    concept: Concept
    scores: list[Scores]
    wider: list[Scores] = field(default_factory=list)
    carried: list[NDArray[np.bool_]] = field(default_factory=list)
    n_found: int = field(init=False)

    def __post_init__(self) -> None:
        self.n_found = sum(int(np.count_nonzero(one)) for one in self.scores)

    @classmethod
    def of(cls, index: Index, concept: Concept, *, is_alone: bool) -> "_Asked":
        """Ask an index; ``is_alone`` where nothing else is asked for."""
        ways = [way for way, _ in concept.ways]
        own, above = _carried(index, ways), _carried(index, concept.wider)
        scores = said(index, concept.ways)
        return cls(
            concept=concept,
            scores=_by_tag(index, own, scores) if own and is_alone else scores,
            wider=[np.float32(WIDER) * one for one in above],
            carried=[np.logical_or(*each) for each in zip(own or above, above or own, strict=True)],
        )

    def at(self, place: int) -> tuple[Scores, Scores]:
        """Return how well a segment's resources name it, and how much of it, to 1."""
        own = self.scores[place]
        if not self.wider:
            return own, (own > 0).astype(np.float32)
        wider = self.wider[place]
        named = np.where(own > 0, np.float32(1), np.float32(0.5) * (wider > 0))
        return np.maximum(own, wider), named


def _carried(index: Index, ways: Sequence[Phrase]) -> list[NDArray[np.bool_]]:
    """Say which of each segment's resources carry a tag that one of some ways is; [] for none."""
    if not any(segment.is_tag(way) for segment in index.segments for way in ways):
        return []
    found = []
    for segment, alive in zip(index.segments, index.alive, strict=True):
        carried = np.zeros(len(segment.ids), np.bool_)
        for way in ways:
            carried[segment.carrying(way)] = True
        found.append(carried & alive)
    return found


def _by_tag(
    index: Index, carried: Sequence[NDArray[np.bool_]], scores: list[Scores]
) -> list[Scores]:
    """Return what resources say of a concept; if it is a tag, less where they carry only others."""
    for segment, own, score in zip(index.segments, carried, scores, strict=True):
        is_other = np.zeros(len(score), np.bool_)
        is_other[segment.carrying(())] = True
        score[is_other & ~own] *= UNTAGGED
    return scores


def find(index: Index, text: str, *, is_typing: bool = False, fills: bool = False) -> Matches:
    """Return the resources that fit a text.

    Parameters
    ----------
    is_typing
        Whether it is being typed: then the last word may have only begun.
    fills
        Whether the rest of the topic follows where few fit.
    """
    asked, corrected = _asked(index, text, is_typing)
    wholes = _wholes(corrected or text, asked, is_typing)
    worths = (OF_TAG, OF_TAG) if _is_bare(asked) and not is_typing else (BEGUN, WITHIN)
    fits = list(_fits(index, asked)) if any(one.n_found or one.carried for one in asked) else []
    best = max((float(covered.max(initial=0)) for _, covered in fits), default=0.0)
    parts = [np.empty((0, 4))]
    for place, (segment, (fit, covered)) in enumerate(zip(index.segments, fits, strict=False)):
        is_found = covered >= max(COVERED * best, LEAST)
        at = np.flatnonzero(is_found | _of_topic(asked, place)) if fills else is_found.nonzero()[0]
        worth = fit[at]
        top = np.argsort(-worth, kind="stable")[:_LOOKED_AT]
        titles = (segment.titles[at[i]] for i in top)
        worth[top] += [
            max((one.worth(title, worths) for one in wholes), default=0.0) for title in titles
        ]
        parts.append(np.stack([is_found[at], worth, covered[at], segment.ids[at]], 1))
    found = np.concatenate(parts)
    found = found[np.lexsort((-found[:, 3], -found[:, 1], -found[:, 0]))]
    found = found[: max(FILLING, int(found[:, 0].sum()))]
    return Matches(
        ids=found[:, 3].astype(np.int64),
        scores=found[:, 1].astype(np.float32),
        covered=found[:, 2].astype(np.float32),
        n_fitting=int(found[:, 0].sum()),
        corrected=corrected,
    )


def _is_bare(asked: Sequence[_Asked]) -> bool:
    """Say whether nothing is asked for but a tag: then where it stands says little."""
    needed = [one for one in asked if not one.concept.is_soft]
    return len(needed) == 1 and bool(needed[0].carried)


def _of_topic(asked: Sequence[_Asked], place: int) -> NDArray[np.bool_]:
    """Say which resources of a segment carry a tag that is asked for, or what it is a part of."""
    carried = [one.carried[place] for one in asked if one.carried and not one.concept.is_soft]
    return np.logical_or.reduce(carried) if carried else np.zeros(len(asked[0].scores[place]), bool)


def corrected(index: Index, text: str) -> str:
    """Return a text with its misspelt words put right, as `find` understands it."""
    return _asked(index, text, is_typing=False)[1] or text


def _asked(index: Index, text: str, is_typing: bool) -> tuple[list[_Asked], str | None]:
    """Return what is asked, and the text as it was understood where that differs."""
    asked = _understood(index, text, is_typing)
    missing = [word for one in asked if not one.n_found for word in one.concept.typed]
    misspelt = dict(spelling.misspelt(index, missing, words.cut(text))) if missing else {}
    if not misspelt:
        return asked, None
    right = " ".join(spelling.replaced(word, misspelt) for word in words.cut(text))
    return _understood(index, right, is_typing), right


def _understood(index: Index, text: str, is_typing: bool) -> list[_Asked]:
    found = []
    named = asking.concepts(text, index.synonyms)
    is_alone = sum(not one.is_soft for one in named) == 1 and not is_typing
    for place, one in enumerate(named):
        asked = _Asked.of(index, one, is_alone=is_alone and not one.is_soft)
        if is_typing and place == len(named) - 1:
            asked = _begun(index, one, at_least=1, beside=asked, share=TYPING)
        elif _is_one_character(one) or not (asked.n_found or one.typed[-1] in synonyms.names()):
            asked = _begun(index, one, at_least=PREFIX_MIN, beside=asked, share=PREFIX)
        found.append(asked)
    return found


def _is_one_character(one: Concept) -> bool:
    """Say whether it was cut from a run, within which the same character stands in pairs."""
    return words.is_run(one.typed[-1]) and len(one.typed[-1]) == 1


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
    return replace(beside, scores=said)


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
    found = [segment.of(key) for key in keys]
    docs = np.concatenate([one for one, _ in found])
    weights = np.concatenate([one for _, one in found])
    at, place, count = np.unique(docs, return_inverse=True, return_counts=True)
    part = count / len(keys)
    part[part < least] = 0
    worth = share * part**2 * np.bincount(place, weights, len(at)) / count
    best[at] = np.maximum(best[at], worth.astype(np.float32))


def _keys(word: str) -> list[str]:
    return words.pairs(word) if words.is_run(word) else [word]


def _fits(index: Index, asked: Sequence[_Asked]) -> Iterator[tuple[Scores, Scores]]:
    """Yield, for each segment, how well its resources fit and how much of the query they name."""
    needed = [one for one in asked if not one.concept.is_soft] or list(asked)
    rarity = {
        id(one): np.log1p(len(index) / (1 + one.n_found)) * (TOPIC if one.carried else 1.0)
        for one in asked
    }
    whole = sum(rarity[id(one)] for one in needed)
    for place, segment in enumerate(index.segments):
        said = np.zeros(len(segment.ids), np.float32)
        covered = np.zeros(len(segment.ids), np.float32)
        for one in needed:
            share = rarity[id(one)] / whole
            scores, named = one.at(place)
            said += share * scores
            covered += share * named
        extra = np.zeros(len(segment.ids), np.float32)
        for one in asked:
            if one.concept.is_soft and one not in needed:
                extra += SOFT / len(asked) * one.scores[place]
        yield (said + extra) * covered, covered


@dataclass(frozen=True, slots=True)
class _Whole:
    """A query as a phrase, and what a title must begin with and hold to be about it."""

    phrase: str
    begun: str
    within: str

    @classmethod
    def of(cls, phrase: str, *, is_typing: bool) -> "_Whole":
        # A run has no end that can be seen: what follows it may be another word.
        begun = phrase.rstrip() if is_typing or words.is_run(phrase[-2]) else phrase
        return cls(phrase, begun, begun.lstrip() if words.is_run(phrase[1]) else begun)

    def worth(self, title: str, worths: tuple[float, float]) -> float:
        """Return what a title is worth; ``worths`` where it begins with the query, and holds it."""
        if self.within not in title:
            return 0.0
        if title == self.phrase:
            return TITLED
        return worths[0] if title.startswith(self.begun) else worths[1]


def _wholes(text: str, asked: Sequence[_Asked], is_typing: bool) -> list[_Whole]:
    """Return the query as a phrase: as typed, and only what it asks for."""
    needed = [one.concept for one in asked if not one.concept.is_soft]
    named = " ".join(word for one in needed for word in one.typed)
    found = dict.fromkeys((phrase(text), phrase(named)))
    return [_Whole.of(one, is_typing=is_typing) for one in found if one.strip()]
