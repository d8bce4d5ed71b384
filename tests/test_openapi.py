"""The check of request bodies is itself checked: it passes good ones and catches bad ones."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.openapi import PATH, Description, description


@pytest.fixture
def api() -> Description:
    found = description()
    if found is None:
        pytest.skip(f"Discord's API description is not at {PATH}")
    return found


def request(method: str, path: str, json: Any) -> Any:
    return SimpleNamespace(method=method, path=path, json=json)


def message(**body: Any) -> Any:
    return request("POST", "/channels/1/messages", body)


def command(**body: Any) -> Any:
    whole = {"name": "ok", "description": "d", "type": 1, **body}
    return request("PUT", "/applications/1/commands", [whole])


def option(name: str, **fields: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "d", **fields}


BUTTON = {"type": 2, "style": 1, "label": "b", "custom_id": "c"}


def row(*buttons: Any) -> list[Any]:
    return [{"type": 1, "components": list(buttons)}]


def test_good_bodies_pass(api: Description) -> None:
    text = {"type": 17, "components": [{"type": 10, "content": "x" * 4000}]}
    good = [
        message(content="x" * 2000, components=row(BUTTON | {"label": "x" * 80})),
        message(flags=32768, components=[text]),
        command(options=[option("a", required=True), option("b")]),
    ]
    assert api.problems(good) == []


@pytest.mark.parametrize(
    "bad",
    [
        message(content="x" * 2001),
        message(content="x", unknown=1),
        message(components=row(BUTTON | {"label": "x" * 81})),
        message(components=row(BUTTON | {"custom_id": "x" * 101})),
        message(components=row(*[BUTTON | {"custom_id": str(i)} for i in range(6)])),
        message(flags=32768, components=[{"type": 10, "content": "x" * 2001}] * 2),
        message(embeds=[{"title": "x" * 257}]),
        message(content=5),
        command(name="UPPER"),
        command(name="x" * 33),
        command(description="x" * 101),
        command(name_localizations={"zh-CN": "有 空格"}),
        command(options=[option("a"), option("b", required=True)]),
        command(options=[option("a"), option("a")]),
        command(options=[option(f"o{i}") for i in range(26)]),
        request("POST", "/channels/1/nope", {}),
    ],
    ids=lambda bad: str(bad.json)[:60],
)
def test_bad_bodies_are_caught(api: Description, bad: Any) -> None:
    assert api.problems([bad])
