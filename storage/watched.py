"""The channels in which questions are asked, read from a file that may be in use."""

from contextlib import closing
from pathlib import Path

from storage import identity


def channels(path: Path) -> dict[int, list[int]]:
    """Return each guild's watched channels from a file that may be in use; {} without one."""
    if identity.look(path).state != "ours":
        return {}
    found: dict[int, list[int]] = {}
    with closing(identity.opened(path)) as connection:
        for guild_id, channel_id in connection.execute(
            "SELECT guild_id, channel_id FROM question_places ORDER BY guild_id, channel_id"
        ):
            found.setdefault(guild_id, []).append(channel_id)
    return found
