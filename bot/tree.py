"""The one place that answers errors, and the command tree that syncs only when it changed."""

import hashlib
import json
import logging
import secrets
from collections.abc import Awaitable
from typing import Any

import discord
from discord import app_commands

from bot.errors import UserError
from bot.i18n import Speaker

log = logging.getLogger(__name__)


class CommandTree(app_commands.CommandTree[Any]):
    """Commands whose errors are answered in the member's language, only to them."""

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        """Answer a failed command."""
        await answer_error(interaction, error)

    async def fingerprint(self) -> str:
        """Return a hash of what Discord would be told, translations included."""
        payloads = [
            await command.get_translated_payload(self, self.translator)
            if self.translator
            else command.to_dict(self)
            for command in sorted(self.get_commands(), key=lambda command: command.name)
        ]
        return hashlib.sha256(json.dumps(payloads, sort_keys=True).encode()).hexdigest()


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


async def answer_error(interaction: discord.Interaction[Any], error: Exception) -> None:
    """Tell the member what to do, or that something went wrong, with a reference."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    speaker: Speaker = interaction.client.speaker
    texts = await speaker.to(interaction)
    match cause:
        case UserError():
            text = texts(cause.key, **cause.params)
        case app_commands.MissingPermissions() | app_commands.CheckFailure():
            text = texts("error-not-allowed")
        case app_commands.TransformerError():
            text = texts("error-bad-option", value=str(cause.value)[:100])
        case _:
            reference = secrets.token_hex(4)
            log.error("reference %s", reference, exc_info=cause)
            text = texts("error-unexpected", reference=reference)
    await _tell(interaction, text)


async def _tell(interaction: discord.Interaction[Any], text: str) -> None:
    mentions = discord.AllowedMentions.none()
    try:
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True, allowed_mentions=mentions)
        else:
            await interaction.response.send_message(text, ephemeral=True, allowed_mentions=mentions)
    except discord.HTTPException as error:
        log.warning("could not answer an interaction: %s", error)
