"""The rows by which a member says what a resource was to them, wherever it was opened.

They name the server, for they also stand in direct messages. `bot.feedback` answers what others
profit from, `bot.library` what a member keeps for themselves.
"""

from typing import Any

import discord

from bot import ui
from bot.i18n import Texts
from storage.records import Mark, Said

SAY_ID = "say:{what}:{guild_id}:{resource_id}"
MARK_TEMPLATE = (
    r"say:(?P<what>useful|known|too_easy|too_hard|outdated|broken)"
    r":(?P<guild_id>\d+):(?P<resource_id>\d+)"
)
RATE_TEMPLATE = r"say:(?P<what>stars|sentence):(?P<guild_id>\d+):(?P<resource_id>\d+)"
KEEP_TEMPLATE = r"say:(?P<what>started|done|note):(?P<guild_id>\d+):(?P<resource_id>\d+)"
STARS_MAX = 5
_NOTE, _NOTE_SHOWN = "📝", 400
_MARK_ROWS: tuple[tuple[Mark, ...], ...] = (
    ("useful", "known"),
    ("too_easy", "too_hard", "outdated", "broken"),
)


def rows(
    guild_id: int, resource_id: int, said: Said, texts: Texts, *, is_private: bool = False
) -> list[list[Any]]:
    """Return the rows by which a member says what a resource was to them, and what they said.

    ``is_private`` is for a direct message, where Discord opens no form of ours.
    """

    def button(what: str, is_on: bool) -> discord.ui.Button[Any]:
        style = discord.ButtonStyle.success if is_on else discord.ButtonStyle.secondary
        mark = texts("say-on", what=texts(f"say-{what}")) if is_on else texts(f"say-{what}")
        kind = what.replace("-", "_")
        number = SAY_ID.format(what=kind, guild_id=guild_id, resource_id=resource_id)
        return ui.button(mark, number, style)

    marks: list[list[Any]] = [
        [button(mark.replace("_", "-"), mark in said.marks) for mark in row] for row in _MARK_ROWS
    ]
    keeping = [button(state, said.state == state) for state in ("started", "done")]
    if not is_private:
        keeping.append(button("note", said.has_note))
        if said.stars is not None:
            keeping.append(button("sentence", said.has_sentence))
    return [*marks, [_stars(guild_id, resource_id, said, texts)], keeping]


def _stars(guild_id: int, resource_id: int, said: Said, texts: Texts) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(label=stars_text(n), value=str(n), default=n == said.stars)
        for n in range(STARS_MAX, 0, -1)
    ]
    if said.stars is not None:
        options.append(discord.SelectOption(label=texts("say-stars-none"), value="0"))
    number = SAY_ID.format(what="stars", guild_id=guild_id, resource_id=resource_id)
    return ui.select(number, options, texts("say-stars"))


def stars_text(n: int) -> str:
    """Return whole stars as they are drawn."""
    return "★" * n + "☆" * (STARS_MAX - n)


def again(
    interaction: discord.Interaction,
    guild_id: int,
    resource_id: int,
    said: Said,
    texts: Texts,
    *,
    note: str | None = None,
) -> discord.ui.LayoutView:
    """Return the message of a press again, its `rows` telling what is true now.

    ``note`` is the member's, where it has changed.
    """
    assert interaction.message is not None, "a button stands on a message"
    view = discord.ui.LayoutView.from_message(interaction.message, timeout=None)
    end = f":{guild_id}:{resource_id}"
    is_private = interaction.guild_id is None
    fresh = rows(guild_id, resource_id, said, texts, is_private=is_private)
    for container in view.children:
        if not isinstance(container, discord.ui.Container):
            continue
        own = [row for row in container.children if _says(row, end)]
        for row in own:
            container.remove_item(row)
        if own and note is not None:
            _put_note(container, note)
        if own:
            for items in fresh:
                container.add_item(discord.ui.ActionRow(*items))
    return ui.stateless(view)


def note_text(note: str) -> str:
    """Return a member's private note as a paragraph of what they are shown."""
    return f"{_NOTE} {ui.clip(ui.plain(note), _NOTE_SHOWN)}" if note else ""


def _put_note(container: discord.ui.Container[discord.ui.LayoutView], note: str) -> None:
    for item in list(container.children):
        if isinstance(item, discord.ui.TextDisplay) and item.content.startswith(_NOTE):
            container.remove_item(item)
    if note:
        container.add_item(discord.ui.TextDisplay(note_text(note)))


def _says(row: Any, end: str) -> bool:
    return isinstance(row, discord.ui.ActionRow) and any(
        (number := getattr(item, "custom_id", "") or "").startswith("say:") and number.endswith(end)
        for item in row.children
    )
