"""Text as searching compares it: case, width and composition of letters make no difference. Pure.

SQLite folds ASCII alone, so a resource's words are stored folded beside it, and what is looked for
is folded in the same way.
"""

import unicodedata
from collections.abc import Iterable


def folded(text: str) -> str:
    """Return `text` without differences of case, width or composition (NFKC, casefold)."""
    if text.isascii():
        return text.lower()
    # Folding may take a letter apart, so it is put together again.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def words_of(title: str, tags: Iterable[str], summary: str) -> str:
    """Return what a resource is found by, folded: its title, then its tags, then its summary.

    Each stands on a line of its own, an empty one before the summary, so that where a word occurs
    first says in what.
    """
    lines = [title, *tags, "", summary]
    return "\n".join(" ".join(folded(line).split()) for line in lines)
