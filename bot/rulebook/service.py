"""What moderators do with the rules: read, draft, try, publish, roll back, carry elsewhere."""

import asyncio
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.legible import is_blank
from bot.points.service import Effect, PointsService, Scope
from bot.rewards import calendar, fields, formats, kinds, levels, ruleset, tally
from bot.rewards.fields import Field, RuleError, UnknownFieldError
from bot.rewards.kinds import ACTS
from bot.rewards.ruleset import RuleSet
from bot.rewards.tally import Comparison, Figures, Tally
from bot.rewards.tally import Place as Place
from bot.rulebook import rules, trial
from bot.rulebook.rules import Changes, Difference
from storage import audit, ledger, members, rescores, rulebook
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditAction, AuditRow, Rescore, RuleDraft, StoredRuleSet

HISTORY_SIZE = 8

_NOTHING = Effect()


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the rules; 0 are the defaults, published by nobody and always in force.

    ``is_live`` says that it is in force now, ``differences`` what it changed in the one before.
    """

    version: int
    rules: RuleSet
    is_live: bool
    by: int = 0
    at: float = 0.0
    effective_at: float = 0.0
    reason: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What moderators are working on, beside the rules in force.

    Attributes
    ----------
    live
        The version in force.
    newest
        The newest one, in force or scheduled: what the draft changes.
    rules
        The newest with the draft's changes.
    differences
        Between the rules in force and the draft.
    by, at
        Who changed it last, and when; None where nothing is drafted.
    time_zone
        The guild's, in which moments are written.
    """

    live: Version
    newest: Version
    rules: RuleSet
    differences: tuple[Difference, ...]
    by: int | None
    at: float | None
    time_zone: str

    @property
    def stamp(self) -> str:
        """A mark of what is shown, which publishing asks for."""
        return rules.stamp(self.newest.version, self.rules)


@dataclass(frozen=True, slots=True)
class Publication:
    """A version just published, and what it changes in the rules in force before.

    ``rescore`` is what is to be carried out with it, None where nothing is counted anew.
    """

    version: int
    effective_at: float
    is_later: bool
    differences: tuple[Difference, ...]
    rescore: Rescore | None = None


@dataclass(frozen=True, slots=True)
class History:
    """A page of versions, the newest first; pages count from 1.

    ``rescores`` are all decisions to count anew, the newest first, ``undoable`` the one that can
    be taken back now, None for none.
    """

    versions: tuple[Version, ...]
    page: int
    has_more: bool
    rescores: tuple[Rescore, ...] = ()
    undoable: Rescore | None = None


@dataclass(slots=True)
class Progress:
    """How far a preview or a count has come; whoever shows it reads it when they like."""

    n_read: int = 0
    n_total: int = 0

    def seen(self, n_read: int, n_total: int) -> None:
        """Take note of how far it is."""
        self.n_read, self.n_total = n_read, n_total


@dataclass(frozen=True, slots=True)
class Preview:
    """What a draft would have done to the last days, beside the rules in force.

    Attributes
    ----------
    version
        The version in force.
    minted
        By kind what was paid and stands, under the rules in force and under the draft.
    places
        The first places of both boards, by their place on the draft's.
    levels
        How many members reach a higher and a lower level by the draft's curve, with what they
        have earned so far (or will have, counted anew).
    since, day
        The moment from which on what was earned would be counted anew, and its day; None for a
        preview of days.
    effect
        What that would change in the ledger.
    stamp
        A mark of the draft that was previewed.
    """

    days: int
    n_events: int
    version: int
    differences: tuple[Difference, ...]
    minted: tuple[tuple[str, int, int], ...]
    before: Figures
    after: Figures
    places: tuple[Place, ...]
    rising: tuple[Place, ...]
    falling: tuple[Place, ...]
    levels: tuple[int, int]
    since: int | None = None
    day: str = ""
    effect: Effect = _NOTHING
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class RulebookService:
    """Moderators' work on the rules of a guild."""

    database: Database
    clock: Clock
    points: PointsService

    # ------------------------------------------------------------------------ reading

    async def in_force(self, guild_id: int) -> Version:
        """Return the rules in force."""
        async with self.database.read() as conn:
            return await self._live(conn, guild_id)

    async def draft(self, guild_id: int) -> Draft:
        """Return the draft of the guild, which without one is the newest version as it is."""
        async with self.database.read() as conn:
            return await self._draft(conn, guild_id)

    async def history(self, guild_id: int, page: int = 1) -> History:
        """Return a page of versions and what each changed in the one before it."""
        async with self.database.read() as conn:
            live = await self._live(conn, guild_id)
            wanted = page * HISTORY_SIZE + 1
            stored = await ledger.rule_set_history(conn, guild_id, wanted)
            decided = await rescores.of_guild(conn, guild_id)
        shown = stored[(page - 1) * HISTORY_SIZE :]
        rules_of = [formats.from_dict(each.rules) for each in shown] + [RuleSet()]
        versions = [
            _version(each, own, live.version, rules.differences(before, own))
            for each, own, before in zip(shown, rules_of, rules_of[1:], strict=False)
        ]
        return History(
            versions=tuple(versions[:HISTORY_SIZE]),
            page=page,
            has_more=len(stored) == wanted,
            rescores=tuple(decided),
            undoable=rules.undoable(decided),
        )

    async def export(self, guild_id: int, version: int | None = None) -> tuple[int, str]:
        """Return a version's number and its rules as TOML; None takes the one in force.

        Raises
        ------
        UserError
            There is no such version.
        """
        async with self.database.read() as conn:
            if version is None:
                found = await self._live(conn, guild_id)
            else:
                found = await self._version(conn, guild_id, version)
        return found.version, formats.to_toml(found.rules)

    # ----------------------------------------------------------------------- drafting

    async def edit(
        self,
        guild_id: int,
        actor_id: int,
        field: Field,
        written: str,
        *,
        chosen: tuple[int, ...] = (),
        percent: str = "",
    ) -> Draft:
        """Change one value of the draft, and return the draft.

        Parameters
        ----------
        chosen, percent
            For multipliers: channels or roles to be set to a percentage besides.

        Raises
        ------
        UserError
            The value is not one that the field takes.
        """
        value = parsed(field, written)
        if field.kind == "weights" and chosen:
            wanted = parsed(
                fields.Field(rule="", name="", kind="percent", low=0, high=fields.WEIGHT_MAX),
                percent,
            )
            assert isinstance(value, tuple) and isinstance(wanted, int)
            value = rules.weighed(value, chosen, wanted)  # type: ignore[arg-type]
        if field.kind == "weights" and len(value) > field.high:  # type: ignore[arg-type]
            raise _refusal(field)

        async def job(conn: Connection) -> Draft:
            shown = await self._draft(conn, guild_id)
            wanted = fields.with_value(shown.rules, field, value)
            return await self._redraft(conn, guild_id, actor_id, shown, wanted, "rules.draft")

        return await self.database.write(job)

    async def bring(self, guild_id: int, actor_id: int, data: bytes) -> Draft:
        """Make rules written as TOML the draft, and return it.

        Raises
        ------
        UserError
            It is no such file, or holds what rules do not take.
        """
        wanted = _read(data)

        async def job(conn: Connection) -> Draft:
            shown = await self._draft(conn, guild_id)
            return await self._redraft(conn, guild_id, actor_id, shown, wanted, "rules.import")

        return await self.database.write(job)

    async def discard(self, guild_id: int, actor_id: int) -> Draft:
        """Forget the draft; return what is left, the newest version."""

        async def job(conn: Connection) -> Draft:
            if await rulebook.draft(conn, guild_id) is not None:
                await rulebook.drop_draft(conn, guild_id)
                await self._audit_draft(conn, guild_id, actor_id, "rules.discard")
            return await self._draft(conn, guild_id)

        return await self.database.write(job)

    # ------------------------------------------------------------------------- trying

    async def preview(self, guild_id: int, days: int, progress: Progress) -> Preview:
        """Replay the last days under the rules in force and under the draft; writes nothing.

        Both begin with empty days and pairs, so that only the rules differ. It is done by
        processes that end with the request.

        Raises
        ------
        UserError
            The draft says what is in force already, or the processes died.
        """
        async with self.database.read() as conn:
            draft = await self._draft(conn, guild_id)
            last = await rescores.last_event(conn)
        if not draft.differences:
            raise StaleError("error-rulebook-nothing-drafted")
        asked = trial.Asked(
            database=str(self.database.path),
            guild_id=guild_id,
            since=self.clock().timestamp() - days * ruleset.DAY_S,
            last=last,
            before=formats.to_dict(draft.live.rules),
            after=formats.to_dict(draft.rules),
        )
        tried = await trial.run_trial(asked, progress.seen)
        return _preview(draft, days, tried.n_events, tried.found, tried.levels)

    async def preview_rescore(self, guild_id: int, written: str, progress: Progress) -> Preview:
        """Count what was earned since a day by the draft, beside what the ledger holds.

        Parameters
        ----------
        written
            The day (YYYY-MM-DD), in the guild's time zone.

        Raises
        ------
        UserError
            The draft says what is in force already, or the day cannot be counted from.
        """
        async with self.database.read() as conn:
            draft = await self._draft(conn, guild_id)
            if not draft.differences:
                raise StaleError("error-rulebook-nothing-drafted")
            since = await self._since(conn, guild_id, calendar.day_start(written, draft.time_zone))
            tallies = Tally(draft.live.rules), Tally(draft.rules)
            last = await rescores.last_event(conn)
            count = self.points.recount(
                guild_id,
                Scope(rules=draft.rules, version=draft.newest.version + 1, since=since, until=last),
            )
            n_events = 0
            async for stretch in count.run(conn):
                n_events += stretch.n_since
                tallies[0].add((paid, 0, False) for paid in stretch.held)
                tallies[1].add(move for move in stretch.moves if move.payment.event_id)
                progress.seen(stretch.n_read, stretch.n_total)
            effect = await self.points.effect(conn, count)
            hidden = await rulebook.hidden(conn, guild_id)
            earned = await rulebook.earned(conn, guild_id)
        found = await asyncio.to_thread(tally.compare, *tallies, hidden)
        levels = await asyncio.to_thread(_level_moves, draft, earned, effect)
        shown = _preview(draft, 0, n_events, found, levels, effect)
        day = calendar.day_written(since, draft.time_zone)
        return replace(shown, since=int(since), day=day, stamp=draft.stamp)

    async def days_back(self, guild_id: int) -> list[tuple[str, int]]:
        """Return days that may be counted from, with how many days ago each was."""
        now = self.clock().timestamp()
        async with self.database.read() as conn:
            zone = (await members.guild(conn, guild_id)).time_zone
            first_at = await rescores.first_at(conn, ACTS, guild_id)
        if first_at is None:
            return []
        first = rules.first_day(first_at, zone, now)
        wanted = [(now - days * ruleset.DAY_S, days) for days in rules.BACK_DAYS]
        found = [(calendar.day_written(at, zone), days) for at, days in wanted]
        return [each for each in found if (calendar.day_start(each[0], zone) or 0.0) >= first]

    async def _since(self, conn: Connection, guild_id: int, at: float | None) -> float:
        """Return the moment if what was earned from it on may be counted anew."""
        now = self.clock().timestamp()
        zone = (await members.guild(conn, guild_id)).time_zone
        first_at = await rescores.first_at(conn, ACTS, guild_id)
        if first_at is None:
            raise UserError("error-rulebook-no-events")
        first = rules.first_day(first_at, zone, now)
        if at is None or not first <= at <= now:
            raise UserError(
                "error-rulebook-since",
                first=calendar.day_written(first, zone),
                last=calendar.day_written(now, zone),
                days=rules.BACK_DAYS_MAX,
                zone=zone,
            )
        return at

    # --------------------------------------------------------------------- publishing

    async def publish(
        self,
        guild_id: int,
        actor_id: int,
        shown: str,
        reason: str,
        written_at: str = "",
        *,
        since: float | None = None,
    ) -> Publication:
        """Publish the draft as a new version, with an audit row.

        Parameters
        ----------
        shown
            The stamp of the draft that the moderator saw.
        written_at
            When it takes effect, in the guild's time zone; empty for at once.
        since
            From when on what was earned is counted anew, which `rescore` then does; only for a
            version that takes effect at once. None leaves what was earned as it is.

        Raises
        ------
        UserError
            The draft is no longer what was seen or changes nothing, there is no reason, the
            moment cannot be read or has passed, or something is being counted already.
        """
        now = self.clock().timestamp()

        async def job(conn: Connection) -> Publication:
            draft = await self._draft(conn, guild_id)
            if draft.stamp != shown:
                raise StaleError("error-rulebook-moved")
            at = rules.moment(written_at, draft.time_zone, now)
            if at is None:
                raise UserError(
                    "error-rulebook-moment", zone=draft.time_zone, days=rules.AHEAD_DAYS_MAX
                )
            made = await self._publish(
                conn, guild_id, actor_id, draft.live, draft.rules, reason, at
            )
            await rulebook.drop_draft(conn, guild_id)
            if since is None:
                return made
            wanted = Rescore(
                guild_id=guild_id,
                version=made.version,
                from_version=draft.live.version,
                since_at=await self._since(conn, guild_id, since),
                until_event=0,
                paid_until=0,
                created_by=actor_id,
                reason=reason.strip(),
                created_at=now,
            )
            return replace(made, rescore=await self._decide(conn, wanted, "rules.rescore"))

        return await self.database.write(job)

    async def rescore(self, decision: Rescore, progress: Progress) -> Rescore:
        """Carry out a decision, or what is left of it; return it with what it came to."""
        return await self.points.carry_out(decision, progress.seen)

    async def day_of(self, decision: Rescore) -> str:
        """Return the day from which a decision counts, in the guild's time zone."""
        async with self.database.read() as conn:
            zone = (await members.guild(conn, decision.guild_id)).time_zone
        return calendar.day_written(decision.since_at, zone)

    async def undo_rescore(
        self, guild_id: int, actor_id: int, rescore_id: int, reason: str
    ) -> Rescore:
        """Decide to take a count back, which `rescore` then does; the rules stay in force.

        Raises
        ------
        UserError
            There is no reason; it was taken back already; a later one has to be taken back
            before it; or something is being counted.
        """
        if is_blank(reason):
            raise UserError("error-rulebook-reason")
        now = self.clock().timestamp()

        async def job(conn: Connection) -> Rescore:
            found = rules.undoable(await rescores.of_guild(conn, guild_id))
            if await rescores.is_running(conn, guild_id):
                raise UserError("error-points-rescoring")
            if found is None or found.rescore_id != rescore_id:
                raise StaleError("error-rulebook-undone")
            wanted = replace(
                found,
                undoes=rescore_id,
                created_by=actor_id,
                reason=reason.strip(),
                created_at=now,
                finished_at=None,
                n_entries=0,
                n_members=0,
                amount=0,
            )
            return await self._decide(conn, wanted, "rules.rescore.undo")

        return await self.database.write(job)

    async def _decide(self, conn: Connection, wanted: Rescore, action: AuditAction) -> Rescore:
        rescore_id = await self.points.decide(conn, wanted)
        details = {"version": wanted.version, "since": wanted.since_at, "reason": wanted.reason}
        row = AuditRow(
            guild_id=wanted.guild_id,
            actor_id=wanted.created_by,
            action=action,
            occurred_at=wanted.created_at,
            subject=str(wanted.undoes or rescore_id),
            details=details,
        )
        await audit.append(conn, row)
        decided = await rescores.decision(conn, wanted.guild_id, rescore_id)
        assert decided is not None
        return decided

    async def set_value(
        self, guild_id: int, actor_id: int, field: Field, written: str, reason: str
    ) -> Publication:
        """Publish the newest version with one value changed, at once; a draft stays a draft.

        Raises
        ------
        UserError
            The value is not one that the field takes, or is what it is already.
        """
        value = parsed(field, written)

        async def job(conn: Connection) -> Publication:
            live, newest = await self._live(conn, guild_id), await self._newest(conn, guild_id)
            wanted = fields.with_value(newest.rules, field, value)
            if wanted == newest.rules:
                raise UserError("error-points-unchanged")
            now = self.clock().timestamp()
            return await self._publish(conn, guild_id, actor_id, live, wanted, reason, now)

        return await self.database.write(job)

    async def roll_back(
        self, guild_id: int, actor_id: int, version: int, reason: str
    ) -> Publication:
        """Publish an old version's rules as a new version, at once.

        Raises
        ------
        UserError
            There is no such version, or it is what is in force.
        """

        async def job(conn: Connection) -> Publication:
            live = await self._live(conn, guild_id)
            old = await self._version(conn, guild_id, version)
            now = self.clock().timestamp()
            return await self._publish(conn, guild_id, actor_id, live, old.rules, reason, now)

        return await self.database.write(job)

    async def _publish(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        live: Version,
        wanted: RuleSet,
        reason: str,
        at: float,
    ) -> Publication:
        reason, now = reason.strip(), self.clock().timestamp()
        found = rules.differences(live.rules, wanted)
        if not found:
            raise UserError("error-rulebook-nothing")
        if is_blank(reason):
            raise UserError("error-rulebook-reason")
        version = await self.points.publish(
            conn, guild_id, wanted, actor_id=actor_id, reason=reason, effective_at=at
        )
        details = {
            "version": version,
            "effective_at": at,
            "reason": reason,
            "changes": _written(found),
        }
        row = AuditRow(
            guild_id=guild_id,
            actor_id=actor_id,
            action="rules.publish",
            occurred_at=now,
            subject=str(version),
            details=details,
        )
        await audit.append(conn, row)
        return Publication(version=version, effective_at=at, is_later=at > now, differences=found)

    # ------------------------------------------------------------------ what is stored

    async def _live(self, conn: Connection, guild_id: int) -> Version:
        stored = await ledger.rule_set_at(conn, guild_id, self.clock().timestamp())
        if stored is None:
            return Version(0, RuleSet(), True)
        return _version(stored, formats.from_dict(stored.rules), stored.version)

    async def _newest(self, conn: Connection, guild_id: int) -> Version:
        live, stored = await self._live(conn, guild_id), await ledger.rule_set(conn, guild_id)
        if stored is None:
            return live
        return _version(stored, formats.from_dict(stored.rules), live.version)

    async def _version(self, conn: Connection, guild_id: int, version: int) -> Version:
        live = await self._live(conn, guild_id)
        if version == 0:
            return Version(0, RuleSet(), live.version == 0)
        stored = await ledger.rule_set(conn, guild_id, version)
        if stored is None:
            raise UserError("error-rulebook-version")
        return _version(stored, formats.from_dict(stored.rules), live.version)

    async def _draft(self, conn: Connection, guild_id: int) -> Draft:
        stored = await rulebook.draft(conn, guild_id)
        newest, live = await self._newest(conn, guild_id), await self._live(conn, guild_id)
        shown = rules.drafted(newest.rules, stored.changes) if stored else newest.rules
        return Draft(
            live=live,
            newest=newest,
            rules=shown,
            differences=rules.differences(live.rules, shown),
            by=stored.edited_by if stored else None,
            at=stored.edited_at if stored else None,
            time_zone=(await members.guild(conn, guild_id)).time_zone,
        )

    async def _redraft(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        shown: Draft,
        wanted: RuleSet,
        action: AuditAction,
    ) -> Draft:
        found = rules.differences(shown.rules, wanted)
        if found:
            await self._audit_draft(conn, guild_id, actor_id, action, changes=_written(found))
        changes: Changes = rules.changes_of(shown.newest.rules, wanted)
        if changes:
            now = self.clock().timestamp()
            await rulebook.save_draft(
                conn,
                RuleDraft(guild_id=guild_id, changes=changes, edited_by=actor_id, edited_at=now),
            )
        else:
            await rulebook.drop_draft(conn, guild_id)
        return await self._draft(conn, guild_id)

    async def _audit_draft(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        action: AuditAction,
        **details: Mapping[str, list[str]],
    ) -> None:
        row = AuditRow(
            guild_id=guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self.clock().timestamp(),
            details=details,
        )
        await audit.append(conn, row)


def _written(found: Collection[Difference]) -> dict[str, list[str]]:
    """Return what changed as the audit trail keeps it: before and after by rule and field."""
    return {
        f"{each.field.rule}.{each.field.name}": [
            fields.write(each.field, each.before),
            fields.write(each.field, each.after),
        ]
        for each in found
    }


def _preview(
    draft: Draft,
    days: int,
    n_events: int,
    found: Comparison,
    levels: tuple[int, int],
    effect: Effect | None = None,
) -> Preview:
    return Preview(
        days,
        n_events,
        draft.live.version,
        draft.differences,
        found.minted,
        found.before,
        found.after,
        found.places,
        *tally.movers(found.places),
        levels,
        effect=effect or _NOTHING,
    )


def _level_moves(draft: Draft, earned: Mapping[int, int], effect: Effect) -> tuple[int, int]:
    people = sorted({*earned, *effect.by_member})
    return levels.level_moves(
        draft.live.rules.levels,
        draft.rules.levels,
        (earned.get(each, 0) for each in people),
        (max(earned.get(each, 0) + effect.by_member.get(each, 0), 0) for each in people),
    )


def field_of(rule: str, name: str) -> Field:
    """Return a field by its names.

    Raises
    ------
    UserError
        There is no such rule, or it has no such field.
    """
    if rule not in {field.rule for field in fields.FIELDS}:
        raise UserError("error-points-rule")
    try:
        return fields.field_of(rule, name)
    except UnknownFieldError:
        raise UserError("error-points-field") from None


def bounds(field: Field) -> Mapping[str, str | int]:
    """Return the variables of the text that says what a field takes."""
    unit = kinds.POINT if field.kind == "points" else 1
    return {"low": field.low // unit, "high": field.high // unit, "field": field.name}


def parsed(field: Field, written: str) -> fields.Value:
    """Return the value that a moderator wrote for a field.

    Raises
    ------
    UserError
        It says what the field takes.
    """
    try:
        return fields.parse(field, written)
    except RuleError:
        raise _refusal(field) from None


def _refusal(field: Field) -> UserError:
    return UserError(f"error-points-{field.kind}", **bounds(field))


def _read(data: bytes) -> RuleSet:
    if len(data) > rules.TOML_BYTES_MAX:
        raise UserError("error-rulebook-file")
    try:
        return formats.from_toml(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UserError("error-rulebook-file") from None
    except tomllib.TOMLDecodeError as error:
        raise UserError("error-rulebook-toml", where=str(error)) from None
    except UnknownFieldError as error:
        raise UserError("error-rulebook-unknown", path=error.path) from None
    except RuleError as error:
        path = f"{error.field.rule}.{error.field.name}"
        raise UserError(
            "error-rulebook-value",
            path=path,
            low=bounds(error.field)["low"],
            high=bounds(error.field)["high"],
        ) from None


def _version(
    stored: StoredRuleSet, of: RuleSet, live: int, found: tuple[Difference, ...] = ()
) -> Version:
    return Version(
        version=stored.version,
        rules=of,
        is_live=stored.version == live,
        by=stored.created_by,
        at=stored.created_at,
        effective_at=stored.effective_at,
        reason=stored.reason,
        differences=found,
    )
