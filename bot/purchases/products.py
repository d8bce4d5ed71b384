"""Products as moderators describe them: what they cost, open and give, and how they are called."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot import ids
from bot.catalog.service import checked
from bot.clock import Clock
from bot.errors import UserError
from bot.legible import is_blank
from bot.purchases import references, standing_roles
from bot.purchases.keeping import Keeping
from storage import access, audit, catalog, products, purchases, roles
from storage.connection import Connection
from storage.database import Database
from storage.folding import folded
from storage.records import (
    AuditAction,
    AuditRow,
    EventKind,
    Product,
    PurchaseSource,
    Resource,
)

PRODUCTS_MAX = 200
SUGGESTED = 25
_SLOT = "LYCEUM-REFERENCE"


@dataclass(frozen=True, slots=True)
class Listed:
    """A product with the resources it opens, and how many members have it now."""

    product: Product
    opens: tuple[Resource, ...]
    n_members: int


@dataclass(frozen=True, slots=True)
class Products:
    """The products of every server."""

    database: Database
    clock: Clock
    keeping: Keeping

    async def add(
        self, guild_id: int, actor_id: int, raw: Mapping[str, str], **extra: Any
    ) -> Product:
        """Store a new product.

        Parameters
        ----------
        raw
            Texts: ``title``, ``price`` and ``currency``, ``url``.
        extra
            ``term``, ``days``, ``grace_days``, ``role_id``.

        Raises
        ------
        UserError
            A field is refused, the title is another product's, or there are too many.
        """
        now = self.clock().timestamp()
        blank = Product(
            guild_id=guild_id,
            title="",
            term="forever",
            added_by=actor_id,
            created_at=now,
            updated_at=now,
        )
        described = _described(blank, raw, extra, actor_id)

        async def job(conn: Connection) -> Product:
            await _must_be_free(conn, described)
            stored = replace(described, product_id=await products.add(conn, described))
            await self._note(conn, actor_id, "product.add", stored)
            return stored

        return await self.database.write(job)

    async def edit(
        self, guild_id: int, actor_id: int, product_id: int, raw: Mapping[str, str], **extra: Any
    ) -> Product:
        """Change the given fields of a product; see `add`. What was bought keeps its terms."""

        async def job(conn: Connection) -> Product:
            known = await existing(conn, guild_id, product_id)
            changed = _described(known, raw, extra, actor_id)
            if changed == known:
                raise UserError("error-purchases-nothing")
            await _must_be_free(conn, changed)
            fields = _fields(changed) | {"updated_at": self.clock().timestamp()}
            if changed.role_id != known.role_id:
                fields |= {"role_problem": None, "is_problem_told": False}
            await products.change(conn, guild_id, product_id, **fields)
            if changed.grace_days != known.grace_days:
                holders = await access.of_product(conn, product_id)
                await self.keeping.renew(conn, guild_id, {each.user_id for each in holders})
            names = sorted(name for name in _fields(known) if name in _differing(known, changed))
            await self._note(conn, actor_id, "product.edit", changed, fields=names)
            return changed

        return await self.database.write(job)

    async def set_state(
        self, guild_id: int, actor_id: int, product_id: int, *, is_live: bool
    ) -> Product:
        """Take a product off the list, or put it back; who bought it keeps it."""

        async def job(conn: Connection) -> Product:
            known = await existing(conn, guild_id, product_id)
            changed = replace(known, state="live" if is_live else "retired")
            if changed.state != known.state:
                await _must_be_free(conn, changed)
                await products.change(conn, guild_id, product_id, state=changed.state)
                action: AuditAction = "product.live" if is_live else "product.retired"
                await self._note(conn, actor_id, action, changed)
            return changed

        return await self.database.write(job)

    async def open_resource(
        self, guild_id: int, actor_id: int, product_id: int, resource: Resource, *, is_open: bool
    ) -> Product:
        """Let a product open a resource, or no more; that is so for earlier buyers, too."""

        async def job(conn: Connection) -> Product:
            known = await existing(conn, guild_id, product_id)
            number = resource.resource_id
            if is_open:
                await products.open_resource(conn, known, number)
                for has in await access.of_product(conn, product_id):
                    if has.event_id is not None:
                        await self.keeping.say_of(
                            conn, [number], has, EventKind.PURCHASE, has.event_id
                        )
                    if has.paid_event_id:
                        await access.mark_bought(conn, [has.paid_event_id])
            else:
                await products.close_resource(conn, known, number)
            changed = await existing(conn, guild_id, product_id)
            if changed.resource_ids != known.resource_ids:
                await self._note(conn, actor_id, "product.edit", changed, fields=["resources"])
            return changed

        return await self.database.write(job)

    async def identify(
        self,
        guild_id: int,
        actor_id: int,
        product_id: int,
        source: PurchaseSource,
        key: str,
        *,
        is_known: bool,
    ) -> tuple[Product, int]:
        """Say how a source calls a product, or that it does not any more.

        Returns
        -------
        tuple
            The product, and how many purchases had waited for somebody to say so.

        Raises
        ------
        UserError
            Another product is called so, or the role is one that the bot itself gives.
        """
        name = key.strip()
        if is_blank(name) or (source in ("role", "discord") and ids.whole(name) is None):
            raise UserError("error-purchases-key")

        async def job(conn: Connection) -> tuple[Product, int]:
            known = await existing(conn, guild_id, product_id)
            waited: list[int] = []
            if not is_known:
                await products.uncall(conn, known, source, name)
                if source == "role":
                    await self._end_roles(conn, known, name)
            else:
                if source == "role" and await _is_given(conn, guild_id, int(name)):
                    raise UserError("error-purchases-own-role")
                if not await products.call(conn, known, source, name):
                    raise UserError("error-purchases-key-taken", value=name[:100])
                waited = await purchases.resolve(conn, known, source, name)
                for number in waited:
                    waiting = await purchases.one(conn, guild_id, number)
                    if waiting is not None:
                        await self.keeping.settle(conn, waiting)
            changed = await existing(conn, guild_id, product_id)
            if changed.keys != known.keys:
                await self._note(conn, actor_id, "product.edit", changed, fields=["keys"])
            return changed, len(waited)

        return await self.database.write(job)

    async def _end_roles(self, conn: Connection, product: Product, role: str) -> None:
        """End what counts as bought because of a role, for nobody looks at that any more."""
        for number in await purchases.of_product(conn, product.product_id):
            found = await purchases.one(conn, product.guild_id, number)
            if found is not None and found.source == "role" and found.number == role:
                await standing_roles.end(conn, self.keeping, found, self.clock().timestamp())

    async def listed(self, guild_id: int) -> list[Listed]:
        """Return every product of the guild with what it opens."""
        now = self.clock().timestamp()
        async with self.database.read() as conn:
            found = await products.listed(conn, guild_id, limit=PRODUCTS_MAX)
            opened = {number for each in found for number in each.resource_ids}
            known = await catalog.by_ids(conn, guild_id, opened)
            counts = await access.counts(conn, guild_id, now)
        return [
            Listed(
                each,
                tuple(known[number] for number in each.resource_ids if number in known),
                counts.get(each.product_id, 0),
            )
            for each in found
        ]

    async def unknown(self, guild_id: int) -> list[tuple[str, str, int]]:
        """Return ids that sources named and no product has, as (source, id, payments)."""
        async with self.database.read() as conn:
            return await purchases.unknown_keys(conn, guild_id, 10)

    async def find(self, guild_id: int, text: str, *, is_live: bool | None = True) -> list[Product]:
        """Return the product that was chosen from suggestions, else those with the words."""
        async with self.database.read() as conn:
            found = await products.listed(conn, guild_id, is_live=is_live)
        number = ids.chosen(text)
        if number is not None:
            return [each for each in found if each.product_id == number]
        words = folded(text).split()
        return [each for each in found if all(word in folded(each.title) for word in words)][
            :SUGGESTED
        ]

    async def pick(self, guild_id: int, text: str, *, is_live: bool | None = True) -> Product:
        """Return the one product that an option means.

        Raises
        ------
        UserError
            None fits, or several do.
        """
        found = await self.find(guild_id, text, is_live=is_live)
        one = ids.meant(found, text, lambda each: each.title)
        if one is None:
            raise UserError("error-purchases-pick", value=text[:100])
        return one

    async def _note(
        self,
        conn: Connection,
        actor_id: int,
        action: AuditAction,
        product: Product,
        **details: Any,
    ) -> None:
        row = AuditRow(
            guild_id=product.guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self.clock().timestamp(),
            subject=str(product.product_id),
            details=details | {"title": product.title},
        )
        await audit.append(conn, row)


async def existing(conn: Connection, guild_id: int, product_id: int) -> Product:
    """Return a product of the guild; raises UserError where there is none."""
    found = await products.one(conn, guild_id, product_id)
    if found is None:
        raise UserError("error-purchases-gone")
    return found


async def _is_given(conn: Connection, guild_id: int, role_id: int) -> bool:
    """Say whether the bot gives a role, so that holding it proves nothing was bought."""
    own = [each for each in await products.listed(conn, guild_id) if each.role_id == role_id]
    return bool(own) or await roles.is_given(conn, guild_id, role_id)


async def _must_be_free(conn: Connection, product: Product) -> None:
    others = [
        each
        for each in await products.listed(conn, product.guild_id)
        if each.product_id != product.product_id
    ]
    if any(
        folded(each.title) == folded(product.title) and each.state == product.state
        for each in others
    ):
        raise UserError("error-purchases-title-taken", title=product.title)
    if len(others) >= PRODUCTS_MAX:
        raise UserError("error-purchases-many", limit=PRODUCTS_MAX)
    if product.role_id is not None:
        counted = await access.counted_roles(conn, product.guild_id)
        if product.role_id in counted:
            raise UserError("error-purchases-own-role")


def _fields(product: Product) -> dict[str, Any]:
    return {
        "title": product.title,
        "price_minor": product.price_minor,
        "currency": product.currency,
        "term": product.term,
        "days": product.days,
        "grace_days": product.grace_days,
        "role_id": product.role_id,
        "role_by": product.role_by,
        "buy_url": product.buy_url,
    }


def _differing(one: Product, other: Product) -> set[str]:
    before, after = _fields(one), _fields(other)
    return {name for name in before if before[name] != after[name]}


def _described(
    known: Product, raw: Mapping[str, str], extra: Mapping[str, Any], actor_id: int
) -> Product:
    """Return a product with the given fields changed, each checked."""
    changes: dict[str, Any] = {}
    if "title" in raw:
        if is_blank(raw["title"]):
            raise UserError("error-purchases-title")
        changes["title"] = " ".join(raw["title"].split())
    if "price" in raw or "currency" in raw:
        changes |= _price(known, raw)
    if "url" in raw:
        changes["buy_url"] = _address(raw["url"])
    if "grace_days" in extra:
        changes["grace_days"] = extra["grace_days"]
    if "role_id" in extra:
        changes |= {"role_id": extra["role_id"], "role_by": actor_id}
    if "term" in extra or "days" in extra:
        changes |= _terms(extra.get("term"), extra.get("days"), known.days)
    return replace(known, **changes)


def _price(known: Product, raw: Mapping[str, str]) -> dict[str, Any]:
    if "currency" not in raw and known.currency:
        raw = {**raw, "currency": known.currency}
    values = checked({name: raw[name] for name in ("price", "currency") if name in raw})
    found = {"currency": values.get("currency", known.currency)}
    if "price_minor" in values:
        found["price_minor"] = values["price_minor"]
    return found


def _address(text: str) -> str:
    """Return where a product is bought, as it is kept; "-" for nowhere."""
    if text.strip() == "-":
        return ""
    kept = checked({"url": text.replace(references.SLOT, _SLOT)})["url"]
    return str(kept).replace(_SLOT, references.SLOT)


def _terms(term: str | None, days: int | None, known_days: int | None) -> dict[str, Any]:
    """Return for how long something is sold: days alone mean that term.

    Raises
    ------
    UserError
        It is sold by days, and nobody said how many.
    """
    term = term or "days"
    if term != "days":
        return {"term": term, "days": None}
    if not (days or known_days):
        raise UserError("error-purchases-days")
    return {"term": "days", "days": days or known_days}
