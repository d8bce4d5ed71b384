"""How much a text says, in any script, without looking at what it says. Pure.

Whoever measures a text keeps the class and lets go of the text.
"""

import re
import unicodedata

IDEOGRAPH_UNITS = 2.5
"""What one Han, kana or hangul character says, in Latin letters."""
SHORT_UNITS = 8
"""Below this a message says too little to be rewarded."""
LONG_UNITS = 80
PIECE_UNITS = 5.0
"""A piece of a text is two Han characters, or as much of another script: five letters."""

_IDEOGRAPHS = (
    (0x1100, 0x11FF),  # hangul jamo
    (0x3005, 0x3007),  # 々〆〇
    (0x3040, 0x30FF),  # kana
    (0x3130, 0x318F),  # hangul compatibility jamo
    (0x31F0, 0x31FF),  # kana extensions
    (0x3400, 0x4DBF),  # Han, extension A
    (0x4E00, 0x9FFF),  # Han
    (0xAC00, 0xD7AF),  # hangul
    (0xF900, 0xFAFF),  # Han, compatibility
    (0xFF66, 0xFFDC),  # half-width kana and hangul
    (0x20000, 0x3FFFF),  # Han, further extensions
)
# URLs end where ASCII does: Chinese is written right behind them. Then Discord's own markup
# (mentions, custom emoji, commands, times), then symbols with letter or digit in them (ℹ️, 1️⃣).
_SILENT = re.compile(
    r"https?://[!-~]+"
    r"|<(?:@[!&]?\d+|#\d+|a?:\w+:\d+|/[^<>]+:\d+|t:-?\d+(?::\w)?|id:\w+)>"
    r"|.\ufe0f\u20e3?|[0-9#*]\u20e3",
    re.IGNORECASE,
)


def information(text: str) -> float:
    """Return how much a text says, in Latin letters.

    Letters and digits count 1, Han, kana and hangul 2.5; punctuation, emoji, URLs, mentions
    and custom emoji nothing.
    """
    return sum(map(_UNITS.__getitem__, _SILENT.sub(" ", text)))


class _Units(dict[str, float]):
    """What each character says that was met so far; asked for every one of every message."""

    def __missing__(self, char: str) -> float:
        self[char] = units = _units(char)
        return units


_UNITS = _Units()


def _units(char: str) -> float:
    if unicodedata.category(char)[0] not in "LN":
        return 0.0
    code = ord(char)
    is_ideograph = any(first <= code <= last for first, last in _IDEOGRAPHS)
    return IDEOGRAPH_UNITS if is_ideograph else 1.0


def length_class(text: str | None) -> int | None:
    """Return 0 for nothing said, 1 below 8 units, 2 below 80, 3 from there on.

    What a text says over and over counts once. None stands for a text the bot may not read,
    and stays None.
    """
    if text is None:
        return None
    units = information(text)
    if units == 0:
        return 0
    said = pieces(text)
    units *= len(set(said)) / len(said)
    if units < SHORT_UNITS:
        return 1
    return 2 if units < LONG_UNITS else 3


def pieces(text: str) -> list[str]:
    """Return the overlapping pieces of a text, folded: no case, width, space or punctuation.

    Pieces are bigrams of Han characters, and as much of other scripts as says as much.
    """
    folded = unicodedata.normalize("NFKC", _SILENT.sub(" ", text)).casefold()
    weighed = [(char, units) for char in folded if (units := _UNITS[char])]
    letters = "".join(char for char, _ in weighed)
    found: list[str] = []
    end, held = 0, 0.0
    for start, (_, units) in enumerate(weighed):
        while held < PIECE_UNITS and end < len(weighed):
            held += weighed[end][1]
            end += 1
        if held < PIECE_UNITS and found:
            break
        found.append(letters[start:end])
        held -= units
    return found
