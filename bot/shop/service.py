"""The shop's use cases: look, redeem, deliver, refund, and keep the shelves.

Redeeming takes the condition, the limit, the stock and the points in one transaction, and writers
follow each other, so any number of presses at once can neither overspend nor oversell. What has
to be done on Discord afterwards (a role) is written down as owed first; `bot.shop.grants` does it
and says how it went, after a restart, too.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot import ids
from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.legible import is_blank
from bot.points.service import PointsService
from bot.shop import rules
from bot.shop.rules import Hindrance, Refused
from storage import audit, catalog, ledger, levels, members, shop
from storage import settings as stored
from storage.connection import Connection
from storage.database import Database
from storage.folding import folded
from storage.records import (
    AuditAction,
    AuditRow,
    ItemKind,
    Redemption,
    Resource,
    ResourceState,
    RoleEnd,
    ShopItem,
    ShopUnit,
)

PAGE_SIZE = 8
_LIVE: tuple[ResourceState, ...] = ("live",)
REDEEMED_SHOWN = 10
QUEUE_SHOWN = 25
TIMES_SHOWN = 25
GRANTED_WITHIN_S = 60
"""How long granting a role takes at most; what is owed for longer was interrupted."""
TRY_AGAIN_S = 3_600
DUE_BATCH = 50
LOOKS_MAX = 100
"""Members asked for in one tick; Discord tells of a hundred at once."""
_LOOKED = "shop:looked"
_BY_LEVEL = ("granted", "doubtful", "kept")
"""Where a member stands with a role that a level gave them."""
ORDERS_MAX = 200
_EDITS: Mapping[str, AuditAction] = {"retired": "shop.retire", "live": "shop.restore"}
"""What a change of an item's state is called in the audit trail."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An item as one member sees it; ``hindrance`` is why they cannot redeem it now."""

    item: ShopItem
    hindrance: Hindrance | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the shop, and what the member may spend. Pages count from 1."""

    offers: tuple[Offer, ...]
    balance: int
    page: int
    n_pages: int


@dataclass(frozen=True, slots=True)
class Counter:
    """One item before it is redeemed; ``times`` are what is free of a consultation."""

    offer: Offer
    balance: int
    time_zone: str
    times: tuple[ShopUnit, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was redeemed, what it gives access to, and what is left to spend."""

    redemption: Redemption
    resource: Resource | None
    balance: int
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Stocked:
    """An item as a moderator sees it; ``n_added`` codes or times were new just now."""

    item: ShopItem
    time_zone: str
    resource: Resource | None = None
    n_added: int | None = None


@dataclass(frozen=True, slots=True)
class Orders:
    """What a guild's moderators have to deliver and are to be notified of in a channel."""

    guild_id: int
    channel_id: int
    redemptions: tuple[Redemption, ...]

    @property
    def nonce(self) -> str:
        """Return the nonce of the message that tells it; Discord takes 25 characters."""
        first, last = self.redemptions[0], self.redemptions[-1]
        return f"o{first.redemption_id}-{last.redemption_id}"[-25:]


@dataclass(frozen=True, slots=True)
class Broken:
    """Items whose role cannot be given, of which a guild's moderators are to be told."""

    guild_id: int
    channel_id: int
    items: tuple[ShopItem, ...]

    @property
    def nonce(self) -> str:
        """Return the nonce of the message that tells it."""
        return f"b{self.items[0].item_id}-{self.items[-1].item_id}-{len(self.items)}"[-25:]


@dataclass(frozen=True, slots=True)
class ShopService:
    """Sells what a guild's moderators put on the shelf."""

    database: Database
    clock: Clock
    points: PointsService

    # ------------------------------------------------------------------------ members

    async def shelf(
        self, guild_id: int, user_id: int, page: int = 1, *, role_ids: Collection[int] = ()
    ) -> Shelf:
        """Return a page of what is for sale; a page beyond the last is taken as the last."""
        now = self._now
        async with self.database.read() as conn:
            items = [
                item
                for item in await shop.items(conn, guild_id, now)
                if item.until_at is None or item.until_at > now
            ]
            n_pages = max(1, -(-len(items) // PAGE_SIZE))
            page = min(max(1, page), n_pages)
            shown = items[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
            level = await self.points.level(conn, guild_id, user_id)
            offers = [await self._offer(conn, item, user_id, role_ids, level) for item in shown]
            balance = await ledger.balance(conn, guild_id, user_id)
        return Shelf(tuple(offers), balance, page, n_pages)

    async def counter(
        self, guild_id: int, user_id: int, item_id: int, *, role_ids: Collection[int] = ()
    ) -> Counter:
        """Return one item before it is redeemed.

        Raises
        ------
        UserError
            There is no such item any more.
        """
        async with self.database.read() as conn:
            item = await self._item(conn, guild_id, item_id)
            if item.state != "live":
                raise StaleError("error-shop-gone")
            level = await self.points.level(conn, guild_id, user_id)
            offer = await self._offer(conn, item, user_id, role_ids, level)
            times = await shop.free_times(conn, item_id, self._now, TIMES_SHOWN)
            zone = (await members.guild(conn, guild_id)).time_zone
            balance = await ledger.balance(conn, guild_id, user_id)
        return Counter(offer, balance, zone, tuple(times))

    async def _offer(
        self,
        conn: Connection,
        item: ShopItem,
        user_id: int,
        role_ids: Collection[int],
        level: int,
    ) -> Offer:
        found = rules.hindrance(
            item,
            now=self._now,
            level=level,
            n_had=await shop.count_of_member(conn, item.item_id, user_id),
            role_ids=role_ids,
        )
        if found is None and item.role_id is not None:
            held = await shop.role_held(conn, item.guild_id, user_id, item.role_id)
            if rules.has_already(item, held, role_ids):
                found = Hindrance("error-shop-has-role", {"role": f"<@&{item.role_id}>"})
        return Offer(item, found)

    async def redeem(
        self,
        guild_id: int,
        user_id: int,
        item_id: int,
        *,
        price: int,
        source_id: int,
        unit_id: int | None = None,
        role_ids: Collection[int] = (),
    ) -> Receipt:
        """Take the points and the item together, or neither.

        Parameters
        ----------
        price
            What the member was shown.
        source_id
            Of the confirmation: pressed twice, it buys once and returns the same receipt.
        unit_id
            The time chosen for a consultation.

        Raises
        ------
        UserError
            A condition is not met, nothing is left, the price has changed, or the member has
            less than it.
        """

        async def job(conn: Connection) -> Receipt:
            before = await shop.confirmed(conn, guild_id, user_id, source_id)
            if before is not None:
                return await self._receipt(conn, before, is_new=False)
            item = await self._item(conn, guild_id, item_id)
            level = await self.points.level(conn, guild_id, user_id)
            offer = await self._offer(conn, item, user_id, role_ids, level)
            if offer.hindrance is not None:
                raise UserError(offer.hindrance.key, **offer.hindrance.params)
            if item.price != price:
                raise UserError("error-shop-price-changed", price=item.price / rules.POINT)
            unit = await self._take(conn, item, unit_id)
            bought = await self._append(conn, item, user_id, source_id, unit)
            entry_id = await self.points.spend(
                conn,
                guild_id,
                user_id,
                amount=item.price,
                source_id=bought.redemption_id,
                reason=item.title,
            )
            changes = {"entry_id": entry_id}
            await shop.change_redemption(
                conn, bought.redemption_id, self._now, was=(bought.state,), **changes
            )
            return await self._receipt(conn, replace(bought, entry_id=entry_id))

        return await self.database.write(job)

    async def _take(self, conn: Connection, item: ShopItem, unit_id: int | None) -> ShopUnit | None:
        if item.kind not in shop.UNIT_KINDS:
            if not await shop.take_stock(conn, item.item_id):
                raise UserError("error-shop-sold-out")
            return None
        if item.kind == "slot" and unit_id is None:
            raise UserError("error-shop-choose-time")
        unit = await shop.take_unit(conn, item.item_id, self._now, unit_id)
        if unit is None:
            raise UserError(
                "error-shop-time-taken" if item.kind == "slot" else "error-shop-sold-out"
            )
        return unit

    async def _append(
        self,
        conn: Connection,
        item: ShopItem,
        user_id: int,
        source_id: int,
        unit: ShopUnit | None,
    ) -> Redemption:
        now = self._now
        is_owed = item.role_id is not None or item.kind in shop.BY_HAND
        bought = Redemption(
            item.guild_id,
            user_id,
            item.item_id,
            source_id,
            item.kind,
            item.title,
            item.price,
            "owed" if is_owed else "done",
            created_at=now,
            changed_at=now,
            unit_id=unit.unit_id if unit else None,
            code=unit.code if unit else None,
            starts_at=unit.starts_at if unit else None,
            role_id=item.role_id,
            days=item.days,
            resource_id=item.resource_id,
        )
        redemption_id = await shop.add_redemption(conn, bought)
        assert redemption_id is not None, "`confirmed` looked before, and writers follow each other"
        return replace(bought, redemption_id=redemption_id)

    async def _receipt(
        self, conn: Connection, bought: Redemption, *, is_new: bool = True
    ) -> Receipt:
        resource = (
            await catalog.resource(conn, bought.guild_id, bought.resource_id)
            if bought.resource_id is not None
            else None
        )
        balance = await ledger.balance(conn, bought.guild_id, bought.user_id)
        return Receipt(bought, resource, balance, is_new)

    async def redeemed(self, guild_id: int, user_id: int) -> list[Receipt]:
        """Return what a member redeemed last, codes and links with it."""
        async with self.database.read() as conn:
            found = await shop.of_member(conn, guild_id, user_id, REDEEMED_SHOWN)
            return [await self._receipt(conn, each, is_new=False) for each in found]

    async def pick(self, guild_id: int, text: str, *, any_state: bool = False) -> int:
        """Return the item an option means: an id from the suggestions, or its words.

        Raises
        ------
        UserError
            Nothing or more than one item fits.
        """
        found = await self.find(guild_id, text, any_state=any_state)
        number = ids.whole(text.strip())
        if not found and number is not None:
            found = await self.find(guild_id, ids.choice(number), any_state=any_state)
        titled = [one for one in found if folded(one.title) == folded(text.strip())]
        if len(found) != 1 and len(titled) != 1:
            raise UserError("error-shop-pick", value=text[:100])
        return (titled or found)[0].item_id

    async def find(self, guild_id: int, text: str, *, any_state: bool = False) -> list[ShopItem]:
        """Return the item that was chosen from suggestions, else those titled so."""
        states = ("live", "retired") if any_state else ("live",)
        async with self.database.read() as conn:
            items = await shop.items(conn, guild_id, self._now, states=states)
        number, wanted = ids.chosen(text), folded(text.strip())
        if number is not None:
            return [item for item in items if item.item_id == number]
        return [item for item in items if wanted in folded(item.title)]

    # -------------------------------------------------------------------------- roles

    async def due(self, now: datetime) -> list[Redemption]:
        """Return roles whose granting was interrupted, and those whose time is over."""
        at = now.timestamp()
        async with self.database.read() as conn:
            return await shop.due(
                conn,
                at,
                owed_before=at - GRANTED_WITHIN_S,
                tried_before=at - TRY_AGAIN_S,
                limit=DUE_BATCH,
            )

    async def ends_due(self, now: datetime) -> list[RoleEnd]:
        """Return the roles of erased buyers whose time is over."""
        at = now.timestamp()
        async with self.database.read() as conn:
            return await shop.ends_due(conn, at, tried_before=at - TRY_AGAIN_S, limit=DUE_BATCH)

    async def end_over(self, end: RoleEnd) -> None:
        """Forget a role of an erased buyer that was taken back, the last that was kept of them."""

        async def job(conn: Connection) -> None:
            await shop.drop_end(conn, end)
            await stored.ask_for_scrub(conn, self._now)

        await self.database.write(job)

    async def end_stuck(self, end: RoleEnd, *, wait_s: float = TRY_AGAIN_S) -> None:
        """Try again later to take a role of an erased buyer."""
        tried_at = self._now + wait_s - TRY_AGAIN_S
        await self.database.write(lambda conn: shop.end_tried(conn, end, tried_at))

    async def giver(self, bought: Redemption) -> int:
        """Return in whose name a bought role is given, 0 where nobody knows."""
        async with self.database.read() as conn:
            item = await shop.item(conn, bought.guild_id, bought.item_id, self._now)
        return item.role_by if item else 0

    async def to_look_at(self) -> list[Redemption]:
        """Return the next roles that members bought and have still, and were not seen lately."""
        now = self._now
        async with self.database.read() as conn:
            found = await shop.unseen(conn, now, before=now - TRY_AGAIN_S, limit=LOOKS_MAX)
        if found:
            numbers = [bought.redemption_id for bought in found]
            await self.database.write(lambda conn: shop.saw(conn, numbers, now))
        return found

    async def lost(
        self, guild_id: int, user_id: int, joined_at: float, role_ids: Collection[int]
    ) -> list[Redemption]:
        """Return the roles that a member bought, lost by leaving, and is to have again.

        Parameters
        ----------
        joined_at
            When they joined, UTC unix seconds. A role given after that was taken by hand.
        role_ids
            What they have now.
        """
        async with self.database.read() as conn:
            held = await shop.held_by(conn, guild_id, user_id, self._now)
        return [
            bought
            for bought in held
            if bought.role_id not in role_ids
            and (bought.problem is not None or bought.changed_at <= joined_at)
        ]

    async def given_again(self, bought: Redemption) -> None:
        """Say that a member who came back has their role again."""
        await self._change(bought.redemption_id, ("active",), problem=None, tried_at=None)

    async def must_look(self) -> bool:
        """Say whether it is time to look whether roles may be given, and that it was done."""
        now = self._now
        async with self.database.read() as conn:
            last = float(await stored.value(conn, _LOOKED) or 0.0)
        if abs(now - last) < TRY_AGAIN_S:
            return False
        await self.database.write(lambda conn: stored.set_value(conn, _LOOKED, str(now)))
        return True

    async def all_live_roles(self) -> list[ShopItem]:
        """Return the items for sale that grant a role, of every guild."""
        async with self.database.read() as conn:
            return await shop.live_roles(conn, self._now)

    async def role_problem(self, item: ShopItem, problem: str | None) -> None:
        """Remember why an item's role cannot be given, or that it can again."""
        await self.database.write(lambda conn: shop.set_problem(conn, item.item_id, problem))

    async def broken(self) -> list[Broken]:
        """Return by guild the items of which its moderators were not told yet."""
        async with self.database.read() as conn:
            found = await shop.untold_problems(conn, self._now)
        by_guild: dict[tuple[int, int], list[ShopItem]] = {}
        for channel_id, item in found:
            by_guild.setdefault((item.guild_id, channel_id), []).append(item)
        return [Broken(*where, tuple(items)) for where, items in by_guild.items()]

    async def told_broken(self, broken: Broken) -> None:
        """Remember that moderators were told, so that they are told once."""
        numbers = [item.item_id for item in broken.items]
        await self.database.write(lambda conn: shop.set_problem_told(conn, numbers))

    async def granted(self, bought: Redemption) -> Redemption:
        """Say that the role was granted; return the redemption with its end.

        One that was refunded meanwhile is over at once. Of one whose buyer was erased meanwhile
        the end is kept already.
        """

        async def job(conn: Connection) -> Redemption:
            now, role_id = self._now, bought.role_id
            assert role_id is not None
            held = await shop.role_held(conn, bought.guild_id, bought.user_id, role_id)
            others = [each for each in held if each.redemption_id != bought.redemption_id]
            until = rules.ends_at(bought.days, others, now)
            number, cleared = bought.redemption_id, {"problem": None, "tried_at": None}
            if await shop.change_redemption(
                conn, number, now, was=("owed",), state="active", until_at=until, **cleared
            ):
                return replace(bought, state="active", until_at=until, problem=None)
            await shop.change_redemption(conn, number, now, was=("refunded",), until_at=now)
            return await shop.redemption(conn, bought.guild_id, number) or bought

        return await self.database.write(job)

    async def must_keep(self, over: Redemption | RoleEnd) -> bool:
        """Say whether a member keeps a role whose time is over.

        They do if they bought more of it, or a level has given it to them as well.
        """
        assert over.role_id is not None
        number = over.redemption_id if isinstance(over, Redemption) else 0
        async with self.database.read() as conn:
            held = await shop.role_held(conn, over.guild_id, over.user_id, over.role_id)
            granted = await levels.grants_of(conn, over.guild_id, [over.user_id])
        if any(each.role_id == over.role_id and each.state in _BY_LEVEL for each in granted):
            return True
        return any(
            each.redemption_id != number
            and (each.state == "owed" or each.until_at is None or each.until_at > self._now)
            for each in held
        )

    async def ended(self, bought: Redemption) -> None:
        """Say that a role whose time was over is taken back."""
        number, cleared = bought.redemption_id, {"problem": None, "tried_at": None}
        if bought.state == "refunded":
            await self._change(number, ("refunded",), until_at=None, **cleared)
        else:
            await self._change(number, ("active",), state="done", **cleared)

    async def stuck(self, bought: Redemption, problem: str, *, wait_s: float = TRY_AGAIN_S) -> None:
        """Remember what keeps a role from being granted or taken back, and try again later."""
        tried_at = self._now + wait_s - TRY_AGAIN_S
        states = ("owed", "active", "refunded")
        await self._change(bought.redemption_id, states, tried_at=tried_at, problem=problem)

    async def not_granted(self, bought: Redemption, problem: str) -> Receipt:
        """Give the points back for a role that cannot be granted, and leave a trace of why."""

        async def job(conn: Connection) -> Receipt:
            found = await shop.redemption(conn, bought.guild_id, bought.redemption_id)
            if found is None or found.state != "owed":
                return await self._receipt(conn, found or bought)  # refunded or erased meanwhile
            refunded = await self._refund(conn, found, actor_id=0, note="", problem=problem)
            return await self._receipt(conn, refunded)

        return await self.database.write(job)

    async def _change(self, redemption_id: int, was: Collection[str], **changes: Any) -> None:
        now = self._now

        async def job(conn: Connection) -> None:
            await shop.change_redemption(conn, redemption_id, now, was=was, **changes)

        await self.database.write(job)

    # --------------------------------------------------------------------- moderators

    async def queue(self, guild_id: int) -> list[Redemption]:
        """Return what moderators have to deliver or to look after, oldest first."""
        async with self.database.read() as conn:
            return await shop.waiting(conn, guild_id, QUEUE_SHOWN)

    async def staff_channel(self, guild_id: int) -> int | None:
        """Return where moderators are told of orders, None for nowhere."""
        async with self.database.read() as conn:
            settings = await levels.settings(conn, guild_id)
        return settings.staff_channel_id if settings else None

    async def to_tell(self) -> list[Orders]:
        """Return by guild what its moderators were not told of yet."""
        async with self.database.read() as conn:
            found = await shop.untold(conn, ORDERS_MAX)
        by_guild: dict[tuple[int, int], list[Redemption]] = {}
        for channel_id, order in found:
            by_guild.setdefault((order.guild_id, channel_id), []).append(order)
        return [Orders(*where, tuple(orders)) for where, orders in by_guild.items()]

    async def told(self, orders: Orders) -> None:
        """Remember that moderators were told, so that they are told once."""
        numbers = [order.redemption_id for order in orders.redemptions]
        await self.database.write(lambda conn: shop.set_told(conn, numbers))

    async def queued(self, guild_id: int, redemption_id: int) -> Redemption:
        """Return one redemption of the guild."""
        async with self.database.read() as conn:
            return await self._redemption(conn, guild_id, redemption_id)

    async def fulfil(self, guild_id: int, actor_id: int, redemption_id: int) -> Redemption:
        """Say that a moderator delivered what was owed."""

        async def job(conn: Connection) -> Redemption:
            bought = await self._redemption(conn, guild_id, redemption_id)
            was_owed = await shop.change_redemption(
                conn, redemption_id, self._now, was=("owed",), state="done", handled_by=actor_id
            )
            if not was_owed:
                raise StaleError("error-shop-handled")
            await self._audit(
                conn,
                guild_id,
                actor_id,
                "shop.fulfil",
                redemption_id,
                bought.title,
                about=(bought.user_id,),
            )
            return replace(bought, state="done", handled_by=actor_id)

        return await self.database.write(job)

    async def refund(
        self, guild_id: int, actor_id: int, redemption_id: int, reason: str
    ) -> Redemption:
        """Give the points back, and the place on the shelf; a code that was read stays used.

        A role that was granted is over at once: the next tick takes it back.

        Raises
        ------
        UserError
            The reason says nothing, or somebody has dealt with it already.
        """
        if is_blank(reason):
            raise UserError("error-shop-reason")

        async def job(conn: Connection) -> Redemption:
            bought = await self._redemption(conn, guild_id, redemption_id)
            refunded = await self._refund(conn, bought, actor_id=actor_id, note=reason)
            await self._audit(
                conn,
                guild_id,
                actor_id,
                "shop.refund",
                redemption_id,
                bought.title,
                about=(bought.user_id,),
                reason=reason,
            )
            return refunded

        return await self.database.write(job)

    async def _refund(
        self,
        conn: Connection,
        bought: Redemption,
        *,
        actor_id: int,
        note: str,
        problem: str | None = None,
    ) -> Redemption:
        changes: dict[str, Any] = {
            "note": note,
            "handled_by": actor_id,
            "problem": problem,
            "until_at": self._now if bought.state == "active" else None,
        }
        is_first = await shop.change_redemption(
            conn,
            bought.redemption_id,
            self._now,
            was=("owed", "active", "done"),
            state="refunded",
            **changes,
        )
        if not is_first:
            raise StaleError("error-shop-handled")
        if bought.entry_id is not None:
            await self.points.reverse_entry(conn, bought.entry_id, actor_id=actor_id, reason=note)
        if bought.unit_id is not None:
            await shop.free_unit(conn, bought.unit_id)
        else:
            await shop.put_back(conn, bought.item_id)
        return replace(bought, state="refunded", **changes)

    async def add(
        self,
        guild_id: int,
        actor_id: int,
        kind: ItemKind,
        written: Mapping[str, str],
        *,
        role_id: int | None = None,
        resource_id: int | None = None,
    ) -> Stocked:
        """Put a new item on the shelf.

        Parameters
        ----------
        written
            What a moderator filled in: ``title``, ``description``, ``price``, and by the item's
            kind ``days``, ``stock`` or ``units`` (codes or times, one a line).
        role_id
            The role it grants, which the moderator may give; of access the resource's.

        Raises
        ------
        UserError
            Something is not accepted; the sentence says what is.
        """

        async def job(conn: Connection) -> Stocked:
            now = self._now
            resource = await self._resource(conn, guild_id, kind, resource_id)
            granted = resource.role_id if resource else role_id
            if kind == "role" and granted is None:
                raise UserError("error-shop-which-role")
            if granted != role_id:  # it was judged, and is another by now
                raise UserError("error-shop-which-resource")
            item = ShopItem(
                guild_id,
                kind,
                added_by=actor_id,
                created_at=now,
                updated_at=now,
                role_id=granted,
                role_by=actor_id if granted is not None else 0,
                resource_id=resource_id,
                **_described(written),
            )
            item_id = await shop.add_item(conn, item)
            await self._audit(conn, guild_id, actor_id, "shop.add", item_id, item.title)
            return await self._stock(conn, replace(item, item_id=item_id), written)

        return await self.database.write(job)

    async def edit(
        self, guild_id: int, actor_id: int, item_id: int, written: Mapping[str, str], **extra: Any
    ) -> Stocked:
        """Change the fields of an item that were filled in; see `add` and `_described`."""

        async def job(conn: Connection) -> Stocked:
            item = await self._item(conn, guild_id, item_id)
            zone = (await members.guild(conn, guild_id)).time_zone
            changes = _described(written, zone) | extra
            fields = sorted(name for name in changes if getattr(item, name) != changes[name])
            if item.role_id is not None and changes.get("state") != "retired":
                # Whoever says on what terms a role is sold has it given from then on.
                changes |= {"role_by": actor_id, "role_problem": None, "is_problem_told": False}
            if changes:
                await shop.change_item(conn, guild_id, item_id, self._now, **changes)
            if fields:
                action = _EDITS.get(str(changes.get("state")), "shop.edit")
                await self._audit(
                    conn, guild_id, actor_id, action, item_id, item.title, fields=fields
                )
            stocked = await self._stock(conn, item, written)
            if stocked.n_added:
                await self._audit(
                    conn, guild_id, actor_id, "shop.stock", item_id, item.title, n=stocked.n_added
                )
            return stocked

        return await self.database.write(job)

    async def _stock(self, conn: Connection, item: ShopItem, written: Mapping[str, str]) -> Stocked:
        """Add codes or times that were written, and return the item as it is then."""
        guild_id, n_added = item.guild_id, None
        zone = (await members.guild(conn, guild_id)).time_zone
        if written.get("units", "").strip():
            units: dict[str, Any] = {}
            with _refusing():
                if item.kind == "coupon":
                    units["codes"] = rules.parse_codes(written["units"])
                elif item.kind == "slot":
                    units["times"] = rules.parse_times(written["units"], zone, self._now)
            n_added = await shop.add_units(conn, guild_id, item.item_id, **units)
        return await self._stocked(conn, guild_id, item.item_id, n_added)

    async def stocked(self, guild_id: int, item_id: int) -> Stocked:
        """Return an item as moderators see it."""
        async with self.database.read() as conn:
            return await self._stocked(conn, guild_id, item_id)

    async def _stocked(
        self, conn: Connection, guild_id: int, item_id: int, n_added: int | None = None
    ) -> Stocked:
        item = await self._item(conn, guild_id, item_id)
        zone = (await members.guild(conn, guild_id)).time_zone
        resource = (
            await catalog.resource(conn, guild_id, item.resource_id) if item.resource_id else None
        )
        return Stocked(item, zone, resource, n_added)

    async def resources(self, guild_id: int, text: str, limit: int) -> list[Resource]:
        """Return live resources in which the words of `text` occur, or the one that was chosen."""
        async with self.database.read() as conn:
            number = ids.chosen(text)
            if number is None:
                found = await catalog.search(
                    conn, guild_id, text, limit=limit, states=_LIVE, now=self._now
                )
                number = ids.whole(text.strip())
                if found or number is None:
                    return found
            one = await catalog.resource(conn, guild_id, number)
            return [one] if one else []

    async def time_zone(self, guild_id: int) -> str:
        """Return the guild's time zone, by which moderators write times."""
        async with self.database.read() as conn:
            return (await members.guild(conn, guild_id)).time_zone

    async def live_roles(self, guild_id: int) -> list[ShopItem]:
        """Return the items for sale that grant a role."""
        async with self.database.read() as conn:
            items = await shop.items(conn, guild_id, self._now)
        return [item for item in items if item.role_id is not None]

    # ----------------------------------------------------------------------------- own

    @property
    def _now(self) -> float:
        return self.clock().timestamp()

    async def _item(self, conn: Connection, guild_id: int, item_id: int) -> ShopItem:
        item = await shop.item(conn, guild_id, item_id, self._now)
        if item is None:
            raise StaleError("error-shop-gone")
        return item

    async def _redemption(self, conn: Connection, guild_id: int, redemption_id: int) -> Redemption:
        bought = await shop.redemption(conn, guild_id, redemption_id)
        if bought is None:
            raise StaleError("error-shop-handled")
        return bought

    async def _resource(
        self, conn: Connection, guild_id: int, kind: ItemKind, resource_id: int | None
    ) -> Resource | None:
        if kind != "resource":
            return None
        resource = await catalog.resource(conn, guild_id, resource_id or 0)
        if resource is None:
            raise UserError("error-shop-which-resource")
        return resource

    async def _audit(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        action: AuditAction,
        subject: int,
        title: str,
        *,
        about: tuple[int, ...] = (),
        **details: Any,
    ) -> None:
        row = AuditRow(
            guild_id=guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self._now,
            subject=str(subject),
            details=details | {"title": title},
            about=about,
        )
        await audit.append(conn, row)


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what `rules` refuses into what the moderator is told."""
    try:
        yield
    except Refused as refused:
        raise UserError(refused.key, **refused.params) from None


def _described(written: Mapping[str, str], time_zone: str = "UTC") -> dict[str, Any]:
    """Return the fields of an item that were filled in, checked; an empty one is None or ""."""
    readers: Mapping[str, Callable[[str], Any]] = {
        "title": rules.parse_title,
        "description": lambda text: text.strip()[: rules.DESCRIPTION_MAX],
        "price": rules.parse_price,
        "days": lambda text: rules.parse_count(text, low=1, high=rules.DAYS_MAX),
        "stock": rules.parse_count,
        "per_member": lambda text: rules.parse_count(text, low=1),
        "min_level": lambda text: rules.parse_count(text, high=rules.LEVEL_MAX) or 0,
        "from_at": lambda text: rules.parse_moment(text, time_zone),
        "until_at": lambda text: rules.parse_moment(text, time_zone),
    }
    with _refusing():
        return {name: read(written[name]) for name, read in readers.items() if name in written}
