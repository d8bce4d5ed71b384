"""Numbers and Discord ids as people write them: what is one, and what a spreadsheet made of one.

A spreadsheet keeps 15 digits of a number and JavaScript 17, and a Discord id has up to 19: what
they save is somebody else's id. Whoever reads ids from a file asks here, so that all importers
refuse the same.
"""

import re
from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from typing import TypeVar

from bot.errors import UserError
from storage.folding import folded

T = TypeVar("T")

BEYOND = 2**63
"""No id and no number that is stored reaches this."""
_SHOWN = 40
_WHOLE = re.compile(r"[0-9]{1,19}")
_ID = re.compile(r"[0-9]{15,20}")
# <@1>, <@!1>, '1 and ="1" are how people keep a spreadsheet from taking an id for a number.
_WRITTEN = re.compile(r"<@!?([0-9]+)>|'([0-9]+)|=\"([0-9]+)\"")
_ROUNDED = re.compile(r"\d[\d.,]*[eE][+-]?\d+|[0-9]{15,}[.,]0*")
_NUMBER = re.compile(r"[-+]?[\d.,'’_\s]*\d[\d.,'’_\s]*(?:[eE][+-]?\d+)?")
_DIGITS_OF_SPREADSHEETS = 15
_DIGITS_OF_DOUBLES = 17
_BY_CHANCE = 0.02  # one id in a thousand ends in three zeros by itself
_NEVER_BY_CHANCE = 0.9
_MANY = 4


def whole(text: str) -> int | None:
    """Return a whole number, 0 ≤ n < 2**63, written in plain digits; None for anything else."""
    number = int(text) if _WHOLE.fullmatch(text) else BEYOND
    return number if number < BEYOND else None


def choice(number: int) -> str:
    """Return what a suggestion stands for: a number that nobody types by chance."""
    return f"id:{number}"


def chosen(text: str) -> int | None:
    """Return the number of the suggestion that was chosen, None where it was typed."""
    return whole(text.removeprefix("id:")) if text.startswith("id:") else None


def meant(found: Sequence[T], text: str, title_of: Callable[[T], str]) -> T | None:
    """Return the one that has a title, else the only one there is; None where it may be several."""
    titled = [each for each in found if folded(title_of(each)) == folded(text.strip())]
    alike = titled or found
    return alike[0] if len(alike) == 1 else None


def discord_id(value: object) -> int:
    """Return the id that a cell of a table or a value of a JSON file holds.

    Raises
    ------
    UserError
        It is none, or a spreadsheet rounded it.
    """
    text = "" if isinstance(value, bool) else str(value).strip()
    if isinstance(value, Decimal | float) or _ROUNDED.fullmatch(text):
        raise UserError("error-id-rounded", value=text[:_SHOWN])
    digits = unwrapped(text)
    if not _ID.fullmatch(digits) or not 0 < int(digits) < BEYOND:
        raise UserError("error-id", value=str(value)[:_SHOWN])
    return int(digits)


def unwrapped(text: str) -> str:
    """Return the digits of a mention, or of text that was marked as text; else the text itself."""
    match = _WRITTEN.fullmatch(text)
    return next(filter(None, match.groups())) if match else text


def is_rounded(text: str) -> bool:
    """Say whether a text is a large number as a spreadsheet shows it, such as 1.23457E+17."""
    return _ROUNDED.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Say whether a text reads as a number, in whatever script, so that it is nobody's name."""
    return _NUMBER.fullmatch(text) is not None


def rounded_together(ids: Collection[int]) -> set[int]:
    """Return those of a file's different ids that end in zeros as rounded numbers do.

    One id in a thousand does by chance, so only what chance does not explain is returned: more
    than two in a hundred of at most 15 digits, or nearly all, and at least four, of at most 17.

    Parameters
    ----------
    ids
        As they stand in the file, without any mark that they are text.
    """
    long = [n for n in ids if n >= 10**16]
    spreadsheet = {n for n in long if _digits(n) <= _DIGITS_OF_SPREADSHEETS}
    if len(spreadsheet) > _BY_CHANCE * len(long):
        return spreadsheet
    exact = [n for n in long if n >= 10**_DIGITS_OF_DOUBLES]
    doubles = {n for n in exact if _digits(n) <= _DIGITS_OF_DOUBLES}
    is_all = len(doubles) >= max(_MANY, _NEVER_BY_CHANCE * len(exact))
    return doubles if is_all else set()


def _digits(number: int) -> int:
    return len(str(number).rstrip("0"))
