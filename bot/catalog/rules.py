"""What a valid resource is. Pure functions: commands and the importer refuse by the same words.

A ``parse_*`` function takes what somebody wrote and returns what is stored, or raises `Refused`
with a `Problem`: the field, the text's key and its variables, which say what is accepted.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, get_args

from bot import addresses, dates, topics
from bot.addresses import page_key
from bot.legible import is_blank
from bot.money import decimals, most
from storage.records import Level, Resource, ResourceKind

KINDS: Final[tuple[str, ...]] = get_args(ResourceKind)
LEVELS: Final[tuple[str, ...]] = get_args(Level)
TITLE_MAX: Final = 200
SUMMARY_MAX: Final = 500
TAGS_MAX: Final = 10
TAG_MAX: Final = 30
CREATOR_MAX: Final = 100
MINUTES_MAX: Final = 100_000
URL_MAX: Final = 512
CURRENCIES: Final = frozenset(
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN"
    " BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL"
    " GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF"
    " KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN"
    " MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD"
    " SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH"
    " UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG".split()
)
NOTHING: Final = "-"
"""What a moderator writes to empty a field that may be empty, or that nobody knows."""

_MAY_BE_EMPTY = frozenset({"summary", "tags", "creator"})
_NO_PRICE: Final[Mapping[str, Any]] = {"price_minor": 0, "is_free": False, "currency": None}
_UNKNOWN: Final[Mapping[str, Mapping[str, Any]]] = {
    "language": {"language": None},
    "level": {"level": None},
    "minutes": {"minutes": None},
    "price": _NO_PRICE,
    "currency": _NO_PRICE,
}
"""What `NOTHING` says of a field: nobody knows it."""
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
_PRICE = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,9})?")
_SCRIPTS: Final = (
    ("ja", re.compile(r"[\u3041-\u30fa\uff66-\uff9d]")),  # kana stand beside Han signs
    ("ko", re.compile(r"[\u1100-\u11ff\uac00-\ud7a3]")),
    ("zh", re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a value is refused: a message of the Fluent files that says what is accepted."""

    field: str
    key: str
    params: Mapping[str, str | int | float]


class Refused(ValueError):
    """A value is not accepted; `problem` says which and why."""

    def __init__(self, name: str, key: str, **params: str | int) -> None:
        super().__init__(key)
        self.problem = Problem(name, f"error-catalog-{key}", params)


def parse_kind(text: str) -> str:
    """Return the kind named by `text`, whatever its case."""
    return _one_of("kind", text, KINDS)


def parse_level(text: str) -> str:
    """Return the level named by `text`, whatever its case."""
    return _one_of("level", text, LEVELS)


def parse_language(text: str) -> str:
    """Return the two-letter code of a BCP 47 tag: ``zh`` for ``zh-CN``."""
    match = _LANGUAGE.fullmatch(text.strip())
    if match is None:
        raise Refused("language", "language", value=_short(text))
    return match[1].lower()


def language_of(title: str) -> str | None:
    """Return the language whose script a title is written in, None where many are.

    Latin letters say nothing: "Docker" is a title in any language.
    """
    return next((code for code, letters in _SCRIPTS if letters.search(title)), None)


def parse_title(text: str) -> str:
    """Return the title, 1 to 200 characters on one line."""
    title = _one_line(text)
    if is_blank(title):
        raise Refused("title", "title-empty")
    if len(title) > TITLE_MAX:
        raise Refused("title", "title-long", limit=TITLE_MAX, length=len(title))
    return title


def parse_summary(text: str) -> str:
    """Return the summary, at most 500 characters on one line."""
    return _limited("summary", text, SUMMARY_MAX)


def parse_creator(text: str) -> str:
    """Return the creator's name, at most 100 characters."""
    return _limited("creator", text, CREATOR_MAX)


def parse_tags(text: str) -> tuple[str, ...]:
    """Return up to 10 tags of up to 30 characters, lower-cased, spaces as hyphens.

    Commas and semicolons, Chinese ones too, separate tags.
    """
    tags = topics.split(text)
    for tag in tags:
        if len(tag) > TAG_MAX:
            raise Refused("tags", "tag-long", limit=TAG_MAX, value=_short(tag))
    if len(tags) > TAGS_MAX:
        raise Refused("tags", "tags-many", limit=TAGS_MAX, count=len(tags))
    return tuple(tags)


def parse_minutes(text: str) -> int:
    """Return the minutes it takes, 1 to 100,000."""
    minutes = _whole(text)
    if minutes is None or not 1 <= minutes <= MINUTES_MAX:
        raise Refused("minutes", "minutes", limit=MINUTES_MAX, value=_short(text))
    return minutes


def parse_currency(text: str) -> str:
    """Return an ISO 4217 code in capitals."""
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise Refused("currency", "currency", value=_short(text))
    return code


def parse_price(text: str, currency: str | None) -> int:
    """Return a price such as ``49.90`` in the currency's minor unit.

    Parameters
    ----------
    currency
        A code `parse_currency` returned; None is accepted for a price of 0 only.
    """
    amount = Decimal(text.strip()) if _PRICE.fullmatch(text.strip()) else Decimal(-1)
    if not 0 <= amount <= most(currency):
        raise Refused("price", "price", limit=most(currency), value=_short(text))
    if amount and currency is None:
        raise Refused("currency", "currency-missing")
    minor = amount.scaleb(decimals(currency))
    if minor != minor.to_integral_value():
        raise Refused(
            "price", "price-decimals", decimals=decimals(currency), currency=currency or ""
        )
    return int(minor)


def parse_price_minor(text: str, currency: str | None) -> int:
    """Return a price that is written in the minor unit already, as a whole number."""
    amount, limit = _whole(text), most(currency) * 10 ** decimals(currency)
    if amount is None or not 0 <= amount <= limit:
        raise Refused("price", "price-minor", limit=limit, value=_short(text))
    if amount and currency is None:
        raise Refused("currency", "currency-missing")
    return amount


def parse_published(text: str, now: float = math.inf) -> float:
    """Return an ISO date or date and time (UTC where it names no zone) as UTC seconds.

    Parameters
    ----------
    now
        Nothing was published later; a day more is accepted, for it has begun elsewhere already.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise Refused("published", "published", value=_short(text)) from None
    if at > now + dates.DAY_S:
        raise Refused("published", "published-later", value=_short(text))
    return at


def parse_url(text: str) -> str:
    """Return a web address in ASCII: http or https, with a host, without credentials."""
    url = text.strip()
    try:
        kept = addresses.kept(url)
    except ValueError:
        raise Refused("url", "url", value=_short(text)) from None
    if addresses.has_credentials(kept):
        raise Refused("url", "url-credentials")
    if len(kept) > URL_MAX:
        raise Refused("url", "url-long", limit=URL_MAX, length=len(kept))
    return kept


url_key = page_key
"""The form of a web address by which two entries are one page."""
KEY_FORM: Final = "3"
"""Changes with `url_key`: what is stored in another form is put into this one at the next start."""


def major(price_minor: int, currency: str | None) -> str:
    """Return a price in the minor unit as somebody would write it, which `parse_price` reads."""
    return str(Decimal(price_minor).scaleb(-decimals(currency)))


def logged(resource: Resource) -> dict[str, str | int | None]:
    """Return what the log keeps of a resource; words may name a member and are not kept."""
    is_priced = resource.price_minor or resource.is_free
    return {
        "kind": resource.kind,
        "level": resource.level,
        "language": resource.language,
        "minutes": resource.minutes,
        "price_minor": major(resource.price_minor, resource.currency) if is_priced else None,
        "currency": resource.currency,
        "role_id": resource.role_id,
    }


def parse_state(text: str) -> str:
    """Return whether it is live or retired."""
    return _one_of("state", text, ("live", "retired"))


def parse_flag(text: str) -> bool:
    """Return a yes or no, in the words of spreadsheets and people."""
    found = text.strip().lower()
    if found not in _FLAGS:
        raise Refused("gem", "flag", value=_short(text))
    return _FLAGS[found]


def parse_id(text: str) -> int:
    """Return the number of a role or a member of the server."""
    number = _whole_id(text)
    if number is None:
        raise Refused("role", "id", value=_short(text))
    return number


_FLAGS: Final = {
    **dict.fromkeys(("yes", "true", "1", "x", "是"), True),
    **dict.fromkeys(("no", "false", "0", "否"), False),
}
_STORED_AS: Final = {
    "gem": "is_gem",
    "merged": "is_merged",
    "role": "role_id",
    "creator_member": "creator_id",
}
_PARSERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "kind": parse_kind,
    "title": parse_title,
    "url": parse_url,
    "summary": parse_summary,
    "tags": parse_tags,
    "language": parse_language,
    "level": parse_level,
    "minutes": parse_minutes,
    "currency": parse_currency,
    "creator": parse_creator,
    "state": parse_state,
    "gem": parse_flag,
    "merged": parse_flag,
    "role": parse_id,
    "creator_member": parse_id,
}


def parse(
    raw: Mapping[str, str],
    *,
    price: Callable[[str, str | None], int] = parse_price,
    now: float = math.inf,
) -> tuple[dict[str, Any], list[Problem]]:
    """Check all fields given in `raw` at once.

    Parameters
    ----------
    raw
        Texts by field: the keys of the catalogue file, of which any may be missing.
    price
        `parse_price`, or `parse_price_minor` where prices are in the minor unit.
    now
        Of `parse_published`.

    Returns
    -------
    values
        By the names of `storage.records.Resource`; only fields that were given and accepted.
    problems
        One for each refused field, in the order of `raw`.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, given in raw.items():
        if name in _UNKNOWN and given.strip() == NOTHING:
            values |= _UNKNOWN[name]
            continue
        text = "" if name in _MAY_BE_EMPTY and given.strip() == NOTHING else given
        try:
            if name == "price":
                currency = parse_currency(raw["currency"]) if raw.get("currency") else None
                values["price_minor"] = price(text, currency)
            elif name == "published":
                values["published_at"] = parse_published(text, now)
            else:
                values[_STORED_AS.get(name, name)] = _PARSERS[name](text)
        except Refused as refused:
            if refused.problem not in problems:
                problems.append(refused.problem)
    return values, problems


def described(resource: Resource, values: Mapping[str, Any]) -> Resource:
    """Return `resource` with the fields that `parse` accepted.

    A price of 0 that was given makes it free; what has no price has no currency. Without a
    language it is in the one whose script the new title is written in, if that says which.
    """
    changed = replace(resource, **values)
    if "price_minor" in values and "is_free" not in values:
        changed = replace(changed, is_free=not changed.price_minor)
    if "title" in values and "language" not in values and changed.language is None:
        changed = replace(changed, language=language_of(changed.title))
    return changed if changed.price_minor else replace(changed, currency=None)


def is_worth_noting(query: str) -> bool:
    """Say whether a search that found nothing may say what is missing: an address does not."""
    return not is_blank(query) and "://" not in query and "@" not in query


def _one_of(name: str, text: str, accepted: tuple[str, ...]) -> str:
    found = text.strip().lower()
    if found not in accepted:
        raise Refused(name, name, accepted=", ".join(accepted), value=_short(text))
    return found


def _limited(name: str, text: str, limit: int) -> str:
    line = _one_line(text)
    if len(line) > limit:
        raise Refused(name, f"{name}-long", limit=limit, length=len(line))
    return line


def _one_line(text: str) -> str:
    """Return `text` with white space, control characters and lone surrogates as one space."""
    spaced = (" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    return " ".join("".join(spaced).split())


def _whole(text: str) -> int | None:
    digits = text.strip()
    return int(digits) if re.fullmatch(r"[0-9]{1,12}", digits) else None


def _whole_id(text: str) -> int | None:
    digits = text.strip().strip("'")
    number = int(digits) if re.fullmatch(r"[0-9]{1,19}", digits) else 0
    return number if 0 < number < 2**63 else None


def _short(text: str) -> str:
    line = _one_line(text)
    return line if len(line) <= 40 else line[:39] + "…"
