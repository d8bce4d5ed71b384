"""Fitted recommenders."""

from dataclasses import dataclass, field
from typing import Any, Literal

SnapshotState = Literal["live", "retired", "rejected", "failed"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A fitted model and how it did; ``arrays`` is an npz archive, absent in listings.

    ``extended_at`` is when resources newer than the fit were last added to it. Somebody it learned
    from has withdrawn where there is an ``until_at``, from which moment on it must not serve.
    """

    guild_id: int
    state: SnapshotState
    reason: str
    metrics: dict[str, Any]
    as_of_at: float
    created_at: float
    n_events: int = 0
    n_members: int = 0
    n_resources: int = 0
    duration_s: float = 0.0
    extended_at: float | None = None
    until_at: float | None = None
    arrays: bytes | None = field(default=None, repr=False)
    snapshot_id: int = 0
