"""The catalogue's use cases: describe a resource, retire it, find it, post it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot import ids
from bot.catalog import fields, misses, publishing, rules
from bot.catalog.fields import accepted as accepted
from bot.catalog.fields import checked as checked
from bot.catalog.fields import require_tags as require_tags
from bot.catalog.fields import tags_of as tags_of
from bot.catalog.fields import with_price
from bot.clock import Clock
from bot.errors import UserError
from bot.links.service import LinksService, Shown, may_use
from bot.points.service import PointsService
from bot.search.service import Asked, Found, SearchService
from storage import audit as trail
from storage import catalog, deeds, joins, opened
from storage.connection import Connection
from storage.database import Database
from storage.records import (
    AuditAction,
    AuditRow,
    Filters,
    Resource,
    ResourceState,
)

PAGE_SIZE = 5
PAGES_MAX = 20
TAGS_NAMED = 5
"""Tags that a page is proposed with, of those that it names."""
NEAREST_MAX = 3
"""Words offered where nothing was found."""
_ANY = Filters()
LIVE: tuple[ResourceState, ...] = ("live",)
ANY_STATE: tuple[ResourceState, ...] = ("live", "retired")
_ARM = "search"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search; ``number`` counts from 1, ``saved`` are ids of resources.

    ``corrected`` is the query as it was understood where a word of it was misspelt; ``nearest``
    are words of the catalogue to try where nothing was found, ``fits_unfiltered`` that something
    would be found without the filters. ``is_poor`` says that nothing good was found, so that a
    member may want to ask for it.
    """

    shown: list[Shown]
    saved: frozenset[int]
    number: int
    has_more: bool
    corrected: str | None = None
    nearest: tuple[str, ...] = ()
    fits_unfiltered: bool = False
    is_poor: bool = False


@dataclass(frozen=True, slots=True)
class CatalogService:
    """Keeps a guild's resources. ``role_ids`` None stands for a member who may see all."""

    database: Database
    clock: Clock
    links: LinksService
    points: PointsService
    words: SearchService = field(default_factory=SearchService)

    async def add(
        self, guild_id: int, actor_id: int, raw: Mapping[str, str], **extra: Any
    ) -> Resource:
        """Store a new resource as a moderator described it.

        Parameters
        ----------
        raw
            Texts by field, see `rules.parse`; kind, title and url are needed.
        extra
            Fields that need no checking: ``creator_id``, ``role_id``.

        Raises
        ------
        UserError
            A field is refused, or the page is in the catalogue already.
        """
        values = checked(raw) | extra

        async def job(conn: Connection) -> Resource:
            await require_tags(conn, guild_id, values)
            return await self.add_in(conn, guild_id, actor_id, values)

        return await self.database.write(job)

    async def add_in(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        values: Mapping[str, Any],
        *,
        proposed_by: int | None = None,
    ) -> Resource:
        """Store a new resource in the caller's transaction, of values that were checked."""
        values = await fields.settled(conn, guild_id, values)
        resource = self.described(guild_id, actor_id, values)
        key = rules.url_key(resource.url)
        await self._must_be_free(conn, resource, key)
        stored = replace(resource, resource_id=await catalog.add(conn, resource, key))
        await self.audit(conn, actor_id, "resource.add", stored)
        await publishing.tell(conn, self.points, actor_id, stored, proposed_by)
        return stored

    def described(self, guild_id: int, actor_id: int, values: Mapping[str, Any]) -> Resource:
        """Return the resource that checked values describe, as it would be stored now."""
        now = self.clock().timestamp()
        blank = Resource(
            guild_id=guild_id,
            kind=values["kind"],
            title=values["title"],
            url=values["url"],
            added_by=actor_id,
            published_at=now,
            created_at=now,
            updated_at=now,
        )
        return rules.described(blank, values)

    async def edit(
        self,
        guild_id: int,
        actor_id: int,
        resource_id: int,
        raw: Mapping[str, str],
        **extra: Any,
    ) -> Resource:
        """Change the given fields of a resource; see `add`."""

        async def job(conn: Connection) -> Resource:
            await require_tags(conn, guild_id, tags_of(raw))
            return await self.edit_in(conn, guild_id, actor_id, resource_id, raw, **extra)

        return await self.database.write(job)

    async def edit_in(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        resource_id: int,
        raw: Mapping[str, str],
        **extra: Any,
    ) -> Resource:
        """Do what `edit` does, in the caller's transaction."""
        known = await self._existing(conn, guild_id, resource_id)
        values = await fields.settled(conn, guild_id, checked(with_price(known, raw)) | extra)
        if not values:
            raise UserError("error-catalog-nothing")
        changed = replace(rules.described(known, values), updated_at=self.clock().timestamp())
        key = rules.url_key(changed.url) if "url" in values else None
        if key is not None:
            await self._must_be_free(conn, changed, key)
        await catalog.change(conn, changed, key)
        named = values.keys() - {"is_free"}
        differing = sorted(n for n in named if getattr(known, n) != getattr(changed, n))
        before, after = rules.logged(known), rules.logged(changed)
        both = {n: [before[n], after[n]] for n in differing if n in before}
        await self.audit(conn, actor_id, "resource.edit", changed, fields=differing, values=both)
        return changed

    async def set_state(
        self, guild_id: int, actor_id: int, resource_id: int, state: ResourceState
    ) -> Resource:
        """Retire a resource, so that it is shown nowhere, or bring it back."""
        return await self.database.write(
            lambda conn: self.set_state_in(conn, guild_id, actor_id, resource_id, state)
        )

    async def set_state_in(
        self, conn: Connection, guild_id: int, actor_id: int, resource_id: int, state: ResourceState
    ) -> Resource:
        """Do what `set_state` does, in the caller's transaction."""
        known = await self._existing(conn, guild_id, resource_id)
        changed = replace(known, state=state, updated_at=self.clock().timestamp())
        if state == "live":
            changed = replace(changed, moved_to=None, is_merged=False)
        if known.state != state:
            await catalog.change(conn, changed)
            if known.moved_to is not None and state == "live":
                await joins.part(conn, guild_id, resource_id, known.moved_to)
                await opened.mark(conn, guild_id, (resource_id, known.moved_to))
            done: AuditAction = "resource.live" if state == "live" else "resource.retired"
            await self.audit(conn, actor_id, done, changed)
            if known.moved_to is None:  # what was merged or replaced kept its points
                await publishing.tell(conn, self.points, actor_id, changed)
        return changed

    async def at(self, guild_id: int, url: str) -> tuple[str, str, Resource | None]:
        """Return an address as it is kept, its key, and what the guild has there.

        Raises
        ------
        UserError
            It is no web address.
        """
        kept = checked({"url": url})["url"]
        key = rules.url_key(kept)
        async with self.database.read() as conn:
            return kept, key, await catalog.by_url_key(conn, guild_id, key)

    async def tags_in(self, guild_id: int, text: str) -> str:
        """Return the server's own tags that a text names, as they are written, "" for none."""
        async with self.database.read() as conn:
            tree = await fields.tree_of(conn, guild_id)
            named = await self.words.named(conn, guild_id, text, tree.ids) if tree.ids else set()
        return ";".join(fields.narrowest(tree, named)[:TAGS_NAMED])

    async def pick(
        self,
        guild_id: int,
        text: str,
        *,
        role_ids: Collection[int] | None = None,
        states: Collection[ResourceState] = LIVE,
    ) -> Resource:
        """Return the resource an option means: a suggestion, its words, or else its number.

        Raises
        ------
        UserError
            Nothing or more than one resource fits.
        """
        may_see: dict[str, Any] = {"role_ids": role_ids, "states": states}
        found = await self.find(guild_id, text, limit=2, **may_see)
        number = ids.whole(text.strip())
        if not found and number is not None:
            found = await self.find(guild_id, ids.choice(number), **may_see)
        one = ids.meant(found, text, lambda each: each.title)
        if one is None:
            raise UserError("error-catalog-pick", value=text[:100])
        return one

    async def live(self, guild_id: int, resource_id: int) -> Resource:
        """Return a resource that a button names.

        Raises
        ------
        UserError
            It is not in the catalogue any more.
        """
        async with self.database.read() as conn:
            known = await catalog.resource(conn, guild_id, resource_id)
        if known is None or known.state != "live":
            raise UserError("error-links-gone")
        return known

    async def find(self, guild_id: int, text: str, **narrowing: Any) -> list[Resource]:
        """Return the resource that was chosen from suggestions, else those that fit the words.

        A number that somebody typed is text: what it occurs in is shown, not what it counts.

        Parameters
        ----------
        narrowing
            As in `bot.search.service.Asked`.
        """
        return (await self._found(Asked(guild_id=guild_id, text=text, **narrowing))).resources

    async def _found(self, asked: Asked) -> Found:
        async with self.database.read() as conn:
            number = ids.chosen(asked.text)
            if number is not None:
                one = await catalog.resource(conn, asked.guild_id, number)
                is_shown = (
                    one is not None and one.state in asked.states and may_use(one, asked.role_ids)
                )
                return Found([one] if one is not None and is_shown and asked.offset == 0 else [])
            return await self.words.resources(conn, asked, self.clock().timestamp())

    async def search(
        self,
        guild_id: int,
        user_id: int,
        text: str,
        *,
        filters: Filters = _ANY,
        role_ids: Collection[int] | None = None,
        language: str | None = None,
        number: int = 1,
    ) -> Page:
        """Return a page of what fits, logging each resource on it as shown to the member."""
        offset = (number - 1) * PAGE_SIZE
        asked = Asked(
            guild_id=guild_id,
            text=text,
            user_id=user_id,
            language=language,
            filters=filters,
            role_ids=role_ids,
            limit=PAGE_SIZE + 1,
            offset=offset,
            folds=True,
        )
        found = await self._found(asked)
        on_page = found.resources[:PAGE_SIZE]
        is_poor = number == 1 and not found.is_good and ids.chosen(text) is None
        if not on_page:
            return await self._nothing(asked, number, is_poor)

        async def job(conn: Connection) -> tuple[list[Shown], frozenset[int]]:
            if is_poor:
                await misses.note(conn, asked, self.clock().timestamp())
            shown = await self.links.show(
                conn, guild_id, user_id, on_page, "search", arm=_ARM, first_position=offset + 1
            )
            numbers = [one.resource_id for one in on_page]
            saved = [i for i in numbers if await deeds.is_saved(conn, guild_id, user_id, i)]
            return shown, frozenset(saved)

        shown, saved = await self.database.write(job)
        return Page(
            shown=shown,
            saved=saved,
            number=number,
            has_more=len(found.resources) > PAGE_SIZE and number < PAGES_MAX,
            corrected=found.corrected,
            is_poor=is_poor,
        )

    async def _nothing(self, asked: Asked, number: int, is_poor: bool) -> Page:
        """Return an empty page with what to try: without the filters, or other words."""
        if is_poor:
            now = self.clock().timestamp()
            await self.database.write(lambda conn: misses.note(conn, asked, now))
        now, wide = self.clock().timestamp(), replace(asked, filters=_ANY, limit=1, offset=0)
        async with self.database.read() as conn:
            fits = (await self.words.resources(conn, wide, now)).resources
            nearest = [] if fits else await self.words.nearest(conn, wide, NEAREST_MAX, now)
        return Page(
            shown=[],
            saved=frozenset(),
            number=number,
            has_more=False,
            nearest=tuple(nearest),
            fits_unfiltered=bool(fits) and not asked.filters.is_any,
            is_poor=is_poor,
        )

    async def posted(
        self, guild_id: int, message_id: int, channel_id: int, resource_id: int
    ) -> None:
        """Remember a public card, so that reactions and replies to it count as interest."""
        now = self.clock().timestamp()
        await self.database.write(
            lambda conn: catalog.remember_message(
                conn, guild_id, message_id, channel_id, resource_id, now
            )
        )

    async def _existing(self, conn: Connection, guild_id: int, resource_id: int) -> Resource:
        known = await catalog.resource(conn, guild_id, resource_id)
        if known is None:
            raise UserError("error-catalog-pick", value=str(resource_id))
        return known

    async def _must_be_free(self, conn: Connection, resource: Resource, key: str) -> None:
        other = await catalog.by_url_key(conn, resource.guild_id, key)
        if other is not None and other.resource_id != resource.resource_id:
            is_live = other.state == "live"
            raise UserError(
                "error-catalog-duplicate" if is_live else "error-catalog-duplicate-retired",
                title=other.title,
            )

    async def audit(
        self,
        conn: Connection,
        actor_id: int,
        action: AuditAction,
        resource: Resource,
        **details: Any,
    ) -> None:
        """Write down what was done to a resource, in the caller's transaction."""
        row = AuditRow(
            guild_id=resource.guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self.clock().timestamp(),
            subject=str(resource.resource_id),
            details=details | {"title": resource.title},
        )
        await trail.append(conn, row)
