"""Texts in the member's language: Fluent bundles, the commands' translator, and who reads what.

A text lives in ``locales/<language>/<feature>.ftl`` and has the same key and variables in every
language (a test holds them to it). The language of an answer is the member's stored choice,
else Discord's locale of the interaction, else the guild's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from fluent.runtime import FluentBundle, FluentResource

from bot.legible import is_blank, isolated, one_line
from bot.topics import NO_TREE, Tree
from storage import members, tags
from storage.connection import Connection
from storage.database import Database

LANGUAGES = ("en", "zh-CN")
DEFAULT_LANGUAGE = "en"
_UNSEEN = "—"
LOCALES = Path(__file__).parent / "locales"
VALUE_MAX = 2_000
"""Characters of a variable: no message of Discord's holds more."""

_BY_LOCALE: Mapping[discord.Locale, str] = {
    discord.Locale.american_english: "en",
    discord.Locale.british_english: "en",
    discord.Locale.chinese: "zh-CN",
    discord.Locale.taiwan_chinese: "zh-CN",
}


_NESTED = str.maketrans("《》", "〈〉")


def _title(title: str) -> Any:  # a str: Fluent's own types do not say that it takes one
    """Return a title for between 《 and 》, where a title inside stands between 〈 and 〉."""
    return str(title).translate(_NESTED)


@cache
def _files(language: str) -> tuple[str, ...]:
    return tuple(path.read_text("utf-8") for path in sorted((LOCALES / language).glob("*.ftl")))


@cache
def _bundle(language: str) -> FluentBundle:
    bundle = FluentBundle(
        [language, DEFAULT_LANGUAGE], functions={"TITLE": _title}, use_isolating=False
    )
    for text in _files(language):
        bundle.add_resource(FluentResource(text))
    return bundle


_ONE_LINER = re.compile(
    r"^([a-zA-Z][\w-]*) *= *([^\s{}][^\n{}]*)\n(?=\n*(?:[^\s}]|\Z))", re.M | re.A
)


@cache
def _one_liners(language: str) -> dict[str, str]:
    """Return the texts of one line that nothing is filled into, by key.

    Every name of a command is one. To have Fluent read all files takes half of a start, and what
    only looks something up in the database never needs it.
    """
    return {
        key: text.rstrip() for file in _files(language) for key, text in _ONE_LINER.findall(file)
    }


def _filled(value: str) -> str:
    """Return what stands for a variable: it turns no line, and is no longer than Fluent takes."""
    return isolated(value if len(value) <= VALUE_MAX else f"{value[: VALUE_MAX - 1]}…")


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts in one language; call it with a key and the text's variables.

    ``topics`` are the tags of the server that is spoken in, which have names of its own.
    """

    language: str
    topics: Tree = field(default=NO_TREE, compare=False, repr=False)

    def __call__(self, key: str, **variables: str | int | float) -> str:
        """Return the text of `key`; no variable turns the line it is put into.

        Raises
        ------
        KeyError
            No such key: a defect, caught by the test that renders every key.
        """
        if variables:
            return _formatted(self.language, key, variables)
        return _fixed(self.language, key)

    def topic(self, tag: str) -> str:
        """Return what a tag is called in this language, on this server."""
        return self.topics.called(tag, self.language)


def _formatted(language: str, key: str, variables: Mapping[str, str | int | float]) -> str:
    bundle = _bundle(language)
    pattern = bundle.get_message(key).value if bundle.has_message(key) else None
    if pattern is None:
        raise KeyError(f"no text {key!r} in {language}")
    filled = {k: _filled(v) if isinstance(v, str) else v for k, v in variables.items()}
    text, errors = bundle.format_pattern(pattern, filled)
    if errors:
        raise KeyError(f"text {key!r} in {language}: {errors[0]}")
    return str(text)


@cache
def _fixed(language: str, key: str) -> str:
    """Return a text without variables; the commands alone have two thousand of them."""
    text = _one_liners(language).get(key)
    return _formatted(language, key, {}) if text is None else text


def plain(text: str) -> str:
    """Return foreign text (titles, names) so that it cannot act as Discord markdown.

    Mentions and masked links are broken by a space of no width. It is one line, and leaves the
    line it is put into as it was; where nothing of it can be seen it is a dash.
    """
    broken = bare(text).replace("](", "]\u200b(")
    return discord.utils.escape_markdown(broken).replace("@", "@\u200b")


def plain_lines(text: str) -> str:
    """Return foreign text of several lines, each as `plain`."""
    return "\n".join(map(plain, text.splitlines()))


def bare(text: str) -> str:
    """Return foreign text for where Discord knows no markdown: labels, suggestions, alt text.

    As `plain`, one line that can be seen and leaves its neighbours alone.
    """
    return _UNSEEN if text and is_blank(text) else isolated(one_line(text))


def quoted(text: str) -> str:
    """Return what a member typed in a block of its own, line by line as it was, to be copied."""
    inside = isolated(text).replace("```", "``\u200b`")
    return f"```\n{inside}\n```"


def keys(language: str) -> set[str]:
    """Return every message key of a language."""
    return set(_bundle(language)._messages)


def label(key: str) -> locale_str:
    """Return a command's name or description: English, with its key for the translator."""
    return locale_str(Texts(DEFAULT_LANGUAGE)(key), key=key)


def language_of(locale: discord.Locale | None) -> str | None:
    """Return our language for Discord's locale, None where we have no translation."""
    return _BY_LOCALE.get(locale) if locale is not None else None


class CommandTranslator(app_commands.Translator):
    """Gives Discord the commands' names and descriptions in every language we have."""

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return the text of ``string.extras["key"]`` in our language for `locale`."""
        language, key = language_of(locale), string.extras.get("key")
        if key is None or language in (None, DEFAULT_LANGUAGE):
            return None
        return Texts(language)(key)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Knows which language to speak to whom, and what a server calls its tags.

    ``_trees`` holds the tags of servers that were spoken in, with the version they are of.
    """

    database: Database
    _trees: dict[int, tuple[int, Tree]] = field(default_factory=dict, init=False, repr=False)

    async def to(self, interaction: discord.Interaction) -> Texts:
        """Return the texts for whoever caused `interaction`."""
        if interaction.guild_id is None:
            return Texts(language_of(interaction.locale) or DEFAULT_LANGUAGE)
        return await self.to_member(interaction.guild_id, interaction.user.id, interaction.locale)

    async def to_member(
        self, guild_id: int, user_id: int, locale: discord.Locale | None = None
    ) -> Texts:
        """Return the texts for a member: stored choice, else `locale`, else the guild's."""
        async with self.database.read() as conn:
            chosen = (await members.member(conn, guild_id, user_id)).language
            if chosen is None:
                chosen = language_of(locale)
            if chosen is None:
                chosen = (await members.guild(conn, guild_id)).language
            return Texts(chosen, await self._topics(conn, guild_id))

    async def to_guild(self, guild_id: int) -> Texts:
        """Return the texts for everybody in a guild."""
        async with self.database.read() as conn:
            language = (await members.guild(conn, guild_id)).language
            return Texts(language, await self._topics(conn, guild_id))

    async def _topics(self, conn: Connection, guild_id: int) -> Tree:
        """Return a server's tags, read again only when they may have changed."""
        version = await tags.version(conn, guild_id)
        known = self._trees.get(guild_id)
        if known is None or known[0] != version:
            known = version, Tree.of(await tags.every(conn, guild_id))
            self._trees[guild_id] = known
        return known[1]
