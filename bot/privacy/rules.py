"""How an export is named and packed."""

import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any

FILE_BYTES_MAX = 8 * 1024 * 1024
"""What a bot may attach in any server, with room to spare."""

SMALL_BYTES = 64 * 2**20
"""A file up to here is rewritten at once after an erasure; it takes a second or two."""
QUIET_S = 60.0
"""After so long without an event a larger one is."""
SCRUB_WITHIN_S = 20 * 3_600.0
"""And after so long in any case."""

_NOTES = (
    "Everything Lyceum stores about you in this server, by table. Times are UTC.",
    "Points (amount) are hundredths of a point. Ids are Discord's, as text.",
    "The text of your messages is not stored. Other members are not named.",
    "No taste profile of you is stored: recommendations are computed from the events below "
    "each time you ask.",
    "The models in learned_from were trained with what you did from from_at on; 1970 means all "
    "of it.",
)


def may_rewrite(n_bytes: int, now: float, asked_at: float, latest_at: float) -> bool:
    """Say whether a file may be rewritten now, while everybody who writes has to wait.

    Parameters
    ----------
    n_bytes
        Its size.
    now, asked_at, latest_at
        Moments: now, of the last erasure, and of the newest event.
    """
    is_quiet = now - latest_at >= QUIET_S
    return n_bytes <= SMALL_BYTES or is_quiet or now - asked_at >= SCRUB_WITHIN_S


def pack(
    guild_id: int,
    user_id: int,
    exported_at: str,
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    limit: int = FILE_BYTES_MAX,
) -> tuple[str, bytes]:
    """Return the export's file name and content.

    Parameters
    ----------
    exported_at
        When, ISO 8601.
    tables
        Rows ready for JSON, by table.
    limit
        Bytes beyond which the file is compressed with gzip, and named so.
    """
    document = {
        "notes": _NOTES,
        "guild_id": str(guild_id),
        "user_id": str(user_id),
        "exported_at": exported_at,
        "tables": tables,
    }
    name = f"lyceum-{guild_id}-{user_id}.json"
    content = json.dumps(document, ensure_ascii=False, indent=1).encode()
    if len(content) <= limit:
        return name, content
    return f"{name}.gz", gzip.compress(content, mtime=0)
