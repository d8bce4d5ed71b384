"""The page around the previews: who you are, where you look, what to try, what is done."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from aiohttp import web

from bot.demo.market import Deal, Market
from bot.demo.scene import CHANNELS, ROLES, STEPS, THREAD, Step
from bot.demo.simulator import Stage
from bot.i18n import DEFAULT_LANGUAGE, LANGUAGES, Texts

_FILES = {
    "/": ("index.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
}
_TEXTS = (
    "subtitle", "you_are", "channels", "messages", "guide_title", "guide_intro", "guide_done",
    "guide_note", "loading", "go", "other_language", "new_message", "stopped", "model_title",
    "model_lists", "model_empty", "model_before", "model_after", "model_new", "model_hits",
    "model_popular", "guide_more", "guide_less",
    "market_title", "market_intro", "market_buy", "market_refund", "market_heard", "market_refused",
    "market_opens", "market_closed", "market_role", "market_no_role", "market_look",
)  # fmt: skip
THREADS_SHOWN = 5
_POLICY = (
    "default-src 'self'; img-src 'self' data:; frame-src http://127.0.0.1:*; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)


@dataclass
class Page:
    """Serves the page on one loopback port, to this machine's browser only.

    ``threads`` are those of the channel for questions, the oldest first. ``speak`` makes the
    page's language that of the server and of the people who have none, ``model`` says how the
    model does (`bot.demo.panel`), ``market`` is the shop outside Discord. ``newest_id`` is the last
    message of before the visitor came: what came after it is new to them.
    """

    port: int
    stage: Stage
    cast: dict[str, Any]
    channels: dict[str, Any]
    threads: Callable[[], Sequence[Any]]
    speak: Callable[[str], Awaitable[None]]
    model: Callable[[], Awaitable[dict[str, Any]]]
    market: Market
    newest_id: int
    language: str = DEFAULT_LANGUAGE
    actions: Counter[tuple[int, str]] = field(default_factory=Counter)

    def note(self, user_id: int, action: str) -> None:
        """Remember that the bot answered `action` (a command, or a button's id) of a member."""
        for step in STEPS:
            if action == step.action or (":" in step.action and action.startswith(step.action)):
                self.actions[(user_id, step.action)] += 1
                return

    def application(self) -> web.Application:
        """Build the web application."""
        app = web.Application(middlewares=[self._only_this_machine])
        for path in _FILES:
            app.router.add_get(path, self._file)
        app.router.add_get("/chinese.ttf", self._font)
        app.router.add_get("/state", self._state)
        app.router.add_post("/look", self._look)
        app.router.add_post("/deal", self._deal)
        return app

    @web.middleware
    async def _only_this_machine(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Refuse other names for this machine (DNS rebinding) and other sites' requests."""
        hosts = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}
        origin = request.headers.get("Origin")
        if request.host not in hosts or (origin and origin not in {f"http://{h}" for h in hosts}):
            raise web.HTTPForbidden(text="This page is for this machine only.\n")
        response: web.StreamResponse = await handler(request)
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    async def _file(self, request: web.Request) -> web.Response:
        name, kind = _FILES[request.path]
        text = (files("bot.demo") / "page" / name).read_text("utf-8")
        return web.Response(text=text, content_type=kind)

    async def _font(self, request: web.Request) -> web.FileResponse:
        """Send the Chinese font of the previews, for machines that have none."""
        fonts = Path(str(files("simcord.preview"))) / "static" / "fonts"
        found = next(iter(sorted(fonts.glob("noto-sans-sc-*.ttf"))), None)
        if found is None:
            raise web.HTTPNotFound
        return web.FileResponse(found)

    async def _state(self, request: web.Request) -> web.Response:
        texts = Texts(_language(request.query.get("language")))
        model = await self.model()
        return web.json_response(
            {
                "texts": {key: texts(f"demo-{key.replace('_', '-')}") for key in _TEXTS},
                "people": [
                    {
                        "key": role.key,
                        "name": role.name,
                        "colour": role.colour,
                        "role": texts(f"demo-role-{role.key}"),
                    }
                    for role in ROLES
                ],
                "places": self._places(),
                "steps": self._steps(texts),
                "model": model | {"measured": _measured(model, texts)},
                "market": await self.market.state(
                    {role.key: self.cast[role.key].id for role in ROLES}
                ),
            }
        )

    def _places(self) -> list[dict[str, Any]]:
        channels = [{"key": name, "name": name, "kind": "channel"} for name, _ in CHANNELS]
        channels += [
            {"key": f"{THREAD}-{one.id}", "name": one.name, "kind": THREAD}
            for one in self.threads()[-THREADS_SHOWN:]
        ]
        letters = [{"key": f"dm-{role.key}", "name": role.name, "kind": "dm"} for role in ROLES]
        places: list[dict[str, Any]] = [*channels, *letters]
        for place in places:
            channel = self._channel(place["key"])
            there = self.stage.env.backend.messages.get(channel.id, {})
            count = sum(number > self.newest_id for number in there)
            place["n_messages"] = 0 if place["kind"] == "channel" else count
        return places

    def _channel(self, key: str) -> Any:
        """Return the conversation that a place's key names."""
        if not key.startswith(THREAD):
            return self.channels[key]
        threads = {f"{THREAD}-{one.id}": one for one in self.threads()}
        return threads[key]

    def _place(self, step: Step) -> str:
        """Return the key of the place where a step is to be done."""
        threads = self.threads()
        if step.place != THREAD:
            return step.place
        return f"{THREAD}-{threads[-1].id}" if threads else "help"

    def _steps(self, texts: Texts) -> list[dict[str, Any]]:
        return [
            {
                "key": step.key,
                "title": texts(f"demo-step-{step.key}"),
                "text": texts(f"demo-step-{step.key}-text"),
                "person": step.role,
                "place": self._place(step),
                "is_done": self.actions[(self.cast[step.role].id, step.action)] >= step.times,
            }
            for step in STEPS
        ]

    async def _look(self, request: web.Request) -> web.Response:
        try:
            wanted = await request.json()
            viewer = self.cast[wanted["person"]]
            channel = self._channel(str(wanted["place"]))
        except (json.JSONDecodeError, KeyError, TypeError):
            raise web.HTTPBadRequest(text="person and place, as /state names them\n") from None
        language = _language(wanted.get("language"))
        if language != self.language:
            self.language = language
            await self.speak(language)
        if wanted["place"].startswith("dm-"):
            viewer = viewer.user
        return web.json_response({"url": await self.stage.look(viewer, channel)})

    async def _deal(self, request: web.Request) -> web.Response:
        """Sell to a person of the cast, or give their money back."""
        try:
            wanted = await request.json()
            buyer, deal = self.cast[wanted["person"]], wanted["deal"]
            if deal not in get_args(Deal):
                raise KeyError(deal)
        except (json.JSONDecodeError, KeyError, TypeError):
            raise web.HTTPBadRequest(text="person and deal, as /state names them\n") from None
        return web.json_response({"status": await self.market.deal(buyer.id, deal)})


def _measured(model: dict[str, Any], texts: Texts) -> str:
    if model["hits"] is None or model["popular"] is None:
        return texts("demo-model-none")
    return texts("demo-model-measured", choices=model["choices"])


def _language(asked: object) -> str:
    return asked if isinstance(asked, str) and asked in LANGUAGES else DEFAULT_LANGUAGE
