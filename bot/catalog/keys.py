"""The keys by which one page is one resource, put into the form of today."""

import logging

from bot.catalog import rules
from storage import catalog
from storage import settings as stored
from storage.connection import Connection
from storage.database import Database
from storage.records import Resource

_KEY_FORM = "catalog.key_form"

log = logging.getLogger(__name__)


async def renew(database: Database) -> None:
    """Put every resource's key into the form of today, once after that form has changed.

    Two resources that have become one page are both kept: the first has the key, live before
    retired, and whoever runs the bot reads of the other.
    """
    async with database.read() as conn:
        if await stored.value(conn, _KEY_FORM) == rules.KEY_FORM:
            return

    async def job(conn: Connection) -> list[tuple[Resource, Resource]]:
        await stored.set_value(conn, _KEY_FORM, rules.KEY_FORM)
        return await catalog.rekey(conn, rules.url_key)

    for one, other in await database.write(job):
        log.warning(
            "resources %d and %d of guild %d are one page, %s: both are kept; retire one",
            one.resource_id,
            other.resource_id,
            one.guild_id,
            one.url,
        )
