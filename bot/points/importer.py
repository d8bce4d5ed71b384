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
import io
import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import files, ids, tables
from bot.errors import UserError
from bot.points.service import PointsService
from bot.rewards import kinds
from bot.rewards.levels import level_of, level_total
from bot.rewards.ruleset import Levels
from storage import ledger, members
from storage.database import Database

Format = Literal["mee6", "polaris", "levelup", "reputationbot", "csv"]

POINTS_MAX = 10**9
"""Points of one member; more is a mistake in the file."""
TOP = 5
_BATCH = 10_000
_BEYOND = 10**15
_USER_COLUMNS = ("user_id", "userid", "member_id", "discord_id", "member", "user", "id")
_POINT_COLUMNS = ("points", "point", "reputation", "amount", "balance", "score", "xp")
_NAME_COLUMNS = ("username", "display_name", "displayname", "name", "tag")
_POLARIS_CURVE = {"1": 100, "2": 50, "3": 1}
_ROW_KEYS = {"user_id", "receiver_id", "member"}
_LEVELS_MAX = 1_000
_LEVELS_READ_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Claim:
    """What a file says of one member.

    Attributes
    ----------
    level, progress
        Where they stood: the level, and how far towards the next, 0 ≤ progress < 1. ``level`` is
        None where the system had none.
    value
        What they had in the system's own unit.
    prestige
        How often they had begun anew at level 0: named, and worth nothing here.
    """

    user_id: int
    value: Decimal
    level: int | None = None
    progress: Fraction = Fraction(0)
    name: str = ""
    prestige: int = 0


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
        Who had begun anew elsewhere, those who did most often first; it is worth nothing here.
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


class _BadRecord(Exception):
    """One record cannot be used; the message says what is accepted."""


class _Unreadable(Exception):
    """The file as a whole cannot be used."""


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
    refused = PointsReport(tuple(reading.problems), reading.n_records)
    if reading.problems and not skips_bad:
        return refused

    async def job(conn: AsyncConnection) -> PointsReport:
        if is_undone:
            return await _close(conn, points, reading, guild_id, is_dry)
        return await _open(conn, points, reading, guild_id, each, is_dry)

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
    conn: AsyncConnection,
    points: PointsService,
    reading: Reading,
    guild_id: int,
    each: Decimal,
    is_dry: bool,
) -> PointsReport:
    _, in_force = await points.rules_in_force(conn, guild_id)
    wanted = {n: amount_of(claim, in_force.levels, each) for n, claim in reading.claims.items()}
    paid = {n: entry.amount for n, entry in (await points.opened(conn, guild_id)).items()}
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
        top.append(Opening(reading.claims[n], new[n], now, then))
    if not is_dry:
        await points.open_accounts(conn, guild_id, new)
    known = [n for n in wanted if n in paid]
    return PointsReport(
        tuple(reading.problems),
        reading.n_records,
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
    conn: AsyncConnection, points: PointsService, reading: Reading, guild_id: int, is_dry: bool
) -> PointsReport:
    standing = await points.opened(conn, guild_id)
    ids = [n for n in reading.claims if n in standing]
    if not is_dry:
        await points.close_accounts(conn, guild_id, ids)
    total = sum(standing[n].amount for n in ids)
    return PointsReport(
        tuple(reading.problems),
        reading.n_records,
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
            except _BadRecord as problem:
                reading.problems.append(f"{path.name}, {place}: {problem}")
                continue
            if claim is None or claim.value <= 0:
                reading.n_empty += 1
            else:
                reading.add(claim)
    except files.Unreadable as problem:
        where = f"{path.name}, line {problem.line}" if problem.line else path.name
        reading.problems.append(f"{where}: {files.sentence(problem)}")
    except (_Unreadable, _BadRecord) as problem:
        reading.problems.append(f"{path.name}: {problem}")
    except RecursionError:
        reading.problems.append(f"{path.name}: {files.sentence(UserError('error-file-deep'))}")
    except MemoryError:
        reading.problems.append(f"{path.name}: {files.sentence(UserError('error-file-memory'))}")


Rows = Iterator[tuple[str, Any]]
"""The records of a file, each with its place there in words."""
ClaimOf = Callable[[Any], Claim | None]


def _records(content: bytes, form: Format, guild_id: int) -> Iterator[tuple[str, Any, ClaimOf]]:
    rows, claim_of = _FORMATS[form]
    is_table = form == "csv" or (form == "reputationbot" and _is_table(content))
    found = _table(content, form) if is_table else files.documents(content)
    if not found:
        raise _Unreadable("the file is empty")
    for place, row in rows(found, guild_id):
        yield place, row, claim_of


def _is_table(content: bytes) -> bool:
    begin = content[:1_000].decode(files.encoding_of(content), "ignore")
    return begin.lstrip()[:1] not in ("[", "{")


def _listed(document: Any) -> list[Any]:
    return document if isinstance(document, list) else [document]


# ------------------------------------------------------------------------------- one record


def _user_id(value: object) -> int:
    try:
        return ids.discord_id(value)
    except UserError as problem:
        raise _BadRecord(files.sentence(problem)) from None


def _number(value: object, what: str) -> Decimal:
    """Return a value of the file as a number, exactly: at most 40 digits, from 1e-12 to 1e13."""
    text = str(value).strip() if value is not None and not isinstance(value, bool) else ""
    is_plain = text.isascii() and "_" not in text and len(text) <= files.DIGITS_MAX
    try:
        number = Decimal(text) if is_plain else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    # Twelve places to each side: a fraction of 1e-999999999 would take all memory there is.
    if not number.is_finite() or (number and not -12 <= number.adjusted() <= 12):
        raise _BadRecord(f"{what} is {text[:40]!r}; write a number without separators")
    return number


def _level(value: object) -> int:
    number = _number(value, "level")
    if number != int(number) or not 0 <= number <= _LEVELS_READ_MAX:
        raise _BadRecord(f"level is {value}; 0 to {_LEVELS_READ_MAX:,} is accepted")
    return int(number)


def _name(record: Mapping[str, Any]) -> str:
    return next((str(record[key]) for key in _NAME_COLUMNS if record.get(key)), "")


def _share(done: Decimal, floor: Decimal, ceiling: Decimal) -> Fraction:
    """Return how far `done` is from `floor` to `ceiling`, 0 ≤ share < 1."""
    if ceiling <= floor or done <= floor:
        return Fraction(0)
    share = Fraction(done - floor) / Fraction(ceiling - floor)
    return min(share, Fraction(999_999, 1_000_000))


# ------------------------------------------------------------------------------------- MEE6


def mee6_total(level: int) -> int:
    """Return the XP at which MEE6 reaches a level."""
    return 5 * level * (2 * level * level + 27 * level + 91) // 6


def _mee6_rows(documents: list[Any], _guild_id: int) -> Rows:
    for number, player in enumerate(_players(documents), 1):
        yield f"player {number}", player


def _players(document: Any) -> Iterator[Any]:
    """Yield the members of a leaderboard: pages, lists of pages, or the bare list."""
    if isinstance(document, list):
        for each in document:
            yield from _players(each)
    elif isinstance(document, dict) and isinstance(document.get("players"), list):
        yield from document["players"]
    elif isinstance(document, dict) and "id" not in document:
        said = document.get("error") or document.get("message") or ", ".join(document)
        raise _Unreadable(f"no list of players in it, but: {str(said)[:80]}")
    else:
        yield document


def _mee6_claim(player: Any) -> Claim:
    record = _object(player)
    detailed = record.get("detailed_xp")
    parts = detailed if isinstance(detailed, list) and len(detailed) == 3 else None
    xp = _number(record.get("xp", parts[2] if parts else None), "xp")
    reached = bisect_right(range(1, _LEVELS_MAX), int(xp), key=mee6_total)
    level = _level(record.get("level", reached))
    if parts:
        progress = _share(_number(parts[0], "xp"), Decimal(0), _number(parts[1], "xp"))
    else:
        progress = _share(xp, Decimal(mee6_total(level)), Decimal(mee6_total(level + 1)))
    return Claim(_user_id(record.get("id")), xp, level, progress, _name(record))


def _object(record: Any) -> Mapping[str, Any]:
    if not isinstance(record, dict):
        raise _BadRecord("an object with id and xp is accepted")
    return record


# ---------------------------------------------------------------------------------- Polaris


def _polaris_rows(documents: list[Any], _guild_id: int) -> Rows:
    """Yield the users of an export, of a leaderboard's pages, or of users alone."""
    pages = [p for document in documents for p in _listed(document)]
    for page in pages:
        if not isinstance(page, dict):
            raise _Unreadable("no Polaris export: an object with users is expected")
        settings = page.get("settings")
        curve = polaris_curve(settings if isinstance(settings, dict) else {})
        users = page.get("users", page.get("xp", page.get("leaderboard")))
        if users is None and settings is None:
            users = page
        if isinstance(users, list):
            users = {str(_object(user).get("id")): user for user in users}
        if not isinstance(users, dict):
            raise _Unreadable("no Polaris export: it has no users")
        for user_id, user in users.items():
            yield f"user {user_id}", (user_id, user, curve)


def _polaris_claim(row: tuple[Any, Any, list[Decimal]]) -> Claim | None:
    user_id, user, curve = row
    record = _object(user)
    if record.get("xp") is None:
        return None  # a cooldown or a hidden mark alone
    xp = _number(record["xp"], "xp")
    level = bisect_right(curve, xp)
    floor = curve[level - 1] if level else Decimal(0)
    progress = _share(xp, floor, curve[level]) if level < len(curve) else Fraction(0)
    return Claim(_user_id(user_id), xp, level, progress, _name(record))


def polaris_curve(settings: Mapping[str, Any]) -> list[Decimal]:
    """Return the XP at which Polaris reaches levels 1, 2, … under a server's settings."""
    curve = _object(settings.get("curve") or _POLARIS_CURVE)
    rounding = _number(settings.get("rounding", 100), "rounding")
    highest = min(_level(settings.get("maxLevel", _LEVELS_MAX)), _LEVELS_MAX)
    terms = tuple((n, _number(curve.get(str(n), 0), "curve")) for n in (1, 2, 3))
    return _polaris_curve(terms, rounding, highest)


@cache  # every page of a leaderboard brings the same settings
def _polaris_curve(
    terms: tuple[tuple[int, Decimal], ...], rounding: Decimal, highest: int
) -> list[Decimal]:
    step = rounding if rounding > 1 else Decimal(1)
    half = Decimal("0.5")  # JavaScript rounds half up
    return [
        step * math.floor(sum(factor * level**power for power, factor in terms) / step + half)
        for level in range(1, highest + 1)
    ]


# ---------------------------------------------------------------------------------- LevelUp


def _levelup_rows(documents: list[Any], guild_id: int) -> Rows:
    for document in documents:
        conf = _levelup_guild(document, guild_id)
        curve = _object(conf.get("algorithm") or conf)
        base, exponent = (_number(curve.get(k, v), k) for k, v in (("base", 100), ("exp", 2)))
        if base <= 0 or not Decimal("0.1") <= exponent <= 10:
            raise _Unreadable(f"its level algorithm is {base} and {exponent}, which ends nowhere")
        for user_id, user in _object(conf.get("users", {})).items():
            yield f"user {user_id}", (user_id, user, base, exponent)


def _levelup_claim(row: tuple[Any, Any, Decimal, Decimal]) -> Claim:
    user_id, user, base, exponent = row
    record = _object(user)
    xp = _number(record.get("xp", 0), "xp")  # a backup leaves out what is 0
    reached = int(float(max(xp, Decimal(0)) / base) ** (1 / float(exponent)))
    level = _level(record.get("level", reached))
    floor, ceiling = (Decimal(math.ceil(base * Decimal(level + n) ** exponent)) for n in (0, 1))
    prestige = int(_number(record.get("prestige") or 0, "prestige"))
    return Claim(
        _user_id(user_id),
        xp,
        level,
        _share(xp, floor, ceiling),
        name=_name(record),
        prestige=max(prestige, 0),
    )


def _levelup_guild(document: Any, guild_id: int) -> Mapping[str, Any]:
    """Return one guild's settings: from a backup of it, of the whole cog, or of Red itself."""
    if isinstance(document, dict) and len(document) == 1 and "117117117" in document:
        document = document["117117117"]
    if isinstance(document, dict):
        document = document.get("configs", document.get("GUILD", document))
    if not isinstance(document, dict):
        raise _Unreadable("no LevelUp backup: an object is expected")
    guilds = {n: conf for key, conf in document.items() if (n := ids.whole(str(key)))}
    if "users" in document or not guilds:
        if "users" not in document and "algorithm" not in document and "base" not in document:
            raise _Unreadable("no LevelUp backup: it has neither configs nor users")
        return document
    found = guilds[_meant(guilds, guild_id)]
    return _object(found)


def _meant(guilds: Iterable[int], guild_id: int) -> int:
    """Return which of a file's guilds is meant: ours, or the only one."""
    known = sorted(set(guilds))
    if guild_id in known:
        return guild_id
    if len(known) == 1:
        return known[0]
    listed = ", ".join(map(str, known[:10]))
    raise _Unreadable(f"it holds several guilds, none of them {guild_id}: {listed}")


# ------------------------------------------------------------------- Reputation Bot and CSV


def _reputation_rows(found: list[Any], guild_id: int) -> Rows:
    """Yield one record for each member: rankings say a sum, the log and its offsets are added."""
    rows = list(_placed(found))
    guilds = {guild for _, row in rows if (guild := _guild_of(row))}
    meant = _meant(guilds, guild_id) if guilds else 0
    added: dict[str, Decimal] = {}
    for place, row in rows:
        if isinstance(row, UserError):
            yield place, row
            continue
        if not isinstance(row, dict) or _guild_of(row) not in (0, meant):
            continue
        if "receiver_id" in row:
            key, amount = str(row["receiver_id"]), Decimal(1)
        elif "amount" in row and "reputation" not in row:
            key, amount = str(row.get("user_id")), _amount_of(row, place)
        else:
            yield place, row
            continue
        added[key] = added.get(key, Decimal(0)) + amount
    for key, amount in added.items():
        yield f"member {key}", {"user_id": key, "reputation": amount}


def _placed(found: list[Any]) -> Rows:
    """Yield rows, or what is wrong with one, each with its place."""
    if found and isinstance(found[0], tables.Row):
        for row in found:
            yield f"line {row.line}", row.problem or row.cells
        return
    rows = (row for each in found for row in _unwrapped(each))
    for number, row in enumerate(rows, 1):
        yield f"row {number}", row


def _unwrapped(document: Any) -> Iterator[Any]:
    """Yield the rows of a ranking, of the log and of its offsets, however they are wrapped."""
    if isinstance(document, list):
        for each in document:
            yield from _unwrapped(each)
    elif isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list)]
        is_row = not lists or not _ROW_KEYS.isdisjoint(document)
        for value in [[document]] if is_row else lists:
            yield from value
    else:
        raise _Unreadable("rows with user_id and reputation are expected")


def _guild_of(row: Any) -> int:
    """Return the guild that a row names, 0 for none."""
    named = str(row.get("guild_id") or "").strip() if isinstance(row, dict) else ""
    return ids.whole(named) or 0


def _amount_of(row: Mapping[str, Any], place: str) -> Decimal:
    try:
        return _number(row["amount"], "amount")
    except _BadRecord as problem:
        raise _Unreadable(f"{place}: {problem}") from None


def _reputation_claim(found: Any) -> Claim:
    if isinstance(found, UserError):
        raise _BadRecord(files.sentence(found))
    row = _object(found)
    member = row.get("member")
    nested = member if isinstance(member, dict) else {}
    user_id = _user_id(nested.get("id") or _first(row, _USER_COLUMNS))
    value = row.get("reputation", row.get("value"))
    if value is None:
        raise _BadRecord("user_id and reputation are expected")
    return Claim(user_id, _number(value, "reputation"), name=_name(nested) or _name(row))


def _table(content: bytes, form: Format) -> list[Any]:
    """Return a table's rows with their lines; of a CSV file the first may be data already."""
    columns = _CSV if form == "csv" else _REPUTATION
    rows = list(tables.read(io.BytesIO(content), columns).rows)
    if not rows:
        raise _Unreadable("it has no lines below its header")
    named = [str(_first(row.cells, (*_USER_COLUMNS, "receiver_id"))).strip() for row in rows]
    rounded = ids.rounded_together({n for text in named if (n := ids.whole(text))})
    return [
        tables.Row(row.line, problem=UserError("error-id-zeros", value=text))
        if ids.whole(text) in rounded
        else row
        for row, text in zip(rows, named, strict=True)
    ]


def _headless(cells: list[str]) -> list[str] | None:
    try:
        ids.discord_id(cells[0])
    except UserError:
        return None
    return ["user_id", "points", *map(str, range(2, len(cells)))]


_CSV = tables.Form(
    {*_USER_COLUMNS, *_POINT_COLUMNS, *_NAME_COLUMNS}, (_USER_COLUMNS, _POINT_COLUMNS), _headless
)
_REPUTATION = tables.Form(
    {*_USER_COLUMNS, *_NAME_COLUMNS, "guild_id", "receiver_id", "reputation", "value", "amount"},
    ((*_USER_COLUMNS, "receiver_id"),),
)


def _csv_rows(rows: list[Any], _guild_id: int) -> Rows:
    for row in rows:
        yield f"line {row.line}", row


def _csv_claim(row: tables.Row) -> Claim:
    if row.problem is not None:
        raise _BadRecord(files.sentence(row.problem))
    value = _number(_first(row.cells, _POINT_COLUMNS), "points")
    return Claim(_user_id(_first(row.cells, _USER_COLUMNS)), value, name=_name(row.cells))


def _first(row: Mapping[str, Any], columns: Iterable[str]) -> Any:
    return next((row[name] for name in columns if row.get(name) not in (None, "")), None)


_FORMATS: Mapping[
    Format, tuple[Callable[[list[Any], int], Rows], Callable[[Any], Claim | None]]
] = {
    "mee6": (_mee6_rows, _mee6_claim),
    "polaris": (_polaris_rows, _polaris_claim),
    "levelup": (_levelup_rows, _levelup_claim),
    "reputationbot": (_reputation_rows, _reputation_claim),
    "csv": (_csv_rows, _csv_claim),
}
