from dataclasses import replace
from typing import Any

import pytest

from bot.shop import rules
from bot.shop.rules import Refused, hindrance
from storage.records import Redemption, ShopItem

NOW = 1_772_442_000.0  # 2026-03-02 09:00 UTC
ITEM = ShopItem(guild_id=1, kind="custom", title="Sticker", price=500)
ROLE = replace(ITEM, kind="role", role_id=7, days=30)


def held(**changes: Any) -> Redemption:
    return replace(
        Redemption(
            guild_id=1,
            user_id=2,
            item_id=3,
            source_id=4,
            kind="role",
            title="Gold",
            price=500,
            state="active",
            created_at=NOW,
            changed_at=NOW,
        ),
        **changes,
    )


@pytest.mark.parametrize(
    ("changes", "facts", "key"),
    [
        ({}, {}, None),
        ({"state": "retired"}, {}, "gone"),
        ({"until_at": NOW}, {}, "over"),
        ({"until_at": NOW + 1}, {}, None),
        ({"from_at": NOW + 1}, {}, "early"),
        ({"from_at": NOW}, {}, None),
        ({"per_member": 2}, {"n_had": 1}, None),
        ({"per_member": 2}, {"n_had": 2}, "limit"),
        ({"min_level": 5}, {"level": 4}, "level"),
        ({"min_level": 5}, {"level": 5}, None),
        ({"needs_role_id": 7}, {"role_ids": [6]}, "role"),
        ({"needs_role_id": 7}, {"role_ids": [6, 7]}, None),
        ({"stock": 0}, {}, "sold-out"),
        ({"stock": 1}, {}, None),
    ],
)
def test_conditions(changes: dict[str, Any], facts: dict[str, Any], key: str | None) -> None:
    asked: dict[str, Any] = {"now": NOW, "level": 0, "n_had": 0, "role_ids": []} | facts
    found = hindrance(replace(ITEM, **changes), **asked)
    assert (found.key if found else None) == (f"error-shop-{key}" if key else None)


def test_a_role_is_not_sold_to_who_has_it_but_can_be_prolonged() -> None:
    assert not rules.has_already(ITEM, [], [7])
    assert not rules.has_already(ROLE, [], [6])
    assert rules.has_already(ROLE, [], [7])
    assert not rules.has_already(ROLE, [held(until_at=NOW + 1, days=30)], [7])
    assert rules.has_already(ROLE, [held(until_at=None, days=None)], [7])


def test_more_days_begin_where_the_others_end() -> None:
    assert rules.ends_at(None, [], NOW) is None
    assert rules.ends_at(2, [], NOW) == NOW + 2 * 86_400
    assert rules.ends_at(2, [held(until_at=NOW + 100)], NOW) == NOW + 100 + 2 * 86_400
    assert rules.ends_at(2, [held(until_at=NOW - 100)], NOW) == NOW + 2 * 86_400


@pytest.mark.parametrize(("text", "amount"), [("1", 100), (" 12.50 ", 1_250), ("0.01", 1)])
def test_prices(text: str, amount: int) -> None:
    assert rules.parse_price(text) == amount


@pytest.mark.parametrize("text", ["", "free", "0", "-1", "1.005", "1000001", "NaN", "1e999999999"])
def test_bad_prices(text: str) -> None:
    with pytest.raises(Refused):
        rules.parse_price(text)


def test_counts() -> None:
    assert rules.parse_count(" ") is None
    assert rules.parse_count("0") == 0
    for bad in ("x", "1.5", "-1", "100001", "0x1"):
        with pytest.raises(Refused):
            rules.parse_count(bad)


@pytest.mark.parametrize(
    "text", ["2026-03-05 14:00", "2026/3/5 14:00", "2026年3月5日 14点00分", "2026-03-05T14:00"]
)
def test_moments_are_read_in_the_guilds_zone(text: str) -> None:
    at = rules.parse_moment(text, "Asia/Shanghai")
    assert at == 1_772_690_400.0
    assert rules.written_moment(at, "Asia/Shanghai") == "2026-03-05 14:00"


def test_a_date_alone_is_its_first_moment_and_nothing_is_none() -> None:
    assert rules.parse_moment("2026-03-05", "UTC") == 1_772_668_800.0
    assert rules.parse_moment(" ", "UTC") is None
    assert rules.written_moment(None, "UTC") == ""
    for bad in ("tomorrow", "2026-02-30", "14:00", "2026-03-05 25:00", "99999-01-01"):
        with pytest.raises(Refused):
            rules.parse_moment(bad, "UTC")


def test_codes_are_one_a_line_and_each_once() -> None:
    assert rules.parse_codes('\ufeffcode\r\n"A-1"\r\nB-2\n\n A-1 \n') == ["A-1", "B-2"]
    assert rules.parse_codes("兑换码\nX") == ["X"]
    for bad in ("", "code\n", "x" * 201, "\n".join(map(str, range(10_001)))):
        with pytest.raises(Refused):
            rules.parse_codes(bad)


def test_times_are_to_come() -> None:
    text = "2026-03-05 15:00\n2026-03-05 14:00\n2026-03-05 14:00"
    assert rules.parse_times(text, "UTC", NOW) == [1_772_719_200.0, 1_772_722_800.0]
    with pytest.raises(Refused):
        rules.parse_times("2026-03-01 14:00", "UTC", NOW)
    with pytest.raises(Refused):
        rules.parse_times("", "UTC", NOW)
