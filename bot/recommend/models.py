"""Which model serves a guild: refitting it, letting it know what is new, how that went."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from bot.clock import Clock
from bot.errors import UserError
from bot.recommend import rules
from bot.recommend.refit import RefitOutcome, run_extend, run_refit
from storage import audit, snapshots, training
from storage.database import Database
from storage.records import AuditRow, Snapshot

log = logging.getLogger(__name__)

N_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """What serves a guild, and how the last attempts went, newest first."""

    live: Snapshot | None
    attempts: tuple[Snapshot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The models of every guild; `rewarded_weight` as in `rules.weight`."""

    database: Database
    clock: Clock
    rng: np.random.Generator
    rewarded_weight: float

    async def status(self, guild_id: int) -> ModelStatus:
        """Return what serves and how the last refits went."""
        async with self.database.read() as conn:
            live = await snapshots.listed_live(conn, guild_id)
            attempts = await snapshots.newest(conn, guild_id, N_ATTEMPTS)
        return ModelStatus(live, tuple(attempts))

    async def refit(
        self, guild_id: int, *, actor_id: int = 0, seed: int | None = None
    ) -> RefitOutcome:
        """Refit a guild's model in a process of its own; the better model serves afterwards.

        Parameters
        ----------
        actor_id
            Who asked for it: a moderator, the operator; 0 for nobody.
        seed
            None draws one.

        Raises
        ------
        UserError
            Another refit of this guild is running.
        """
        now = self._now
        drawn = int(self.rng.integers(2**31)) if seed is None else seed
        outcome = await run_refit(
            self.database.path,
            guild_id,
            now=now,
            seed=drawn,
            rewarded_weight=self.rewarded_weight,
        )
        if outcome.state == "busy":
            raise UserError("error-recommend-refit-running")
        if outcome.snapshot_id is None:
            died = Snapshot(
                guild_id=guild_id,
                state="failed",
                reason=outcome.reason,
                metrics={},
                as_of_at=now,
                created_at=now,
            )
            await self.database.write(lambda conn: snapshots.store(conn, died))
        if actor_id:
            row = AuditRow(
                guild_id=guild_id,
                actor_id=actor_id,
                action="model.refit",
                occurred_at=now,
                details={"state": outcome.state},
            )
            await self.database.write(lambda conn: audit.append(conn, row))
        log.info("refit of guild %d: %s (%s)", guild_id, outcome.state, outcome.reason)
        return outcome

    async def refit_due(self, now: datetime, every_hours: int) -> None:
        """Refit, one after the other, every guild whose last attempt is `every_hours` old.

        Guilds where nothing happened since are left alone. Where somebody withdrew from whom the
        model has learned, it is refitted sooner and tried again; what came to its end goes.
        """
        before = (now - timedelta(hours=every_hours)).timestamp()
        at = now.timestamp()
        async with self.database.read() as conn:
            due = await training.guilds_due(conn, before, at)
            due += await snapshots.to_replace(conn, at - rules.REPLACE_EVERY_S, at)
            is_over = await snapshots.is_any_over(conn, at)
        if is_over:
            await self.database.write(lambda conn: snapshots.end(conn, at))
        for guild_id in dict.fromkeys(due):
            try:
                await self.refit(guild_id)
            except UserError:
                log.info("refit of guild %d: one is running already", guild_id)
            except Exception:
                log.exception("refit of guild %d failed; the others have theirs", guild_id)

    async def extend_due(self, now: datetime) -> None:
        """Let every live model know the resources that are newer than it, within one tick."""
        async with self.database.read() as conn:
            due = await snapshots.outgrown(conn)
        for guild_id in due:
            outcome = await run_extend(self.database.path, guild_id, now=now.timestamp())
            if outcome.state == "failed":
                log.warning(
                    "guild %d: new resources wait for the refit: %s", guild_id, outcome.reason
                )

    @property
    def _now(self) -> float:
        return self.clock().timestamp()
