"""Correcting a misspelt word by the words of the server's own catalogue.

The distance is Damerau and Levenshtein's, as optimal string alignment: letters left out, put in,
changed, and neighbours swapped. The first letter is taken as meant, for it is the one that is
seldom wrong, and a short word must be nearly right, or another word would be put in its place.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

SHORTEST = 4
"""Letters of a word that is corrected at least."""
LONG = 8
"""From so many letters on two may be wrong."""
ALIKE = 0.5
"""Similarity, from 0 to 1, of a word that is offered where nothing was found."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Written words, and in how many resources each stands, by first letter and length."""

    counts: Mapping[str, int]
    _near: dict[tuple[str, int], list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, several: Iterable[Mapping[str, int]]) -> "Vocabulary":
        """Return the vocabulary of several segments."""
        counts: Counter[str] = Counter()
        for each in several:
            counts.update(each)
        made = cls(counts)
        for word in counts:
            if word.isalpha():
                made._near.setdefault((word[0], len(word)), []).append(word)
        return made

    def corrected(self, word: str) -> str | None:
        """Return the word that was meant, None where none is near enough."""
        if len(word) < SHORTEST or not word.isalpha():
            return None
        near = ((OSA.distance(word, known, score_cutoff=2), known) for known in self._around(word))
        found = [
            (distance, -self.counts[known], known)
            for distance, known in near
            if _is_likely(word, known, distance)
        ]
        return min(found)[2] if found else None

    def nearest(self, word: str, limit: int) -> list[str]:
        """Return words that are spelt alike, if less so, for a hint where nothing was found."""
        alike = (
            (-OSA.normalized_similarity(word, known, score_cutoff=ALIKE), -n, known)
            for known, n in self.counts.items()
            if known.isalpha() and len(known) >= SHORTEST
        )
        return [known for unlike, _, known in sorted(alike)[:limit] if unlike]

    def _around(self, word: str) -> Iterator[str]:
        """Yield the words that begin alike and are about as long."""
        for length in range(len(word) - 2, len(word) + 3):
            yield from self._near.get((word[0], length), ())


def _is_likely(word: str, known: str, distance: int) -> bool:
    is_swapped = sorted(word) == sorted(known)
    if distance == 2:
        return len(word) >= LONG or is_swapped
    # Of four letters a changed one makes another word: "core" is not "code".
    is_long_enough = len(word) > SHORTEST or len(word) != len(known)
    return distance == 1 and (is_long_enough or is_swapped)
