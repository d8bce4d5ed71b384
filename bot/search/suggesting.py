"""Which tags and titles are suggested for what somebody has typed so far, and in which order."""

from collections.abc import Iterable, Mapping, Sequence

from bot.search import words
from bot.search.synonyms import Table, phrase

_NOTHING: Mapping[str, Sequence[str]] = {}


def tags(
    by_use: Sequence[str],
    typed: str,
    table: Table,
    limit: int,
    said: Mapping[str, Sequence[str]] = _NOTHING,
) -> list[str]:
    """Return the tags that fit, from most used to least used: the tag itself first.

    ``said`` holds other words for a tag, of which one may fit.

    Then what means the same, then tags that begin so, then those in which another word does.
    """
    plain = words.folded(typed).replace("-", " ").strip()
    if not plain:
        return list(by_use[:limit])
    same = set(table.get(phrase(typed), ()))
    ranked = [
        (min(_rank(word, plain, same) for word in (tag, *said.get(tag, ()))), place, tag)
        for place, tag in enumerate(by_use)
    ]
    return [tag for rank, _, tag in sorted(ranked) if rank < _NO][:limit]


def titles(found: Sequence[tuple[int, str]], typed: str, used: Mapping[int, int]) -> list[int]:
    """Return titles that fit, in the order in which they are suggested.

    What is called so comes first, then what begins so, the most used before the others, then the
    rest as it fits.

    Parameters
    ----------
    found
        Ids and titles, best first.
    used
        How many members used each, by id; 0 where it is missing.
    """
    plain = words.folded(typed).strip()

    def place(one: tuple[int, str]) -> tuple[int, int]:
        number, title = one
        name = words.folded(title)
        if not plain or not name.startswith(plain):
            return 2, 0
        return (0, 0) if name == plain else (1, -used.get(number, 0))

    return [number for number, _ in sorted(found, key=place)]


_NO = 4


def _rank(tag: str, typed: str, same: Iterable[tuple[str, ...]]) -> int:
    plain = words.folded(tag).replace("-", " ")
    if plain == typed:
        return 0
    if phrase(tag) in same:
        return 1
    if plain.startswith(typed):
        return 2
    return 3 if f" {typed}" in plain or (words.is_run(typed) and typed in plain) else _NO
