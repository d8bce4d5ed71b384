"""The process of tests.wire_bot, which finds Discord by a name that may be gone for a while.

`python -m tests.faults.nameless GONE PORT DATABASE …`: while the file GONE is there, no name is
found, and none is remembered.
"""

import socket
import sys
from functools import partialmethod
from pathlib import Path
from typing import Any

import aiohttp

from tests import wire_bot

NAME, GATEWAY = "discord.invalid", "gateway.discord.invalid"


def main() -> None:
    gone, known = Path(sys.argv.pop(1)), socket.getaddrinfo

    def getaddrinfo(host: Any, *asked: Any, **options: Any) -> Any:
        if host in (NAME, GATEWAY):
            if gone.exists():
                raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
            host = "127.0.0.1"
        return known(host, *asked, **options)

    socket.getaddrinfo = getaddrinfo
    connect: Any = aiohttp.TCPConnector
    connect.__init__ = partialmethod(connect.__init__, use_dns_cache=False)
    wire_bot.main(host=NAME)


if __name__ == "__main__":
    main()
