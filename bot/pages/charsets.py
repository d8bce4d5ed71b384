"""The letters of a page: its bytes as text, whatever it says of them.

A byte order mark, what HTTP says, what the page says, and at last what its bytes look like; a
statement that the bytes contradict is not believed.
"""

import codecs
from collections.abc import Iterator
from typing import Final

import chardet

_HEAD = 4_096
_NO_UTF_8: Final = (b"\0", b"\x1b", b"~{")
"""In UTF-16, in ISO 2022 and in HZ every byte may be one of ASCII."""
_WRONG_SHARE = 0.002
"""Above this share of letters that cannot be read, a statement is taken for wrong."""
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENDS = (b'"', b"'", b";", b">", b"?", b"/", b" ")
_MEANT: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "ms932": "cp932",
    "windows-31j": "cp932",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "unicode": "utf-8",
    "utf8mb4": "utf-8",
}
"""What browsers read where a page says something else (WHATWG Encoding)."""


def decoded(body: bytes, declared: str = "") -> str:
    """Return a page's text.

    Parameters
    ----------
    body
        Bytes that may end within a letter.
    declared
        The charset of the HTTP header, "" for none.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    if not any(sign in body[:_HEAD] for sign in _NO_UTF_8):
        text = _read(body, "utf-8")  # hardly anything else is
        if text is not None:
            return text
    for name in (declared, _said_in(body[:_HEAD]), *_guesses(body)):
        text = _read(body, name)
        if text is not None:
            return text
    return body.decode("utf-8", "replace")


def _guesses(body: bytes) -> Iterator[str]:
    n_zeros = body[:_HEAD].count(0)
    if n_zeros * 4 > len(body[:_HEAD]):
        yield "utf-16-le" if body[1:_HEAD:2].count(0) * 2 > n_zeros else "utf-16-be"
    yield chardet.detect(body[:65_536])["encoding"] or ""


def _read(body: bytes, name: str) -> str | None:
    """Return the text if the bytes are mostly letters of that charset."""
    known = _codec(name)
    if known is None:
        return None
    text = body.decode(known, "replace")
    n_wrong = text.count("\ufffd") + text[:_HEAD].count("\0")
    return text if n_wrong <= 1 + len(text) * _WRONG_SHARE else None


def _codec(name: str) -> str | None:
    plain = name.strip().strip("\"'").lower()
    plain = _MEANT.get(plain, plain)
    try:
        return codecs.lookup(plain).name if plain and "utf-7" not in plain else None
    except (LookupError, ValueError):
        return None


def _said_in(head: bytes) -> str:
    """Return what a ``<meta charset>``, its older form, or an XML declaration says."""
    low = head.lower()
    for sign in (b"charset=", b"encoding="):
        start = low.find(sign)
        if start >= 0:
            rest = low[start + len(sign) : start + len(sign) + 40].lstrip(b" \"'")
            for end in _ENDS:
                rest = rest.split(end)[0]
            return rest.decode("ascii", "ignore").strip()
    return ""
