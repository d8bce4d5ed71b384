"""``lyceum import interactions``: what people did elsewhere becomes events.

The file (`interactions`) is read twice: once to check every line and to learn which resources and
people it speaks of, once to store it in chunks. A row's identity is a hash of what it says, so
importing a file again adds nothing. Imported history earns no points.

A number that stands for a resource is the catalogue's only as long as no title or address in the
file says otherwise: identity comes before what a cell happens to look like.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from bot import dates, ids
from bot.activity.interactions import Preset, Problem, hash_of, page_of, read_rows
from bot.catalog.rules import TITLE_MAX, url_key
from bot.clock import Clock
from bot.errors import StartError, UserError
from bot.files import sentence
from storage import audit, catalog, events, members
from storage.connection import Connection
from storage.database import Database
from storage.records import OPERATOR, AuditRow, Event, Guild, Resource

Progress = Callable[[int, int], None]

CHUNK = 5_000
"""Rows of one transaction."""
PROBLEMS_SHOWN = 20
RESOURCES_MAX = 200_000
MEMBERS_MAX = 2_000_000
"""Different ones in one file: all of them are in memory."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. ``problems`` holds the first 20 of ``n_problems``."""

    read: int
    imported: int = 0
    already_there: int = 0
    untracked: int = 0
    resources_made: int = 0
    members_seen: int = 0
    n_problems: int = 0
    problems: tuple[Problem, ...] = ()
    has_consent: bool = False
    is_refused: bool = False
    numbers_are_own: bool = False

    def summary(self) -> list[str]:
        """Return the report in sentences."""
        lines = [str(problem) for problem in self.problems]
        if self.n_problems > len(self.problems):
            lines.append(f"… and {self.n_problems - len(self.problems):,} more refused lines.")
        if self.is_refused:
            return [*lines, "Nothing was imported: --strict takes all lines or none."]
        lines.append(
            f"{self.read:,} lines read: {self.imported:,} events imported,"
            f" {self.already_there:,} were there already, {self.n_problems:,} lines refused;"
            f" {self.members_seen:,} members, {self.resources_made:,} new resources."
        )
        if self.numbers_are_own:
            lines.append(
                "The numbers of resources in it are its own: its titles or addresses are not"
                " those that the catalogue has by these numbers."
            )
        if self.untracked:
            lines.append(f"{self.untracked:,} events of members who are not tracked were left out.")
        if not self.has_consent:
            lines.append(
                "These events train nothing unless their members agree, earlier ones included."
            )
        return lines


async def import_interactions(
    database: Database,
    clock: Clock,
    path: Path,
    *,
    guild_id: int,
    preset: Preset = "generic",
    with_consent: bool = False,
    strict: bool = False,
    progress: Progress = lambda done, total: None,
) -> ImportReport:
    """Store the interactions of a file as events of a guild.

    Parameters
    ----------
    path
        A ``.csv``, ``.csv.gz``, or ``.zip`` that holds one ``.csv``.
    with_consent
        The members have agreed that their events train the recommender; recorded for those who
        were never asked. Always so for ``deskdrop``, which is published research data.
    strict
        Import nothing if any line is refused; otherwise the good ones are imported.
    progress
        Called with (rows done, rows in total).

    Raises
    ------
    StartError
        The file cannot be read, or lacks a column.
    """
    now = clock().timestamp()
    has_consent = with_consent or preset == "deskdrop"
    found = await asyncio.to_thread(_survey, path, preset, now + dates.DAY_S)
    report = ImportReport(
        found.n_read,
        members_seen=len(found.members),
        n_problems=found.n_problems,
        problems=tuple(found.problems),
        has_consent=has_consent,
    )
    if strict and found.n_problems:
        return replace(report, is_refused=True)
    resolved = await _resolve(database, guild_id, preset, found, now)
    total, done, n_new, n_hidden = found.n_good, 0, 0, 0
    progress(done, total)
    happened = _events(path, preset, now + dates.DAY_S, guild_id, resolved.ids)
    while chunk := await asyncio.to_thread(lambda: list(islice(happened, CHUNK))):
        added, hidden = await _store(database, guild_id, chunk, now, has_consent=has_consent)
        done, n_new, n_hidden = done + len(chunk), n_new + added, n_hidden + hidden
        progress(done, total)
    if n_new:
        await _write_down(database, guild_id, now, n=n_new, members=len(found.members))
    return replace(
        report,
        imported=n_new,
        already_there=total - n_new - n_hidden,
        untracked=n_hidden,
        resources_made=resolved.n_made,
        numbers_are_own=resolved.are_own,
    )


async def _write_down(database: Database, guild_id: int, now: float, **counts: int) -> None:
    """Write down that the operator imported interactions."""
    row = AuditRow(
        guild_id=guild_id,
        actor_id=OPERATOR,
        action="import.interactions",
        occurred_at=now,
        details=dict(counts),
    )
    await database.write(lambda conn: audit.append(conn, row))


@dataclass(slots=True)
class _Mentioned:
    """A resource as a file speaks of it: since when, and by which title and address."""

    first_at: float
    title: str = ""
    url: str = ""


@dataclass(slots=True)
class _Survey:
    n_read: int = 0
    n_good: int = 0
    n_problems: int = 0
    problems: list[Problem] = field(default_factory=list)
    resources: dict[str, _Mentioned] = field(default_factory=dict)
    members: set[int] = field(default_factory=set)
    bare: set[int] = field(default_factory=set)


def _survey(path: Path, preset: Preset, latest: float) -> _Survey:
    survey = _Survey()
    for row in read_rows(path, preset, latest=latest):
        survey.n_read += 1
        if isinstance(row, Problem):
            survey.n_problems += 1
            if len(survey.problems) < PROBLEMS_SHOWN:
                survey.problems.append(row)
            continue
        survey.n_good += 1
        survey.members.add(row.member_id)
        if row.is_bare:
            survey.bare.add(row.member_id)
        known = survey.resources.setdefault(row.resource, _Mentioned(row.occurred_at))
        known.first_at = min(known.first_at, row.occurred_at)
        known.title, known.url = known.title or row.title, known.url or row.url
        if len(survey.resources) > RESOURCES_MAX or len(survey.members) > MEMBERS_MAX:
            most = f"{RESOURCES_MAX:,} different resources or {MEMBERS_MAX:,} members"
            raise StartError(f"{path} speaks of more than {most}; split it")
    if preset == "generic" and (rounded := ids.rounded_together(survey.bare)):
        problem = UserError("error-id-zeros", value=str(min(rounded)))
        raise StartError(f"{path}, column member: {sentence(problem)}")
    return survey


@dataclass(frozen=True, slots=True)
class _Found:
    """The resources' ids by their name in the file, how many are new, and whose numbers those are.

    ``are_own`` says that the file's numbers are not the catalogue's.
    """

    ids: dict[str, int]
    n_made: int
    are_own: bool


async def _resolve(
    database: Database, guild_id: int, preset: Preset, survey: _Survey, now: float
) -> _Found:
    """Find or make every resource."""
    wanted = {
        name: _resource(guild_id, preset, name, mentioned, now)
        for name, mentioned in survey.resources.items()
    }
    keys = {name: url_key(resource.url) for name, resource in wanted.items()}

    async def job(conn: Connection) -> _Found:
        if not (await members.guild(conn, guild_id)).created_at:
            await members.save_guild(conn, Guild(guild_id, created_at=now))
        known = await catalog.keyed(conn, guild_id)
        numbered = {str(resource.resource_id): resource for resource in known.values()}
        meant = {
            name: numbered[name] for name in wanted if preset == "generic" and name in numbered
        }
        are_own = any(_contradicts(survey.resources[name], one) for name, one in meant.items())
        found = {} if are_own else {name: one.resource_id for name, one in meant.items()}
        # What an earlier import called so stays what it was, whatever has that number by now.
        found |= {name: known[key].resource_id for name, key in keys.items() if key in known}
        new = {keys[name]: resource for name, resource in wanted.items() if name not in found}
        await catalog.add_all(conn, [(resource, key) for key, resource in new.items()])
        known = await catalog.keyed(conn, guild_id) if new else known
        made = {name: known[keys[name]].resource_id for name in wanted if name not in found}
        return _Found(found | made, len(new), are_own)

    return await database.write(job)


def _contradicts(mentioned: _Mentioned, resource: Resource) -> bool:
    """Say whether what the file says of a number is not what the catalogue has by it."""
    if mentioned.url:
        return url_key(mentioned.url) != url_key(resource.url)
    titles = (" ".join(title.casefold().split()) for title in (mentioned.title, resource.title))
    return bool(mentioned.title) and len(set(titles)) > 1


def _resource(
    guild_id: int, preset: Preset, name: str, mentioned: _Mentioned, now: float
) -> Resource:
    return Resource(
        guild_id=guild_id,
        kind="article",
        title=mentioned.title or f"Imported {name}"[:TITLE_MAX],
        url=mentioned.url or page_of(preset, name),
        published_at=mentioned.first_at,
        created_at=now,
        updated_at=now,
    )


def _events(
    path: Path, preset: Preset, latest: float, guild_id: int, numbers: Mapping[str, int]
) -> Iterator[Event]:
    """Yield the file's good rows as events; equal rows are told apart by a count."""
    seen: Counter[int] = Counter()
    for row in read_rows(path, preset, latest=latest):
        if isinstance(row, Problem):
            continue
        source_id = hash_of(
            f"{preset}\0{row.occurred_at!r}\0{int(row.kind)}\0{row.resource}\0{row.member_id}"
        )
        yield Event(
            guild_id=guild_id,
            source_id=source_id,
            kind=row.kind,
            user_id=row.member_id,
            occurred_at=row.occurred_at,
            qualifier=seen[source_id],
            resource_id=numbers[row.resource],
        )
        seen[source_id] += 1


async def _store(
    database: Database, guild_id: int, chunk: list[Event], now: float, *, has_consent: bool
) -> tuple[int, int]:
    """Store a chunk; return how many events were new and how many members' wish left out."""

    async def job(conn: Connection) -> tuple[int, int]:
        people = {event.user_id for event in chunk}
        hidden = await members.untracked(conn, guild_id, people)
        if has_consent:
            await members.grant_unknown(conn, guild_id, people - hidden, now)
        kept = [event for event in chunk if event.user_id not in hidden]
        return await events.insert_many(conn, kept, now), len(chunk) - len(kept)

    return await database.write(job)
