"""Points for buying: nothing unless a rule says so, then once, and back with the money."""

import itertools
import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.catalog.service import CatalogService
from bot.links.service import LinksService
from bot.purchases import standing_roles
from bot.purchases.standing_roles import Entitlement
from bot.rulebook.rescoring import Progress
from bot.rulebook.service import RulebookService
from bot.rulebook.values import field_of
from storage import consistency, ledger, members
from storage.records import EventKind, Resource
from tests.purchases import shops
from tests.purchases.door import ANN, GUILD, MO, Shop
from tests.purchases.shops import Sent

BEN = ANN + 1
DAY_S = 86_400.0


@dataclass
class Till:
    """A shop's door, the rules of points behind it, and a product of one course."""

    shop: Shop
    book: RulebookService
    course: Resource
    product_id: int

    async def points(self, who: int = ANN) -> float:
        async with self.shop.database.read() as conn:
            assert await consistency.disagreements(conn) == []
            return (await ledger.balance(conn, GUILD, who)) / 100

    async def pays(self, points: str, name: str = "points") -> None:
        field = field_of("purchase", name)
        await self.book.publishing.set_value(GUILD, MO, field, points, "buyers are thanked")
        self.shop.later(minutes=1)

    async def told(self, *sent: Sent) -> None:
        for each in sent:
            assert await self.shop.send(each) == 200

    def paid(self, order: str = "S-1", payment: str = "", **said: Any) -> Sent:
        name = payment or f"{order}-pay"
        said = {"order": order, "payment": name, "reference": self.shop.reference} | said
        money = {"amount": 19_900, "currency": "CNY"} | said
        return shops.standard("purchase.paid", self.shop.now, name=f"msg_{name}", **money)

    def refunded(self, order: str = "S-1", payment: str = "", **said: Any) -> Sent:
        name = payment or f"{order}-pay"
        said = {"order": order, "payment": name} | said
        return shops.standard("purchase.refunded", self.shop.now, **said)

    def marks(self) -> list[tuple[int, int]]:
        """Return (resource, whether points were paid for it) of what was bought."""
        return self.shop.rows(
            "SELECT resource_id, is_rewarded FROM events"
            f" WHERE kind = {int(EventKind.PURCHASE)} ORDER BY event_id"
        )


@pytest.fixture
async def till(shop: Shop) -> Till:
    database, clock = shop.database, shop.service.clock
    made = await shop.sells("Pro", standard="pro", stripe="plink_1", discord="4242")
    links, points = LinksService(database, clock, None), shop.service.by_hand.keeping.points
    catalog = CatalogService(database=database, clock=clock, links=links, points=points)
    raw = {"kind": "course", "title": "Rust", "url": "https://courses.example/rust"}
    course = await catalog.add(GUILD, MO, raw)
    who = (GUILD, MO, made.product_id)
    await shop.service.products.open_resource(*who, course, is_open=True)
    book = RulebookService.of(database, clock, points)
    return Till(shop=shop, book=book, course=course, product_id=made.product_id)


async def test_buying_earns_nothing_until_a_rule_says_so_and_then_it_is_marked(till: Till) -> None:
    await till.told(till.paid("S-1"))
    assert await till.points() == 0
    assert till.marks() == [(till.course.resource_id, 0)]
    await till.told(till.refunded("S-1"))
    await till.pays("20")
    await till.told(till.paid("S-2"), till.paid("S-2"))
    assert await till.points() == 20
    assert till.marks()[1:] == [(till.course.resource_id, 1)]


async def test_what_a_product_opens_later_is_marked_too(till: Till) -> None:
    await till.pays("20")
    await till.told(till.paid())
    catalog = till.shop.service.catalog
    raw = {"kind": "course", "title": "Go", "url": "https://courses.example/go"}
    more = await catalog.add(GUILD, MO, raw)
    who = (GUILD, MO, till.product_id)
    await till.shop.service.products.open_resource(*who, more, is_open=True)
    assert till.marks() == [(till.course.resource_id, 1), (more.resource_id, 1)]
    assert await till.points() == 20


@pytest.mark.parametrize("n_times", [1, 2])
async def test_points_go_back_with_the_money_and_come_again_where_it_was_a_mistake(
    till: Till, n_times: int
) -> None:
    await till.pays("20")
    await till.told(till.paid())
    by_hand, numbers = till.shop.service.by_hand, itertools.count(900)
    (bought,) = await by_hand.of_member(GUILD, ANN)
    about = (GUILD, MO, bought.purchase.purchase_id)
    for _ in range(n_times):
        till.shop.later(hours=1)
        back = await by_hand.refund(*about, source_id=next(numbers), reason="she asked")
        assert await till.points() == 0
        till.shop.later(hours=1)
        await by_hand.undo(GUILD, MO, back.fact_id, source_id=next(numbers))
        assert await till.points() == 20
        assert till.marks()[-1] == (till.course.resource_id, 1)


async def test_a_chargeback_takes_points_once_whatever_is_said_of_it(till: Till) -> None:
    await till.pays("20")
    now = till.shop.now
    await till.told(shops.checkout(now, client_reference_id=till.shop.reference))
    assert await till.points() == 20
    await till.told(
        shops.dispute(now, "1", "closed", "lost"),
        shops.charge_refunded(now, "1", 19_900),
        shops.dispute(now, "1", "closed", "lost"),
    )
    assert await till.points() == 0


@pytest.mark.parametrize("n_days", [0, 1])
async def test_buying_and_giving_back_again_and_again_earns_nothing(
    till: Till, n_days: int
) -> None:
    await till.pays("20")
    most = 0.0
    for n in range(8):
        await till.told(till.paid(f"S-{n}"))
        most = max(most, await till.points())
        await till.told(till.refunded(f"S-{n}"))
        assert await till.points() == 0
        till.shop.later(days=n_days, minutes=1)
    assert most == 20


async def test_two_orders_of_one_product_pay_once_and_both_must_go_back(till: Till) -> None:
    await till.pays("20")
    await till.told(till.paid("S-1"), till.paid("S-2"))
    assert await till.points() == 20
    await till.told(till.refunded("S-1"))
    assert await till.points() == 20
    await till.told(till.refunded("S-2"))
    assert await till.points() == 0


async def test_what_is_free_is_given_or_is_only_tried_pays_nothing(till: Till) -> None:
    await till.pays("20")
    service, who = till.shop.service, (GUILD, MO)
    await till.told(till.paid("free", amount=0))
    assert await till.points() == 0
    await till.told(till.paid("free", payment="first month"))
    assert await till.points() == 20  # the trial became a purchase
    await till.told(till.refunded("free", payment="first month"))
    assert await till.points() == 0  # and it was given back; what was free stands
    assert await till.shop.until() == [None]
    await service.by_hand.grant(
        *who, BEN, till.product_id, source_id=77, reason="she spoke at the meetup"
    )
    assert await till.points(BEN) == 0
    assert till.shop.rows(f"SELECT count(*) FROM accesses WHERE user_id = {BEN}") == [(1,)]


@pytest.mark.parametrize("is_free", [True, False])
async def test_discord_tells_of_no_amount_but_who_was_given_something(
    till: Till, is_free: bool
) -> None:
    await till.pays("20")
    fields = {"price": "9", "currency": "USD"}
    await till.shop.service.products.edit(GUILD, MO, till.product_id, fields)
    one = Entitlement(
        number=2**60,
        sku_id=4242,
        user_id=ANN,
        begins_at=till.shop.at,
        ends_at=till.shop.at + timedelta(days=30),
        is_deleted=False,
        is_free=is_free,
    )
    await standing_roles.hear(till.shop.service.hearing, one)
    assert await till.points() == (0 if is_free else 20)


async def test_a_part_given_back_keeps_the_points_and_all_in_parts_does_not(till: Till) -> None:
    await till.pays("20")
    await till.told(till.paid())
    part: dict[str, Any] = {"is_partial": True, "currency": "CNY"}
    await till.told(till.refunded(amount=9_900, **part))
    assert await till.points() == 20
    await till.told(till.refunded(amount=19_900, **part))
    assert await till.points() == 0


async def test_an_order_that_becomes_somebody_elses_takes_its_points_along(till: Till) -> None:
    await till.pays("20")
    await till.told(till.paid())
    by_hand = till.shop.service.by_hand
    (bought,) = await by_hand.of_member(GUILD, ANN)
    about = (GUILD, MO, bought.purchase.purchase_id)
    moved = await by_hand.assign(*about, BEN, source_id=1, reason="it was a present")
    assert (await till.points(ANN), await till.points(BEN)) == (0, 20)
    await by_hand.undo(GUILD, MO, moved.fact_id, source_id=2)
    assert (await till.points(ANN), await till.points(BEN)) == (20, 0)


async def test_who_is_not_tracked_earns_nothing_and_cannot_keep_points_by_stopping(
    till: Till,
) -> None:
    await till.pays("20")
    database = till.shop.database

    async def track(is_tracked: bool) -> None:
        now = till.shop.now
        await database.write(
            lambda conn: members.change_member(conn, GUILD, ANN, now, is_tracked=is_tracked)
        )

    await track(False)
    await till.told(till.paid("S-1"))
    assert await till.points() == 0
    await track(True)
    await till.told(till.paid("S-2"))
    assert await till.points() == 0  # bought while nobody was to look
    await till.told(till.refunded("S-1"), till.refunded("S-2"), till.paid("S-3"))
    assert await till.points() == 20
    await track(False)
    await till.told(till.refunded("S-3"))
    assert await till.points() == 0


async def test_a_subscription_pays_once_and_a_day_has_its_bound(till: Till) -> None:
    await till.pays("20")
    await till.pays("1", "per_day")
    for month in range(4):
        until = shops.iso(till.shop.now + 31 * DAY_S) + "Z"
        await till.told(till.paid("S-1", payment=f"month-{month}", until=until))
        till.shop.later(days=30)
    assert await till.points() == 20
    book = await till.shop.sells("Book", standard="book")
    talk = await till.shop.sells("Talk", standard="talk")
    assert book.product_id != talk.product_id
    await till.told(till.paid("B-1", product="book"), till.paid("T-1", product="talk"))
    assert await till.points() == 40


async def test_a_re_score_pays_what_was_bought_and_marks_it_and_back(till: Till) -> None:
    await till.told(till.paid())
    till.shop.later(hours=1)
    field, since = field_of("purchase", "points"), till.shop.now - 7_200
    draft = await till.book.drafts.edit(GUILD, MO, field, "20")
    made = await till.book.publishing.publish(GUILD, MO, draft.stamp, "thanks", since=since)
    assert made.rescore is not None
    await till.book.rescoring.carry_out(made.rescore, Progress())
    assert await till.points() == 20
    assert till.marks() == [(till.course.resource_id, 1)]
    undo = await till.book.rescoring.undo(GUILD, MO, made.rescore.rescore_id, "a mistake")
    await till.book.rescoring.carry_out(undo, Progress())
    assert await till.points() == 0
    assert till.marks() == [(till.course.resource_id, 0)]


@pytest.mark.parametrize("seed", range(6))
async def test_any_order_of_payments_and_refunds_leaves_the_points_of_what_stands(
    till: Till, seed: int
) -> None:
    """Every message twice, in any order; points are there exactly where money was kept."""
    await till.pays("20")
    chance = random.Random(seed)
    orders = [f"S-{n}" for n in range(4)]
    back = chance.sample(orders, chance.randint(1, 4))
    sent = [*map(till.paid, orders), *map(till.refunded, back)] * 2
    chance.shuffle(sent)
    for each in sent:
        await till.told(each)
        assert await till.points() in (0, 20)
    assert await till.points() == (0 if len(back) == len(orders) else 20)
