"""What an export says of one member, and how its records are read, whatever the format."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Literal

from bot import files, ids
from bot.errors import UserError

Format = Literal["mee6", "polaris", "levelup", "reputationbot", "csv"]
NAME_COLUMNS = ("username", "display_name", "displayname", "name", "tag")
_LEVELS_READ_MAX = 100_000
Rows = Iterator[tuple[str, Any]]
"""The records of a file, each with its place there in words."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a file says of one member.

    Attributes
    ----------
    level, progress
        Where they stood: the level, and how far towards the next, 0 ≤ progress < 1. ``level`` is
        None where the system had none.
    value
        What they had in the system's own unit.
    prestige
        How often they had begun again at level 0: named, and worth nothing here.
    """

    user_id: int
    value: Decimal
    level: int | None = None
    progress: Fraction = Fraction(0)
    name: str = ""
    prestige: int = 0


ClaimOf = Callable[[Any], Claim | None]
"""What a record says; None where that is nothing."""
Formats = Mapping[Format, tuple[Callable[[list[Any], int], Rows], ClaimOf]]
"""How each format is read: the records of a file about a guild, and the claim of each."""


class BadRecord(Exception):
    """One record cannot be used; the message says what is accepted."""


class Unreadable(Exception):
    """The file as a whole cannot be used."""


def user_id_of(value: object) -> int:
    """Return the Discord id that a file gives."""
    try:
        return ids.discord_id(value)
    except UserError as problem:
        raise BadRecord(files.sentence(problem)) from None


def number_of(value: object, what: str) -> Decimal:
    """Return a value of the file as a number, exactly: at most 40 digits, from 1e-12 to 1e13."""
    text = str(value).strip() if value is not None and not isinstance(value, bool) else ""
    is_plain = text.isascii() and "_" not in text and len(text) <= files.DIGITS_MAX
    try:
        number = Decimal(text) if is_plain else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    # Twelve places to each side: a fraction of 1e-999999999 would take all memory there is.
    if not number.is_finite() or (number and not -12 <= number.adjusted() <= 12):
        raise BadRecord(f"{what} is {text[:40]!r}; write a number without separators")
    return number


def reached_level(value: object) -> int:
    """Return a level that a file gives."""
    number = number_of(value, "level")
    if number != int(number) or not 0 <= number <= _LEVELS_READ_MAX:
        raise BadRecord(f"level is {value}; 0 to {_LEVELS_READ_MAX:,} is accepted")
    return int(number)


def name_of(record: Mapping[str, Any]) -> str:
    """Return what a file calls a member, empty where it does not."""
    return next((str(record[key]) for key in NAME_COLUMNS if record.get(key)), "")


def share_of(done: Decimal, floor: Decimal, ceiling: Decimal) -> Fraction:
    """Return how far `done` is from `floor` to `ceiling`, 0 ≤ share < 1."""
    if ceiling <= floor or done <= floor:
        return Fraction(0)
    share = Fraction(done - floor) / Fraction(ceiling - floor)
    return min(share, Fraction(999_999, 1_000_000))


def object_of(record: Any) -> Mapping[str, Any]:
    """Return a record that has to be an object."""
    if not isinstance(record, dict):
        raise BadRecord("an object with id and xp is accepted")
    return record


def meant_guild(guilds: Iterable[int], guild_id: int) -> int:
    """Return which of a file's guilds is meant: ours, or the only one."""
    known = sorted(set(guilds))
    if guild_id in known:
        return guild_id
    if len(known) == 1:
        return known[0]
    named = ", ".join(map(str, known[:10]))
    raise Unreadable(f"it holds several guilds, none of them {guild_id}: {named}")


def listed(document: Any) -> list[Any]:
    """Return a document as the list it is, or of itself."""
    return document if isinstance(document, list) else [document]
