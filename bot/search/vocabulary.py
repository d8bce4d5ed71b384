"""Correcting a misspelt word by the words of the server's own catalogue.

The distance is Damerau and Levenshtein's, as optimal string alignment: letters left out, put in,
changed, and neighbours swapped. The first letter is seldom wrong: only where no word that begins
so is near, another first letter may have been meant. A short word must be nearly right, or
another word would be put in its place.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 4
"""Letters of a word that is corrected at least."""
SHORTEST_WHOLLY = 7
"""Letters of a word whose first one may be wrong, too: "baking" is not "making"."""
LONG = 8
"""From so many letters on two may be wrong."""
ALIKE = 0.65
"""Similarity, from 0 to 1, of a word that is offered where nothing was found."""

_LAST = "$"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Written words, and in how many resources each stands.

    ``near`` holds them by their first letter and their length, and by `_LAST`, their last letter
    and their length.
    """

    counts: Mapping[str, int]
    near: Mapping[tuple[str, int], Sequence[str]]

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> "Vocabulary":
        """Return the vocabulary of counted words."""
        near: dict[tuple[str, int], list[str]] = {}
        for word in counts:
            if word.isalpha():
                near.setdefault((word[0], len(word)), []).append(word)
                near.setdefault((_LAST + word[-1], len(word)), []).append(word)
        return cls(counts, near)

    def alike(self, word: str, bucket: str, most: int) -> Iterator[tuple[int, int, str]]:
        """Yield (distance, -count, known word) of those of a bucket that may have been meant."""
        for length in range(len(word) - most, len(word) + most + 1):
            known = self.near.get((bucket, length), ())
            for found, distance, _ in process.extract_iter(
                word, known, scorer=OSA.distance, score_cutoff=most
            ):
                if _is_likely(word, found, distance):
                    yield int(distance), -self.counts[found], found


def corrected(vocabularies: Sequence[Vocabulary], word: str) -> str | None:
    """Return the word of several vocabularies that was meant, None where none is near enough."""
    if len(word) < SHORTEST or not word.isalpha():
        return None
    found = [near for one in vocabularies for near in one.alike(word, word[0], 2)]
    if not found:
        last = _LAST + word[-1]
        found = [near for one in vocabularies for near in one.alike(word, last, 1)]
        is_long = len(word) >= SHORTEST_WHOLLY
        found = [near for near in found if is_long or sorted(near[2]) == sorted(word)]
    return min(found)[2] if found else None


def nearest(vocabularies: Iterable[Vocabulary], word: str, limit: int) -> list[str]:
    """Return words that are spelt alike, if less so, for a hint where nothing was found."""
    if len(word) < SHORTEST or not word.isalpha():
        return []
    alike = {
        (-OSA.normalized_similarity(word, known, score_cutoff=ALIKE), -n, known)
        for one in vocabularies
        for known, n in one.counts.items()
        if known.isalpha() and len(known) >= SHORTEST
    }
    return [known for unlike, _, known in sorted(alike) if unlike][:limit]


def _is_likely(word: str, known: str, distance: float) -> bool:
    is_swapped = sorted(word) == sorted(known)
    if distance == 2:
        return len(word) >= LONG or is_swapped
    # Of four letters a changed one makes another word: "core" is not "code".
    is_long_enough = len(word) > SHORTEST or len(word) != len(known)
    return distance == 1 and (is_long_enough or is_swapped)
