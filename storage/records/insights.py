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


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """Whether and when moderators' channel is told how things stand.

    ``hour`` of the server's day, None for never; ``day`` and ``month`` are the last that were
    told, as YYYY-MM-DD and YYYY-MM.
    """

    guild_id: int
    hour: int | None = None
    day: str = ""
    is_monthly: bool = False
    month: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """What waits for moderators, and what has changed in a day. Counts, and no member's name.

    Parameters
    ----------
    asked
        The questions that everybody may read and nobody has answered, the oldest first, as
        (title, thread, asked at); ``n_asked`` counts all that nobody has answered.
    reviews
        Proposals that wait: (number, title), the oldest first; ``n_reviews`` of them in all.
    gems
        What enough members found worth it and is no gem: (resource, title, members).
    n_roles
        Roles that could not be given or taken back.
    ended
        Experiments that ended within the day.
    refit
        How the newest refit within the day ended: its state; "" for none.
    """

    asked: tuple[tuple[str, int, float], ...] = ()
    n_asked: int = 0
    reviews: tuple[tuple[int, str], ...] = ()
    n_reviews: int = 0
    n_sentences: int = 0
    n_reported: int = 0
    gems: tuple[tuple[int, str, int], ...] = ()
    n_orders: int = 0
    n_roles: int = 0
    n_new: int = 0
    n_questions: int = 0
    n_solved: int = 0
    n_published: int = 0
    ended: int = 0
    refit: str = ""
