"""How often somebody may ask: counted in memory by the minute, and forgotten with it."""

import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from time import monotonic

WINDOW_S = 60.0
KEYS_MAX = 20_000
"""Beyond that many askers in one minute all of them share a count."""


@dataclass(slots=True)
class Pace:
    """Counts askers against a bound.

    Parameters
    ----------
    a_minute
        How often each may ask; 0 for as often as they like.
    clock
        Seconds by the clock that nobody sets.
    """

    a_minute: int
    clock: Callable[[], float] = monotonic
    _window: int = field(default=-1, init=False)
    _counts: Counter[Hashable] = field(default_factory=Counter, init=False)

    def wait_s(self, key: Hashable) -> float:
        """Count one more; return how many seconds to wait, 0 where it is fine."""
        if not self.a_minute:
            return 0.0
        now = self.clock()
        if int(now // WINDOW_S) != self._window:
            self._window = int(now // WINDOW_S)
            self._counts.clear()
        if key not in self._counts and len(self._counts) >= KEYS_MAX:
            key = "everybody else"
        self._counts[key] += 1
        return 0.0 if self._counts[key] <= self.a_minute else WINDOW_S - now % WINDOW_S


@dataclass(frozen=True, slots=True)
class Veil:
    """Makes of an address a mark that nobody can turn back, different in each process."""

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def mark(self, address: str) -> bytes:
        """Return the mark."""
        return hmac.digest(self.key, address.encode("utf-8", "replace"), hashlib.sha256)[:12]
