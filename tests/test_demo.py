"""The demo as a newcomer meets it: a real process, the real page, a real browser."""

import asyncio
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.scene import STEPS
from tests.browser import CHROMIUM, Visitor, visitor
from tests.patience import patient

ROOT = Path(__file__).parent.parent
READY_S = 120.0
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium; name it in CHROMIUM if it is not on the PATH"
)
pytestmark = pytest.mark.slow


class Demo:
    """`lyceum demo` as somebody would start it in a terminal."""

    def __init__(self, port: int, log: Path) -> None:
        self.port, self.log, self.url = port, log, f"http://127.0.0.1:{port}/"
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "demo", "--port", str(port), "--no-browser"],
                cwd=ROOT,
                env=os.environ | {"COLUMNS": "200"},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def says(self, words: str) -> None:
        end = time.monotonic() + patient(READY_S)
        while words not in self.log.read_text():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(self.log.read_text())
            time.sleep(0.1)

    def interrupt(self) -> int:
        """Press Ctrl-C: the terminal tells the whole process group."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(patient(15))

    def get(self, path: str = "/", **headers: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patient(5))
        connection.request("GET", path, headers=headers)
        status = connection.getresponse().status
        connection.close()
        return status


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_empty(process_group: int) -> bool:
    try:
        os.killpg(process_group, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = Demo(free_port(), tmp_path_factory.mktemp("demo") / "log")
    try:
        running.says("Ready in")
        yield running
        code = running.interrupt()
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()
    printed = running.log.read_text()
    assert code == 0 and "Stopped" in printed and "Traceback" not in printed, printed
    assert is_empty(running.process.pid)


def test_the_page_is_for_this_machine_only(demo: Demo) -> None:
    assert demo.get() == demo.get("/state") == 200
    assert demo.get(Host=f"localhost:{demo.port}") == 200
    assert demo.get(Host="lyceum.example") == 403
    assert demo.get("/state", Host=f"lyceum.example:{demo.port}") == 403
    assert demo.get("/state", Origin="https://lyceum.example") == 403


def test_a_taken_port_is_said_at_once_and_in_one_line(demo: Demo) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--port", str(demo.port), "--no-browser"],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=patient(30),
    )
    assert second.returncode == 1
    assert f"port {demo.port} is taken" in second.stderr
    assert "Traceback" not in second.stderr


def test_ctrl_c_before_the_demo_is_ready_stops_it_too(tmp_path: Path) -> None:
    starting = Demo(free_port(), tmp_path / "log")
    starting.says("Inventing")
    time.sleep(2.0)
    assert starting.interrupt() == 0
    printed = starting.log.read_text()
    assert "Ready" not in printed and "Traceback" not in printed, printed
    assert is_empty(starting.process.pid)


@needs_chromium
async def test_who_follows_the_guide_sees_every_step_done(demo: Demo) -> None:
    async with visitor() as guest:
        await guest.visit(demo.url)
        assert await guest.steps_done() == 0
        await follow_the_guide(guest)
        await guest.page.locator("#finished").wait_for()
        assert await guest.steps_done() == len(STEPS)
        assert guest.complaints == []


async def test_what_is_bought_outside_discord_arrives_and_goes_with_the_money(demo: Demo) -> None:
    async with visitor(width=390, height=844) as guest:
        await guest.visit(demo.url)
        page = guest.page
        await page.locator("#more").click()
        await guest.be("Nia")
        await page.locator("#buy").click()
        for words in ("was accepted (200)", "The course is open", "The role was given"):
            await page.locator("#arrived", has_text=words).wait_for()
        await page.locator("#refund").click()
        for words in ("was accepted (200)", "The course is closed", "No role"):
            await page.locator("#arrived", has_text=words).wait_for()
        assert guest.complaints == []


async def follow_the_guide(guest: Visitor) -> None:
    await be_new(guest)
    await ask_people(guest)
    await be_a_member(guest)
    await guest.take_step(16)
    await guest.command("recommend")
    await guest.reads("为你推荐")
    await look_after_the_server(guest)


async def be_new(guest: Visitor) -> None:
    await guest.take_step(1)
    await guest.command("recommend")
    await guest.reads("I don't know your taste yet")
    first = await titles(guest)
    await guest.take_step(2)
    await guest.reads("What interests you?")
    for topic in ("python", "Databases", "Machine learning"):
        await guest.press(topic, last=True)
    await guest.press("Done", last=True)
    await guest.reads("Your interests")
    await guest.take_step(3)
    await guest.command("recommend")
    frame = await guest.frame()
    await frame.locator("#channel-timeline h3").nth(len(first)).wait_for()
    assert (await titles(guest))[len(first) :] != first
    await guest.take_step(4)
    await guest.press("Open", last=True)
    await guest.reads("📖")
    await guest.take_step(5)
    await guest.command("privacy")
    await guest.reads("What Lyceum stores about you here")


async def ask_people(guest: Visitor) -> None:
    await guest.take_step(6)
    await guest.command("ask")
    await guest.fill("How do I test code that calls the network?", "testing")
    await guest.reads("Nothing is posted yet")
    assert "Tests" in " ".join(await titles(guest))
    await guest.press("Post it", last=True)
    await guest.reads("Your question is posted")
    await guest.page.locator("nav .thread").first.wait_for()
    await guest.take_step(7)
    await guest.reads("could you answer this")
    await guest.press("I'll answer", last=True)
    await guest.reads("Thank you!")
    await guest.take_step(8)
    await guest.say("Put the call behind a small interface and hand in a fake.")
    await guest.reads("Did one of the answers help?")
    await guest.take_step(9)
    await guest.press("Accept an answer", last=True)
    await guest.choose("Which answer helped?", "Mo")
    await guest.reads("Answer accepted")
    await guest.take_step(10)
    await guest.command("points")
    await guest.reads("an accepted answer")


async def be_a_member(guest: Visitor) -> None:
    await guest.take_step(11)
    await guest.command("recommend")
    await guest.reads("💡")
    await guest.take_step(12)
    await guest.press("Open")
    await guest.reads("📖")
    await guest.take_step(13)
    await guest.command("recommend")
    await guest.page.locator("#lists ul").nth(1).wait_for()
    await guest.take_step(14)
    await guest.say("Has anybody compared the two approaches in practice so far?")
    await guest.command("points")
    await guest.reads("a message")
    await guest.take_step(15)
    await guest.command("digest on")
    await guest.command("digest now")
    await guest.reads("in your direct messages")
    # Of the letter; a thread may have one, too, for the bot asks experts in it.
    letters = guest.page.locator("nav button").filter(has_text="Lyceum → Ana")
    await letters.locator(".dot").wait_for()
    await guest.go("Ana")
    await guest.reads("Stop these messages")


async def look_after_the_server(guest: Visitor) -> None:
    await guest.take_step(17)
    await guest.command("rules set", "message", "points", "2", "they write so well")
    await guest.reads("1 → 2")
    await guest.take_step(18)
    await guest.command("rules draft")
    await guest.choose("Choose a section to change", "Helpful reaction received")
    await guest.choose("Choose what to change", "points")
    await guest.fill("3")
    await guest.press("Back to the draft", last=True)
    await guest.press("Preview", last=True)
    await guest.reads("Points awarded")
    await guest.take_step(19)
    await guest.command("rules publish")
    await guest.press("Re-score since…", last=True)
    await guest.fill()
    await guest.reads("would change")
    await guest.press("Publish and re-score…", last=True)
    await guest.fill("thanks are worth more")
    await guest.reads("can undo it")


async def titles(guest: Visitor) -> list[str]:
    frame = await guest.frame()
    return await frame.locator("#channel-timeline h3").all_inner_texts()


@needs_chromium
async def test_the_server_has_a_past_to_look_back_at(demo: Demo) -> None:
    async with visitor() as guest:
        await guest.visit(demo.url)
        await guest.be("Mo")
        await guest.go("# general")
        for command, words in (
            ("insights show", "Chosen by what they do"),
            ("insights exposure", "Gini"),
            ("channel-digest preview", "Most useful"),
            ("review", "2 submissions"),
            ("questions open", "pandas groupby"),
            ("path list", "Containers, from zero to a cluster"),
            ("gaps", "observability"),
        ):
            await guest.command(command)
            await guest.reads(words)
        assert guest.complaints == []


@needs_chromium
async def test_a_conversation_fills_its_place_whenever_one_comes_back(demo: Demo) -> None:
    async with visitor(390, 800) as guest:
        await guest.visit(demo.url)
        await guest.be("Mo")
        await guest.go("# resources")
        await guest.page.reload()
        assert await guest.page.get_by_role("radio", name="Mo").is_checked()
        await guest.be("Nia")
        await guest.go("# general")
        frame = await guest.frame()
        await asyncio.sleep(0.5)
        box: dict[str, Any] = await frame.evaluate(
            "() => document.querySelector('#channel-layout').getBoundingClientRect().toJSON()"
        )
        width = await frame.evaluate("() => innerWidth")
        assert box["x"] == 0 and box["width"] == width
        assert guest.complaints == []
