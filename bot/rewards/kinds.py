"""The kinds of reward: what rules pay for, and what is given without one."""

from typing import Literal

Kind = Literal["message", "reply", "helpful", "answer", "resource", "savers", "review", "checkin"]
KINDS: tuple[Kind, ...] = (
    "message",
    "reply",
    "helpful",
    "answer",
    "resource",
    "savers",
    "review",
    "checkin",
)
"""What rules pay for."""
GIVEN = frozenset({"award", "deduct", "opening"})
"""Kinds of entries that no event and no rule pays."""
WRITTEN: tuple[Kind, ...] = ("message", "reply")
"""Kinds paid for writing: they share one cooldown."""
CLICKED: tuple[Kind, ...] = ("helpful", "answer")
"""Kinds paid for another member's click: damped for newcomers, locked the other way round."""
