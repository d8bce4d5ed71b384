"""Which bot a database belongs to: another one's token is refused before it answers anybody.

Another bot is in other servers: to go on with its token by mistake would look as if all had removed
the bot, and its own servers would get our commands.
"""

import discord

from bot.errors import StartError
from storage import settings as stored
from storage.connection import Connection
from storage.database import Database


async def claim(database: Database, bot: discord.ClientUser) -> None:
    """Say that the database is this bot's, if it is nobody's yet.

    Raises
    ------
    StartError
        It is another bot's; the message says what to do.
    """

    async def job(conn: Connection) -> int:
        owner = await stored.owner(conn)
        if owner is None:
            await stored.set_owner(conn, bot.id)
        return owner or bot.id

    owner = await database.write(job)
    if owner != bot.id:
        raise StartError(
            f"DISCORD_TOKEN is that of another bot ({bot.name}, {bot.id}) than the one that this"
            f" database belongs to ({owner}): put that one's token into .env, or choose another"
            " DATABASE_PATH. If this bot is to take its place: lyceum run --new-bot",
            is_for_good=True,
        )


async def release(database: Database) -> None:
    """Let the bot that is connected next have the database."""
    await database.write(lambda conn: stored.set_owner(conn, None))
