"""Time zones as members mean them: cities and countries in both languages, typed halfway too.

Pure functions over the IANA database and the names that CLDR has for it (by Babel); whose zone
counts where is the features' business.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale
from babel.core import get_global

DEFAULT_ZONE = "UTC"

_NO_ZONES = {"localtime", "Factory"}
_REGIONS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)
_COMMON = (
    "UTC",
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Australia/Sydney",
)
_PLACES: Mapping[str, str] = {
    "beijing": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai",
    "guangzhou": "Asia/Shanghai",
    "hangzhou": "Asia/Shanghai",
    "china": "Asia/Shanghai",
    "北京": "Asia/Shanghai",
    "深圳": "Asia/Shanghai",
    "广州": "Asia/Shanghai",
    "杭州": "Asia/Shanghai",
    "成都": "Asia/Shanghai",
    "中国": "Asia/Shanghai",
    "台湾": "Asia/Taipei",
    "旧金山": "America/Los_Angeles",
    "西雅图": "America/Los_Angeles",
    "波士顿": "America/New_York",
    "华盛顿": "America/New_York",
    "san francisco": "America/Los_Angeles",
    "seattle": "America/Los_Angeles",
    "boston": "America/New_York",
    "washington": "America/New_York",
    "india": "Asia/Kolkata",
    "delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "bangalore": "Asia/Kolkata",
    "munich": "Europe/Berlin",
}
"""What people type that no database has: cities whose zone is named after another one, and
countries whose people nearly all live in one of their zones."""
_LANGUAGES = ("en", "zh")


@cache
def _cldr() -> Mapping[str, tuple[str, ...]]:
    """Return zones by what their city or country is called in our languages, folded."""
    found: dict[str, list[str]] = {}
    for language in _LANGUAGES:
        for name, zone in _named(Locale(language)):
            found.setdefault(name.casefold(), []).append(zone)
    return {name: tuple(dict.fromkeys(zones)) for name, zones in found.items()}


def _named(locale: Locale) -> Iterator[tuple[str, str]]:
    """Yield (city or country, zone) in a language; CLDR keeps some zones under older names."""
    present = get_global("zone_aliases")
    for key, known in locale.time_zones.items():
        zone = present.get(key, key)
        if zone in names() and "city" in known:
            yield known["city"], zone
    for zone in names():
        yield zone.rpartition("/")[2].replace("_", " "), zone
        territory = locale.territories.get(get_global("zone_territories").get(zone, ""))
        if territory and zone not in present:
            yield territory, zone


@cache
def names() -> tuple[str, ...]:
    """Return the world's time zones by region and city, sorted, behind UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(_REGIONS)))


@cache
def _by_folded() -> Mapping[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones() - _NO_ZONES)}


def zone_name(text: str) -> str | None:
    """Return the time zone that `text` means, None where it means none or could mean several.

    Case and spaces are forgiven; cities and countries are known in both languages ("柏林",
    "Beijing", "Japan"), names of bygone times ("PRC") too.
    """
    wanted = text.strip().casefold()
    known = _PLACES.get(wanted) or _by_folded().get(wanted.replace(" ", "_"))
    if known is None and len(zones := _cldr().get(wanted, ())) == 1:
        return zones[0]
    return known


def matching(text: str, limit: int) -> list[str]:
    """Return up to `limit` zones for what has been typed so far, the likeliest first.

    Places whose name begins so come first, whole names before others, then zones whose name
    holds it anywhere; no aliases. Nothing typed gives where most people live.
    """
    typed = text.strip().casefold()
    if not typed:
        return list(_COMMON[:limit])
    places = [zone for place, zone in _PLACES.items() if place.startswith(typed)]
    begun = sorted(name for name in _cldr() if name.startswith(typed))
    begun.sort(key=lambda name: name != typed)
    cities = [zone for name in begun for zone in _cldr()[name]]
    inside = [name for name in names() if typed.replace(" ", "_") in name.casefold()]
    return list(dict.fromkeys(places + cities + inside))[:limit]


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of that name, UTC if the database has no such zone (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(DEFAULT_ZONE)
