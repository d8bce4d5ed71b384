"""How long a test waits for what should come, before it says that it never will.

Such a wait is a guard against hanging, and no measure: on a busy machine with slow cores everything
comes, only later. Each guard says what a quiet machine needs with room to spare, and is multiplied
here, by one number for all. What promises to be quick ("a hostile file is one sentence soon") is a
check with a bound of its own, in `tests/test_patience.py`, and is not stretched.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator

FACTOR = float(os.environ.get("PATIENCE", "4"))
"""How much slower than a quiet machine of today a machine may be before a guard bites."""

TEST_S = 180
"""What a whole test may take that says nothing else, before it is stretched."""


def patient(seconds: float) -> float:
    """Return how long to wait for what a quiet machine has within `seconds`."""
    return seconds * FACTOR


async def turns(within_s: float, every_s: float = 0.05) -> AsyncIterator[None]:
    """Look again and again, for as long as `patient` says, and once more at the end."""
    end = time.monotonic() + patient(within_s)
    while time.monotonic() < end:
        yield
        await asyncio.sleep(every_s)
    yield
