"""What all sources of webhooks have in common: proof of who sent it, reading without trust. Pure.

An adapter proves the raw body and then says in our words what it means. It believes nothing about
shapes: whatever a field should be is asked for, so that garbage is refused and never stored.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from bot.purchases.rules import Heard
from storage.records import PurchaseSource

SKEW_S = 300.0
"""By how much a sender's clock may differ from ours."""
BODY_MAX = 256 * 1024
NAME_MAX = 200
NUMBER_MAX = 2**53
_LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


class RefusedError(Exception):
    """A message that is not believed, with the status that says so."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """What arrived: headers by name in lower case, the body as it came, and when."""

    headers: Mapping[str, str]
    body: bytes
    now: float

    @property
    def digest(self) -> str:
        """Name the body, where its sender gives it no name."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Adapter:
    """One source: how its messages are proved, what they say, and what it wants to be answered.

    ``prove`` raises `RefusedError`; ``read`` does so for what has another shape than it should, and
    returns nothing for events that are none of ours.
    """

    source: PurchaseSource
    prove: Callable[[Message, str], None]
    read: Callable[[Message, Mapping[str, Any]], Sequence[Heard]]
    answer: str = "{}"


def refuse(reason: str, status: int = 401) -> NoReturn:
    """Raise that a message is not believed."""
    raise RefusedError(status, reason)


def is_signed(
    secret: bytes, signed: bytes, given: Sequence[str | bytes], algorithm: str = "sha256"
) -> bool:
    """Say whether one of the hexadecimal signatures is the secret's, in constant time."""
    wanted = hmac.new(secret, signed, algorithm).hexdigest().encode()
    # All of them are looked at, so that the time says nothing of which.
    return any([hmac.compare_digest(wanted, _bytes(each).lower()) for each in given])


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def require_fresh(text: str, now: float) -> int:
    """Return a sender's timestamp, unix seconds, that is about now; else refuse."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):
        refuse("timestamp")
    if abs(int(text) - now) > SKEW_S:
        refuse("clock")
    return int(text)


def parsed(body: bytes) -> Mapping[str, Any]:
    """Return the object that a body is; raises RefusedError for anything else."""

    def constant(_: str) -> NoReturn:
        refuse("number", 400)

    try:
        found = json.loads(body.decode("utf-8"), parse_constant=constant)
    except (ValueError, RecursionError):
        refuse("body", 400)
    if not isinstance(found, dict):
        refuse("body", 400)
    return found


def inside(value: Any, *path: str | int) -> Any:
    """Return what stands at a path, None where there is nothing."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and len(value) > step else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def text(value: Any) -> str:
    """Return a short text or whole number as text, "" for nothing; refuses anything else."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < NUMBER_MAX:
        return str(value)
    if not isinstance(value, str) or len(value) > NAME_MAX or not value.isprintable():
        refuse("text", 400)
    return value.strip()


def needed(value: Any) -> str:
    """Return a text that must be there."""
    return text(value) or refuse("missing", 400)


def amount(value: Any) -> int | None:
    """Return an amount in minor units, None for nothing; refuses what is none."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < NUMBER_MAX:
        refuse("amount", 400)
    return value


def currency(value: Any) -> str | None:
    """Return a currency's code in capitals, None for nothing."""
    code = text(value).upper()
    if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
        refuse("currency", 400)
    return code or None


def seconds(value: Any) -> float | None:
    """Return a moment given in unix seconds, None for nothing."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse("time", 400)
    return _bounded(float(value))


def moment(value: Any) -> float | None:
    """Return a moment given as ISO 8601, UTC where it names no zone; None for nothing."""
    if value is None or value == "":
        return None
    try:
        found = datetime.fromisoformat(text(value))
        return _bounded((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        refuse("time", 400)


def _bounded(at: float) -> float:
    if not 0 < at < _LATEST:
        refuse("time", 400)
    return at


def names(*values: Any) -> tuple[str, ...]:
    """Return those of some names that there are, each once."""
    return tuple(dict.fromkeys(filter(None, map(text, values))))
