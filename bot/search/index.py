"""The index of a catalogue: in which resources a word occurs, and how much it says there.

A segment is built once and never changes: postings as arrays, a row a word. An index is a large
segment and a small one of what changed since; a resource counts in the newest that holds it. Words
are kept as they are compared (`words.stem`, pairs of characters), beside those that were written,
by which prefixes and corrections go.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search import synonyms, words
from bot.search.synonyms import Table
from bot.search.vocabulary import Vocabulary
from bot.topics import NO_TREE, Tree

TITLE, TAG, CREATOR, SUMMARY, KIND = 1.0, 0.8, 0.7, 0.3, 0.25
"""What a word says by where it stands."""
KINDS: Final = {
    "article": "article 文章 paper 论文",
    "course": "course 课程",
    "ebook": "ebook book 书 电子书",
    "video": "video 视频",
    "tool": "tool 工具",
    "page": "page wiki docs documentation manual 知识库 文档 手册",
    "thread": "thread discussion 讨论",
    "consultation": "consultation consulting 咨询",
}
"""How members call the kinds of resources."""
LEVELS: Final = {
    "beginner": "beginner introduction intro basic fundamental 入门 新手 初学者 零基础 基础",
    "intermediate": "intermediate 进阶 实战",
    "advanced": "advanced internals 高级 深入 进阶 精通 原理",
}
"""And for whom they say that something is."""
AGAIN: Final = 0.2
"""What a word counts that is said elsewhere, too: a title and a tag are surer than a title."""
WHOLLY: Final = 1.2
"""What a word says at most."""
LATER, LATEST = 0.05, 0.2
"""What each further tag of a resource says less, and the last at most: the first is its topic."""
TAGGED: Final = "#"
"""Of a row that holds whatever has a tag; with a tag behind it, what carries that."""
LENGTH: Final = 0.4
"""How much of a title's or summary's weight depends on its length, from 0 to 1 (b of BM25)."""
_USUAL = {TITLE: 7, TAG: 6, CREATOR: 3, SUMMARY: 20, KIND: 4}
"""Words that are usual in each: longer ones say less a word."""
PREFIXES_MAX = 300
"""Words that a typed prefix stands for at most, the most frequent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a resource is found by."""

    resource_id: int
    title: str
    tags: Sequence[str] = ()
    creator: str = ""
    summary: str = ""
    kind: str = ""
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """Postings of some resources.

    Attributes
    ----------
    ids
        Resources, int64[n], ascending.
    titles
        Their titles as words between spaces, for comparing whole phrases.
    rows
        The row of each word as it is compared.
    bounds, docs, weights
        Of row r: ``docs[bounds[r]:bounds[r + 1]]``, int32 places in `ids`, and what the word says
        there, float32 from 0 to `WHOLLY`.
    vocabulary
        Words as they were written, and in how many resources, without pairs of characters.
    """

    ids: NDArray[np.int64]
    titles: list[str]
    rows: Mapping[str, int]
    bounds: NDArray[np.int64]
    docs: NDArray[np.int32]
    weights: NDArray[np.float32]
    vocabulary: Vocabulary
    _sorted: list[str] = field(default_factory=list)
    _pairs: Mapping[str, list[str]] = field(default_factory=dict)

    def of(self, word: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the places in which a word occurs, and what it says in each."""
        row = self.rows.get(word)
        if row is None:
            return self.docs[:0], self.weights[:0]
        part = slice(self.bounds[row], self.bounds[row + 1])
        return self.docs[part], self.weights[part]

    def carrying(self, tag: Sequence[str]) -> NDArray[np.int32]:
        """Return the places that carry a tag, given as its words are compared; of (), any tag."""
        return self.of(TAGGED + " ".join(tag))[0]

    def is_tag(self, tag: Sequence[str]) -> bool:
        """Say whether anything carries a tag, given as its words are compared."""
        return TAGGED + " ".join(tag) in self.rows

    def beginning(self, prefix: str) -> list[str]:
        """Return the written words that begin with `prefix`, the most frequent first."""
        at = bisect_left(self._sorted, prefix)
        found = []
        for word in islice(self._sorted, at, None):
            if not word.startswith(prefix):
                break
            found.append(word)
        return sorted(found, key=lambda word: (-self.vocabulary.counts[word], word))[:PREFIXES_MAX]

    def containing(self, character: str) -> list[str]:
        """Return the characters and pairs of them that contain one."""
        return self._pairs.get(character, [])


def phrase(text: str) -> str:
    """Return a text's words between spaces, as titles are compared."""
    return f" {' '.join(words.cut(text))} "


Said = tuple[tuple[str, str, float], ...]
"""Words as they are compared, as they were written or "", and what each says."""


def _weighed(document: Document) -> Iterator[Said]:
    yield _said(TITLE, document.title)
    yield from _tagged(tuple(document.tags))
    yield _of_many(CREATOR, document.creator)
    yield _said(SUMMARY, document.summary)
    yield _of_many(KIND, KINDS.get(document.kind, ""))
    yield _of_many(KIND, LEVELS.get(document.level or "", ""))


@lru_cache(maxsize=8_192)
def _tagged(tags: tuple[str, ...]) -> tuple[Said, ...]:
    """Return what tags say, the first most, and that they are carried."""
    if not tags:
        return ()
    carried = tuple((TAGGED + " ".join(synonyms.phrase(tag)), "", 1.0) for tag in tags)
    n_words = sum(len(words.cut(tag)) for tag in tags)
    share = 1 / max(1 - LENGTH + LENGTH * n_words / _USUAL[TAG], 1.0)
    said = []
    for place, tag in enumerate(tags):
        part = share * (1 - min(LATER * place, LATEST))
        said.append(tuple((word, name, part * own) for word, name, own in _said(TAG, tag)))
    return ((TAGGED, "", 1.0), *carried), *said


def _said(weight: float, *texts: str) -> Said:
    """Return what the words of one field say, and the phrases of the field among them."""
    cut = [words.cut(text) for text in texts]
    share = 1 - LENGTH + LENGTH * max(sum(map(len, cut)), 1) / _USUAL[weight]
    said = weight / max(share, 1.0)
    kept: list[tuple[str, str, float]] = []
    for text, found in zip(texts, cut, strict=True):
        if weight == CREATOR:
            kept += _named(found, said)
            continue
        stems = [word if words.is_run(word) else words.stem(word) for word in found]
        for word, compared in zip(found, stems, strict=True):
            if words.is_run(word):
                kept += ((pair, "", said) for pair in words.pairs(word))
            else:
                kept.append((compared, word, said))
        known = synonyms.our_neighbours().intersection(synonyms.neighbours(stems))
        kept += ((pair, "", said) for pair in known)
        if weight > SUMMARY:
            kept += ((words.stem(word), word, said) for word in words.joined(text))
    return tuple(kept)


def _named(found: Iterable[str], said: float) -> Iterator[tuple[str, str, float]]:
    """Yield what the words of a name say; an initial says nothing."""
    for word in found:
        if words.is_run(word):
            yield from ((pair, "", said) for pair in words.pairs(word))
        elif len(word) > 1:
            yield words.name(word), word, said


@lru_cache(maxsize=2_048)
def _of_many(weight: float, text: str) -> Said:
    """Return `_said` for a text that many resources share."""
    return _said(weight, text)


def build(documents: Iterable[Document]) -> Segment:
    """Return the segment of some resources."""
    ordered = sorted(documents, key=lambda one: one.resource_id)
    rows: dict[str, int] = {}
    written: Counter[str] = Counter()
    of_rows: list[int] = []
    weights: list[float] = []
    counts: list[int] = []
    for document in ordered:
        best: dict[int, float] = {}
        names: set[str] = set()
        for compared, name, said in chain.from_iterable(_weighed(document)):
            row = rows.setdefault(compared, len(rows))
            # The place where it says most, and a little for being said elsewhere, too.
            known = best.get(row, 0.0)
            best[row] = min(WHOLLY, max(known, said) + AGAIN * min(known, said))
            if name:
                names.add(name)
        written.update(names)
        of_rows += best.keys()
        weights += best.values()
        counts.append(len(best))
    by_row = np.array(of_rows, np.int64)
    order = np.argsort(by_row, kind="stable")
    bounds = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(np.bincount(by_row, minlength=len(rows)), out=bounds[1:])
    docs = np.repeat(np.arange(len(ordered), dtype=np.int32), counts)
    return segment_of(
        ids=np.array([one.resource_id for one in ordered], np.int64),
        titles=[phrase(one.title) for one in ordered],
        rows=rows,
        bounds=bounds,
        docs=docs[order],
        weights=np.array(weights, np.float32)[order],
        written=written,
        in_order=sorted(written),
    )


def segment_of(
    *,
    ids: NDArray[np.int64],
    titles: list[str],
    rows: Mapping[str, int],
    bounds: NDArray[np.int64],
    docs: NDArray[np.int32],
    weights: NDArray[np.float32],
    written: Mapping[str, int],
    in_order: list[str],
) -> Segment:
    """Return a segment of what it is made of.

    Parameters
    ----------
    ids, titles, rows, bounds, docs, weights
        As in `Segment`.
    written
        In how many resources each written word stands; ``in_order`` are these words, sorted.
    """
    return Segment(
        ids=ids,
        titles=titles,
        rows=rows,
        bounds=bounds,
        docs=docs,
        weights=weights,
        vocabulary=Vocabulary.of(written),
        _sorted=in_order,
        _pairs=_by_character(rows),
    )


def _by_character(keys: Iterable[str]) -> dict[str, list[str]]:
    """Return, by each character of a script without spaces, itself and the pairs that hold it."""
    found: dict[str, list[str]] = {}
    for key in keys:
        if len(key) <= 2 and words.is_run(key):
            for character in set(key):
                found.setdefault(character, []).append(key)
    return found


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
