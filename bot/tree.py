"""The one place that answers errors, and the command tree with what Discord is told of it."""

import json
import logging
import re
import secrets
from collections.abc import Awaitable, Sequence
from io import BytesIO
from math import ceil
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.errors import UserError
from bot.i18n import DEFAULT_LANGUAGE, Speaker, Texts, language_of, plain, quoted
from bot.pace import Pace
from storage.connection import refusal
from storage.identity import is_busy

log = logging.getLogger(__name__)

_LONG = 40
"""From how many characters on an option of a refused command is given back."""
_MESSAGE_MAX = 2_000
OPTION_MAX = 6_000
"""Characters of an option, and below, the largest number in one: Discord's own bounds."""
EXACT_MAX = 2**53
_GROUPS = (1, 2)

_OVER = (10062, 10015)
"""Unknown Interaction, after three seconds; Unknown Webhook, after a quarter of an hour."""
_NOTATION = re.compile(r"<(?:@&\d+|#\d+|t:\d+:R)>")


_TRANSLATED: dict[str, list[dict[str, Any]]] = {}
"""By commands as they are in English: translated. A client that is made again says the same, and
discord.py asks of each of their two thousand texts what it is in each of thirty languages."""


class CommandTree(app_commands.CommandTree[Any]):
    """Commands whose errors are answered in the member's language, only to them."""

    def __init__(self, client: Any, **options: Any) -> None:
        super().__init__(client, **options)
        self.members, self.guilds = Pace(0), Pace(0)

    def keep_pace(self, a_minute: int) -> None:
        """Say how many commands a member may give in a minute; all of a server ten times that."""
        self.members, self.guilds = Pace(a_minute), Pace(10 * a_minute)

    def _too_fast(self, interaction: discord.Interaction[Any]) -> UserError | None:
        guild_id = interaction.guild_id or 0
        wait_s = self.members.wait_s((guild_id, interaction.user.id))
        if wait_s:
            return UserError("error-too-fast", seconds=ceil(wait_s))
        wait_s = self.guilds.wait_s(guild_id)
        return UserError("error-too-many", seconds=ceil(wait_s)) if wait_s else None

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        """Answer a failed command; longer texts are given back, for Discord does not keep them."""
        options = [value for _, value in interaction.namespace if isinstance(value, str)]
        await answer_error(interaction, error, [each for each in options if len(each) >= _LONG])

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Hold members to a pace, and options to what was declared, as else only Discord does."""
        if interaction.type is discord.InteractionType.application_command:
            if hurry := self._too_fast(interaction):
                await answer_error(interaction, hurry)
                return False
            data: Any = interaction.data
            command = interaction.command
            if isinstance(command, app_commands.Command):
                options = {option["name"]: option.get("value") for option in _flat(data)}
                for each in command.parameters:
                    if problem := _out_of_bounds(each, options.get(each.display_name)):
                        await answer_error(interaction, problem)
                        return False
        return True

    async def payload(self) -> list[dict[str, Any]]:
        """Return what Discord is told of our commands, translations included.

        A fingerprint of it is compared first, and to translate all of it takes long: discord.py's
        own `sync` would do so again. Whoever reads it leaves it as it is.
        """
        listed = sorted(self.get_commands(), key=lambda command: command.name)
        plain = [command.to_dict(self) for command in listed]
        if self.translator is None:
            return plain
        said = f"{type(self.translator).__qualname__} {json.dumps(plain)}"
        if said not in _TRANSLATED:
            _TRANSLATED[said] = [
                await command.get_translated_payload(self, self.translator) for command in listed
            ]
        return _TRANSLATED[said]


def _flat(data: Any) -> list[Any]:
    """Return the options of a command, whatever groups it stands in."""
    options: list[Any] = data.get("options", [])
    while options and options[0]["type"] in _GROUPS:
        options = options[0].get("options", [])
    return options


def _out_of_bounds(option: app_commands.Parameter, value: Any) -> UserError | None:
    """Return what is wrong with an option, None if it is as declared."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    is_text = isinstance(value, str)
    size = len(value) if isinstance(value, str) else value
    least, most = (0, OPTION_MAX) if is_text else (-EXACT_MAX, EXACT_MAX)
    low = least if option.min_value is None else option.min_value
    high = most if option.max_value is None else option.max_value
    if low <= size <= high:  # which NaN never is
        return None
    key = "error-option-length" if is_text else "error-option-number"
    return UserError(key, value=str(value)[:40], low=low, high=high)


async def guarded(interaction: discord.Interaction[Any], work: Awaitable[None]) -> None:
    """Await a button's or a modal's work, answering errors as a command's are.

    Success is announced to the client as ``lyceum_answered``, so that what every answer may
    bring along (the consent question) has one place, as after commands.
    """
    try:
        await work
    except Exception as error:
        await answer_error(interaction, error)
    else:
        interaction.client.dispatch("lyceum_answered", interaction)


async def answer_error(
    interaction: discord.Interaction[Any], error: Exception, typed: Sequence[str] = ()
) -> None:
    """Tell the member what to do, or that something went wrong, with a reference.

    Parameters
    ----------
    typed
        What they typed and would have to type again: it is given back, to be copied.
    """
    if _is_over(error):
        log.warning("an interaction was over before it could be answered")
        return
    texts = await texts_of(interaction)
    text = explain(error, texts)
    lost = [each for each in typed if plain(each) not in text]
    if not lost:
        await tell(interaction, content=text)
        return
    said = "\n".join([text, "", texts("form-typed"), *map(quoted, lost)])
    if len(said) <= _MESSAGE_MAX:
        await tell(interaction, content=said)
    else:
        await tell(interaction, content=text, files=[as_file(lost)])


def _is_over(error: Exception) -> bool:
    """Say whether Discord waits for an answer no more: nobody can be answered then."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    return isinstance(cause, discord.NotFound) and cause.code in _OVER


def explain(error: Exception, texts: Texts) -> str:
    """Return what a member reads of an error; an unforeseen one is logged with its reference."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    match cause:
        case UserError():
            key, params = cause.key, cause.params
        case app_commands.CheckFailure():
            key, params = "error-not-allowed", {}
        case app_commands.TransformerError():
            key, params = "error-bad-option", {"value": str(cause.value)[:100]}
        case Exception() if is_busy(cause):
            log.warning("another process was writing for too long")
            key, params = "error-busy", {}
        case Exception() if refusal(cause):
            log.error("nobody could be served", exc_info=cause)
            key, params = "error-storage", {}
        case _:
            reference = secrets.token_hex(4)
            log.error("reference %s", reference, exc_info=cause)
            key, params = "error-unexpected", {"reference": reference}
    return texts(key, **{name: _safe(value) for name, value in params.items()})


def as_file(typed: Sequence[str]) -> discord.File:
    """Return what was typed as a file to be copied from."""
    return discord.File(BytesIO("\n\n".join(typed).encode()), "typed.txt")


async def texts_of(interaction: discord.Interaction[Any]) -> Texts:
    """Return the member's texts, whatever is wrong with the place their choice is stored in."""
    speaker: Speaker = interaction.client.speaker
    try:
        return await speaker.to(interaction)
    except Exception:
        log.exception("nobody can say which language a member reads")
        return Texts(language_of(interaction.locale) or DEFAULT_LANGUAGE)


def _safe(value: str | int | float) -> str | int | float:
    """Return what a text is filled with so that nobody's words act as markdown.

    Roles, channels and times in Discord's own notation are ours, and harmless from anybody else.
    """
    if isinstance(value, str) and not _NOTATION.fullmatch(value):
        return plain(value)
    return value


async def tell(
    interaction: discord.Interaction[Any], *, is_in_place: bool = False, **message: Any
) -> None:
    """Answer an interaction only to its member, whatever was answered before.

    Parameters
    ----------
    is_in_place
        In the message that a button was pressed in.
    **message
        The text or view, and files, of `discord.Webhook.send`.
    """
    private: dict[str, Any] = {
        "ephemeral": True,
        "allowed_mentions": discord.AllowedMentions.none(),
    }
    try:
        is_done = interaction.response.is_done()
        if is_in_place:
            edit: Any = (
                interaction.edit_original_response if is_done else interaction.response.edit_message
            )
            await edit(view=message["view"], attachments=message["files"])
        elif is_done:
            await interaction.followup.send(**message, **private)
        else:
            await interaction.response.send_message(**message, **private)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.warning("could not answer an interaction: %s", error)
