"""What was erased, noted beside the backups: a restored one was made before, and forgets again.

A line of `NAME` says when somebody was erased in which server, and knows them again by a salted
hash, as long as backups are kept. Their id stands nowhere.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from storage import private
from storage.rotation import KEPT_DAYS

NAME = "erased.jsonl"
_DAY_S = 86_400.0
_EPOCH_MS = 1_420_070_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """That somebody was erased; ``salt`` also tells this erasure from every other."""

    salt: str
    guild_id: int
    who: str
    erased_at: float
    is_tracking_stopped: bool

    @classmethod
    def of(
        cls, guild_id: int, user_id: int, erased_at: float, *, is_tracking_stopped: bool
    ) -> "Erasure":
        """Return what is noted of somebody's erasure."""
        salt = secrets.token_hex(16)
        return cls(
            salt=salt,
            guild_id=guild_id,
            who=_hash(salt, user_id),
            erased_at=erased_at,
            is_tracking_stopped=is_tracking_stopped,
        )

    def is_of(self, guild_id: int, user_id: int) -> bool:
        """Say whether it was this member."""
        return guild_id == self.guild_id and _hash(self.salt, user_id) == self.who

    def is_over(self, now: float) -> bool:
        """Say whether no backup is left that was made before."""
        return now - self.erased_at > KEPT_DAYS * _DAY_S


@dataclass(slots=True)
class Again:
    """Erasures that a restored database did not know: what happened before is not taken in again.

    Discord still has it, and whoever reads channels back meets it once more.
    """

    erasures: list[Erasure] = field(default_factory=list)

    def covers(self, guild_id: int, user_id: int | None, source_id: int, at: float) -> bool:
        """Say whether something was done by an erased member before they were erased.

        Parameters
        ----------
        source_id
            The message it is about: reactions that are read back do not say when they were added.
        """
        if not self.erasures or user_id is None:
            return False
        at = min(at, ((source_id >> 22) + _EPOCH_MS) / 1_000)
        return any(at < each.erased_at and each.is_of(guild_id, user_id) for each in self.erasures)


def _hash(salt: str, user_id: int) -> str:
    return hashlib.sha256(f"{salt}:{user_id}".encode()).hexdigest()


def read(folder: Path) -> list[Erasure]:
    """Return what is noted in a folder; a line that nobody can read is left out."""
    try:
        lines = (folder / NAME).read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []
    found: list[Erasure] = []
    for line in lines:
        try:
            found.append(Erasure(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return found


def note(folder: Path, new: Iterable[Erasure], now: float) -> None:
    """Add to what is noted in a folder; what no backup holds any more is taken away.

    Raises
    ------
    OSError
        It cannot be written; what was noted before is as it was.
    """
    path = folder / NAME
    private.make_folder(path)
    known = {each.salt: each for each in (*read(folder), *new) if not each.is_over(now)}
    part = path.with_name(f"{NAME}.part")
    part.unlink(missing_ok=True)
    private.make(part)
    with part.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(asdict(each))}\n" for each in known.values())
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
