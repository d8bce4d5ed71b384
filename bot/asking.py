"""What Lyceum asks of Discord: the intents of its session, its permissions in a server."""

import discord

from bot.settings import Settings

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    embed_links=True,
    attach_files=True,
    create_public_threads=True,
    manage_threads=True,
    manage_roles=True,
)
"""What the bot needs in a guild, and all its invitation asks for."""


def intents(settings: Settings) -> discord.Intents:
    """Return the intents to ask for: none privileged unless the operator says so."""
    wanted = discord.Intents.default()
    wanted.message_content = settings.message_content_intent
    return wanted
