"""Make the README's picture of the demo: `make picture`."""

import asyncio
import tempfile
from pathlib import Path

from bot.demo.play import open_demo
from tests.browser import visitor

PICTURE = Path(__file__).parent.parent / "docs" / "demo.png"


async def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        async with (
            open_demo(8766, lambda error: None, Path(directory)) as demo,
            visitor(1280, 800) as guest,
        ):
            await guest.visit(demo.url)
            await guest.command("recommend")
            await guest.press("Open")
            await guest.be("Ana")
            await guest.command("recommend")
            await asyncio.sleep(0.5)
            await guest.page.screenshot(path=PICTURE)


if __name__ == "__main__":
    asyncio.run(main())
