"""What a guild sells, as its moderators keep it: items added, changed, restocked, looked up."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bot import ids
from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.search.service import Asked, SearchService
from bot.shop import rules
from bot.shop.rules import Refused
from storage import audit, catalog, goods, members
from storage.connection import Connection
from storage.database import Database
from storage.folding import folded
from storage.records import AuditAction, AuditRow, ItemKind, Resource, ResourceState, ShopItem

_LIVE: tuple[ResourceState, ...] = ("live",)
_EDITS: Mapping[str, AuditAction] = {"retired": "shop.retire", "live": "shop.restore"}
"""What a change of an item's state is called in the audit trail."""


@dataclass(frozen=True, slots=True)
class Stocked:
    """An item as a moderator sees it; ``n_added`` codes or times were new just now."""

    item: ShopItem
    time_zone: str
    resource: Resource | None = None
    n_added: int | None = None


@dataclass(frozen=True, slots=True)
class Goods:
    """The items of every guild's shop."""

    database: Database
    clock: Clock
    words: SearchService = field(default_factory=SearchService)

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
            items = await goods.items(conn, guild_id, self._now, states=states)
        number, wanted = ids.chosen(text), folded(text.strip())
        if number is not None:
            return [item for item in items if item.item_id == number]
        return [item for item in items if wanted in folded(item.title)]

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
            item = replace(item, item_id=await goods.add_item(conn, item))
            await self._note(conn, actor_id, "shop.add", item)
            return await self._stock(conn, item, written)

        return await self.database.write(job)

    async def _resource(
        self, conn: Connection, guild_id: int, kind: ItemKind, resource_id: int | None
    ) -> Resource | None:
        if kind != "resource":
            return None
        resource = await catalog.resource(conn, guild_id, resource_id or 0)
        if resource is None:
            raise UserError("error-shop-which-resource")
        return resource

    async def edit(
        self, guild_id: int, actor_id: int, item_id: int, written: Mapping[str, str], **extra: Any
    ) -> Stocked:
        """Change the fields of an item that were filled in; see `add` and `_described`."""

        async def job(conn: Connection) -> Stocked:
            item = await item_of(conn, guild_id, item_id, self._now)
            zone = (await members.guild(conn, guild_id)).time_zone
            changes = _described(written, zone) | extra
            fields = sorted(name for name in changes if getattr(item, name) != changes[name])
            if item.role_id is not None and changes.get("state") != "retired":
                # Whoever says on what terms a role is sold has it given from then on.
                changes |= {"role_by": actor_id, "role_problem": None, "is_problem_told": False}
            if changes:
                await goods.change_item(conn, guild_id, item_id, self._now, **changes)
            if fields:
                action = _EDITS.get(str(changes.get("state")), "shop.edit")
                both = {n: [getattr(item, n), changes[n]] for n in fields if n in rules.LOGGED}
                await self._note(conn, actor_id, action, item, fields=fields, values=both)
            stocked = await self._stock(conn, item, written)
            if stocked.n_added:
                await self._note(conn, actor_id, "shop.stock", item, n=stocked.n_added)
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
            n_added = await goods.add_units(conn, guild_id, item.item_id, **units)
        return await self._stocked(conn, guild_id, item.item_id, n_added)

    async def stocked(self, guild_id: int, item_id: int) -> Stocked:
        """Return an item as moderators see it."""
        async with self.database.read() as conn:
            return await self._stocked(conn, guild_id, item_id)

    async def _stocked(
        self, conn: Connection, guild_id: int, item_id: int, n_added: int | None = None
    ) -> Stocked:
        item = await item_of(conn, guild_id, item_id, self._now)
        zone = (await members.guild(conn, guild_id)).time_zone
        resource = (
            await catalog.standing(conn, guild_id, item.resource_id) if item.resource_id else None
        )
        return Stocked(item=item, time_zone=zone, resource=resource, n_added=n_added)

    async def resources(self, guild_id: int, text: str, limit: int) -> list[Resource]:
        """Return live resources in which the words of `text` occur, or the one that was chosen."""
        async with self.database.read() as conn:
            number = ids.chosen(text)
            if number is None:
                asked = Asked(guild_id=guild_id, text=text, limit=limit, is_typing=True)
                found = (await self.words.resources(conn, asked, self._now)).resources
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
            items = await goods.items(conn, guild_id, self._now)
        return [item for item in items if item.role_id is not None]

    @property
    def _now(self) -> float:
        return self.clock().timestamp()

    async def _note(
        self, conn: Connection, actor_id: int, action: AuditAction, item: ShopItem, **details: Any
    ) -> None:
        """Write down what a moderator did with an item."""
        row = AuditRow(
            guild_id=item.guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self._now,
            subject=str(item.item_id),
            details=details | {"title": item.title},
        )
        await audit.append(conn, row)


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what `rules` refuses into what the moderator reads."""
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


async def item_of(conn: Connection, guild_id: int, item_id: int, now: float) -> ShopItem:
    """Return one item of a guild.

    Raises
    ------
    StaleError
        There is none of that number any more.
    """
    item = await goods.item(conn, guild_id, item_id, now)
    if item is None:
        raise StaleError("error-shop-gone")
    return item
