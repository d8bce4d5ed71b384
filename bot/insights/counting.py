"""Counting, in a process of its own: what was shown and done becomes figures about groups.

``python -m bot.insights.counting --database PATH --guild ID --since S --until S`` prints a line of
JSON. Reading and counting millions of rows would hold the event loop up. Nothing about fewer than
`FEW` members leaves this process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot import arms, child
from bot.clock import system_clock
from bot.errors import UserError
from bot.insights.making import of_creator
from bot.insights.showing import FEW, Ints, Log, among, if_enough, number, read, said
from bot.insights.trying import Plan, planned_of, trial_of
from recommender import metrics
from storage import policies, showings
from storage.database import open_database
from storage.records import Policy

TIMEOUT_S = 120.0
NICENESS = 5
WEEK_S = 7.0 * 24 * 3_600


async def count(
    path: Path,
    guild_id: int,
    since: float,
    until: float,
    *,
    experiment: int = 0,
    plan: Plan | None = None,
    creator: int = 0,
) -> dict[str, Any]:
    """Count a guild's figures in a fresh process, what a trial has found, or what one could find.

    Raises
    ------
    UserError
        It did not end well, or in time.
    """
    command = [sys.executable, "-P", "-m", "bot.insights.counting", f"--database={path}"]
    command += ["--guild", str(guild_id), "--since", repr(since), "--until", repr(until)]
    command += ["--experiment", str(experiment), "--creator", str(creator)]
    command += ["--plan", json.dumps(asdict(plan))] if plan is not None else []
    process = await asyncio.create_subprocess_exec(
        *command,
        env=child.environment(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), TIMEOUT_S)
    except TimeoutError as error:
        raise UserError("error-insights-slow") from error
    finally:
        if process.returncode is None:
            process.kill()
            await asyncio.shield(process.wait())
    try:
        found: dict[str, Any] = json.loads(said)
    except ValueError as error:
        raise UserError("error-insights-failed") from error
    return found


def main(arguments: list[str] | None = None) -> int:
    """Count once and print it as a line of JSON."""
    parser = argparse.ArgumentParser(prog="bot.insights.counting", description=main.__doc__)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--guild", type=int, required=True)
    parser.add_argument("--since", type=float, required=True)
    parser.add_argument("--until", type=float, default=system_clock().timestamp())
    parser.add_argument("--experiment", type=int, default=0)
    parser.add_argument("--plan", default="")
    parser.add_argument("--creator", type=int, default=0)
    asked = parser.parse_args(arguments)
    os.nice(NICENESS)
    found = asyncio.run(
        _count(
            asked.database,
            asked.guild,
            asked.since,
            asked.until,
            experiment=asked.experiment,
            plan=Plan(**json.loads(asked.plan)) if asked.plan else None,
            creator=asked.creator,
        )
    )
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


async def _count(
    path: Path,
    guild_id: int,
    since: float,
    until: float,
    *,
    experiment: int,
    plan: Plan | None,
    creator: int,
) -> dict[str, Any]:
    async with open_database(path, is_passing=True) as database, database.read() as conn:
        log = await read(conn, guild_id, since, until)
        if experiment:
            trial = await policies.running(conn, guild_id)
            is_it = trial is not None and trial.experiment_id == experiment
            return trial_of(log, trial) if is_it and trial is not None else {}
        if plan is not None:
            return planned_of(log, plan, (until - since) / WEEK_S)
        policy = await policies.of(conn, guild_id)
        listed = await showings.catalogue(conn, guild_id)
        if creator:
            return {"resources": of_creator(log, listed, creator)}
        funnel = await showings.funnel(conn, guild_id, since, until)
        asked = await showings.asked(conn, guild_id, since, until)
        letters = await showings.letters(conn, guild_id, since, until)
    figures = _of_showings(log, policy)
    used = set(log.ids[log.opened].tolist())
    figures["funnel"] = if_enough(
        funnel.n_members,
        {
            "due": funnel.n_due,
            "gated": funnel.n_gated,
            "sent": funnel.n_sent,
            "opened": sum(not used.isdisjoint(letter) for letter in letters),
            "stopped": funnel.n_stopped,
        },
    )
    figures["questions"] = if_enough(
        asked.n_members,
        {"asked": asked.n_asked, "quick": asked.n_quick, "solved": asked.n_solved},
    )
    return figures | _of_catalogue(log, listed, since)


# ----------------------------------------------------------------------------------- figures


def _of_showings(log: Log, policy: Policy) -> dict[str, Any]:
    opened, saved, useful = metrics.by_member(log.members, log.opened, log.saved, log.useful)
    surfaces = {}
    for at, name in enumerate(showings.SURFACES):
        which = log.surfaces == at
        if which.any():
            parts = metrics.by_member(
                log.members[which], log.opened[which], log.saved[which], log.useful[which]
            )
            rates = (said(metrics.rate(part)) for part in parts)
            surfaces[name] = dict(zip(("open", "save", "useful"), rates, strict=True))
    judged = log.is_judged
    (personal,) = metrics.by_member(log.members[judged], log.arms[judged] == 1)
    return {
        "n_members": len(opened) if len(opened) >= FEW else None,
        "n_shown": int(opened.shown.sum()) if len(opened) >= FEW else None,
        "reach": said(metrics.reach(opened)),
        "open": said(metrics.rate(opened)),
        "save": said(metrics.rate(saved)),
        "useful": said(metrics.rate(useful)),
        "surfaces": {name: each for name, each in surfaces.items() if each["open"]},
        "holdout": _of_holdout(log, policy),
        "served": said(metrics.reach(personal)),
        "weeks": _of_weeks(log),
    }


def _of_holdout(log: Log, policy: Policy) -> dict[str, Any] | None:
    """Return what serving by what members do adds to opening, None where nobody is held out."""
    if not policy.holdout:
        return None
    (each,) = metrics.by_member(log.members[log.is_judged], log.opened[log.is_judged])
    sums = metrics.levelled(each)
    held = np.array([arms.is_held(policy, user) for user in sums.members.tolist()], np.bool_)
    others, own = among(sums, ~held), among(sums, held)
    if min(len(others), len(own)) < FEW:
        return {"n_held": None, "share": policy.holdout}
    found = metrics.difference(others, own)
    least = 2.8 * found.se if found.se > 0 else None
    return {
        "n_held": len(own),
        "share": policy.holdout,
        "rate_held": said(metrics.rate(own)),
        "rate_others": said(metrics.rate(others)),
        "value": number(found.value),
        "low": number(found.low),
        "high": number(found.high),
        "least": least,
    }


def _of_weeks(log: Log) -> list[dict[str, Any]]:
    """Return the open rate of each week, the oldest first."""
    if not len(log.times):
        return []
    weeks = ((log.times - log.times[0]) // WEEK_S).astype(np.int64)
    found = []
    for week in np.unique(weeks).tolist():
        which = weeks == week
        (sums,) = metrics.by_member(log.members[which], log.opened[which])
        rate = said(metrics.rate(sums))
        if rate is not None:
            found.append({"at": float(log.times[0] + week * WEEK_S), "open": rate})
    return found


def _of_catalogue(
    log: Log, listed: Sequence[tuple[int, str, int, float]], since: float
) -> dict[str, Any]:
    ids = np.array([each[0] for each in listed], np.int64)
    order = np.argsort(ids)
    rows = order[np.clip(np.searchsorted(ids, log.items, sorter=order), 0, max(len(ids) - 1, 0))]
    kinds = np.array([each[1] for each in listed])
    creators = np.array([each[2] for each in listed], np.int64)
    born = np.array([each[3] for each in listed])
    by_kind = {}
    for kind in sorted(set(kinds.tolist())):
        which = kinds[rows] == kind if len(log.items) else np.zeros(0, np.bool_)
        if len(np.unique(log.members[which])) >= FEW:
            by_kind[kind] = {
                "shown": int(which.sum()),
                "opened": int(log.opened[which].sum()),
                "saved": int(log.saved[which].sum()),
                "bought": int(log.bought[which].sum()),
            }
    new = born[rows] >= since if len(log.items) else np.zeros(0, np.bool_)
    first = metrics.first_showings(log.items[new], log.times[new], log.opened[new])
    n_readers = len(np.unique(log.members[new]))
    return {
        "kinds": by_kind,
        "first": if_enough(
            n_readers,
            {
                "n_new": len(first),
                "n_complete": int((first.shown >= metrics.FIRST_SHOWN).sum()),
                "shown": int(first.shown.sum()),
                "opened": int(first.hits.sum()),
            },
        ),
        "exposure": _of_exposure(log, creators, rows),
    }


def _of_exposure(log: Log, creators: Ints, rows: NDArray[Any]) -> dict[str, Any] | None:
    """Return how showings and opens are spread over creators, those without readers included."""
    known = np.unique(creators[creators > 0])
    if not len(known) or not len(log.items):
        return None
    of = np.searchsorted(known, creators[rows])
    is_known = creators[rows] > 0
    shown = np.bincount(of[is_known], minlength=len(known))
    opened = np.bincount(of[is_known], log.opened[is_known], len(known))
    reached = metrics.readers(of[is_known], log.members[is_known], len(known))
    each = [
        {"creator": int(known[at]), "shown": int(shown[at]), "opened": int(opened[at])}
        for at in np.argsort(-shown, kind="stable").tolist()
        if reached[at] >= FEW
    ]
    if len(np.unique(log.members[is_known])) < FEW:
        return None
    return {
        "n_creators": len(known),
        "gini_shown": number(metrics.gini(shown)),
        "gini_opened": number(metrics.gini(opened)),
        "creators": each,
    }


if __name__ == "__main__":
    sys.exit(main())
