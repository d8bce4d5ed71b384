"""Time, handed in. Nobody else asks the operating system what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present moment, aware, in UTC."""


def system_clock() -> datetime:
    """Return the machine's present moment."""
    return datetime.now(UTC)
