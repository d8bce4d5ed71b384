"""Emoji as numbers and as lists: what capture stores of a reaction, and what rules compare.

An event keeps a hash, so that a reaction needs no text column. Skin tones and variation
selectors are left out of it: 👍🏽 and 👍 are the same answer. A custom emoji is its id, for
its name can be changed at any time.
"""

import hashlib
import re
import unicodedata

CUSTOM = re.compile(r"<a?:\w{2,32}:(?P<id>\d{15,20})>")
_SELECTORS = frozenset("\ufe0e\ufe0f")
_SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_REGIONS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
_TAGS = frozenset(map(chr, range(0xE0020, 0xE0080)))
_JOINER, _KEYCAP = "\u200d", "\u20e3"
_TRAILING = _SELECTORS | _SKIN_TONES | _TAGS | {_JOINER, _KEYCAP}


def emoji_hash(name: str) -> int:
    """Return a stable number for an emoji, 0 ≤ n < 2**63.

    Parameters
    ----------
    name
        The emoji itself, or a custom emoji's id in decimal.
    """
    bare = "".join(char for char in name if char not in _SELECTORS | _SKIN_TONES) or name
    digest = hashlib.blake2b(bare.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def hash_of(written: str) -> int:
    """Return the `emoji_hash` of an emoji as it stands in a message (``<:name:id>`` or 👍)."""
    custom = CUSTOM.fullmatch(written)
    return emoji_hash(custom["id"] if custom else written)


def burst_of(number: int) -> int:
    """Return the number of the same emoji as a super reaction; of that one, the plain emoji's.

    Discord tells the two apart: a member may have both on a message, and take one of them back.
    """
    return number ^ 1 << 62


def split(written: str) -> list[str] | None:
    """Return the emoji in a text such as ``👍 <:ty:123456789012345678>❤️``, in order.

    Spaces and commas (of either script) between them are allowed, repeats are dropped.
    None where the text holds anything else.
    """
    found: dict[int, str] = {}
    for part in re.findall(rf"{CUSTOM.pattern.replace('?P<id>', '?:')}|[^<\s,，、]+|<", written):
        for emoji in [part] if CUSTOM.fullmatch(part) else _clusters(part):
            if not (CUSTOM.fullmatch(emoji) or _is_emoji(emoji)):
                return None
            found.setdefault(hash_of(emoji), emoji)
    return list(found.values())


def _clusters(text: str) -> list[str]:
    """Cut a run of emoji into single ones: joined people, keycaps and flags stay whole."""
    clusters: list[str] = []
    for char in text:
        last = clusters[-1] if clusters else ""
        is_flag = char in _REGIONS and len(last) == 1 and last in _REGIONS
        if last and (char in _TRAILING or last.endswith(_JOINER) or is_flag):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _is_emoji(cluster: str) -> bool:
    first = cluster[0]
    if first.isascii():
        return cluster.endswith(_KEYCAP)
    is_pictograph = 0x1F000 <= ord(first) < 0x1FC00  # emoji newer than Python's tables as well
    return is_pictograph or unicodedata.category(first) in ("So", "Sm") or first in "‼⁉〰"
