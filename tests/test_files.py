"""JSON that people bring is read within bounds, or refused in one sentence."""

import json
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot import files
from bot.files import Unreadable, content_of, documents
from bot.i18n import LANGUAGES, Texts

HOSTILE: dict[str, bytes] = {
    "error-file-deep": b"[" * 1_000_000,
    "error-file-values": b"[" + b"[]," * 4_000_000 + b"[]]",
    "error-file-json": b'{"a": 1',
    "error-file-key-twice": b'[{"title": "One", "kind": "tool", "title": "Two"}]',
    "error-file-encoding": b"[1,\n\xff]",
}


@pytest.mark.parametrize("key", HOSTILE)
def test_a_hostile_file_is_one_sentence_soon(key: str) -> None:
    begin = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        documents(HOSTILE[key])
    assert refused.value.key == key
    assert time.monotonic() - begin < 5
    for language in LANGUAGES:
        assert "\n" not in Texts(language)(key, **refused.value.params)


def test_objects_are_no_way_around_the_depth() -> None:
    with pytest.raises(Unreadable, match="error-file-deep"):
        documents(b'{"a":' * 1_000_000)


@pytest.mark.parametrize("number", ["9" * 1_000_000, "1e99999999999999999999", f"0.{'3' * 99}"])
def test_an_enormous_number_stays_text(number: str) -> None:
    assert documents(f"[{number}, 1]".encode()) == [[number, 1]]


def test_numbers_are_exact_and_no_constants_are_numbers() -> None:
    assert documents(b"[1.10, 1e2]") == [[Decimal("1.10"), Decimal("1e2")]]
    for constant in (b"NaN", b"Infinity", b"-Infinity"):
        with pytest.raises(Unreadable, match="error-file-json"):
            documents(constant)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_json_is_read_in_any_encoding_that_shows(encoding: str) -> None:
    content: Any = [{"id": "100000000000000001", "name": "鲍勃"}]
    assert documents(json.dumps(content, ensure_ascii=False).encode(encoding)) == [content]


def test_ids_that_javascript_rounded_are_refused_with_the_file() -> None:
    rows = [{"user_id": 123456789012345680 + 10_000_000_010 * n} for n in range(4)]
    with pytest.raises(Unreadable, match="error-id-zeros"):
        documents(json.dumps(rows).encode())
    assert documents(json.dumps([{"user_id": str(r["user_id"])} for r in rows]).encode())


def test_a_file_beyond_the_bound_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with open(path, "wb") as file:
        file.truncate(files.BYTES_MAX + 1)
    with pytest.raises(Unreadable, match="error-file-large"):
        content_of(path)
    with pytest.raises(Unreadable, match="error-file-unreadable"):
        content_of(tmp_path / "absent")
