"""What is held out, and what is tried out."""

from dataclasses import dataclass
from typing import Any, Literal

PolicyName = Literal["exploration", "diversity", "digest", "ranker"]
MetricName = Literal["open", "save"]
TrialState = Literal["running", "ended", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """A change that some are served and others are not, and what it is measured by.

    ``share`` of members get ``value``; of a ``ranker``, that share of lists is interleaved.
    ``matters`` is the smallest difference of interest, ``planned`` the information at the end.
    """

    guild_id: int
    started_by: int
    policy: PolicyName
    value: float
    share: float
    metric: MetricName
    matters: float
    planned: float
    started_at: float
    ends_at: float
    state: TrialState = "running"
    ended_at: float | None = None
    result: dict[str, Any] | None = None
    experiment_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What decides how a guild is served: who is held out, and what is being tried.

    ``is_holdout_set``: moderators chose the share; otherwise it follows the number of members.
    """

    guild_id: int
    holdout: float = 0.0
    is_holdout_set: bool = False
    experiment: Experiment | None = None
