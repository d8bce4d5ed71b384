"""Rules that somebody attaches are read in any encoding that shows, or refused in one sentence."""

import re

import pytest

from bot.errors import UserError
from bot.i18n import LANGUAGES, Texts
from bot.rulebook import values

RULES = "[message]\npoints = 3\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_editors_encoding_and_ends_of_lines_make_no_difference(encoding: str, end: str) -> None:
    assert values.read(RULES.replace("\n", end).encode(encoding)).message.points == 300


REFUSED: dict[bytes, str] = {
    b"[message]\npoints = 2\npoints = 3\n": "3",
    b"[message]\npoints = 2\n[message]\n": "3",
    b"[message]\npoints\0= 2": "2",
    b"[message": "TOML",
    b"message.points = " + b"9" * 5_000: "TOML",
    b"a = " + b"[" * 60_000: "TOML",
    b"a" + b".a" * 30_000: "TOML",
    b'{"message": {"points": 2}}': "1",
    "# 中文\n[message]".encode("gbk"): "UTF-8",
    b'["' + b"k" * 3_000 + b'"]\nx = 1': "k" * 100,
    '["\u202emessage"]\nx = 1'.encode(): "message",
}


@pytest.mark.parametrize("data", REFUSED, ids=range(len(REFUSED)))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bad_file_is_one_short_sentence_in_the_readers_language(
    data: bytes, language: str
) -> None:
    with pytest.raises(UserError) as refused:
        values.read(data)
    said = Texts(language)(refused.value.key, **refused.value.params)
    assert REFUSED[data] in said and len(said) < 300 and "\u202e" not in said
    if language != "en" and "k" * 100 not in said:
        words = re.sub(r"`[^`]*`|TOML|UTF-8|kB|message", "", said)
        assert not re.search("[A-Za-z]", words), "the parser's own words"
