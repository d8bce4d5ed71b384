"""Time zones as members type them, in either language."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import zones


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" america/new york ", "America/New_York"),
        ("utc", "UTC"),
        ("北京", "Asia/Shanghai"),
        ("Berlin", "Europe/Berlin"),
        ("柏林", "Europe/Berlin"),
        ("内罗毕", "Africa/Nairobi"),
        ("加德满都", "Asia/Kathmandu"),
        ("日本", "Asia/Tokyo"),
        ("sao paulo", "America/Sao_Paulo"),
        ("Kenya", "Africa/Nairobi"),
        ("Russia", None),
        ("Mars/Olympus", None),
        ("../etc/passwd", None),
        ("", None),
    ],
)
def test_a_time_zone_is_known_by_its_name(text: str, zone: str | None) -> None:
    assert zones.zone_name(text) == zone


def test_typing_a_city_finds_its_zone_first() -> None:
    assert zones.matching("berl", 25)[0] == "Europe/Berlin"
    assert zones.matching("new y", 25)[0] == "America/New_York"
    assert zones.matching("上", 25) == ["Asia/Shanghai"]
    assert zones.matching("a", 25) == zones.matching("A", 25)
    assert len(zones.matching("a", 25)) == 25
    assert "UTC" in zones.matching("", 25)
    assert zones.matching("no such city", 25) == []


def test_a_zone_the_database_lacks_counts_as_utc() -> None:
    assert zones.zone_of("Mars/Olympus").key == "UTC"
    assert zones.zone_of("../x").key == "UTC"
    assert zones.zone_of("Europe/Berlin").key == "Europe/Berlin"


@given(st.text(max_size=12))
def test_every_suggested_zone_is_accepted(typed: str) -> None:
    suggested = zones.matching(typed, 25)
    assert len(suggested) == len(set(suggested)) <= 25
    for zone in suggested:
        assert zones.zone_name(zone) == zone
        assert ZoneInfo(zone).key == zone


def test_the_city_typed_is_suggested_first() -> None:
    assert zones.matching("berl", 25)[0] == "Europe/Berlin"
    assert zones.matching("new y", 25)[0] == "America/New_York"
    assert zones.matching("北", 25)[0] == "Asia/Shanghai"
    assert zones.matching("nowhere at all", 25) == []


@pytest.mark.parametrize("country", ["Russia", "美国", "Brazil"])
def test_a_country_of_many_zones_suggests_its_own(country: str) -> None:
    suggested = zones.matching(country, 25)
    assert len(suggested) > 3
    assert zones.zone_name(country) is None
    kinds = {zone.partition("/")[0] for zone in suggested}
    assert kinds <= {"Europe", "Asia", "America", "Pacific"}


def test_every_zone_is_found_by_its_city() -> None:
    for zone in zones.names():
        city = zone.rpartition("/")[2].replace("_", " ")
        assert zone in zones.matching(city, 25), zone
