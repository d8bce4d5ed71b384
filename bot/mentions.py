"""What Discord draws by itself in a text: a moment in the reader's own time, a role by its name.

How they are written for Discord stands here alone; services, rules and views name them.
"""

from typing import Literal

Style = Literal["t", "T", "d", "D", "f", "F", "R"]
"""Time, short or long; date, short or long; both, without or with the weekday; how long ago."""


def moment(at: float, style: Style = "R") -> str:
    """Return a moment, UTC unix seconds, for a text that Discord shows."""
    return f"<t:{int(at)}:{style}>"


def role(role_id: int | str | None) -> str:
    """Return a role of the server for a text that Discord shows."""
    return f"<@&{role_id}>"


def invitation(code: str) -> str:
    """Return the address of an invitation into a server."""
    return f"https://discord.gg/{code}"


def channel(channel_id: int) -> str:
    """Return a channel of the server for a text that Discord shows."""
    return f"<#{channel_id}>"
