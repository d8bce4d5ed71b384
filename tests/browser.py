"""Uses the demo's page as a newcomer would, in headless Chromium."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Frame, Page, async_playwright

from tests.patience import patient, turns

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
_READY = (
    "() => window.simcordPreview && window.simcordPreview.ready"
    " && !window.simcordPreview.pendingAction && !window.simcordPreview.pendingQuery"
)
_GOING = (
    "() => { const here = JSON.parse(sessionStorage.getItem('here') || '{}');"
    " return `${here.person}/${here.place}`; }"
)
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class Visitor:
    """Somebody in front of the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text) if message.type == "error" else None
            ),
        )

    async def visit(self, url: str) -> None:
        await self.page.goto(url)
        await self.frame()

    async def frame(self) -> Frame:
        """Return the conversation that is shown, once it is ready."""
        async for _ in turns(20, 0.1):
            # Until the page has gone there, it shows where it was before.
            title = await self.page.evaluate(_GOING)
            element = await self.page.query_selector(f'iframe[title="{title}"]:not([hidden])')
            frame = await element.content_frame() if element else None
            if frame is not None and frame.url.startswith("http"):
                await frame.wait_for_function(_READY)
                return frame
        raise AssertionError("no conversation is shown")

    async def be(self, name: str) -> None:
        await self.page.get_by_role("radio", name=name).click()
        await self._settled()

    async def take_step(self, number: int) -> None:
        """Go where the guide's step, counted from 1, is to be done."""
        step = self.page.locator("#steps li").nth(number - 1)
        await step.get_by_role("button").click()
        await self._settled()

    async def quotes(self, number: int, label: str) -> None:
        """See that the guide's step names a button, and that the conversation has it."""
        step = self.page.locator("#steps li").nth(number - 1)
        assert f"“{label}”" in await step.inner_text()
        frame = await self.frame()
        timeline = frame.locator("#channel-timeline")
        await timeline.get_by_role("button", name=label, exact=True).last.wait_for()

    async def go(self, place: str) -> None:
        await self.page.locator("nav").get_by_role("button", name=place).click()
        await self._settled()

    async def _settled(self) -> None:
        await asyncio.sleep(0.5)
        await self.frame()

    async def say(self, text: str) -> None:
        frame = await self.frame()
        box = frame.locator("#channel-composer-input")
        await box.fill(text)
        await self.page.keyboard.press("Enter")
        await self._settled()

    async def command(self, name: str, *values: str) -> None:
        """Type a command, then a value for each option that it asks for."""
        frame = await self.frame()
        box = frame.locator("#channel-composer-input")
        await box.click()
        await box.press_sequentially("/" + name, delay=45)
        await self._ready(frame)
        await self.page.keyboard.press("Enter")
        await self._ready(frame)
        for value in values:
            await asyncio.sleep(0.3)
            await self.page.keyboard.type(value, delay=45)
            await asyncio.sleep(0.6)
            await self._ready(frame)  # what is suggested may take long to come
            await self.page.keyboard.press("Enter")
            await self._ready(frame)
        picker: Any = await frame.evaluate("() => window.simcordPreview.commandPicker.state")
        if picker == "composing":
            await self.page.keyboard.press("Enter")
        await self._ready(frame)
        await asyncio.sleep(0.6)

    @staticmethod
    async def _ready(frame: Frame) -> None:
        await frame.wait_for_function(_READY)
        await asyncio.sleep(0.15)

    async def press(self, label: str, *, last: bool = False) -> None:
        frame = await self.frame()
        found = frame.locator("#channel-timeline").get_by_role("button", name=label, exact=True)
        await (found.last if last else found.first).click()
        await self._ready(frame)
        await asyncio.sleep(0.4)

    async def choose(self, menu: str, option: str) -> None:
        """Open the last menu that says so, and choose from it."""
        frame = await self.frame()
        await frame.locator("#channel-timeline").get_by_text(menu, exact=True).last.click()
        await frame.get_by_role("option").filter(has_text=option).first.click()
        await self._ready(frame)
        await asyncio.sleep(0.4)

    async def fill(self, *texts: str) -> None:
        """Fill in the first fields of the form that is open, or leave them, and submit."""
        frame = await self.frame()
        form = frame.get_by_role("dialog")
        for number, text in enumerate(texts):
            await form.locator("input, textarea").nth(number).fill(text)
        await form.get_by_role("button", name="Submit").click()
        await self._ready(frame)
        await asyncio.sleep(0.4)

    async def reads(self, words: str, within_s: float = 30.0) -> None:
        frame = await self.frame()
        await (
            frame.locator("#channel-timeline")
            .get_by_text(words)
            .last.wait_for(timeout=1_000 * patient(within_s))
        )

    async def text(self) -> str:
        frame = await self.frame()
        return await frame.locator("#channel-timeline").inner_text()

    async def steps_done(self) -> int:
        return await self.page.locator("#steps li.done").count()


@asynccontextmanager
async def visitor(width: int = 1380, height: int = 860) -> AsyncIterator[Visitor]:
    """Open a browser window for somebody new."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        page = await browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(1_000 * patient(20))
        try:
            yield Visitor(page)
        finally:
            await browser.close()
