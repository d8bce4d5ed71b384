"""To be written."""

from aiohttp import web

from bot.links.service import LinksService
from storage.database import Database


def make(links: LinksService, database: Database) -> web.Application:
    """Build the web application."""
    return web.Application()
