"""What Discord's refusals mean for whoever wants to send a direct message."""

import asyncio
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot import gateway
from bot.messenger import (
    ClosedError,
    DiscordMessenger,
    Letter,
    TooManyError,
    UnreachableError,
)


class Refusing(discord.Client):
    """A client whose conversations cannot be opened."""

    def __init__(self, error: Exception, *, is_ready: bool = True) -> None:
        super().__init__(intents=discord.Intents.none())
        self.error = error
        self.ready = is_ready

    def is_ready(self) -> bool:
        return self.ready

    async def create_dm(self, user: Any) -> discord.DMChannel:
        raise self.error


class Waiting(Refusing):
    """A client that discord.py lets wait for as long as Discord said: for hours."""

    def __init__(self) -> None:
        super().__init__(RuntimeError())

    async def create_dm(self, user: Any) -> discord.DMChannel:
        await asyncio.sleep(7_200)
        raise AssertionError


def refusal(status: int, code: int) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="")
    kind = {403: discord.Forbidden, 404: discord.NotFound}.get(status, discord.HTTPException)
    return kind(response, {"code": code, "message": "no"})


LETTER = Letter(
    user_id=5,
    view=discord.ui.LayoutView(),
    nonce="n",
    marker="digest:stop:1",
    purpose="digest",
)


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (refusal(403, 50007), ClosedError),
        (refusal(403, 50278), ClosedError),
        (refusal(403, 40003), TooManyError),
        (refusal(400, 40003), TooManyError),
        (refusal(403, 20026), TooManyError),
        (refusal(403, 0), TooManyError),
        (refusal(403, 40333), TooManyError),
        (refusal(429, 0), TooManyError),
        (refusal(503, 0), UnreachableError),
        (refusal(403, 50013), discord.Forbidden),
        (refusal(400, 50035), discord.HTTPException),
        (ConnectionResetError(), UnreachableError),
        (TimeoutError(), UnreachableError),
    ],
)
async def test_a_refusal_has_one_meaning(error: Exception, meaning: type[Exception]) -> None:
    with pytest.raises(meaning) as raised:
        await DiscordMessenger(Refusing(error)).send(LETTER)
    assert type(raised.value) is meaning


async def test_a_limit_of_hours_is_not_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "ANSWER_WITHIN_S", 0.05)
    messenger = DiscordMessenger(Waiting())
    with pytest.raises(UnreachableError, match="no answer from Discord"):
        await messenger.send(LETTER)
    with pytest.raises(UnreachableError, match="no answer from Discord"):
        await messenger.was_sent(2, LETTER.marker, discord.utils.utcnow())


async def test_before_discord_is_ready_nobody_is_taken_for_gone() -> None:
    messenger = DiscordMessenger(Refusing(RuntimeError(), is_ready=False))
    with pytest.raises(UnreachableError):
        await messenger.recipient(1, 2)
    with pytest.raises(UnreachableError):
        await messenger.send(LETTER)
    with pytest.raises(UnreachableError):
        await messenger.was_sent(2, LETTER.marker, discord.utils.utcnow())


@pytest.mark.parametrize("code", [0, 40333])
async def test_a_proxys_refusal_does_not_say_that_nothing_was_sent(code: int) -> None:
    messenger = DiscordMessenger(Refusing(refusal(403, code)))
    with pytest.raises(UnreachableError):
        await messenger.was_sent(2, LETTER.marker, discord.utils.utcnow())
    closed = DiscordMessenger(Refusing(refusal(403, 50007)))
    assert await closed.was_sent(2, LETTER.marker, discord.utils.utcnow()) is None
