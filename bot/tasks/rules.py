"""Bounds of tasks, who may mark what is handed in, and when a day is over. Pure."""

from collections.abc import Collection
from typing import Final

from bot import addresses, dates
from storage.records import Resource, Task, Work

TITLE_MAX: Final = 100
TEXT_MAX: Final = 1_000
WORK_MAX: Final = 2_000
LINK_MAX: Final = 500
SENTENCE_MAX: Final = 300
TASKS_MAX: Final = 500
"""Tasks of one server, ended ones too."""
MINUTE_S: Final = 60.0
UNDO_S: Final = 60.0
"""For so long after a mark its member is not notified, for it may have been a slip."""


def last_minute(written: str, time_zone: str) -> float | None:
    """Return when the last minute of a day written as YYYY-MM-DD begins, None if unreadable."""
    start = dates.day_start(written, time_zone)
    return None if start is None else dates.next_day_at(start, time_zone) - MINUTE_S


def address(written: str) -> str:
    """Return a web address in ASCII, http or https and without credentials; "" if it is none."""
    try:
        kept = addresses.kept(written.strip())
    except ValueError:
        return ""
    return "" if addresses.has_credentials(kept) or len(kept) > LINK_MAX else kept


def day_of(task: Task, time_zone: str) -> str:
    """Return a task's last day as YYYY-MM-DD, "" for none."""
    return "" if task.due_at is None else dates.day_written(task.due_at, time_zone)


def may_change(task: Task, resource: Resource, user_id: int, *, is_moderator: bool) -> bool:
    """Say whether a member may change a task, which is whether they might have made it."""
    return is_moderator or user_id in (task.made_by, resource.creator_id)


def may_mark(
    task: Task,
    resource: Resource,
    user_id: int,
    role_ids: Collection[int] | None,
    *,
    is_moderator: bool,
) -> bool:
    """Say whether a member may mark what is handed in; None for roles stands for all of them."""
    has_role = task.role_id is not None and (role_ids is None or task.role_id in role_ids)
    return has_role or may_change(task, resource, user_id, is_moderator=is_moderator)


def is_late(task: Task, work: Work) -> bool:
    """Say whether something was handed in after the task's last day."""
    return task.due_at is not None and work.handed_in_at >= task.due_at + MINUTE_S
