"""Ordered lists of resources."""

from dataclasses import dataclass
from typing import Literal

PathState = Literal["live", "retired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Resources in the order in which they build on each other, by id.

    ``course_id`` is the course whose lessons they are, None for a path of its own; ``made_by`` is 0
    where its maker was erased.
    """

    guild_id: int
    title: str
    summary: str = ""
    course_id: int | None = None
    made_by: int = 0
    state: PathState = "live"
    steps: tuple[int, ...] = ()
    created_at: float = 0.0
    updated_at: float = 0.0
    path_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prerequisite:
    """That a resource is to be begun when another, ``needs_id``, is finished."""

    guild_id: int
    resource_id: int
    needs_id: int
    added_by: int
    created_at: float
