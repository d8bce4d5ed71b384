"""Holds every request body the bot sends against Discord's published API description.

The description (repository discord/discord-api-spec, MIT) is not part of the project: where it
is absent, nothing is checked and `test_openapi.py` skips with the reason. It is a public preview,
so what discord.py itself sends outside it is left out, and limits Discord documents but the
description lacks are added.
"""

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator, Registry, ValidationError

PATH = Path(__file__).parents[2] / "shared/data/discord-openapi/openapi.json.gz"
_NAME = re.compile(r"^[-_'\w]{1,32}$")
_URN = "urn:discord"


@cache
def description() -> "Description | None":
    """Return the description, None where it is absent."""
    return Description(json.loads(gzip.decompress(PATH.read_bytes()))) if PATH.exists() else None


class Description:
    """Routes and body schemas; objects are closed, so that unknown keys are problems."""

    def __init__(self, document: dict[str, Any]) -> None:
        _close(document["components"]["schemas"])
        _close(document["paths"])
        self._registry = Registry([(_URN, document)])
        self._routes = [
            (method.upper(), template.strip("/").split("/"), operation)
            for template, operations in document["paths"].items()
            for method, operation in operations.items()
            if isinstance(operation, dict) and "responses" in operation
        ]
        self._validators: dict[int, Draft202012Validator | None] = {}
        self._right: set[tuple[str, str, str]] = set()  # every world sends the same commands

    def problems(self, requests: Iterable[Any]) -> list[str]:
        """Return what is wrong with the requests' bodies, a line each."""
        return [line for request in requests for line in self._looked_at(request)]

    def _looked_at(self, request: Any) -> list[str]:
        seen = (request.method, request.path, json.dumps(request.json, sort_keys=True))
        if seen in self._right:
            return []
        found = list(self._check(request))
        if not found:
            self._right.add(seen)
        return found

    def _check(self, request: Any) -> Iterator[str]:
        found = self._match(request.method, request.path)
        if found is None:
            yield f"{request.method} {request.path}: no such route"
            return
        template, operation = found
        if request.json is None:
            return
        where = f"{request.method} {template}"
        body = _as_described(request.json)
        for line in _documented_limits(template, body):
            yield f"{where}: {line}"
        validator = self._validator(operation)
        if validator is None:
            yield f"{where}: takes no JSON body"
            return
        errors = sorted(validator.iter_errors(body), key=lambda e: len(e.instance_path))
        if errors:
            worst = _deepest(errors[0])
            place = "/".join(map(str, worst.instance_path)) or "(body)"
            yield f"{where}: {place}: {worst.message[:200]}"

    def _match(self, method: str, path: str) -> tuple[str, Any] | None:
        segments = path.split("?")[0].strip("/").split("/")
        best: tuple[int, str, Any] | None = None
        for route_method, template, operation in self._routes:
            if route_method != method or len(template) != len(segments):
                continue
            pairs = list(zip(template, segments, strict=True))
            if all(t == s or t.startswith("{") for t, s in pairs):
                literal = sum(t == s for t, s in pairs)
                if best is None or literal > best[0]:
                    best = (literal, "/" + "/".join(template), operation)
        return best[1:] if best else None

    def _validator(self, operation: Any) -> Draft202012Validator | None:
        if id(operation) not in self._validators:
            content = operation.get("requestBody", {}).get("content", {})
            media = content.get("application/json") or content.get("multipart/form-data") or {}
            schema = media.get("schema")
            self._validators[id(operation)] = schema and Draft202012Validator(
                json.loads(json.dumps(schema).replace('"#/components', f'"{_URN}#/components')),
                registry=self._registry,
            )
        return self._validators[id(operation)]


def _close(node: Any, *, in_all_of: bool = False) -> None:
    """Forbid unknown keys, and take a union as a union: its members may overlap."""
    if isinstance(node, dict):
        if isinstance(node.get("oneOf"), list):
            node["anyOf"] = node.pop("oneOf")
        is_object = node.get("type") in ("object", ["object", "null"])
        if is_object and "properties" in node and not in_all_of:
            node.setdefault("additionalProperties", False)
        for key, value in node.items():
            _close(value, in_all_of=key == "allOf")
    elif isinstance(node, list):
        for value in node:
            _close(value, in_all_of=in_all_of)


def _as_described(body: Any) -> Any:
    """Leave out what discord.py adds and the live API takes, though it is not described."""
    if isinstance(body, list):
        return [_as_described(item) for item in body]
    if not isinstance(body, dict):
        return body
    kept = {
        key: _as_described(value)
        for key, value in body.items()
        if not (key in ("tts", "nsfw") and value is False)
    }
    if isinstance(kept.get("recipient_id"), int):
        kept["recipient_id"] = str(kept["recipient_id"])
    if "message" in kept and "applied_tags" in kept:
        kept.pop("type", None)  # a forum's post, which is a public thread whatever is said
    if isinstance(kept.get("message_reference"), dict):
        ids = ("message_id", "channel_id", "guild_id")
        answered = kept["message_reference"].items()
        kept["message_reference"] = {k: str(v) if k in ids else v for k, v in answered}
    for name in ("attachments", "default_values"):
        if isinstance(kept.get(name), list):
            kept[name] = [{**each, "id": str(each["id"])} for each in kept[name]]
    if isinstance(kept.get("embeds"), list):
        kept["embeds"] = [
            {key: value for key, value in embed.items() if key not in ("flags", "type")}
            for embed in kept["embeds"]
        ]
    return kept


def _documented_limits(template: str, body: Any) -> Iterator[str]:
    if template.endswith("/commands") and isinstance(body, list):
        if len(body) > 100:
            yield f"{len(body)} commands, 100 at most"
        for command in body:
            if command.get("type", 1) == 1:  # the names of menus are words of any kind
                yield from _names(command, command["name"])
            if (size := _characters(command)) > 8_000:
                yield f"{command['name']}: {size} characters, 8,000 at most"
    elif isinstance(body, dict):
        data = body["data"] if isinstance(body.get("data"), dict) else body
        if len(str(data.get("content") or "")) > 2_000:
            yield "content over 2,000 characters"
        if (length := sum(map(len, _texts(data.get("components") or [])))) > 4_000:
            yield f"{length} characters in components, 4,000 at most"


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _texts(item)
    elif isinstance(node, dict):
        if node.get("type") == 10:
            yield node["content"]
        yield from _texts(node.get("components") or [])


def _names(command: dict[str, Any], path: str) -> Iterator[str]:
    is_on_messages = command.get("type") in (2, 3)  # a menu entry: any words, up to 32 characters
    for name in (command["name"], *(command.get("name_localizations") or {}).values()):
        if is_on_messages and 1 <= len(name) <= 32:
            continue
        if not _NAME.match(name) or name != name.lower():
            yield f"{path}: bad name {name!r}"
    has_optional = False
    options = command.get("options") or []
    if len({option["name"] for option in options}) < len(options):
        yield f"{path}: an option stands twice"
    for option in options:
        if option["type"] not in (1, 2):
            if option.get("required") and has_optional:
                yield f"{path}: required {option['name']} after an optional one"
            has_optional = has_optional or not option.get("required")
        yield from _names(option, f"{path} {option['name']}")


def _characters(node: dict[str, Any]) -> int:
    def longest(key: str) -> int:
        texts = [node.get(key) or "", *(node.get(f"{key}_localizations") or {}).values()]
        return max(map(len, texts))

    own = longest("name") + longest("description")
    choices = sum(len(str(c["name"])) + len(str(c["value"])) for c in node.get("choices") or [])
    return own + choices + sum(_characters(option) for option in node.get("options") or [])


def _deepest(error: ValidationError) -> ValidationError:
    """Follow a failed union to the member that fits best."""
    while members := getattr(error.kind, "context", None):
        best = min(members, key=partial(_misfit, len(error.instance_path)))
        error = min(best, key=lambda e: len(e.instance_path))
    return error


def _misfit(depth: int, causes: list[ValidationError]) -> tuple[bool, bool, int]:
    """Rank a union's member: null last, then those of another type, then by errors."""
    is_null = any(c.kind.name == "type" and len(c.instance_path) == depth for c in causes)
    is_other = any(c.instance_path[depth:] == ["type"] for c in causes)
    return is_null, is_other, len(causes)
