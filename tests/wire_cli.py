"""The real command line: `python -m tests.wire_cli PORT ARGUMENT …`.

All it changes is where Discord is; settings come from the environment as always.
"""

import sys

import discord.gateway
import discord.http
import yarl

from bot.cli import app


def main() -> None:
    port = sys.argv.pop(1)
    discord.http.Route.BASE = f"http://127.0.0.1:{port}/api/v10"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"ws://127.0.0.1:{port}/gateway")
    app(prog_name="lyceum")


if __name__ == "__main__":
    main()
