"""Discord's HTTP and gateway over a real socket, for tests of the real process.

simcord's backend answers, this module speaks: what in-process simulation leaves out, the bot's
own HTTP client, gateway session, signals, crash and exit, is then real too. Loopback only.
"""

import asyncio
import io
import json
import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import simcord.http.routes  # registers the routes' handlers
from aiohttp import WSMsgType, web
from simcord.backend import Backend, serializers
from simcord.backend.errors import BackendError
from simcord.builders import GuildHandle, UserHandle
from simcord.http import router

from bot.asking import PERMISSIONS
from tests.patience import patient

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.wire.token"
HEARTBEAT_MS = 41_250
QUIET_S = 0.15

assert simcord.http.routes is not None


class WireEnv:
    """Just enough of simcord's environment for its builders and actors; time is real."""

    def __init__(self, answer_within_s: float = 5.0) -> None:
        backend: Any = Backend()
        backend.clock.now = lambda: datetime.now(UTC)
        self.backend: Any = backend
        self.bot = None
        self.strict_sync = True
        self.settle_timeout = answer_within_s
        self._errors: list[Any] = []
        self._preview = None
        self._message_states: set[Any] = set()
        self._pending: Any = None

    def _begin_operation(self, label: str) -> None:
        pass

    def _end_operation(self) -> None:
        pass

    def _mark_mutation(self) -> None:
        pass

    def _notify_dispatch_observers(self, record: Any) -> None:
        self._pending = record

    async def _settle_internal(self, **_: Any) -> None:
        """Wait until the interaction is answered, or else until nothing happened for a moment."""
        record, self._pending = self._pending, None
        end = time.monotonic() + patient(self.settle_timeout)
        length, quiet_since = -1, time.monotonic()
        while time.monotonic() < end:
            if len(self.backend.transcript) != length:
                length, quiet_since = len(self.backend.transcript), time.monotonic()
            if record is not None:
                if record.responded and not record.loading:
                    return
            elif time.monotonic() - quiet_since > QUIET_S:
                return
            await asyncio.sleep(0.02)

    def create_user(self, name: str, **fields: Any) -> UserHandle:
        return UserHandle(cast("Any", self), self.backend.make_user(name, **fields))

    def create_guild(self, name: str, **fields: Any) -> GuildHandle:
        return GuildHandle(cast("Any", self), self.backend.create_guild(name, **fields))


class WireServer:
    """Serves an environment's backend on 127.0.0.1."""

    def __init__(self, env: WireEnv) -> None:
        self.env = env
        self.port = 0
        self.requests: list[Any] = []
        self.refusals: list[dict[str, Any]] = []
        self.refuse_privileged_intents = False
        self.is_token_revoked = False
        self.host = "127.0.0.1"
        """By which name a session is resumed."""
        self.application: dict[str, Any] = {}
        """What the application's own page says beside simcord's answer."""
        self.permissions: dict[int, int] = {}
        """The bot's by guild; where nothing is said, what its invitation asks for."""
        self.date: str | None = None
        """In the gateway's answer; None for the right one."""
        self._sockets: dict[str, dict[str, Any]] = {}
        self._sessions: dict[str, list[tuple[int, str, Any]]] = {}
        self._runner: web.AppRunner | None = None
        env.backend.subscribers.append(self._emit)

    async def start(self) -> None:
        app = web.Application(client_max_size=64 << 20)
        for path in ("/gateway", "/gateway/"):
            app.router.add_get(path, self._gateway)
        app.router.add_route("*", "/api/v10/{tail:.*}", self._rest)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        server: Any = site._server
        self.port = server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._runner is not None
        await self.drop_connections()
        await self._runner.cleanup()

    async def drop_connections(self, code: int = 1001) -> None:
        for socket in list(self._sockets.values()):
            await socket["ws"].close(code=code)

    async def send_raw(self, frame: str) -> None:
        """Send every connection something that is no payload."""
        for socket in list(self._sockets.values()):
            await socket["ws"].send_str(frame)

    async def revoke_token(self) -> None:
        """Do what Discord does when somebody resets the token, or finds it on the internet."""
        self.is_token_revoked = True
        await self.drop_connections(4004)

    def forget_sessions(self) -> None:
        self._sessions.clear()

    # ------------------------------------------------------------------ HTTP

    async def _rest(self, request: web.Request) -> web.Response:
        path = "/" + request.match_info["tail"]
        if path in ("/gateway", "/gateway/bot"):
            return self._json(
                {
                    "url": f"ws://{self.host}:{self.port}/gateway",
                    "shards": 1,
                    "session_start_limit": {
                        "total": 1000,
                        "remaining": 999,
                        "reset_after": 0,
                        "max_concurrency": 1,
                    },
                },
                headers={} if self.date is None else {"Date": self.date},
            )
        is_webhook = path.startswith(("/interactions/", "/webhooks/"))
        is_known = request.headers.get("Authorization") == f"Bot {TOKEN}"
        if not is_webhook and (self.is_token_revoked or not is_known):
            return self._json({"message": "401: Unauthorized", "code": 0}, 401)
        for refusal in self.refusals:
            if refusal["path"] in path and refusal["method"] == request.method:
                if refusal["times"] > 0:
                    refusal["times"] -= 1
                    if refusal.get("is_reset") and request.transport is not None:
                        request.transport.abort()
                    return self._json(
                        refusal["body"], refusal["status"], refusal.get("headers", {})
                    )
        body, files = await self._body(request)
        self.requests.append(SimpleNamespace(method=request.method, path=path, json=body))
        try:
            answer = router.dispatch(
                self.env.backend,
                request.method,
                path,
                json=body,
                params=dict(request.query),
                files=files,
                reason=request.headers.get("X-Audit-Log-Reason"),
            )
        except BackendError as error:
            return self._json(error.to_json(), error.status)
        if path == "/oauth2/applications/@me":
            answer = answer | self.application
        elif path == "/users/@me/guilds":
            usual = PERMISSIONS.value
            answer = [
                {**guild, "permissions": str(self.permissions.get(int(guild["id"]), usual))}
                for guild in answer
            ]
        return web.Response(status=204) if answer is None else self._json(answer)

    @staticmethod
    async def _body(request: web.Request) -> tuple[Any, Any]:
        if not request.content_type.startswith("multipart/"):
            return (await request.json() if request.can_read_body else None), []
        form: list[dict[str, Any]] = []
        files: list[Any] = []
        async for part in await request.multipart():
            data = bytes(await part.read(decode=False))  # type: ignore[union-attr]
            name = getattr(part, "filename", None)
            if name is None:
                form.append({"name": part.name, "value": data.decode()})  # type: ignore[union-attr]
            else:
                form.append({"name": part.name, "filename": name, "value": data})  # type: ignore[union-attr]
                files.append(SimpleNamespace(fp=io.BytesIO(data), filename=name, description=None))
        body, uploads = router.parse_form(form, files)
        return body, uploads

    @staticmethod
    def _json(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
        return web.Response(
            body=json.dumps(data, default=str).encode(),
            status=status,
            headers={"Content-Type": "application/json", **(headers or {})},
        )

    # --------------------------------------------------------------- gateway

    def _emit(self, event: str, payload: Any) -> None:
        data = json.loads(json.dumps(payload, default=str))
        for session, log in self._sessions.items():
            log.append((len(log) + 1, event, data))
            socket = self._sockets.get(session)
            if socket is not None:
                self._put(socket, event, len(log), data)

    @staticmethod
    def _put(socket: dict[str, Any], event: str, number: int | None, data: Any) -> None:
        socket["queue"].put_nowait({"op": 0, "t": event, "s": number, "d": data})

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(max_msg_size=1 << 20)
        await ws.prepare(request)
        queue: asyncio.Queue[Any] = asyncio.Queue()
        socket: dict[str, Any] = {"ws": ws, "queue": queue}
        await ws.send_json({"op": 10, "d": {"heartbeat_interval": HEARTBEAT_MS}})

        async def pump() -> None:
            while True:
                await ws.send_json(await queue.get())

        pumping = asyncio.ensure_future(pump())
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    await self._receive(socket, json.loads(message.data))
        finally:
            pumping.cancel()
            if self._sockets.get(socket.get("session", "")) is socket:
                del self._sockets[socket["session"]]
        return ws

    async def _receive(self, socket: dict[str, Any], message: dict[str, Any]) -> None:
        ws: web.WebSocketResponse = socket["ws"]
        data: Any = message.get("d")
        match message["op"]:
            case 1:
                await ws.send_json({"op": 11})
            case 2:
                privileged = data["intents"] & ((1 << 1) | (1 << 8) | (1 << 15))
                if self.is_token_revoked or data["token"].removeprefix("Bot ") != TOKEN:
                    await ws.close(code=4004)
                elif privileged and self.refuse_privileged_intents:
                    await ws.close(code=4014)
                else:
                    self._identify(socket)
            case 6:
                await self._resume(socket, data)

    def _identify(self, socket: dict[str, Any]) -> None:
        backend = self.env.backend
        session = f"session-{len(self._sessions) + 1}-{time.monotonic_ns()}"
        log: list[tuple[int, str, Any]] = []
        self._sessions[session], self._sockets[session] = log, socket
        socket["session"] = session

        def tell(event: str, payload: Any) -> None:
            data = json.loads(json.dumps(payload, default=str))
            log.append((len(log) + 1, event, data))
            self._put(socket, event, len(log), data)

        tell(
            "READY",
            {
                "v": 10,
                "user": dict(serializers.user_payload(backend.bot_user)),
                "guilds": [{"id": str(g), "unavailable": True} for g in backend.guilds],
                "session_id": session,
                "resume_gateway_url": f"ws://{self.host}:{self.port}/gateway",
                "shard": [0, 1],
                "application": {"id": str(backend.application_id), "flags": 0},
            },
        )
        for guild in list(backend.guilds.values()):
            tell("GUILD_CREATE", serializers.guild_create_payload(backend, guild))

    async def _resume(self, socket: dict[str, Any], data: dict[str, Any]) -> None:
        session = data["session_id"]
        if session not in self._sessions:
            await socket["ws"].send_json({"op": 9, "d": False})
            return
        self._sockets[session] = socket
        socket["session"] = session
        for number, event, payload in self._sessions[session][data["seq"] :]:
            self._put(socket, event, number, payload)
        self._put(socket, "RESUMED", len(self._sessions[session]), {})
