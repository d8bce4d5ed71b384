"""Time zones as members mean them: cities and countries in both languages, typed halfway too.

Pure functions over the IANA database; whose zone counts where is the features' business.
"""

from collections.abc import Mapping
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

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
    "china": "Asia/Shanghai",
    "beijing": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai",
    "guangzhou": "Asia/Shanghai",
    "中国": "Asia/Shanghai",
    "北京": "Asia/Shanghai",
    "上海": "Asia/Shanghai",
    "深圳": "Asia/Shanghai",
    "广州": "Asia/Shanghai",
    "香港": "Asia/Hong_Kong",
    "澳门": "Asia/Macau",
    "台北": "Asia/Taipei",
    "台湾": "Asia/Taipei",
    "新加坡": "Asia/Singapore",
    "吉隆坡": "Asia/Kuala_Lumpur",
    "东京": "Asia/Tokyo",
    "首尔": "Asia/Seoul",
    "悉尼": "Australia/Sydney",
    "墨尔本": "Australia/Melbourne",
    "伦敦": "Europe/London",
    "巴黎": "Europe/Paris",
    "柏林": "Europe/Berlin",
    "纽约": "America/New_York",
    "多伦多": "America/Toronto",
    "温哥华": "America/Vancouver",
    "旧金山": "America/Los_Angeles",
    "洛杉矶": "America/Los_Angeles",
    "san francisco": "America/Los_Angeles",
    "washington": "America/New_York",
    "boston": "America/New_York",
    "seattle": "America/Los_Angeles",
    "india": "Asia/Kolkata",
    "delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "bangalore": "Asia/Kolkata",
    "munich": "Europe/Berlin",
}
"""What people type that the database files under another place's or another script's name."""


@cache
def names() -> tuple[str, ...]:
    """Return the world's time zones by region and city, sorted, behind UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(_REGIONS)))


@cache
def _by_folded() -> Mapping[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones() - _NO_ZONES)}


def zone_name(text: str) -> str | None:
    """Return the time zone that `text` means, None where there is no such zone.

    Case, spaces and common names that are no zone ("Beijing") are forgiven, names of bygone
    times ("PRC") are taken.
    """
    wanted = text.strip().casefold()
    return _PLACES.get(wanted) or _by_folded().get(wanted.replace(" ", "_"))


def matching(text: str, limit: int) -> list[str]:
    """Return up to `limit` zones for what has been typed so far, the likeliest first.

    Places come first, then zones whose city begins so, then those that hold it anywhere; all
    of the world's regions, no aliases. Nothing typed gives where most people live.
    """
    typed = text.strip().casefold()
    if not typed:
        return list(_COMMON[:limit])
    wanted = typed.replace(" ", "_")
    places = [zone for place, zone in _PLACES.items() if place.startswith(typed)]
    inside = [name for name in names() if wanted in name.casefold()]
    inside.sort(key=lambda name: not name.casefold().split("/")[-1].startswith(wanted))
    return list(dict.fromkeys(places + inside))[:limit]


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of that name, UTC if the database has no such zone (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(DEFAULT_ZONE)
