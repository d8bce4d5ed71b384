"""Bent and broken bytes end in a result or in a refusal that is meant, and in nothing else.

`HYPOTHESIS_PROFILE=explore pytest tests/fuzz` draws new ones; `make fuzz` does so for long.
"""

import ast
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.parsers import CORPUS, ELSEWHERE, PARSERS

BOT = Path(__file__).parents[2] / "bot"
N_EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "60"))
TOKENS = (
    *(b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b",", b"\n", b"\r", b"<", b"&#0;"),
    *(b"{", b"}", b"[" * 200, b"]", b"null", b"-1", b"1e999", b"NaN", b"9" * 40, b"\\u0000"),
    *("\u202e".encode(), "课程".encode("gbk"), "é".encode("latin-1"), b"\xed\xa0\x80", b"%00"),
    *(b"<![CDATA[", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"https://[::1", b"@" * 9, b"="),
)


def seeds(name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]


@st.composite
def bent(draw: st.DrawFn, known: list[bytes]) -> bytes:
    """Return one of the known, cut, doubled, mixed with another, and with tokens put into it."""
    data = bytearray(draw(st.sampled_from(known)))
    for _ in range(draw(st.integers(0, 4))):
        start, length = draw(st.integers(0, len(data))), draw(st.integers(0, 60))
        put = draw(
            st.one_of(
                st.sampled_from(TOKENS),
                st.binary(max_size=12),
                st.just(bytes(data[start : start + length]) * 2),
                st.sampled_from(known).map(lambda other: other[:200]),
            )
        )
        data[start : start + length] = put
    return bytes(data)


def takes(name: str, data: bytes) -> None:
    parser = PARSERS[name]
    try:
        parser.read(data)
    except parser.refuses:
        pass


@pytest.mark.parametrize("name", PARSERS)
def test_what_is_known_is_read_and_no_part_of_it_breaks_the_parser(name: str) -> None:
    for data in seeds(name):
        takes(name, data)
        for n in range(0, len(data), max(1, len(data) // 40)):
            takes(name, data[:n])


@pytest.mark.parametrize("name", PARSERS)
def test_bent_bytes_are_read_or_refused(name: str) -> None:
    known = seeds(name)

    @settings(max_examples=N_EXAMPLES)
    @given(st.one_of(bent(known), st.binary(max_size=300)))
    def tried(data: bytes) -> None:
        takes(name, data)

    tried()


def taking_bytes() -> set[str]:
    """Return the public functions of the bot that are handed bytes, files of them or messages."""
    found = set()
    for path in BOT.rglob("*.py"):
        module = ".".join(path.relative_to(BOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            hints = [ast.unparse(each.annotation) for each in node.args.args if each.annotation]
            is_handed = any("bytes" in hint or hint == "Message" for hint in hints)
            if is_handed and not node.name.startswith("_"):
                found.add(f"{module}.{node.name}")
    return found


def test_every_parser_of_strangers_bytes_is_here_or_says_where_it_is_tried() -> None:
    named = set(PARSERS) | set(ELSEWHERE)
    assert taking_bytes() - named == set()
    assert set(ELSEWHERE) - taking_bytes() == set()
    assert {path.name for path in CORPUS.iterdir()} == set(PARSERS)
