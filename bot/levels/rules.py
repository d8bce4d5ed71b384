"""What a level means for a member's roles, how much is done at once, what is worth announcing."""

import hashlib
from collections.abc import Collection, Iterable, Mapping

from storage.records import GrantState, LevelGrant, LevelNotice, LevelReward

BATCH = 400
"""Entries of the ledger, or members of a sweep, looked at in one transaction."""
BATCHES_MAX = 10
"""Transactions in one tick."""
CHANGES_MAX = 20
"""Roles given and taken in one tick: a burst of levels becomes a queue, not a storm."""
NOTICE_FOR_S = 3_600
"""What could not be announced within an hour is no news any more."""
QUEUE_TOLD_EVERY_S = 600
"""Moderators are notified of a queue that grew no more often."""
REWARDS_MAX = 25
QUEUE_SIZE = 5
SILENT = frozenset({"opening", "rescore"})
"""Entries that move levels without anybody having done something just now."""

WAITING: tuple[GrantState, ...] = ("eligible", "doubtful")
"""States in which a moderator decides."""


HELD: tuple[GrantState, ...] = ("granted", "doubtful", "kept")
"""States in which a member has the role."""
LOOK_EVERY_S = 3_600
"""How often somebody looks whether members have their roles still, and may be given others."""
LOOKS_MAX = 100
"""Members asked for in one tick; Discord answers about a hundred at once."""


def lost(
    grants: Iterable[LevelGrant], joined_at: float, role_ids: Collection[int]
) -> list[LevelGrant]:
    """Return the roles that a member had when they left, and has not after coming back.

    A role that is missing without that was taken by hand, and stays taken.
    """
    return [
        grant
        for grant in grants
        if grant.state in HELD and grant.role_id not in role_ids and grant.changed_at <= joined_at
    ]


def nonce_of(notice: LevelNotice) -> str:
    """Return the nonce of the message whose first news this is; Discord takes 25 characters."""
    said = f"{notice.guild_id} {notice.user_id} {notice.level} {notice.made_at}"
    return hashlib.blake2s(said.encode(), digest_size=10).hexdigest()


def reconcile(
    level: int, rewards: Iterable[LevelReward], states: Mapping[int, GrantState]
) -> dict[int, GrantState | None]:
    """Return what changes for a member's roles at a level, by role; None forgets the role.

    A role that matters waits for a moderator both ways: ``eligible`` before it is given,
    ``doubtful`` before it is taken. What Discord may have been asked for already is undone, not
    forgotten, for asking twice is harmless.
    """
    changes: dict[int, GrantState | None] = {}
    known = set()
    for reward in rewards:
        known.add(reward.role_id)
        state = states.get(reward.role_id)
        if level >= reward.level:
            wanted = _reached(state, needs_confirm=reward.needs_confirm)
        else:
            wanted = _missed(state, needs_confirm=reward.needs_confirm)
        if wanted != state:
            changes[reward.role_id] = wanted
    # The reward is gone; who has the role keeps it.
    return changes | {role_id: None for role_id in states if role_id not in known}


def _reached(state: GrantState | None, *, needs_confirm: bool) -> GrantState | None:
    match state:
        case None:
            return "eligible" if needs_confirm else "due"
        case "undue":
            return "due"
        case "doubtful" | "kept":
            return "granted"
        case "eligible" if not needs_confirm:
            return "due"
        case _:
            return state


def _missed(state: GrantState | None, *, needs_confirm: bool) -> GrantState | None:
    match state:
        case "eligible" | "declined":
            return None
        case "due":
            return "undue"
        case "granted":
            return "doubtful" if needs_confirm else "undue"
        case _:
            return state


def told_at(known: float, now: float) -> float:
    """Return when moderators were last notified; 0 where a clock that ran ahead has written it."""
    return 0.0 if known > now + QUEUE_TOLD_EVERY_S else known
