"""What Lyceum needs of simcord beyond its public face, in one place.

simcord is pinned to one version because of this module: it shows several conversations at once
(simcord has one preview per environment), lets real time drive the simulated clock, frames the
previews in our page, and gives people a language. The tests share it.
"""

import asyncio
import copy
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import MappingProxyType, SimpleNamespace
from typing import Any

import discord
import simcord
import simcord.gateway
import simcord.http.router
import simcord.interactions
from aiohttp import web
from simcord.env import Env
from simcord.http.client import FakeHTTPClient
from simcord.preview import Preview
from simcord.preview._server import PreviewServer

TICK_S = 0.5
_KEEP = 500
_STYLE = """
.preview-toolbar,.messages-sidebar,#inspector-panel,#messages-toggle{display:none!important}
.preview-workspace{grid-template-columns:1fr!important;height:100vh!important}
.preview-shell{grid-template-rows:1fr!important}
"""
# What of the preview's own scripts a newcomer would stumble over, as (file, what it says, what it
# says instead).
_SCRIPTS = (
    # Show the newest message, from its top where it is tall, also while it grows from "thinking"
    # to an answer; but stay where the reader reads.
    (
        "/timeline.js",
        "state.scrollIntent = snapshot.targetId",
        "if (hasNewTail || !previousIds.length)"
        ' state.follow = ids.reduce((a, b) => (BigInt(b) > BigInt(a) ? b : a), "0");\n'
        '    state.scrollIntent = state.follow ? { policy: "target", targetId: state.follow }'
        " : snapshot.targetId",
    ),
    (
        "/timeline.js",
        'ui.newMessages.addEventListener("click"',
        'for (const kind of ["wheel", "pointerdown", "touchmove", "keydown"])'
        " ui.timeline.addEventListener(kind, () => { state.follow = null; }, { passive: true });\n"
        '  ui.newMessages.addEventListener("click"',
    ),
    ("/timeline.js", "clientHeight <= 1 ?", "clientHeight <= 200 ?"),
    # As in Discord, Enter sends a command that lacks nothing: no optional option is chosen
    # before the arrow keys did, and a chosen value leaves the focus on the command.
    (
        "/commands.js",
        "if (listItems.length) suggestionListbox",
        'if (listItems.length && !owner.matches(".command-chip")) suggestionListbox',
    ),
    (
        "/commands.js",
        "renderCompose({ focus: Boolean(next) });",
        "document.activeElement?.blur(); renderCompose({ focus: true });",
    ),
    # A command that the bot answered with "that cannot be" is sent, too.
    (
        "/commands.js",
        'receipt?.settlement === "settled" && !receipt.rejected',
        '["settled", "failed"].includes(receipt?.settlement ?? "") && !receipt?.rejected',
    ),
    # Who has no picture has an initial in a colour of their own.
    (
        "/dom.js",
        'if (!avatar.childNodes.length) avatar.insertAdjacentHTML("beforeend", PERSON_SVG);',
        """if (!avatar.childNodes.length && identity?.name) {
    const letters = [...identity.name];
    const sum = letters.reduce((all, one) => (all * 31 + one.codePointAt(0)) % 3600, 7);
    const face = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" aria-hidden="true">'
      + '<text x="12" y="17" text-anchor="middle" font-size="14" font-weight="600"></text></svg>';
    avatar.insertAdjacentHTML("beforeend", face);
    const letter = avatar.querySelector("text");
    letter.textContent = letters[0].toUpperCase();
    letter.setAttribute("fill", "#fff");
    avatar.style.background = CAST[identity.name] ?? `hsl(${sum / 10} 45% 42%)`;
  } else if (!avatar.childNodes.length) avatar.insertAdjacentHTML("beforeend", PERSON_SVG);""",
    ),
    # Show the name of what was chosen, not its id.
    ("/commands.js", 'String(value?.raw ?? "");', 'String(value?.label ?? value?.raw ?? "");'),
)

_locales: dict[int, str] = {}
_base_payload = simcord.interactions.base_payload
_request = FakeHTTPClient.request


def _payload_with_locale(backend: Any, **kw: Any) -> Any:
    record, payload = _base_payload(backend, **kw)
    payload["locale"] = _locales.get(kw["user_id"], payload["locale"])
    return record, payload


async def _dated_request(self: Any, *args: Any, **kwargs: Any) -> Any:
    """Say in a refusal when it was, as every answer of Discord's does."""
    try:
        return await _request(self, *args, **kwargs)
    except discord.HTTPException as refused:
        refused.response.headers["Date"] = format_datetime(self.backend.clock.now(), usegmt=True)  # type: ignore[index]
        raise


def _oldest_first_after(history: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Page ``after=`` as Discord does, by the oldest messages; simcord gives the newest."""

    def paged(ctx: Any) -> Any:
        if "after" not in ctx.params:
            return history(ctx)
        limit = int(ctx.params.get("limit", 50))
        everything = history(replace(ctx, params=ctx.params | {"limit": sys.maxsize}))
        return everything[-limit:]

    return paged


INVITED: dict[str, tuple[list[int], list[int]]] = {}
"""By code: which roles an invitation carries, and who alone may use it."""


def _carrying(create: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let invitations carry roles and be locked to people, which simcord does not know."""

    def create_invite(ctx: Any) -> Any:
        if not _meant:
            return create(ctx)
        body = dict(ctx.body())
        roles = [int(each) for each in body.pop("role_ids", [])]
        made = create(replace(ctx, json=body))
        INVITED[made["code"]] = roles, [int(each) for each in _meant.pop().split()[1:]]
        return made

    return create_invite


def _form_with_people(form: list[dict[str, Any]], files: list[Any]) -> tuple[Any | None, list[Any]]:
    """Read a form as simcord does, and who an invitation is locked to."""
    for part in form:
        if part.get("name") == "target_users_file":
            _meant.append(part["value"].decode())
    return _parse_form(form, files)


def copied(value: Any) -> Any:
    """Return a deep copy of what JSON can say; `copy.deepcopy` takes three times as long for it."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is dict:
        return {key: copied(each) for key, each in value.items()}
    return [copied(each) for each in value] if kind is list else copy.deepcopy(value)


_ATOMS = frozenset((str, int, float, bool, type(None)))
_meant: list[str] = []
_parse_form = simcord.http.router.parse_form


def patch() -> None:
    """Make simcord do what Discord does where we saw it differ; more than once does no harm.

    People get their language, channel history pages as Discord's, refusals say when they were,
    invitations carry roles and are locked to people, nothing waits 50 ms where nothing is pending,
    and the list of our commands is copied in no time.
    """
    simcord.interactions.base_payload = _payload_with_locale
    FakeHTTPClient.request = _dated_request  # type: ignore[method-assign]
    settle: Any = Env._settle_internal
    settle.__kwdefaults__["idle"] = 0.001
    routes: Any = simcord.http.router._ROUTES
    routes["GET"] = [
        (path, _oldest_first_after(answer) if answer.__name__ == "get_history" else answer)
        for path, answer in routes["GET"]
    ]
    routes["POST"] = [
        (path, _carrying(answer) if answer.__module__.endswith(".invites") else answer)
        for path, answer in routes["POST"]
    ]
    simcord.http.router.parse_form = _form_with_people
    for module in (simcord.http.router, simcord.gateway):
        module.copy = SimpleNamespace(deepcopy=copied)  # type: ignore[attr-defined]


def set_locale(member: Any, locale: str) -> None:
    """Make Discord report `locale` for whatever the member does."""
    _locales[member.id] = locale


def set_language(member: Any, language: str) -> None:
    """Put the member's Discord into one of our languages."""
    set_locale(member, "en-US" if language == "en" else language)


def pin_clock(env: Any, moment: datetime) -> None:
    """Set the simulated clock to `moment`; before the bot connects."""
    clock = env.backend.clock
    clock._epoch = moment.astimezone(UTC) - timedelta(seconds=clock.elapsed)


class _Many:
    """Stands where simcord keeps its one preview, and passes its one signal on to all."""

    _closed = True

    def __init__(self, previews: list[Any]) -> None:
        self.previews = previews

    def _mark_action_dispatched(self) -> None:
        for preview in self.previews:
            preview._mark_action_dispatched()


@dataclass
class Stage:
    """The simulated guild on display: a live preview per person and conversation.

    Previews are opened at the first look, and only the one looked at is kept up to date. `lock`
    serialises whatever acts on the environment; hold it around any call to an actor.
    """

    env: Any
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _open: dict[tuple[int, int], Any] = field(default_factory=dict)
    _seen: dict[tuple[int, int], int] = field(default_factory=dict)
    _looked_at: tuple[int, int] | None = None

    async def look(self, viewer: Any, channel: Any) -> str:
        """Show `channel` as `viewer` sees it; return the address to frame."""
        key = (viewer.id, channel.id)
        async with self.lock:
            self._looked_at = key
            if key not in self._open:
                self.env._preview = None
                preview = self.env.preview(channel, viewers=[viewer], layout="channel")
                _serialise(preview, self.lock, lambda: self._mark(key))
                await preview.__aenter__()
                self._open[key] = preview
                self.env._preview = _Many(list(self._open.values()))
            else:
                await self._open[key].refresh()
            self._mark(key)
            return str(self._open[key].url)

    def _mark(self, key: tuple[int, int]) -> None:
        self._seen[key] = self._signature(key[1])

    def _signature(self, channel_id: int) -> int:
        messages = self.env.backend.messages.get(channel_id, {})
        return hash(repr(list(messages.values())[-50:]))

    async def tick(self, elapsed_s: float) -> None:
        """Let simulated time pass and publish what changed before the one who looks."""
        async with self.lock:
            await self.env.advance_time(elapsed_s)
            key = self._looked_at
            if key is not None and self._seen.get(key) != self._signature(key[1]):
                self._mark(key)
                await self._open[key].refresh()
            del self.env.backend.transcript[:-_KEEP], self.env.backend.http_requests[:-_KEEP]

    async def close(self) -> None:
        """Close every preview."""
        async with self.lock:
            for preview in self._open.values():
                await preview.close()
            self.env._preview = None


def _serialise(preview: Preview, lock: asyncio.Lock, after: Callable[[], None]) -> None:
    """Let a click in the page and the ticker take turns, or clicks are refused as stale."""
    server: Any = preview._server
    act: Callable[[web.Request], Awaitable[web.Response]] = server._action

    async def locked(request: web.Request) -> web.Response:
        async with lock:
            try:
                return await act(request)
            finally:
                after()

    server._action = locked


def frame_in(origin: str, colours: Mapping[str, str] = MappingProxyType({})) -> None:
    """Let the page at `origin` frame the previews, without simcord's developer panels.

    ``colours`` are those of people who have one, by name; everybody else gets one of their own.
    """
    headers = dict(PreviewServer._SECURITY_HEADERS)
    headers.pop("X-Frame-Options", None)
    headers["Content-Security-Policy"] = headers["Content-Security-Policy"].replace(
        "frame-ancestors 'none'", f"frame-ancestors {origin}"
    )
    server: Any = PreviewServer
    server._SECURITY_HEADERS = headers
    static = server._static

    async def adapted(self: Any, request: web.Request) -> web.Response:
        response: web.Response = await static(self, request)
        if request.path == "/preview.css":
            response.text = (response.text or "") + _STYLE
        for path, old, new in _SCRIPTS:
            if path == request.path:
                response.text = (response.text or "").replace(old, new)
        if request.path == "/dom.js":
            response.text = f"const CAST = {json.dumps(colours)};\n{response.text}"
        return response

    server._static = adapted


@asynccontextmanager
async def ticking(stage: Stage, report: Callable[[BaseException], None]) -> AsyncIterator[None]:
    """Let real time drive the stage while the context is open."""

    async def run() -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(TICK_S)
            now = time.perf_counter()
            try:
                await stage.tick(now - last)
            except Exception as error:
                report(error)
            last = now

    task = asyncio.ensure_future(run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
