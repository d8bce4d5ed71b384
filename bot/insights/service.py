"""Figures about a guild, who is held out, and experiments: started, looked at, ended."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot import arms
from bot.clock import Clock
from bot.errors import UserError
from bot.gaps.service import Gaps as Gaps
from bot.gaps.service import GapsService
from bot.insights import rules
from bot.insights.counting import count
from bot.insights.today import TodayService
from bot.insights.trying import Plan
from storage import audit, catalog, policies, showings
from storage.connection import Connection
from storage.database import Database
from storage.folding import folded
from storage.records import (
    AuditAction,
    AuditRow,
    Experiment,
    MetricName,
    Policy,
    PolicyName,
    Resource,
    TrialState,
    Wish,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Started:
    """An experiment that began, the smallest difference that it will see, and the rate before."""

    experiment: Experiment
    least: float
    rate: float


@dataclass(frozen=True, slots=True)
class Looked:
    """An experiment, and what it has found."""

    experiment: Experiment
    found: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """A resource of a creator's own, and what became of it."""

    resource: Resource
    found: dict[str, Any]


@dataclass(frozen=True, slots=True)
class InsightsService:
    """Measures, and tries out."""

    database: Database
    clock: Clock
    gaps: GapsService
    today: TodayService = field(init=False)

    def __post_init__(self) -> None:
        """Have what waits looked at by the same clock."""
        object.__setattr__(self, "today", TodayService(self.database, self.clock))

    async def figures(self, guild_id: int, days: int) -> dict[str, Any]:
        """Return figures of the last days; see `bot.insights.counting`.

        Raises
        ------
        UserError
            Counting failed, or took too long.
        """
        now = self.clock().timestamp()
        return await count(self.database.path, guild_id, now - days * rules.WEEK_S / 7, now)

    async def between(self, guild_id: int, since: float, until: float) -> dict[str, Any]:
        """Return figures of what was shown between two moments, as `figures`."""
        return await count(self.database.path, guild_id, since, until)

    async def made(self, guild_id: int, user_id: int, days: int) -> list[Made]:
        """Return what became of a member's own resources in the last days.

        Raises
        ------
        UserError
            They are the creator of none, or counting failed.
        """
        now = self.clock().timestamp()
        since = now - days * rules.WEEK_S / 7
        counted = await count(self.database.path, guild_id, since, now, creator=user_id)
        found = counted["resources"]
        if not found:
            raise UserError("error-insights-no-creator")
        async with self.database.read() as conn:
            known = await catalog.by_ids(conn, guild_id, [each["resource"] for each in found])
        return [Made(known[each["resource"]], each) for each in found if each["resource"] in known]

    async def missing(self, guild_id: int, made: Sequence[Made]) -> Gaps:
        """Return what is asked for and missing in the topics of what somebody made.

        At least five members stand behind each, as `bot.gaps` counts them.
        """
        found = await self.gaps.missing(guild_id)
        tags = {folded(tag) for one in made for tag in one.resource.tags}

        def is_about(wish: Wish) -> bool:
            return rules.names_one_of(folded(wish.text), tags)

        return Gaps(
            wished=tuple(one for one in found.wished if is_about(one)),
            missed=tuple(one for one in found.missed if is_about(one)),
            topics=tuple(one for one in found.topics if folded(one.tag) in tags),
            n_small=0,
        )

    # ------------------------------------------------------------------------------- holdout

    async def policy(self, guild_id: int) -> Policy:
        """Return who is held out, and what is tried out."""
        async with self.database.read() as conn:
            return await policies.of(conn, guild_id)

    async def hold_out(self, guild_id: int, actor_id: int, percent: int | None) -> Policy:
        """Store which share of members is held out; None lets it follow their number.

        Raises
        ------
        UserError
            More than `rules.HOLDOUT_MAX_PERCENT`.
        """
        if percent is not None and not 0 <= percent <= rules.HOLDOUT_MAX_PERCENT:
            raise UserError("error-insights-holdout", most=rules.HOLDOUT_MAX_PERCENT)

        async def job(conn: Connection) -> Policy:
            share = await self._default(conn, guild_id) if percent is None else percent / 100
            await policies.hold_out(conn, guild_id, share, is_set=percent is not None)
            await self._note(conn, guild_id, actor_id, "insights.holdout", {"percent": percent})
            return await policies.of(conn, guild_id)

        return await self.database.write(job)

    async def _default(self, conn: Connection, guild_id: int) -> float:
        since = self.clock().timestamp() - rules.SPANS[-1] * rules.WEEK_S / 7
        return arms.holdout_share(await showings.n_members(conn, guild_id, since))

    # --------------------------------------------------------------------------- experiments

    async def start(
        self,
        guild_id: int,
        actor_id: int,
        *,
        policy: PolicyName,
        value: float,
        percent: int,
        weeks: int,
        metric: MetricName,
    ) -> Started:
        """Start an experiment; say what it can see.

        Raises
        ------
        UserError
            One runs already, the value is out of range, nothing was shown yet, or nothing this
            server could see in `rules.WEEKS_MAX` weeks is smaller than the rate itself.
        """
        if not rules.is_within(policy, value):
            low, high = rules.RANGES[policy]
            raise UserError("error-insights-value", low=f"{low:g}", high=f"{high:g}")
        now, share = self.clock().timestamp(), percent / 100
        async with self.database.read() as conn:
            if await policies.running(conn, guild_id) is not None:
                raise UserError("error-insights-running")
        most = rules.WEEKS_MAX
        plan = Plan(policy=policy, metric=metric, share=share, weeks=weeks, weeks_max=most)
        since = now - rules.PAST_WEEKS * rules.WEEK_S
        seen = await count(self.database.path, guild_id, since, now, plan=plan)
        if seen["rate"] is None:
            raise UserError("error-insights-nothing")
        if seen["least"] > seen["worst"]:
            if seen["longest"] is None:
                raise UserError("error-insights-hopeless", weeks=rules.WEEKS_MAX)
            raise UserError("error-insights-longer", weeks=seen["longest"])
        wanted = Experiment(
            guild_id=guild_id,
            started_by=actor_id,
            policy=policy,
            value=value,
            share=share,
            metric=metric,
            matters=seen["matters"],
            planned=seen["planned"],
            started_at=now,
            ends_at=now + weeks * rules.WEEK_S,
        )

        async def job(conn: Connection) -> Experiment:
            if await policies.running(conn, guild_id) is not None:
                raise UserError("error-insights-running")
            number = await policies.start(conn, wanted)
            details = {"policy": policy, "value": value, "weeks": weeks}
            await self._note(conn, guild_id, actor_id, "experiment.start", details)
            return replace(wanted, experiment_id=number)

        return Started(await self.database.write(job), seen["least"], seen["rate"])

    async def look(self, guild_id: int) -> list[Looked]:
        """Return the experiment that runs with what it has found, then those before it."""
        async with self.database.read() as conn:
            found = await policies.latest(conn, guild_id, 5)
        return [Looked(each, await self._found(each)) for each in found]

    async def stop(self, guild_id: int, actor_id: int) -> Looked:
        """End the experiment that runs.

        Raises
        ------
        UserError
            None does.
        """
        async with self.database.read() as conn:
            trial = await policies.running(conn, guild_id)
        if trial is None:
            raise UserError("error-insights-none")
        found = await self._found(trial)
        await self._end(trial, "stopped", found, actor_id)
        return Looked(replace(trial, state="stopped"), found)

    async def tick(self, now: datetime) -> None:
        """End experiments that are over, or have found something; settle who is held out."""
        async with self.database.read() as conn:
            running = await policies.all_running(conn)
            guilds = await policies.with_models(conn)
        for trial in running:
            try:
                found = await self._found(trial)
            except UserError as error:
                log.warning("experiment %d could not be counted: %s", trial.experiment_id, error)
                continue
            is_over = now.timestamp() >= trial.ends_at
            if is_over or found.get("verdict") in ("better", "worse"):
                await self._end(trial, "ended", found, 0)
        for guild_id in guilds:
            await self._settle(guild_id)

    async def _settle(self, guild_id: int) -> None:
        async with self.database.read() as conn:
            policy = await policies.of(conn, guild_id)
            share = await self._default(conn, guild_id)
        if not policy.is_holdout_set and share != policy.holdout:
            await self.database.write(
                lambda conn: policies.hold_out(conn, guild_id, share, is_set=False)
            )

    async def _found(self, trial: Experiment) -> dict[str, Any]:
        if trial.result is not None:
            return trial.result
        until = min(self.clock().timestamp(), trial.ends_at)
        return await count(
            self.database.path,
            trial.guild_id,
            trial.started_at,
            until,
            experiment=trial.experiment_id,
        )

    async def _end(
        self, trial: Experiment, state: TrialState, found: dict[str, Any], actor_id: int
    ) -> None:
        now = self.clock().timestamp()

        async def job(conn: Connection) -> None:
            if await policies.end(conn, trial.experiment_id, state, now, found) and actor_id:
                number = {"experiment": trial.experiment_id}
                await self._note(conn, trial.guild_id, actor_id, "experiment.stop", number)

        await self.database.write(job)

    async def _note(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        action: AuditAction,
        details: dict[str, Any],
    ) -> None:
        row = AuditRow(
            guild_id=guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self.clock().timestamp(),
            details=details,
        )
        await audit.append(conn, row)
