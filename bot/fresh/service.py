"""Looking at links, one of a host at a time; what is due for review; saying that it is current."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlsplit

import numpy as np

from bot.catalog.service import CatalogService
from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.fresh import rules
from bot.pages.service import PagesService
from bot.submissions.service import SubmissionsService
from storage import audit, catalog, checks, feedback
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditRow, Check, CheckState, Resource

ARCHIVE = "https://archive.org/wayback/available?url="
ROUND_MAX = 20
_DUE_MAX = 120
_ENROLLED_MAX = 500
_LATER_S = 120.0
_BROKEN_SHOWN = 10
_AGED_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Due:
    """A resource that somebody should look at: its link is broken, or it is old for its kind."""

    resource: Resource
    check: Check | None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one look found."""

    state: CheckState | None
    problem: str = ""
    status: int | None = None
    etag: str = ""
    modified: str = ""
    moved_url: str = ""


@dataclass(frozen=True, slots=True)
class FreshService:
    """Keeps what is known of links; ``archive`` answers for copies of pages that died."""

    database: Database
    clock: Clock
    pages: PagesService
    catalog: CatalogService
    rng: np.random.Generator
    archive: str = ARCHIVE

    @classmethod
    def of(cls, submissions: SubmissionsService) -> "FreshService":
        """Make it of what submissions are made of."""
        return cls(
            database=submissions.database,
            clock=submissions.clock,
            pages=submissions.pages,
            catalog=submissions.catalog,
            rng=submissions.rng,
        )

    async def due(self) -> list[tuple[Check, Resource]]:
        """Return the links of one round, each of another host; the others wait for the next."""
        now = self.clock().timestamp()

        async def job(conn: Connection) -> list[tuple[Check, Resource]]:
            await checks.enrol(conn, now, int(rules.EVERY_S), _ENROLLED_MAX)
            for guild_id, resource_id, _ in await feedback.checks_due(conn):
                await checks.ask(conn, guild_id, resource_id, now)
            chosen: dict[str, tuple[Check, Resource]] = {}
            later = []
            for check, resource in await checks.due(conn, now, _DUE_MAX):
                host = urlsplit(resource.url).hostname or ""
                if host in chosen or len(chosen) >= ROUND_MAX:
                    later.append(resource.resource_id)
                else:
                    chosen[host] = check, resource
            await checks.put_off(conn, later, now + _LATER_S)
            return list(chosen.values())

        return await self.database.write(job)

    async def look(self, check: Check, resource: Resource) -> Check:
        """Look at one link and write down what came of it."""
        seen = await self._seen(check, resource.url)
        return await self._keep(check, resource, seen)

    async def ask(self, guild_id: int, resource_id: int) -> Check:
        """Look at a resource's link now.

        Raises
        ------
        StaleError
            There is no such resource.
        """
        async with self.database.read() as conn:
            resource = await catalog.resource(conn, guild_id, resource_id)
            known = await checks.one(conn, guild_id, resource_id)
        if resource is None:
            raise StaleError("error-fresh-gone")
        now = self.clock().timestamp()
        blank = Check(guild_id=guild_id, resource_id=resource_id, next_at=now)
        return await self.look(replace(known or blank, asked_at=now), resource)

    async def for_review(self, guild_id: int) -> tuple[list[Due], list[Due]]:
        """Return what is broken, and what is older than its kind stays current here."""
        now = self.clock().timestamp()
        async with self.database.read() as conn:
            half_lives = rules.half_lives(await checks.lives(conn, guild_id, now))
            broken = await checks.broken(conn, guild_id, _BROKEN_SHOWN)
            aged = await checks.aged(conn, guild_id, now, half_lives, _AGED_SHOWN)
            ids = [number for _, number in broken] + aged
            known = await catalog.by_ids(conn, guild_id, ids)
        return (
            [Due(known[number], check) for check, number in broken if number in known],
            [Due(known[number], None) for number in aged if number in known],
        )

    async def one(self, guild_id: int, resource_id: int) -> Due:
        """Return a resource with what is known of its link."""
        async with self.database.read() as conn:
            resource = await catalog.resource(conn, guild_id, resource_id)
            check = await checks.one(conn, guild_id, resource_id)
        if resource is None:
            raise StaleError("error-fresh-gone")
        return Due(resource, check)

    async def current(self, guild_id: int, actor_id: int, resource_id: int) -> Due:
        """Say that a resource is current: it is as if it had been published today."""
        now = self.clock().timestamp()

        async def job(conn: Connection) -> Due:
            resource = await catalog.resource(conn, guild_id, resource_id)
            if resource is None:
                raise StaleError("error-fresh-gone")
            known = await checks.one(conn, guild_id, resource_id)
            blank = Check(guild_id=guild_id, resource_id=resource_id, next_at=now)
            changed = replace(known or blank, reviewed_at=now)
            await checks.save(conn, changed)
            row = AuditRow(
                guild_id=guild_id,
                actor_id=actor_id,
                action="resource.current",
                occurred_at=now,
                subject=str(resource_id),
                details={"title": resource.title},
            )
            await audit.append(conn, row)
            return Due(resource, changed)

        return await self.database.write(job)

    async def retire(self, guild_id: int, actor_id: int, resource_id: int) -> Due:
        """Take a resource out of the catalogue."""
        await self.catalog.set_state(guild_id, actor_id, resource_id, "retired")
        return await self.one(guild_id, resource_id)

    async def _seen(self, check: Check, url: str) -> _Seen:
        """Ask for the head first, and for the page where that does not tell enough."""
        if not rules.is_asked(url):
            return _Seen("closed")
        known = {"etag": check.etag, "modified": check.modified}
        said: Mapping[str, Any] = {}
        try:
            answer = await self.pages.touched(url, **known)
            landed = answer.url
            said = {"etag": answer.etag[:500], "modified": answer.modified[:100]}
            is_same = bool(answer.etag) and answer.etag == check.etag
            if check.state == "ok" and (answer.status == 304 or is_same):
                return _Seen("ok", status=answer.status, **(said if answer.etag else known))
        except UserError as error:
            if error.key != "error-pages-status":
                return _failed(error)
            landed = url  # not every server answers to HEAD
        try:
            page = await self.pages.look(url)
        except UserError as error:
            return _failed(error)
        if rules.is_missing(page.title):
            return _Seen(None, "fresh-problem-title", 200)
        if rules.is_front(url, landed):
            return _Seen(None, "fresh-problem-front", 200)
        if rules.is_elsewhere(url, landed):
            return _Seen("moved", status=200, moved_url=landed, **said)
        return _Seen("ok", status=200, **said)

    async def _keep(self, check: Check, resource: Resource, seen: _Seen) -> Check:
        now, archived = self.clock().timestamp(), check.archived_url
        n_failures = 0 if seen.state is not None else check.n_failures + 1
        state = seen.state
        if state is None:
            doubted = check.asked_at is not None
            broken = rules.is_broken(seen.status or 0, n_failures, doubted)
            state = "broken" if broken or check.state == "broken" else check.state
        if state == "broken" and not archived:
            archived = await self._archived(resource.url)
        changed = replace(
            check,
            state=state,
            problem=seen.problem,
            status=seen.status,
            n_failures=n_failures,
            etag=seen.etag,
            modified=seen.modified,
            moved_url=seen.moved_url[:2_000],
            archived_url=archived if state == "broken" else "",
            next_at=now + rules.rest_s(state, n_failures, float(self.rng.random())),
            asked_at=None if seen.state is not None or state == "broken" else check.asked_at,
            checked_at=now,
        )

        async def job(conn: Connection) -> None:
            await checks.save(conn, changed)
            key = (changed.guild_id, changed.resource_id)
            is_alive = state in ("ok", "moved")
            await feedback.checked(conn, *key, is_alive=is_alive, looked_at=now)

        await self.database.write(job)
        return changed

    async def _archived(self, url: str) -> str:
        """Return the archive's last copy of a page, "" where it has none or does not answer."""
        try:
            answer = await self.pages.said(self.archive + quote(url, safe=""))
            said = json.loads(answer.body)
            found = said["archived_snapshots"]["closest"]["url"]
        except (UserError, ValueError, KeyError, TypeError, RecursionError):
            return ""
        parts = urlsplit(found) if isinstance(found, str) and len(found) <= 512 else None
        if parts is None or parts.hostname != "web.archive.org":
            return ""
        return parts._replace(scheme="https").geturl()


def _failed(error: UserError) -> _Seen:
    status = int(error.params.get("status") or 0)
    state = rules.judged(error.key, status)
    problem = "" if state == "ok" else error.key
    return _Seen(state, problem, status or None)
