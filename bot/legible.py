"""Foreign text beside ours: which way it runs, and whether anything of it can be seen. Pure.

Titles, names and notes are written by others. A sign that turns the direction of writing round
would turn the rest of its line, too, so that 19 points read as 91, and so would a name in Arabic or
Hebrew. `isolated` takes such signs out and closes what runs from right to left in on itself
(Unicode Standard Annex 9: a first strong isolate).
"""

import re
import unicodedata

OPEN, CLOSE = "\u2068", "\u2069"
"""What stands between them has a direction of its own and none for its line."""

# Marks, embeddings, overrides, and isolates that name a direction.
_SIGNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066\u2067]")
_ISOLATES = re.compile("[\u2068\u2069]")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_BREAKS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]")
# Letters and signs that are drawn as nothing, and are neither spaces nor format characters.
_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_UNSEEN = ("Z", "M", "Cc", "Cf", "Cs", "Cn")


def isolated(text: str) -> str:
    """Return `text` so that nothing in it turns the line it is put into, line by line.

    What is isolated already stays as it is, so that a line may be made of others.
    """
    if text.isascii():
        return text
    return "\n".join(map(_isolated_line, text.split("\n")))


def _isolated_line(line: str) -> str:
    line = _SIGNS.sub("", line)
    if not _is_nested(line):
        line = _ISOLATES.sub("", line)
    return f"{OPEN}{line}{CLOSE}" if turns(line) else line


def turns(text: str) -> bool:
    """Say whether `text` would turn the line it stands in."""
    if _SIGNS.search(text) or not _is_nested(text):
        return True
    depth = 0
    for character in text:
        depth += (character == OPEN) - (character == CLOSE)
        if depth == 0 and _RIGHT_TO_LEFT.match(character):
            return True
    return False


def _is_nested(text: str) -> bool:
    depth = 0
    for found in _ISOLATES.finditer(text):
        depth += 1 if found[0] == OPEN else -1
        if depth < 0:
            return False
    return depth == 0


def one_line(text: str) -> str:
    """Return `text` with a space for everything that begins a line or is none of writing."""
    return _BREAKS.sub(" ", text)


def is_blank(text: str) -> bool:
    """Say whether nothing of `text` can be seen: spaces, fillers, signs without a letter."""
    return all(
        character in _EMPTY or unicodedata.category(character).startswith(_UNSEEN)
        for character in text
    )
