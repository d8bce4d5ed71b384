"""What there is to do beside a resource, and what members hand in."""

from dataclasses import dataclass
from typing import Literal

TaskState = Literal["live", "ended"]
Verdict = Literal["done", "again", "excellent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to do beside a resource.

    Attributes
    ----------
    due_at
        UTC unix seconds at which the last day is over; None where nothing is due.
    role_id
        Whose members may mark what is handed in, beside its maker, the resource's creator and
        moderators; None for nobody else.
    """

    guild_id: int
    resource_id: int
    title: str
    text: str
    due_at: float | None = None
    role_id: int | None = None
    made_by: int
    state: TaskState = "live"
    created_at: float = 0.0
    updated_at: float = 0.0
    task_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a member handed in, one a task, and what was said of it.

    Attributes
    ----------
    is_shown
        Whether its member lets others see it.
    mark
        None until somebody has marked it.
    told_at
        When its member heard of the mark.
    turn
        Which of the payments for it stands, counted from 1; 0 for none.
    """

    guild_id: int
    task_id: int
    user_id: int
    text: str = ""
    link: str = ""
    is_shown: bool = False
    handed_in_at: float = 0.0
    mark: Verdict | None = None
    sentence: str = ""
    marked_by: int | None = None
    marked_at: float | None = None
    told_at: float | None = None
    turn: int = 0
    work_id: int = 0

    @property
    def is_done(self) -> bool:
        """Whether it was marked as done, or as excellent."""
        return self.mark in ("done", "excellent")
