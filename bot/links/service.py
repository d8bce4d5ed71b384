"""Showing a resource and following it: impressions, tracked links, and the open they log."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import mentions
from bot.clock import Clock
from bot.errors import UserError
from bot.links import rules
from bot.links.rules import may_use as may_use
from storage import access, catalog, checks, events, feedback, impressions, members, products
from storage.connection import Connection
from storage.database import Database
from storage.records import UNLOGGED, Event, EventKind, Impression, Link, Resource, Said, Surface

log = logging.getLogger(__name__)

FOLLOW_WAIT_S = 1.0
OFFERS_NAMED = 3

RolesIn = Callable[[int, int], Awaitable[Collection[int] | None]]
"""Of a server and a member: their roles there now, None for a moderator, who may see everything.

Raises UserError where they are not in the server, or where nobody can tell now.
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """One resource shown to one member; ``url`` is None where the Open button serves."""

    resource: Resource
    impression_id: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class LinksService:
    """Logs what is shown and what is opened.

    ``public_root`` is where members' browsers reach us, such as ``https://learn.example``;
    None where there is no web server for them.
    """

    database: Database
    clock: Clock
    public_root: str | None

    async def show(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        resources: Sequence[Resource],
        surface: Surface,
        *,
        arm: str,
        snapshot_id: int | None = None,
        propensities: Sequence[float] | None = None,
        scores: Sequence[float | None] | None = None,
        arms: Sequence[str] | None = None,
        first_position: int = 1,
    ) -> list[Shown]:
        """Log an impression of each resource, in order, in the caller's transaction; return them.

        Each has a tracked URL where members can reach our web server. Nothing is logged for who is
        not tracked: they get its own URL, and none of what is sold, for it would ask nobody.

        Parameters
        ----------
        arm
            Which policy chose them, such as ``popular``; ``arms`` where it differs by resource.
        snapshot_id
            The model that ranked them, None where none did.
        propensities
            For each the chance in (0, 1] with which it was chosen for its place; None for none.
        scores
            For each resource how likely it was; see `Impression`.
        first_position
            Of the first resource: above 1 on later pages.
        """
        seen = await self.as_seen(conn, guild_id, user_id, resources)
        if await members.untracked(conn, guild_id, {user_id}):
            return [
                Shown(one, UNLOGGED + one.resource_id, None if kept.is_sold else one.url)
                for kept, one in zip(resources, seen, strict=True)
            ]
        died = await checks.with_copy(conn, guild_id, [one.resource_id for one in resources])
        return [
            await self._shown(
                conn,
                resource,
                resource.resource_id in died,
                Impression(
                    guild_id=guild_id,
                    user_id=user_id,
                    resource_id=resource.resource_id,
                    surface=surface,
                    position=first_position + n,
                    arm=arms[n] if arms else arm,
                    shown_at=self.clock().timestamp(),
                    snapshot_id=snapshot_id,
                    propensity=propensities[n] if propensities else 1.0,
                    score=scores[n] if scores else None,
                ),
            )
            for n, resource in enumerate(seen)
        ]

    async def _shown(
        self, conn: Connection, resource: Resource, has_died: bool, seen: Impression
    ) -> Shown:
        impression_id = await impressions.append(conn, seen)
        # What is to be bought is asked for in Discord, which says how; what died, for its copy.
        is_asked = resource.is_sold or has_died
        url = None if is_asked else await self._link(conn, seen, impression_id)
        return Shown(resource, impression_id, url)

    async def as_seen(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        resources: Sequence[Resource],
        role_ids: Collection[int] | None = None,
    ) -> list[Resource]:
        """Return resources as a member sees them.

        What they have bought is not for sale any more; what they have not has the price of the
        cheapest product that opens it, where it has none of its own.

        Parameters
        ----------
        role_ids
            Their roles now, for who gives addresses away; None goes by when they were seen last.
        """
        sold = [one.resource_id for one in resources if one.is_sold]
        if not sold:
            return list(resources)
        now = self.clock().timestamp()
        owned = await access.owned(conn, guild_id, user_id, role_ids, now, sold)
        seen = []
        for one in resources:
            if one.is_sold and one.resource_id in owned:
                one = replace(one, is_sold=False)
            elif one.is_sold and not one.price_minor:
                offers = await products.opening(conn, guild_id, one.resource_id)
                if offers:
                    price, currency = offers[0].price_minor, offers[0].currency
                    one = replace(one, price_minor=price, currency=currency, is_free=False)
            seen.append(one)
        return seen

    async def _link(self, conn: Connection, seen: Impression, impression_id: int) -> str | None:
        if self.public_root is None:
            return None
        token = secrets.token_urlsafe(rules.TOKEN_BYTES)
        await impressions.add_link(
            conn,
            Link(
                token=token,
                guild_id=seen.guild_id,
                user_id=seen.user_id,
                resource_id=seen.resource_id,
                impression_id=impression_id,
                created_at=seen.shown_at,
                expires_at=seen.shown_at + rules.LINK_LIFE_S,
            ),
        )
        return f"{self.public_root.rstrip('/')}/r/{token}"

    async def place_of(self, impression_id: int, user_id: int) -> int:
        """Return the guild in which a member was shown something.

        Raises
        ------
        UserError
            It was shown to somebody else.
        """
        async with self.database.read() as conn:
            seen = await impressions.impression(conn, impression_id)
        if seen is None or seen.user_id != user_id:
            raise UserError("error-links-not-yours")
        return seen.guild_id

    async def open(
        self, impression_id: int, user_id: int, *, role_ids: Collection[int] | None
    ) -> Resource:
        """Log that a member opened what they were shown, and return it.

        Parameters
        ----------
        role_ids
            The member's roles now in the guild of `place_of`; None for one who may see everything.

        Raises
        ------
        UserError
            It was shown to somebody else, is not in the catalogue any more, or is for another
            role by now.
        """

        async def job(conn: Connection) -> Resource:
            seen = await impressions.impression(conn, impression_id)
            if seen is None or seen.user_id != user_id:
                raise UserError("error-links-not-yours")
            resource = await self._reachable(
                conn, seen.guild_id, user_id, seen.resource_id, role_ids
            )
            await self._log_open(conn, seen.guild_id, user_id, impression_id, seen.resource_id)
            return resource

        return await self.database.write(job)

    async def said(self, guild_id: int, user_id: int, resource_id: int) -> Said | None:
        """Return what a member says of a resource; None for one who is not tracked."""
        async with self.database.read() as conn:
            if await members.untracked(conn, guild_id, {user_id}):
                return None
            return await feedback.said(conn, guild_id, user_id, resource_id)

    async def open_shared(
        self,
        guild_id: int,
        user_id: int,
        message_id: int,
        resource_id: int,
        *,
        role_ids: Collection[int] | None = None,
    ) -> Resource:
        """Log that a member opened a card posted in a channel, and return its resource.

        Parameters
        ----------
        role_ids
            The member's roles, None for one who may see everything.

        Raises
        ------
        UserError
            The resource is not in the catalogue any more, or is for another role.
        """

        async def job(conn: Connection) -> Resource:
            resource = await self._reachable(conn, guild_id, user_id, resource_id, role_ids)
            await self._log_open(conn, guild_id, user_id, message_id, resource_id)
            return resource

        return await self.database.write(job)

    async def follow(
        self, token: str, method: str, headers: Mapping[str, str], roles_in: RolesIn
    ) -> str | None:
        """Return where a token leads, None for nowhere, and log the open if somebody reads.

        Parameters
        ----------
        token
            Whatever stood in the path.
        method, headers
            Of the HTTP request; `rules.counts` judges them.
        roles_in
            Says which roles a member has in a guild now, None for one who may see everything.

        Raises
        ------
        UserError
            The member of the link may not use the resource any more, or nobody can tell now.
        """
        if not rules.is_token(token):
            return None
        now = self.clock().timestamp()
        async with self.database.read() as conn:
            link = await impressions.link(conn, token)
            if link is None or link.expires_at <= now:
                return None
            resource = await catalog.standing(conn, link.guild_id, link.resource_id)
        if resource is None or resource.state != "live":
            return None
        if resource.is_sold:
            await self._require_bought(link, resource, roles_in)
        elif resource.role_id is not None:
            require_use(resource, await roles_in(link.guild_id, link.user_id))
        if rules.counts(method, headers, now - link.created_at):
            await self._log_follow(link)
        return resource.url

    async def _require_bought(self, link: Link, resource: Resource, roles_in: RolesIn) -> None:
        """Raise as `require_open` does; only of who has it by a role alone Discord is asked."""
        now = self.clock().timestamp()
        async with self.database.read() as conn:
            among = [resource.resource_id]
            if await access.owned(conn, link.guild_id, link.user_id, (), now, among):
                return
        role_ids = await roles_in(link.guild_id, link.user_id)
        async with self.database.read() as conn:
            await self.require_open(conn, resource, link.user_id, role_ids)

    async def require_open(
        self,
        conn: Connection,
        resource: Resource,
        user_id: int,
        role_ids: Collection[int] | None,
    ) -> None:
        """Raise the UserError that says what a member lacks for opening a resource.

        This is the one place that says who may open what: what is sold opens to who bought it,
        has the role that it needs, or made it; anything else by its role alone. Moderators, whose
        ``role_ids`` are None, may open all.
        """
        if role_ids is None or not resource.is_sold:
            return require_use(resource, role_ids)
        has_role = resource.role_id is not None and resource.role_id in role_ids
        if has_role or resource.creator_id == user_id:
            return
        now, among = self.clock().timestamp(), [resource.resource_id]
        if await access.owned(conn, resource.guild_id, user_id, role_ids, now, among):
            return
        offers = await products.opening(conn, resource.guild_id, resource.resource_id)
        if not offers:
            raise UserError("error-links-unsold")
        named = " · ".join(one.title for one in offers[:OFFERS_NAMED])
        raise UserError("error-links-sold", products=named)

    async def _reachable(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        resource_id: int,
        role_ids: Collection[int] | None,
    ) -> Resource:
        resource = await catalog.standing(conn, guild_id, resource_id)
        if resource is None or resource.state != "live":
            raise UserError("error-links-gone")
        await self.require_open(conn, resource, user_id, role_ids)
        return resource

    async def archived(self, resource: Resource) -> str:
        """Return where a copy is of a page that died, "" where it lives or there is none."""
        async with self.database.read() as conn:
            known = await checks.one(conn, resource.guild_id, resource.resource_id)
        return known.archived_url if known is not None and known.state == "broken" else ""

    async def drop_expired(self, now: datetime) -> None:
        """Delete links that lead nowhere any more; the opens they led to stay."""
        await self.database.write(
            lambda conn: impressions.drop_expired_links(conn, now.timestamp())
        )

    async def _log_follow(self, link: Link) -> None:
        """Log an open without keeping the reader, who came for the page, when we cannot write.

        A write that is late is not lost: giving up waiting for it does not cancel it.
        """
        writing = self.database.write(
            lambda conn: self._log_open(
                conn, link.guild_id, link.user_id, link.impression_id, link.resource_id
            )
        )
        try:
            await asyncio.wait_for(writing, FOLLOW_WAIT_S)
        except TimeoutError:
            log.warning("an open waits for the writer")
        except Exception:
            log.exception("an open could not be stored")

    async def _log_open(
        self, conn: Connection, guild_id: int, user_id: int, source_id: int, resource_id: int
    ) -> None:
        """Append an open unless the member is not tracked or opened the same a moment ago."""
        now = self.clock().timestamp()
        if await members.untracked(conn, guild_id, {user_id}):
            return
        soon = now + rules.REPEAT_S
        latest = await events.latest_open(conn, guild_id, user_id, source_id, before=soon)
        if latest is not None and rules.is_repeat(latest, now):
            return
        opened = Event(
            guild_id=guild_id,
            source_id=source_id,
            kind=EventKind.OPEN,
            user_id=user_id,
            occurred_at=now,
            qualifier=int(now),
            resource_id=resource_id,
        )
        await events.append(conn, opened, now)


def require_use(resource: Resource, role_ids: Collection[int] | None) -> None:
    """Raise the UserError that names the role which a resource needs, if it is missing."""
    if not may_use(resource, role_ids):
        raise UserError("error-links-role", role=mentions.role(resource.role_id))
