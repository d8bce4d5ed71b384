"""Stored moments, which a clock that ran ahead for a while may have written into the future."""

from typing import Any

from sqlalchemy import Column, ColumnElement, or_


def is_long_ago(at: Column[Any], before: float, now: float) -> ColumnElement[bool]:
    """Say whether something was done at `before` or earlier, never, or not yet by today's clock."""
    return or_(at.is_(None), at <= before, at > now)
