"""The real process of the wire tests: `python -m tests.wire_bot PORT DATABASE [SETTING=VALUE …]`.

All it changes is where Discord is; everything else is what `lyceum run` does.
"""

import asyncio
import logging
import sys

import discord.gateway
import discord.http
import yarl

from bot.errors import StartError
from bot.run import run
from bot.settings import Settings
from bot.terminal import Brief
from tests.wire import TOKEN


def main(host: str = "127.0.0.1") -> None:
    port, database, *changes = sys.argv[1:]
    discord.http.Route.BASE = f"http://{host}:{port}/api/v10"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"ws://{host}:{port}/gateway")
    logging.basicConfig(level="INFO", stream=sys.stdout, format="%(name)s: %(message)s")
    logging.root.handlers[0].addFilter(Brief())
    options = {"discord_token": TOKEN, "web_port": 0, "database_path": database}
    options |= dict(change.split("=", 1) for change in changes)
    settings = Settings(_env_file=None, **options)  # type: ignore[arg-type]
    try:
        asyncio.run(run(settings, digest_tick_s=1))
    except StartError as error:
        print(f"StartError: {error}", flush=True)  # noqa: T201
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
