"""Lives of subscriptions at a thousand times their speed, told through a real door at random.

Months of three buyers pass in a minute: one in the server, one who is asked before each end, one
outside of it. Messages come late, twice and before what they follow; the clock jumps. What each
has is worked out here a second time, from what was delivered, and so is the money, in SQL.
"""

import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import text

from bot.demo.simulator import INVITED
from bot.errors import UserError
from bot.purchases import references
from bot.purchases.hearing import Keys
from bot.purchases.hooks import Hooks
from storage import access
from tests.discord_sim import World, member_roles
from tests.experts.test_invitations import letters
from tests.links.test_web import serving
from tests.purchases import shops
from tests.purchases.scenes import later, shelved, sold, tick
from tests.purchases.test_invitations import invite
from tests.purchases.test_reminders import remind, wanting

DAY_S, GRACE, DAYS, STEP_H = 86_400.0, 3, 160, 12
SQL_OF_MONEY = """
WITH paid AS (
    SELECT DISTINCT p.number, json_extract(f.payments, '$[0]') AS payment, f.amount_minor,
        f.currency
    FROM purchase_facts f JOIN purchases p ON p.purchase_id = f.purchase_id WHERE f.kind = 'paid'
), gone AS (
    SELECT DISTINCT json_extract(payments, '$[0]') AS payment FROM purchase_facts
    WHERE kind = 'refunded'
)
SELECT number, currency, sum(amount_minor) FROM paid
WHERE payment NOT IN (SELECT payment FROM gone) GROUP BY number, currency ORDER BY number
"""


@dataclass
class Order:
    """One subscription as its shop knows it, and as far as the bot was told."""

    number: str
    user_id: int
    is_claimed: bool
    """Its buyer says whose it is by its number: it came without a reference."""
    spans: dict[str, tuple[float, float, int]] = field(default_factory=dict)
    refunds: dict[str, float] = field(default_factory=dict)
    ended_at: float | None = None
    is_known: bool = False

    def until(self) -> float:
        """Return until when it is paid for, 0 for never: told a second time, without the bot."""
        ends = [0.0]
        for payment, (start, end, _) in self.spans.items():
            cuts = [self.refunds[payment]] if payment in self.refunds else []
            if self.ended_at is not None and self.ended_at >= start:
                cuts.append(self.ended_at)
            ends.append(max(start, min([end, *cuts])))
        return max(ends) if self.is_known else 0.0

    def has(self, now: float) -> bool:
        """Say whether it opens anything, grace included."""
        starts = [start for start, _, _ in self.spans.values()]
        return bool(starts) and min(starts) <= now < self.until() + GRACE * DAY_S

    def kept(self) -> int:
        """Return what was paid for it and not given back, in cents."""
        gone = {payment for payment, at in self.refunds.items() if at < float("inf")}
        return sum(cents for payment, (_, _, cents) in self.spans.items() if payment not in gone)


@dataclass
class Life:
    """What is on its way from the shop, and what arrived."""

    world: World
    send: Callable[[shops.Sent], Awaitable[int]]
    chance: random.Random
    orders: list[Order] = field(default_factory=list)
    on_the_way: list[tuple[float, dict[str, Any], Callable[[], None]]] = field(default_factory=list)
    n_claims: int = 0

    @property
    def now(self) -> float:
        return self.world.app.clock().timestamp()

    def post(self, kind: str, at: float, heard: Callable[[], None], **data: Any) -> None:
        """Send a message once or more often, sooner or later."""
        told = {"type": kind, "timestamp": f"{shops.iso(at)}Z", "data": data}
        for _ in range(self.chance.choice((1, 1, 2, 3))):
            due = at + self.chance.choice((0.0, 0.0, 0.2, 1.0, 2.5)) * DAY_S
            self.on_the_way.append((due, told, heard))

    async def deliver(self) -> None:
        """Deliver what is due, in any order."""
        due = [each for each in self.on_the_way if each[0] <= self.now]
        self.on_the_way = [each for each in self.on_the_way if each[0] > self.now]
        self.chance.shuffle(due)
        for _, told, heard in due:
            name = f"msg_{abs(hash(json.dumps(told, sort_keys=True)))}"
            assert await self.send(shops.signed("standard", told, self.now, name=name)) == 200
            heard()

    def happen(self) -> None:
        """Let something happen at the shop, or nothing."""
        for order in self.orders:
            last = max((end for _, end, _ in order.spans.values()), default=0.0)
            if self.now >= last - DAY_S and order.ended_at is None and self.chance.random() < 0.5:
                self.pay(order)
            elif order.spans and self.chance.random() < 0.01:
                self.refund(order)
            elif order.spans and order.ended_at is None and self.chance.random() < 0.004:
                heard = partial(_end, order, self.now)
                self.post("subscription.ended", self.now, heard, order=order.number)

    def pay(self, order: Order) -> None:
        at, months = self.now, self.chance.choice((1, 3)) if order.spans else 3
        payment, end = f"{order.number}-{int(at)}", at + 30 * months * DAY_S
        amount = self.chance.choice((990, 1_990)) * months
        said: dict[str, Any] = {"order": order.number, "payment": payment, "product": "pro"}
        said |= {"amount": amount, "currency": "EUR", "until": f"{shops.iso(end)}Z"}
        if not order.is_claimed:
            said["reference"] = self.reference(order.user_id)

        def heard() -> None:
            order.spans[payment] = (float(int(at)), float(int(end)), amount)
            order.is_known = order.is_known or not order.is_claimed

        self.post("purchase.paid", at, heard, **said)

    def refund(self, order: Order) -> None:
        payment, at = self.chance.choice(list(order.spans)), self.now

        def heard() -> None:
            order.refunds[payment] = float(int(at))

        if payment not in order.refunds:
            order.refunds[payment] = float("inf")  # on its way: not a second time
            self.post("purchase.refunded", at, heard, order=order.number, payment=payment)

    def reference(self, user_id: int) -> str:
        return references.reference(b"ours", self.world.guild.id, user_id)

    async def claim(self) -> None:
        for order in self.orders:
            if order.is_claimed and not order.is_known and order.spans:
                self.n_claims += 1
                claims = self.world.app.services.purchases.claims
                who = self.world.guild.id, order.user_id
                try:
                    await claims.claim(*who, order.number, source_id=self.n_claims)
                except UserError:
                    continue
                order.is_known = True


def _end(order: Order, at: float) -> None:
    order.ended_at = float(int(at))


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_a_shop_tells_and_when_everybody_has_what_they_paid_for(
    lenient_world: World, seed: int
) -> None:
    world = lenient_world
    role, service = world.guild.create_role("Pro"), world.app.services.purchases
    course = await shelved(world)
    terms: dict[str, Any] = {"term": "subscription", "grace_days": GRACE, "role_id": role.id}
    product = await sold(world, "Pro", course, **terms)
    who = (world.guild.id, world.moderator.id, product.product_id)
    await service.products.identify(*who, "standard", "pro", is_known=True)
    keys = Keys(sources={"standard": shops.SECRETS["standard"]}, own="ours")
    app = web.Application()
    Hooks(replace(service.hearing, keys=keys)).add_to(app)
    await wanting(world, world.alice)
    world.guild.remove_member(world.bob)
    await world.env.settle()
    async with serving(app) as root, aiohttp.ClientSession() as browser:

        async def send(sent: shops.Sent) -> int:
            address = f"{root}/hooks/standard"
            async with browser.post(address, data=sent.body, headers=sent.headers) as answer:
                return answer.status

        life = Life(world, send, random.Random(seed))
        people = ((world.alice, False), (world.moderator, True), (world.bob, False))
        for n, (member, is_claimed) in enumerate(people):
            life.orders.append(Order(f"S-{n}", member.id, is_claimed))
        watch = Watch(life, role.id, course.resource_id)
        for n in range(DAYS * 24 // STEP_H):
            if n == DAYS * 24 // STEP_H * 2 // 3:
                watch.back = world.guild.add_member(world.bob.user)
                await watch.back.slash(world.channel, "buy")
            life.happen()
            await life.deliver()
            await life.claim()
            await watch.look()
            later(world, hours=watch.step_h())
        await watch.count()
    assert watch.n_changes >= 3 and watch.made


@dataclass
class Watch:
    """Compares what members have with what they should, all the time."""

    life: Life
    role_id: int
    resource_id: int
    back: Any = None
    n_changes: int = 0
    made: dict[str, float] = field(default_factory=dict)
    had: dict[int, bool] = field(default_factory=dict)
    old: set[str] = field(default_factory=lambda: set(INVITED))

    def step_h(self) -> float:
        """Return by how many hours time goes on: mostly even, with jumps either way."""
        return self.life.chance.choice((*[STEP_H] * 30, 24 * 6, -0.3))

    async def look(self) -> None:
        """Run the jobs, and see that access, role and invitation are as they should be."""
        world, now = self.life.world, self.life.now
        for _ in range(self.life.chance.choice((1, 1, 1, 2))):
            await tick(world)
            await invite(world)
            await remind(world)
        for order in self.life.orders:
            should = order.has(now)
            async with world.app.database.read() as conn:
                has = await access.owned(conn, world.guild.id, order.user_id, [], now)
            assert (self.resource_id in has) == should, (order, now)
            self.n_changes += self.had.get(order.user_id, False) != should
            self.had[order.user_id] = should
            member = self.inside(order.user_id)
            if member is not None:
                assert (self.role_id in member_roles(world, member)) == should, (order, now)
        self.look_at_invitations(now)

    def inside(self, user_id: int) -> Any:
        """Return the member, None for who is not in the server now."""
        world = self.life.world
        known = {world.alice.id: world.alice, world.moderator.id: world.moderator}
        return self.back if user_id == world.bob.id else known[user_id]

    def look_at_invitations(self, now: float) -> None:
        for code in set(INVITED) - self.old - self.made.keys():
            assert self.back is None and self.had[self.life.world.bob.id]
            # One a week while its buyer stays away, unless what was bought was over meanwhile.
            usable = [each for each, at in self.made.items() if now - at < 7 * DAY_S]
            assert not set(usable) & set(self.life.world.env.backend.invites), usable
            self.made[code] = now
        if not self.had[self.life.world.bob.id]:
            left = [code for code, at in self.made.items() if now - at < 7 * DAY_S]
            assert not set(left) & set(self.life.world.env.backend.invites)

    async def count(self) -> None:
        """See that each end was spoken of once, and that three ways to count the money agree."""
        world = self.life.world
        async with world.app.database.read() as conn:
            told = await conn.execute(
                text(
                    "SELECT about_at FROM purchase_notices WHERE user_id = :who AND state = 'sent'"
                ),
                {"who": world.alice.id},
            )
            ends = list(told.scalars())
            money = {row[0]: row[2] for row in await conn.execute(text(SQL_OF_MONEY))}
        assert len(ends) == len(set(ends)) == len(letters(world.alice))
        for order in self.life.orders:
            assert money.get(order.number, 0) == order.kept()
            bought = await world.app.services.purchases.by_hand.of_member(
                world.guild.id, order.user_id
            )
            shown = {each.purchase.number: dict(each.amounts).get("EUR", 0) for each in bought}
            assert shown.get(order.number, 0) == order.kept()
