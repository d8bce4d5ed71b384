"""Which tags are suggested for what somebody has typed so far."""

from collections.abc import Iterable, Sequence

from bot.search import words
from bot.search.synonyms import Table, phrase


def tags(by_use: Sequence[str], typed: str, table: Table, limit: int) -> list[str]:
    """Return the tags that fit, from most used to least used: the tag itself first.

    Then what means the same, then tags that begin so, then those in which another word does.
    """
    plain = words.folded(typed).replace("-", " ").strip()
    if not plain:
        return list(by_use[:limit])
    same = set(table.get(phrase(typed), ()))
    ranked = [(_rank(tag, plain, same), place, tag) for place, tag in enumerate(by_use)]
    return [tag for rank, _, tag in sorted(ranked) if rank < _NO][:limit]


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
