"""What levels give, to whom, and who is notified."""

from dataclasses import dataclass
from typing import Literal

NoticePlace = Literal["off", "same", "channel"]

GrantState = Literal["due", "eligible", "declined", "granted", "undue", "doubtful", "kept"]


@dataclass(frozen=True, slots=True)
class LevelSettings:
    """Where a guild announces levels; members without a row in it are not followed.

    ``sweep_from`` is the member after whom a look at everybody goes on, None where none is under
    way; ``rule_set`` the version whose levels are known.
    """

    guild_id: int
    place: NoticePlace = "off"
    channel_id: int | None = None
    sweep_from: int | None = 0
    rule_set: int = 0
    queue_told_at: float = 0.0
    problem: str | None = None
    is_problem_told: bool = False


@dataclass(frozen=True, slots=True)
class LevelReward:
    """A role that a level gives. ``problem`` is why it cannot be given or taken now.

    It is given in the name of ``set_by``, 0 where nobody knows who set it.
    """

    guild_id: int
    role_id: int
    level: int
    needs_confirm: bool = False
    problem: str | None = None
    is_problem_told: bool = False
    set_by: int = 0


@dataclass(frozen=True, slots=True)
class LevelGrant:
    """Where a member stands with a role.

    ``due`` is to be given and ``undue`` to be taken; ``eligible`` (to be given) and ``doubtful``
    (to be taken) wait for a moderator, who may say ``declined`` or ``kept``. ``seen_at`` is when
    somebody looked last whether the member has it.
    """

    guild_id: int
    user_id: int
    role_id: int
    state: GrantState
    changed_at: float
    decided_by: int = 0
    grant_id: int = 0
    seen_at: float = 0.0


@dataclass(frozen=True, slots=True)
class LevelNotice:
    """A level to be announced. ``nonce`` is of the message that announces it, once chosen."""

    guild_id: int
    user_id: int
    level: int
    channel_id: int
    made_at: float
    nonce: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """That the ledger moved for a member; ``channel_id`` is where it came from, if known."""

    entry_id: int
    guild_id: int
    user_id: int
    kind: str
    channel_id: int | None
