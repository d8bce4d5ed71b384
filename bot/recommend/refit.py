"""The refit: a process of its own that fits a model and lets it serve only if it is better.

``python -m bot.recommend.refit --database PATH --guild ID`` loads what may train, fits, evaluates,
and stores the attempt in one transaction; `run_refit` starts that process and waits for it. A
fresh interpreter, because a fit that runs out of memory or crashes must not take the bot along,
and because numpy in a thread makes the event loop stall.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bot import child
from bot.clock import system_clock
from bot.recommend import arrays, rules
from bot.topics import Tree
from recommender.context import Context, Declared
from recommender.interactions import Interactions, Items
from recommender.model import Model
from storage import catalog, consent, impressions, snapshots, tags, training
from storage.connection import Connection
from storage.consent import Window
from storage.database import Database, DatabaseLockedError, hold_instance, open_database
from storage.identity import SchemaError
from storage.records import Resource, Snapshot

TIMEOUT_S = 1_800.0
NICENESS = 10
REASON_MAX = 200
BUSY_EXIT = 3
WATERMARK = "event_watermark"
"""The key in a snapshot's metrics of the newest event it was fitted on."""
ACCEPTED = "accepted"
"""The reason of a snapshot that proved itself; any other that serves is a fallback."""

RefitState = Literal["live", "rejected", "replaced", "failed", "busy"]


@dataclass(frozen=True, slots=True)
class RefitOutcome:
    """How a refit ended.

    ``state`` is ``live`` (the new model serves), ``rejected`` (it was no better, and what served
    before, or recent popularity and texts, serve), ``replaced`` (it was no better, and the model
    before had learned from somebody who has withdrawn: recent popularity and texts serve),
    ``failed`` or ``busy`` (another refit of the guild is running); ``snapshot_id`` is None where
    the process stored nothing.
    """

    state: RefitState
    reason: str
    snapshot_id: int | None = None
    metrics: dict[str, Any] = field(default_factory=dict)
    n_events: int = 0
    n_members: int = 0
    n_resources: int = 0
    duration_s: float = 0.0


async def run_refit(
    database_path: Path,
    guild_id: int,
    *,
    now: float | None = None,
    seed: int = 0,
    rewarded_weight: float = rules.REWARDED_WEIGHT,
    timeout_s: float = TIMEOUT_S,
) -> RefitOutcome:
    """Refit a guild's model in a fresh process and wait for it.

    Parameters
    ----------
    now
        The moment to fit for, unix seconds; None asks the machine.
    rewarded_weight
        As in `rules.weight`.
    timeout_s
        After so long the process is killed; so it is when the caller is cancelled.
    """
    command = _command(database_path, guild_id, now, seed)
    return await _run([*command, "--rewarded-weight", repr(rewarded_weight)], timeout_s)


async def run_extend(
    database_path: Path, guild_id: int, *, now: float, timeout_s: float = TIMEOUT_S
) -> RefitOutcome:
    """Let a guild's live model know resources that are newer than it, in a fresh process.

    Nothing is learned again: new resources get factors and neighbours from their texts.
    """
    command = [*_command(database_path, guild_id, now, 0), "--extend"]
    return await _run(command, timeout_s)


async def _run(command: Sequence[str], timeout_s: float) -> RefitOutcome:
    process = await asyncio.create_subprocess_exec(
        *command,
        env=_environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        said, complained = await asyncio.wait_for(process.communicate(), timeout_s)
    except TimeoutError:
        return RefitOutcome("failed", f"killed after {timeout_s:.0f} s")
    finally:
        if process.returncode is None:
            process.kill()
            await asyncio.shield(process.wait())
    return _outcome(process.returncode or 0, said.decode(), complained.decode(errors="replace"))


def _command(path: Path, guild_id: int, now: float | None, seed: int) -> list[str]:
    command = [sys.executable, "-P", "-m", "bot.recommend.refit", f"--database={path}"]
    command += ["--guild", str(guild_id), "--seed", str(seed)]
    return command if now is None else [*command, "--now", repr(now)]


def _environment() -> dict[str, str]:
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    # glibc would keep what large arrays leave behind for the next ones, and rarely find a fit.
    return child.environment(**one_thread, MALLOC_MMAP_THRESHOLD_=str(2**20))


def _outcome(code: int, said: str, complained: str) -> RefitOutcome:
    try:
        return RefitOutcome(**json.loads(said.strip().splitlines()[-1]))
    except (IndexError, ValueError, TypeError):
        last = next((line for line in reversed(complained.splitlines()) if line.strip()), "")
        how = f"killed by signal {-code}" if code < 0 else f"ended with code {code}"
        return RefitOutcome("failed", f"{how} {last}".strip()[:REASON_MAX])


def main(arguments: list[str] | None = None) -> int:
    """Run one refit in this process and print its outcome as a line of JSON."""
    parser = argparse.ArgumentParser(prog="bot.recommend.refit", description=main.__doc__)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--guild", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--now", type=float, default=None)
    parser.add_argument("--extend", action="store_true")
    parser.add_argument("--rewarded-weight", type=float, default=rules.REWARDED_WEIGHT)
    asked = parser.parse_args(arguments)
    os.nice(NICENESS)
    now = system_clock().timestamp() if asked.now is None else asked.now
    try:
        with hold_instance(asked.database, purpose=f"refit-{asked.guild}"):
            if asked.extend:
                outcome = asyncio.run(_extend(asked.database, asked.guild, now))
            else:
                outcome = asyncio.run(
                    _refit(asked.database, asked.guild, now, asked.seed, asked.rewarded_weight)
                )
    except DatabaseLockedError as error:
        outcome = RefitOutcome("busy", str(error))
    except SchemaError as error:
        outcome = RefitOutcome("failed", str(error))
    sys.stdout.write(json.dumps(asdict(outcome)) + "\n")
    return {"failed": 1, "busy": BUSY_EXIT}.get(outcome.state, 0)


async def _refit(
    path: Path, guild_id: int, now: float, seed: int, rewarded_weight: float
) -> RefitOutcome:
    async with open_database(path, is_passing=True) as database:
        started = perf_counter()

        async def store(attempt: _Attempt) -> Snapshot:
            timed = replace(attempt.snapshot, duration_s=round(perf_counter() - started, 3))

            async def job(conn: Connection) -> int:
                snapshot_id = await snapshots.store(conn, timed)
                await consent.remember(conn, guild_id, snapshot_id, attempt.taught, now)
                return snapshot_id

            return replace(timed, snapshot_id=await database.write(job))

        attempt = _Attempt(
            Snapshot(
                guild_id=guild_id,
                state="failed",
                reason="",
                metrics={},
                as_of_at=now,
                created_at=now,
            )
        )
        try:
            attempt = await _attempt(database, guild_id, now, seed, rewarded_weight)
            stored = await store(attempt)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}".splitlines()[0][:REASON_MAX]
            failed = Snapshot(
                guild_id=guild_id,
                state="failed",
                reason=reason,
                metrics={},
                as_of_at=now,
                created_at=now,
            )
            stored = await store(_Attempt(failed))
    outcome = RefitOutcome(**{f.name: getattr(stored, f.name) for f in fields(RefitOutcome)})
    if stored.state != "live" or stored.reason == ACCEPTED:
        return outcome
    return replace(outcome, state="replaced" if attempt.ends_a_model else "rejected")


async def _extend(path: Path, guild_id: int, now: float) -> RefitOutcome:
    from recommender import fitting

    async with open_database(path) as database:
        async with database.read() as conn:
            serving, live = await _live(conn, guild_id)
            items, context = await surroundings(conn, guild_id, now)
        if serving is None or live is None:
            return RefitOutcome("rejected", "no model serves")
        packed = arrays.pack(fitting.extend(live, items, now=now, context=context))
        await database.write(lambda conn: snapshots.extend(conn, serving.snapshot_id, packed, now))
    return RefitOutcome("live", serving.reason, serving.snapshot_id, n_resources=len(items))


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A snapshot to store, whom it learned from, and whether a proven model had to go for it."""

    snapshot: Snapshot
    taught: dict[int, Window] = field(default_factory=dict)
    ends_a_model: bool = False


async def _attempt(
    database: Database, guild_id: int, now: float, seed: int, rewarded_weight: float
) -> _Attempt:
    # Imported here, for this process alone: the bot's own must not carry numba and scikit-learn.
    from recommender import fitting
    from recommender import training as trainer
    from recommender.calibration import learn

    async with database.read() as conn:
        until = await training.watermark(conn, guild_id)
        data = await load(conn, guild_id, until, rewarded_weight)
        items, context = await surroundings(conn, guild_id, now)
        serving, live = await _live(conn, guild_id)
        allowed = await consent.windows(conn, guild_id)
        before = await consent.teachers(conn, guild_id, serving.snapshot_id) if serving else []
        judged = arrays.showings(await impressions.judged(conn, guild_id, now - rules.SHOWN_S))
    is_proven = serving is not None and serving.reason == ACCEPTED
    # A model that has an end is no measure and no beginning: it knows what is to be forgotten.
    is_kept = is_proven and live is not None and serving is not None and serving.until_at is None
    fit = trainer.train(
        data, items, now=now, seed=seed, live=live if is_kept else None, context=context
    )
    model, known_until = fit.model, until
    learned = taught(data, context, allowed, before if is_kept else ())
    if model is None and not is_kept and len(items):
        model, known_until = fitting.fallback(items, as_of=now, context=context), 0
    metrics: dict[str, Any] = {name: asdict(accuracy) for name, accuracy in fit.metrics.items()}
    chances = learn(judged)
    if chances is not None:
        metrics["calibration"] = arrays.learned(chances)
    snapshot = Snapshot(
        guild_id=guild_id,
        state="rejected" if model is None else "live",
        reason=fit.reason,
        metrics=metrics | {WATERMARK: known_until},
        as_of_at=now,
        created_at=now,
        n_events=len(data),
        n_members=len(np.unique(data.members)),
        n_resources=len(items),
        arrays=arrays.pack(model) if model is not None else None,
    )
    has_end = serving is not None and serving.until_at is not None
    return _Attempt(snapshot, learned if fit.model is not None else {}, is_proven and has_end)


def taught(
    data: Interactions, context: Context, allowed: dict[int, Window], before: Collection[int]
) -> dict[int, Window]:
    """Return whom a model learned from, by what they allow; `before` taught its first factors."""
    read = (data.members, context.shown.members, context.declared.members)
    found = {int(i) for members in read for i in np.unique(members)} | set(before)
    return {user_id: allowed[user_id] for user_id in found if user_id in allowed}


async def surroundings(conn: Connection, guild_id: int, now: float) -> tuple[Items, Context]:
    """Return the live resources and what else a refit may know."""
    listed = await catalog.live(conn, guild_id)
    items = Items(
        np.array([resource.resource_id for resource in listed], np.int64),
        np.array([int(resource.since(now)) for resource in listed], np.float64),
    )
    levels = np.array([rules.level_code(resource.level) for resource in listed], np.int64)
    context = Context(
        texts=tuple(rules.description(resource) for resource in listed),
        tags=tuple(resource.tags for resource in listed),
        levels=levels,
        declared=_declared(
            listed,
            await training.interests(conn, guild_id),
            Tree.of(await tags.every(conn, guild_id)),
        ),
        shown=arrays.exposures(await training.shown(conn, guild_id, now - rules.SHOWN_S)),
    )
    return items, context


def _declared(
    listed: Sequence[Resource], interests: Mapping[int, Sequence[str]], tree: Tree
) -> Declared:
    """Return which resources carry a tag that a member named, or a part of it."""
    by_tag: dict[str, list[int]] = {}
    for resource in listed:
        for tag in {above for own in resource.tags for above in tree.above(own)}:
            by_tag.setdefault(tag, []).append(resource.resource_id)
    pairs = [
        (member, resource_id)
        for member, named in interests.items()
        for resource_id in {
            i for tag in tree.names_of(rules.interest_tags(named)) for i in by_tag.get(tag, ())
        }
    ]
    members, items = zip(*pairs, strict=True) if pairs else ((), ())
    return Declared(np.array(members, np.int64), np.array(items, np.int64))


async def load(
    conn: Connection,
    guild_id: int,
    until: int,
    rewarded_weight: float = rules.REWARDED_WEIGHT,
) -> Interactions:
    """Return everything up to the event `until` that may train, in order of time."""
    parts: dict[str, list[NDArray[Any]]] = {}
    async for chunk in training.chunks(conn, guild_id, until):
        read = arrays.interactions(chunk, rewarded_weight)
        for name in ("members", "items", "weights", "times"):
            parts.setdefault(name, []).append(getattr(read, name))
    if not parts:
        return Interactions.empty()
    # Column by column, dropping the parts of one before the next: millions of rows are held once.
    columns = {name: np.concatenate(parts.pop(name)) for name in list(parts)}
    return Interactions(**columns).in_order()


async def _live(conn: Connection, guild_id: int) -> tuple[Snapshot | None, Model | None]:
    """Return the snapshot that serves and its model, None where it cannot be read."""
    serving = await snapshots.live(conn, guild_id)
    if serving is None or serving.arrays is None:
        return serving, None
    try:
        return serving, arrays.unpack(serving.arrays)
    except ValueError:
        return serving, None


if __name__ == "__main__":
    sys.exit(main())
