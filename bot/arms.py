"""Who is in which arm of what is tried out: by a hash of who they are, never by what they do.

Pure. The same member is always in the same arm of the same trial, and in arms of different trials
independently. A larger share only adds members.
"""

from hashlib import sha256

from storage.records import Experiment, Policy

HOLDOUT_SHARE, HOLDOUT_MEMBERS, HOLDOUT_MAX = 0.05, 20, 0.3
"""Held out by default: a twentieth of the members, but so many at least, and never more than so
large a share; where that would not be enough members nobody is, for it would tell nothing."""
_HASHED = 2**64


def unit(salt: str, user_id: int) -> float:
    """Return a member's place in [0, 1) for a trial."""
    return int.from_bytes(sha256(f"{salt}:{user_id}".encode()).digest()[:8]) / _HASHED


def is_held(policy: Policy, user_id: int) -> bool:
    """Say whether a member is shown what anybody would be, to measure what the rest is worth."""
    return unit(f"holdout:{policy.guild_id}", user_id) < policy.holdout


def is_new(experiment: Experiment, user_id: int) -> bool:
    """Say whether a member is in the new arm of an experiment between members."""
    return unit(f"experiment:{experiment.experiment_id}", user_id) < experiment.share


def holdout_share(n_members: int) -> float:
    """Return the share that is held out by default of so many members who are shown things.

    In steps of powers of two, so that it hardly ever changes.
    """
    if n_members * HOLDOUT_MAX < HOLDOUT_MEMBERS:
        return 0.0
    steady = 1 << (n_members.bit_length() - 1)
    return min(HOLDOUT_MAX, max(HOLDOUT_SHARE, HOLDOUT_MEMBERS / float(steady)))


def value_of(policy: Policy, name: str, user_id: int, default: float) -> float:
    """Return what a policy says for a member, who may be in the new arm of an experiment."""
    running = policy.experiment
    if running is not None and running.policy == name and is_new(running, user_id):
        return running.value
    return default
