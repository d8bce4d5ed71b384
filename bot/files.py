"""Files that people bring: how much is read, in which encoding, and JSON within bounds.

Whatever wrote a file, it is read or refused in one sentence, and what a hostile one costs is
bounded: its bytes, its depth, the values in it and the digits of a number.
"""

import asyncio
import codecs
import json
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import aiohttp
import discord

from bot import ids
from bot.errors import UserError
from bot.i18n import DEFAULT_LANGUAGE, Texts

BYTES_MAX = 64 * 10**6
"""Of a file that is read as a whole."""
VALUES_MAX = 3_000_000
"""Of a JSON file; a leaderboard of 100,000 members has half as many."""
DIGITS_MAX = 40
"""Of a number; what is longer stays text, which is no number anywhere."""
_NAME_MAX = 100
"""Of a key, as it is told."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as UTF-16's does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED = 8
UPLOAD_WITHIN_S = 30.0
"""How long Discord may take to hand on what a member has uploaded."""


class Unreadable(UserError):
    """A file cannot be used as a whole; ``line`` says where, 0 for everywhere."""

    def __init__(self, key: str, line: int = 0, **params: str | int | float) -> None:
        super().__init__(key, **params)
        self.line = line


def sentence(problem: UserError) -> str:
    """Return what is wrong as operators read it."""
    return Texts(DEFAULT_LANGUAGE)(problem.key, **problem.params)


def content_of(path: Path) -> bytes:
    """Return what a file holds.

    Raises
    ------
    Unreadable
        It cannot be opened, or is too large.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(BYTES_MAX + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Unreadable("error-file-unreadable", reason=reason) from None
    if len(content) > BYTES_MAX:
        raise Unreadable("error-file-large", limit=BYTES_MAX // 10**6)
    return content


async def uploaded(attachment: discord.Attachment) -> bytes:
    """Return what a member has uploaded; Discord keeps it, and may not hand it on.

    Raises
    ------
    UserError
        It did not arrive: whatever it was sent for is not done.
    """
    try:
        async with asyncio.timeout(UPLOAD_WITHIN_S):
            return await attachment.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise UserError("error-file-upload") from error


def encoding_of(head: bytes) -> str:
    """Return the encoding that a file's first bytes show; UTF-8 where they show none.

    Excel's "Unicode text" and PowerShell's redirection write UTF-16, not always with its mark:
    then every other byte of a header is 0.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    even, odd = head[: 2 * _UNMARKED : 2], head[1 : 2 * _UNMARKED : 2]
    if len(odd) == _UNMARKED:
        if not any(odd) and all(even):
            return "utf-16-le"
        if not any(even) and all(odd):
            return "utf-16-be"
    return "utf-8"


def text_of(content: bytes) -> str:
    """Return a file's content as text.

    Raises
    ------
    Unreadable
        It is no text in any encoding that is known by its bytes.
    """
    try:
        return content.decode(encoding_of(content))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable("error-file-encoding", line) from None


def documents(content: bytes) -> list[Any]:
    """Return the JSON documents of a file: pages are often appended one behind the other.

    Numbers with a fraction or an exponent are `Decimal`; one of more than `DIGITS_MAX` digits is
    the text that stands there.

    Raises
    ------
    Unreadable
        It is no JSON, or more than can be held.
    """
    text = text_of(content)
    if sum(text.count(mark) for mark in ",[{") > VALUES_MAX:
        raise Unreadable("error-file-values", limit=VALUES_MAX)
    whole: set[int] = set()
    decoder = json.JSONDecoder(
        parse_int=lambda digits: _whole(digits, whole),
        parse_float=_decimal,
        parse_constant=_no_number,
        object_pairs_hook=_once,
    )
    try:
        found = list(_decoded(decoder, text))
    except json.JSONDecodeError as error:
        raise Unreadable("error-file-json", error.lineno, reason=error.msg) from None
    except RecursionError:
        raise Unreadable("error-file-deep") from None
    except MemoryError:
        raise Unreadable("error-file-memory") from None
    except ValueError as error:
        raise Unreadable("error-file-json", reason=str(error)) from None
    if rounded := ids.rounded_together(whole):
        raise Unreadable("error-id-zeros", value=str(min(rounded)))
    return found


def _decoded(decoder: json.JSONDecoder, text: str) -> Any:
    at = _next(text, 0)
    while at < len(text):
        document, at = decoder.raw_decode(text, at)
        yield document
        at = _next(text, at)


def _next(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,\ufeff":
        at += 1
    return at


def _whole(digits: str, seen: set[int]) -> int | str:
    """Return a whole number, and remember one that may be an id."""
    if len(digits) > DIGITS_MAX:
        return digits
    number = int(digits)
    if number >= 10**16:
        seen.add(number)
    return number


def _decimal(text: str) -> Decimal | str:
    try:
        return Decimal(text) if len(text) <= DIGITS_MAX else text
    except InvalidOperation:  # an exponent of twenty digits
        return text


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, none of whose keys is there twice: nobody knows which was meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        ((name, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise Unreadable("error-file-key-twice", name=name[:_NAME_MAX])
    return found


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")
