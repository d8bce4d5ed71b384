"""Redeeming takes the condition, the stock and the points together, however many press at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from storage import audit, consistency, privacy
from storage.database import Database, open_database
from storage.records import ShopItem
from tests.shop.goods import GUILD, MODERATOR, Shop

ADA, BEN = 1, 2


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    yield Shop(database)


async def attempt(shop: Shop, *calls: Any) -> list[Any]:
    """Run purchases at once; return receipts and the keys of what was refused."""
    done = await asyncio.gather(*calls, return_exceptions=True)
    for each in done:
        if isinstance(each, BaseException) and not isinstance(each, UserError):
            raise each
    return [each.key if isinstance(each, UserError) else each for each in done]


async def refused(shop: Shop, *args: Any, **options: Any) -> str:
    with pytest.raises(UserError) as caught:
        await shop.buy(*args, **options)
    return caught.value.key


async def test_redeeming_takes_points_and_stock_and_leaves_what_was_earned(shop: Shop) -> None:
    await shop.pay(ADA, 12)
    item = await shop.sell(written={"stock": "3"})
    receipt = await shop.buy(ADA, item)
    assert (receipt.redemption.state, receipt.balance) == ("owed", 700)
    assert (await shop.points.standing(GUILD, ADA)).amount == 1_200
    assert (await shop.counts(item))["stock"] == 2
    assert await shop.is_consistent()


async def test_too_few_points_buy_nothing(shop: Shop) -> None:
    await shop.pay(ADA, 4)
    item = await shop.sell(written={"stock": "3"})
    assert await refused(shop, ADA, item) == "error-points-short"
    assert await shop.counts(item) == {"sold": 0, "taken": 0, "stock": 3, "spends": 0}


async def test_one_confirmation_buys_once_however_often_it_is_pressed(shop: Shop) -> None:
    await shop.pay(ADA, 100)
    item = await shop.sell(written={"stock": "10"})
    done = await attempt(shop, *(shop.buy(ADA, item, source_id=4_242) for _ in range(20)))
    assert len({receipt.redemption.redemption_id for receipt in done}) == 1
    assert sum(receipt.is_new for receipt in done) == 1
    assert await shop.counts(item) == {"sold": 1, "taken": 0, "stock": 9, "spends": 1}
    assert await shop.balance(ADA) == 9_500


async def test_a_member_pressing_at_once_never_overspends(shop: Shop) -> None:
    await shop.pay(ADA, 17)
    item = await shop.sell()
    done = await attempt(shop, *(shop.buy(ADA, item) for _ in range(20)))
    assert sum(not isinstance(each, str) for each in done) == 3
    assert done.count("error-points-short") == 17
    assert await shop.balance(ADA) == 200


async def test_many_members_at_once_never_oversell(shop: Shop) -> None:
    for user_id in range(1, 41):
        await shop.pay(user_id, 50)
    item = await shop.sell(written={"stock": "7"})
    done = await attempt(shop, *(shop.buy(user_id, item) for user_id in range(1, 41)))
    assert done.count("error-shop-sold-out") == 33
    assert await shop.counts(item) == {"sold": 7, "taken": 0, "stock": 0, "spends": 7}
    assert await shop.is_consistent()


async def test_the_limit_of_one_member_holds_at_once(shop: Shop) -> None:
    await shop.pay(ADA, 100)
    item = await shop.sell(per_member=2)
    done = await attempt(shop, *(shop.buy(ADA, item) for _ in range(9)))
    assert done.count("error-shop-limit") == 7


async def test_every_code_is_handed_out_once(shop: Shop) -> None:
    for user_id in range(1, 11):
        await shop.pay(user_id, 50)
    item = await shop.sell("coupon", {"units": "A\nB\nC\n"})
    assert item.stock == 3
    done = await attempt(shop, *(shop.buy(user_id, item) for user_id in range(1, 11)))
    codes = [receipt.redemption.code for receipt in done if not isinstance(receipt, str)]
    assert sorted(codes) == ["A", "B", "C"]
    again = await shop.service.goods.edit(GUILD, MODERATOR, item.item_id, {"units": "A\nD\n"})
    assert (again.n_added, again.item.stock) == (1, 1)
    assert (await shop.buy(10, again.item)).redemption.code == "D"


async def test_a_time_is_booked_once_and_is_free_again_when_refunded(shop: Shop) -> None:
    await shop.pay(ADA, 50)
    await shop.pay(BEN, 50)
    item = await shop.sell("slot", {"units": "2026-03-05 14:00\n2026-03-05 15:00"})
    first, _ = (await shop.service.shelves.counter(GUILD, ADA, item.item_id)).times
    assert await refused(shop, ADA, item) == "error-shop-choose-time"
    done = await attempt(
        shop,
        shop.buy(ADA, item, unit_id=first.unit_id),
        shop.buy(BEN, item, unit_id=first.unit_id),
    )
    assert [each for each in done if isinstance(each, str)] == ["error-shop-time-taken"]
    booked = done[0].redemption
    assert booked.starts_at == first.starts_at
    await shop.service.orders.refund(GUILD, MODERATOR, booked.redemption_id, "I am ill")
    assert await shop.balance(ADA) == 5_000
    assert (await shop.buy(BEN, item, unit_id=first.unit_id)).redemption.state == "owed"


async def test_times_that_have_passed_are_not_offered(shop: Shop) -> None:
    await shop.pay(ADA, 50)
    item = await shop.sell("slot", {"units": "2026-03-05 14:00"})
    (only,) = (await shop.service.shelves.counter(GUILD, ADA, item.item_id)).times
    shop.now += timedelta(days=4)
    assert (await shop.service.shelves.counter(GUILD, ADA, item.item_id)).times == ()
    assert await refused(shop, ADA, item, unit_id=only.unit_id) == "error-shop-sold-out"


async def test_a_price_that_changed_is_not_paid_unseen(shop: Shop) -> None:
    await shop.pay(ADA, 50)
    item = await shop.sell()
    await shop.service.goods.edit(GUILD, MODERATOR, item.item_id, {"price": "6"})
    assert await refused(shop, ADA, item) == "error-shop-price-changed"
    assert await shop.balance(ADA) == 5_000


async def test_a_refund_gives_back_exactly_and_once(shop: Shop) -> None:
    await shop.pay(ADA, 50)
    item = await shop.sell(written={"stock": "1"})
    bought = (await shop.buy(ADA, item)).redemption
    refund = shop.service.orders.refund
    done = await attempt(
        shop, *(refund(GUILD, MODERATOR, bought.redemption_id, "sorry") for _ in range(5))
    )
    assert done.count("error-shop-handled") == 4
    assert await shop.balance(ADA) == 5_000
    assert (await shop.counts(item))["stock"] == 1
    assert await shop.is_consistent()
    async with shop.database.read() as conn:
        (row, *_) = await audit.rows(conn, GUILD)
    assert (row.action, row.actor_id, row.details["reason"]) == ("shop.refund", MODERATOR, "sorry")


async def test_a_code_that_was_read_is_not_sold_again(shop: Shop) -> None:
    await shop.pay(ADA, 50)
    item = await shop.sell("coupon", {"units": "A"})
    bought = (await shop.buy(ADA, item)).redemption
    await shop.service.orders.refund(GUILD, MODERATOR, bought.redemption_id, "expired")
    assert await shop.balance(ADA) == 5_000
    assert (await shop.service.goods.stocked(GUILD, item.item_id)).item.stock == 0


async def test_fulfilling_and_refunding_at_once_do_one_of_both(shop: Shop) -> None:
    await shop.pay(ADA, 50)
    bought = (await shop.buy(ADA, await shop.sell())).redemption
    number = bought.redemption_id
    done = await attempt(
        shop,
        shop.service.orders.fulfil(GUILD, MODERATOR, number),
        shop.service.orders.fulfil(GUILD, MODERATOR, number),
    )
    assert done.count("error-shop-handled") == 1
    assert await shop.service.orders.queue(GUILD) == []


async def test_conditions_are_checked_when_paying_too(shop: Shop) -> None:
    await shop.pay(ADA, 50)
    early = await shop.sell(from_at=shop.now.timestamp() + 60)
    late = await shop.sell(until_at=shop.now.timestamp())
    assert await refused(shop, ADA, early) == "error-shop-early"
    assert await refused(shop, ADA, late) == "error-shop-over"
    assert await refused(shop, ADA, await shop.sell(min_level=9)) == "error-shop-level"
    for_role = await shop.sell(needs_role_id=5)
    assert await refused(shop, ADA, for_role, role_ids=[4]) == "error-shop-role"
    assert (await shop.buy(ADA, for_role, role_ids=[4, 5])).redemption.state == "owed"
    retired = await shop.sell()
    await shop.service.goods.edit(GUILD, MODERATOR, retired.item_id, {}, state="retired")
    assert await refused(shop, ADA, retired) == "error-shop-gone"


async def test_another_guilds_items_are_nobodys(shop: Shop) -> None:
    item = await shop.sell()
    with pytest.raises(UserError):
        await shop.service.orders.redeem(
            GUILD + 1, ADA, item.item_id, price=item.price, source_id=1
        )
    assert (await shop.service.shelves.shelf(GUILD + 1, ADA)).offers == ()


async def test_the_shelf_has_pages_the_cheapest_first(shop: Shop) -> None:
    for price in range(20, 0, -1):
        await shop.sell(price=str(price))
    first, last = (
        await shop.service.shelves.shelf(GUILD, ADA, 1),
        await shop.service.shelves.shelf(GUILD, ADA, 99),
    )
    assert [offer.item.price for offer in first.offers] == [100 * n for n in range(1, 9)]
    assert (last.page, last.n_pages, len(last.offers)) == (3, 3, 4)


async def test_export_holds_the_code_and_erasure_takes_it_but_never_sells_it_again(
    shop: Shop,
) -> None:
    await shop.pay(ADA, 50)
    item = await shop.sell("coupon", {"units": "SECRET-A"})
    await shop.buy(ADA, item)
    async with shop.database.read() as conn:
        exported = await privacy.export(conn, GUILD, ADA)
    assert [row["code"] for row in exported["redemptions"]] == ["SECRET-A"]
    await shop.database.write(lambda conn: privacy.erase(conn, GUILD, ADA))
    assert await shop.service.orders.redeemed(GUILD, ADA) == []
    assert (await shop.service.goods.stocked(GUILD, item.item_id)).item.stock == 0
    assert await shop.is_consistent()


async def test_the_check_finds_a_purchase_that_the_ledger_denies(shop: Shop) -> None:
    await shop.pay(ADA, 50)
    bought = (await shop.buy(ADA, await shop.sell())).redemption
    async with shop.database.read() as conn:
        assert await consistency.problems(conn) == []
    assert bought.entry_id is not None
    await shop.database.write(
        lambda conn: shop.points.entries.reverse(
            conn, bought.entry_id or 0, reason="behind its back"
        )
    )
    async with shop.database.read() as conn:
        (problem,) = await consistency.problems(conn)
    assert problem == (
        f"guild {GUILD}, member {ADA}: redemption {bought.redemption_id} is owed, and the ledger "
        "says otherwise"
    )


_step = st.tuples(
    st.sampled_from(["buy", "buy", "buy", "again", "refund", "fulfil", "earn"]),
    st.integers(1, 3),
    st.integers(0, 1),
)


def _call(shop: Shop, name: str, number: int, item: ShopItem) -> Any:
    """Return one thing that somebody does; `number` is a member's or a redemption's."""
    match name:
        case "buy":
            return shop.buy(number, item)
        case "again":
            return shop.buy(number, item, source_id=10**7 + item.item_id)
        case "refund":
            return shop.service.orders.refund(GUILD, MODERATOR, number, "why not")
        case "fulfil":
            return shop.service.orders.fulfil(GUILD, MODERATOR, number)
        case _:
            return shop.pay(number, 1)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(_step, min_size=1, max_size=8), min_size=1, max_size=5))
async def test_in_any_interleaving_nothing_is_oversold_overspent_or_lost(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, int, int]]]
) -> None:
    path: Path = tmp_path_factory.mktemp("shop") / "shop.sqlite3"
    async with open_database(path) as database:
        shop = Shop(database)
        items = [
            await shop.sell(written={"stock": "4"}, price="3"),
            await shop.sell("coupon", {"units": "A\nB\nC"}, price="2"),
        ]
        given_points = dict.fromkeys((1, 2, 3), 0)
        for user_id in given_points:
            await shop.pay(user_id, 7)
            given_points[user_id] += 700

        for steps in rounds:
            for name, user_id, _ in steps:
                given_points[user_id] += 100 * (name == "earn")
            await attempt(shop, *(_call(shop, name, n, items[which]) for name, n, which in steps))
        spent = dict.fromkeys(given_points, 0)
        for user_id in given_points:
            for receipt in await shop.service.orders.redeemed(GUILD, user_id):
                if receipt.redemption.state != "refunded":
                    spent[user_id] += receipt.redemption.price
            assert await shop.balance(user_id) == given_points[user_id] - spent[user_id] >= 0
        stickers = await shop.counts(items[0])
        assert stickers["sold"] + stickers["stock"] == 4
        assert (await shop.counts(items[1]))["taken"] <= 3
        assert await shop.is_consistent()
        async with database.read() as conn:
            assert await consistency.problems(conn) == []
