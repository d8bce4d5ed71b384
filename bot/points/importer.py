"""``lyceum import points``: what members earned elsewhere, as one opening entry each.

Exports are read as they come: MEE6's leaderboard pages, Polaris's export and leaderboard,
LevelUp's backups of any age, Reputation Bot's tables as CSV or JSON, and plain CSV. Systems with
levels keep the level: a member who stood at level 7 and 40 % of the way to 8 gets the points at
which the guild's own curve is at level 7 and 40 % of the way to 8. Reputation and plain points are
taken as they stand, times `each`.

A member is opened once, whatever the format: importing again pays nobody twice, and says where a
file has changed. Everything is written in one transaction, or nothing is.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot import files
from bot.errors import UserError
from bot.points import counted, levelled
from bot.points.claims import BadRecord, Claim, ClaimOf, Format, Unreadable
from bot.points.service import PointsService
from bot.rewards import kinds
from bot.rewards.levels import level_of, level_total
from bot.rewards.ruleset import Levels
from storage import audit, ledger, members
from storage.connection import Connection
from storage.database import Database
from storage.records import OPERATOR, AuditRow

FORMATS = {**levelled.FORMATS, **counted.FORMATS}
POINTS_MAX = 10**9
"""Points of one member; more is a mistake in the file."""
TOP = 5
_BATCH = 10_000
_BEYOND = 10**15


@dataclass(frozen=True, slots=True)
class Opening:
    """What one member is to be opened with, and the level they have now and then here."""

    claim: Claim
    amount: int
    level_now: int
    level_then: int


@dataclass(frozen=True, slots=True)
class PointsReport:
    """How an import went, or would go.

    Attributes
    ----------
    problems
        Records that cannot be used; with any of them, nothing is written unless they are skipped.
    n_new, total
        Members who are opened, and with how much together.
    n_same
        Members who were opened before with just this.
    differing
        Members who were opened before with another amount: id, that amount, this one. They are
        left alone.
    n_untracked, n_empty, n_repeated
        Who asked not to be tracked, records without points, and members who stood there twice.
    top
        The five with the most.
    prestiges
        Who had begun again elsewhere, those who did most often first; it is worth nothing here.
    is_written
        Whether the entries stand now.
    """

    problems: tuple[str, ...]
    n_records: int
    n_new: int = 0
    total: int = 0
    n_same: int = 0
    differing: tuple[tuple[int, int, int], ...] = ()
    n_untracked: int = 0
    n_empty: int = 0
    n_repeated: int = 0
    top: tuple[Opening, ...] = ()
    prestiges: tuple[Claim, ...] = ()
    is_written: bool = False


@dataclass(slots=True)
class Reading:
    """What was found in one or several files; the highest claim of a member stands."""

    claims: dict[int, Claim] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    n_records: int = 0
    n_repeated: int = 0
    n_empty: int = 0

    def add(self, claim: Claim) -> None:
        """Take a member's claim; of several the highest, for pages overlap."""
        known = self.claims.get(claim.user_id)
        self.n_repeated += known is not None
        if known is None or claim.value > known.value:
            self.claims[claim.user_id] = claim

    def refuse_beyond(self, most: int, each: Decimal) -> None:
        """Refuse who would get more than `most` points for what a system without levels counts."""
        for claim in list(self.claims.values()):
            if claim.level is None and claim.value * each > most:
                del self.claims[claim.user_id]
                found = f"{claim.value:f} times {each:f} is more than {most:,} points"
                self.problems.append(f"member {claim.user_id}: {found}")


async def import_points(
    database: Database,
    points: PointsService,
    paths: Sequence[Path],
    *,
    form: Format,
    guild_id: int,
    each: Decimal = Decimal(1),
    is_dry: bool = False,
    skips_bad: bool = False,
    is_undone: bool = False,
) -> PointsReport:
    """Open members' accounts with what exported files say they had.

    Parameters
    ----------
    each
        Points for one of what a system without levels counts.
    is_dry
        Only say what would happen.
    skips_bad
        Leave bad records out instead of writing nothing.
    is_undone
        Take back what the members in the files were opened with, instead.
    """
    reading = await asyncio.to_thread(_read, paths, form, guild_id)
    reading.refuse_beyond(POINTS_MAX, each)
    refused = PointsReport(problems=tuple(reading.problems), n_records=reading.n_records)
    if reading.problems and not skips_bad:
        return refused

    async def job(conn: Connection) -> PointsReport:
        if is_undone:
            report = await _close(conn, points, reading, guild_id, is_dry)
        else:
            report = await _open(conn, points, reading, guild_id, each, is_dry)
        if report.n_new and not is_dry:
            row = AuditRow(
                guild_id=guild_id,
                actor_id=OPERATOR,
                action="import.points.undo" if is_undone else "import.points",
                occurred_at=points.clock().timestamp(),
                details={"members": report.n_new, "amount": report.total},
            )
            await audit.append(conn, row)
        return report

    if is_dry:
        async with database.read() as conn:
            return await job(conn)
    return await database.write(job)


def _read(paths: Sequence[Path], form: Format, guild_id: int) -> Reading:
    reading = Reading()
    for path in paths:
        try:
            content = files.content_of(path)
        except files.Unreadable as error:
            reading.problems.append(f"{path.name}: {files.sentence(error)}")
            continue
        read_export(reading, path, content, form, guild_id)
    return reading


async def _open(
    conn: Connection,
    points: PointsService,
    reading: Reading,
    guild_id: int,
    each: Decimal,
    is_dry: bool,
) -> PointsReport:
    _, in_force = await points.rules_in_force(conn, guild_id)
    wanted = {n: amount_of(claim, in_force.levels, each) for n, claim in reading.claims.items()}
    paid = {n: entry.amount for n, entry in (await points.entries.opened(conn, guild_id)).items()}
    ids = list(wanted)
    untracked: set[int] = set()
    for start in range(0, len(ids), _BATCH):
        untracked |= await members.untracked(conn, guild_id, set(ids[start : start + _BATCH]))
    new = {
        n: amount for n, amount in wanted.items() if amount and n not in paid and n not in untracked
    }
    top = []
    for n in sorted(new, key=lambda n: (-new[n], n))[:TOP]:
        earned = await ledger.earned(conn, guild_id, n)
        now, then = (level_of(in_force.levels, earned + plus) for plus in (0, new[n]))
        top.append(Opening(claim=reading.claims[n], amount=new[n], level_now=now, level_then=then))
    if not is_dry:
        await points.entries.open_accounts(conn, guild_id, new)
    known = [n for n in wanted if n in paid]
    return PointsReport(
        problems=tuple(reading.problems),
        n_records=reading.n_records,
        n_new=len(new),
        total=sum(new.values()),
        n_same=sum(paid[n] == wanted[n] for n in known),
        differing=tuple((n, paid[n], wanted[n]) for n in known if paid[n] != wanted[n]),
        n_untracked=len(untracked - paid.keys()),
        n_empty=reading.n_empty + sum(not amount for amount in wanted.values()),
        n_repeated=reading.n_repeated,
        top=tuple(top),
        prestiges=tuple(_prestiges(reading)),
        is_written=not is_dry,
    )


def _prestiges(reading: Reading) -> list[Claim]:
    began = (claim for claim in reading.claims.values() if claim.prestige)
    return sorted(began, key=lambda claim: (-claim.prestige, claim.user_id))


async def _close(
    conn: Connection, points: PointsService, reading: Reading, guild_id: int, is_dry: bool
) -> PointsReport:
    standing = await points.entries.opened(conn, guild_id)
    ids = [n for n in reading.claims if n in standing]
    if not is_dry:
        await points.entries.close_accounts(conn, guild_id, ids)
    total = sum(standing[n].amount for n in ids)
    return PointsReport(
        problems=tuple(reading.problems),
        n_records=reading.n_records,
        n_new=len(ids),
        total=total,
        is_written=not is_dry,
    )


def amount_of(claim: Claim, levels: Levels, each: Decimal = Decimal(1)) -> int:
    """Return what a claim is worth here, in hundredths, rounded down.

    A level is kept, and how far it was to the next; beyond the guild's highest level one gets
    that. Without a level it is ``value`` times ``each`` points.
    """
    if claim.level is None:
        return int(claim.value * each * kinds.POINT)
    level = min(claim.level, level_of(levels, _BEYOND))
    floor = level_total(levels, level) or 0
    ceiling = level_total(levels, level + 1)
    if ceiling is None or level < claim.level:
        return floor
    return floor + int((ceiling - floor) * claim.progress)


def read_export(reading: Reading, path: Path, content: bytes, form: Format, guild_id: int) -> None:
    """Read one exported file into `reading`; what is wrong in it becomes a problem there.

    Parameters
    ----------
    guild_id
        Which guild is meant, where a file holds several.
    """
    try:
        for place, row, claim_of in _records(content, form, guild_id):
            reading.n_records += 1
            try:
                claim = claim_of(row)
            except BadRecord as problem:
                reading.problems.append(f"{path.name}, {place}: {problem}")
                continue
            if claim is None or claim.value <= 0:
                reading.n_empty += 1
            else:
                reading.add(claim)
    except files.Unreadable as problem:
        where = f"{path.name}, line {problem.line}" if problem.line else path.name
        reading.problems.append(f"{where}: {files.sentence(problem)}")
    except (Unreadable, BadRecord) as problem:
        reading.problems.append(f"{path.name}: {problem}")
    except RecursionError:
        reading.problems.append(f"{path.name}: {files.sentence(UserError('error-file-deep'))}")
    except MemoryError:
        reading.problems.append(f"{path.name}: {files.sentence(UserError('error-file-memory'))}")


def _records(content: bytes, form: Format, guild_id: int) -> Iterator[tuple[str, Any, ClaimOf]]:
    rows, claim_of = FORMATS[form]
    is_table = form == "csv" or (form == "reputationbot" and _is_table(content))
    found = counted.table(content, form) if is_table else files.documents(content)
    if not found:
        raise Unreadable("the file is empty")
    for place, row in rows(found, guild_id):
        yield place, row, claim_of


def _is_table(content: bytes) -> bool:
    begin = content[:1_000].decode(files.encoding_of(content), "ignore")
    return begin.lstrip()[:1] not in ("[", "{")
