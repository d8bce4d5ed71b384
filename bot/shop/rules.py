"""What an item of the shop may be, who may redeem it, and what moderators write about it.

Everything here is pure. Amounts are hundredths of a point; moments UTC unix seconds, written and
read in the guild's time zone.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from bot import dates, mentions, zones
from bot.legible import is_blank
from bot.rewards.kinds import POINT
from storage.records import ItemKind, Redemption, Resource, ShopItem

KINDS: tuple[ItemKind, ...] = ("role", "resource", "coupon", "slot", "custom")
TITLE_MAX = 80
DESCRIPTION_MAX = 600
PRICE_MAX = 1_000_000
COUNT_MAX = 100_000
LOGGED = frozenset(
    {"price", "days", "stock", "per_member", "min_level", "from_at", "until_at"}
    | {"role_id", "needs_role_id"}
)
"""Fields of which the log keeps what they were and became; words may name a member and are not."""
DAYS_MAX = 3_650
LEVEL_MAX = 1_000
CODES_MAX = 10_000
CODE_LENGTH_MAX = 200
TIMES_MAX = 100
_HEADERS = {"code", "codes", "coupon", "coupons", "兑换码", "优惠码"}
_NUMBERS = re.compile(r"\d{1,9}")


class Refused(ValueError):
    """What was written is not accepted; ``key`` is the text that says what is."""

    def __init__(self, key: str, **params: str | int | float) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a member cannot redeem an item now: a text and its variables."""

    key: str
    params: dict[str, str | int | float]


def hindrance(
    item: ShopItem, *, now: float, level: int, n_had: int, role_ids: Collection[int]
) -> Hindrance | None:
    """Say what keeps a member from redeeming an item, their points left aside; None for nothing.

    Parameters
    ----------
    level
        The member's.
    n_had
        How many of it they redeemed already.
    role_ids
        The roles they have.
    """
    if item.state != "live":
        return Hindrance("error-shop-gone", {})
    if item.until_at is not None and now >= item.until_at:
        return Hindrance("error-shop-over", {"when": mentions.moment(item.until_at)})
    if item.from_at is not None and now < item.from_at:
        return Hindrance("error-shop-early", {"when": mentions.moment(item.from_at)})
    if item.per_member is not None and n_had >= item.per_member:
        return Hindrance("error-shop-limit", {"count": item.per_member})
    if level < item.min_level:
        return Hindrance("error-shop-level", {"level": item.min_level})
    if item.needs_role_id is not None and item.needs_role_id not in role_ids:
        return Hindrance("error-shop-role", {"role": mentions.role(item.needs_role_id)})
    if item.stock == 0:
        return Hindrance("error-shop-sold-out", {})
    return None


def has_already(item: ShopItem, held: Iterable[Redemption], role_ids: Collection[int]) -> bool:
    """Say whether a member has what an item grants, so that redeeming it would give nothing.

    Parameters
    ----------
    held
        By what they have its role already: one bought for some days can be prolonged, one that
        came from elsewhere or is theirs for good cannot.
    """
    if item.role_id is None:
        return False
    bought = list(held)
    if any(each.until_at is None and each.days is None for each in bought):
        return True
    return item.role_id in role_ids and not bought


def ends_at(item_days: int | None, held: Iterable[Redemption], now: float) -> float | None:
    """Return when a role that is granted now ends; it begins where one that is held ends."""
    if item_days is None:
        return None
    latest = max((each.until_at for each in held if each.until_at is not None), default=now)
    return max(latest, now) + item_days * dates.DAY_S


def parse_title(text: str) -> str:
    """Return a title in one line."""
    title = " ".join(text.split())
    if is_blank(title) or len(title) > TITLE_MAX:
        raise Refused("error-shop-title", high=TITLE_MAX)
    return title


def parse_price(text: str) -> int:
    """Return a price in hundredths."""
    number = _decimal(text)
    if number is None or not 0 < number <= PRICE_MAX or number * POINT != int(number * POINT):
        raise Refused("error-shop-price", high=PRICE_MAX)
    return int(number * POINT)


def gives_access(item: ShopItem, resource: Resource | None, role_ids: Collection[int]) -> bool:
    """Say whether who buys `item` may use the resource it is for, as that is now.

    Parameters
    ----------
    role_ids
        The buyer's roles before.
    """
    if resource is None or resource.state != "live":
        return False
    return resource.role_id is None or resource.role_id in (item.role_id, *role_ids)


def parse_count(text: str, *, low: int = 0, high: int = COUNT_MAX) -> int | None:
    """Return a whole number, None for nothing written."""
    if not text.strip():
        return None
    number = _decimal(text)
    if number is None or number != int(number) or not low <= number <= high:
        raise Refused("error-shop-count", low=low, high=high)
    return int(number)


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.adjusted() < 12 else None


def parse_moment(text: str, time_zone: str) -> float | None:
    """Return a moment such as "2026-03-05 14:00" in a time zone, None for nothing written.

    A date alone is its first moment.
    """
    if not text.strip():
        return None
    numbers = [int(found) for found in _NUMBERS.findall(text)]
    if len(numbers) not in (3, 5):
        raise Refused("error-shop-moment", written=text.strip()[:40])
    try:
        year, month, day, hour, minute = (*numbers, 0, 0)[:5]
        local = datetime(year, month, day, hour, minute, tzinfo=zones.zone_of(time_zone))
        return local.timestamp()
    except (ValueError, OverflowError):
        raise Refused("error-shop-moment", written=text.strip()[:40]) from None


def written_moment(at: float | None, time_zone: str) -> str:
    """Return a moment as `parse_moment` reads it, "" for None."""
    if at is None:
        return ""
    return f"{dates.local(at, time_zone):%Y-%m-%d %H:%M}"


def parse_codes(text: str) -> list[str]:
    """Return coupon codes, one a line, each once; quotes and a heading are left out."""
    lines = (line.strip().strip('"').strip() for line in text.lstrip("\ufeff").splitlines())
    codes = list(dict.fromkeys(line for line in lines if line))
    if codes and codes[0].casefold() in _HEADERS:
        codes = codes[1:]
    if not codes or len(codes) > CODES_MAX:
        raise Refused("error-shop-codes", high=CODES_MAX)
    if any(len(code) > CODE_LENGTH_MAX for code in codes):
        raise Refused("error-shop-code-length", high=CODE_LENGTH_MAX)
    return codes


def parse_times(text: str, time_zone: str, now: float) -> list[float]:
    """Return moments to come, one a line, each once."""
    times = {parse_moment(line, time_zone) for line in text.splitlines() if line.strip()}
    found = sorted(time for time in times if time is not None)
    if not found or len(found) > TIMES_MAX:
        raise Refused("error-shop-times", high=TIMES_MAX)
    if found[0] <= now:
        raise Refused("error-shop-past", written=written_moment(found[0], time_zone))
    return found
