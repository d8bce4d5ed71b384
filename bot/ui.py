"""Discord's limits, and the small pieces every view is made of.

All limits stand here; text is cut at a character boundary with "…" and never sent to fail.
Views are stateless: what a button means is in its ``custom_id``, so it works after a restart.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Self, TypeVar, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from bot.i18n import Texts, label
from bot.i18n import bare as bare
from bot.i18n import plain as plain
from bot.i18n import plain_lines as plain_lines
from bot.i18n import quoted as quoted
from bot.ids import whole
from bot.legible import CLOSE, OPEN
from bot.tree import guarded
from storage.records import OPERATOR

T = TypeVar("T")

LAYOUT_TEXT_MAX = 4_000
INPUT_MAX = 4_000
"""Characters of a form's field."""
CHOICES_MAX = 25
CHOICE_NAME_MAX = 100
CUSTOM_ID_MAX = 100
BUTTON_LABEL_MAX = 80
OPTION_LABEL_MAX = 100
MODAL_TITLE_MAX = 45
FIELD_LABEL_MAX = 45
FIELD_HINT_MAX = 100
LINK_URL_MAX = 512
ALT_TEXT_MAX = 1_024

ACCENT = discord.Colour(0x5865F2)
GOOD = discord.Colour(0x2D9D78)
CAUTION = discord.Colour(0xC27C0E)

may_manage = app_commands.checks.has_permissions(manage_guild=True)
"""The check of moderators' commands when they run; Discord's own can be changed by a server."""

ANYBODY = discord.Permissions.none()
MODERATORS = discord.Permissions(manage_guild=True)

"""What a member must have to use a command, a button, a menu or a form."""

HEARD = "lyceum_heard"
"""Marks an interaction that somebody answers; what is left is answered by `bot.forms`."""

Handler = Callable[[discord.Interaction, "re.Match[str]"], Awaitable[None]]


def clip(text: str, limit: int) -> str:
    """Cut `text` to at most `limit` characters, the last one "…" where something was cut.

    A backslash that stood before what was cut goes too: it would show. What was isolated stays so.
    """
    if len(text) <= limit:
        return text
    n_open = _n_open(text[: limit - 1])
    kept = text[: limit - 1 - n_open].rstrip().rstrip("\\")
    return f"{kept}…{CLOSE * _n_open(kept)}"


def _n_open(text: str) -> int:
    return text.count(OPEN) - text.count(CLOSE)


def amount_text(amount: int, texts: Texts) -> str:
    """Return an amount of points, which are stored in hundredths, such as "12.5 points"."""
    return texts("points-amount", count=points(amount))


def points(amount: int) -> float | int:
    """Return an amount, which is stored in hundredths, as points; whole where it is."""
    return amount / 100 if amount % 100 else amount // 100


def mention(user_id: int, texts: Texts) -> str:
    """Return how somebody is named who may have been erased, or may be who runs the bot."""
    if user_id == OPERATOR:
        return texts("operator")
    return f"<@{user_id}>" if user_id else texts("erased-member")


def number_text(amount: int) -> str:
    """Return an amount's bare number, with no more decimals than it has."""
    whole, _, decimals = f"{amount / 100:,.2f}".partition(".")
    return f"{whole}.{decimals.rstrip('0')}".rstrip(".")


def who(interaction: discord.Interaction) -> tuple[int, int]:
    """Return guild and member of an interaction in a guild, where all our commands are."""
    assert interaction.guild_id is not None
    return interaction.guild_id, interaction.user.id


def require(interaction: discord.Interaction[Any], needs: discord.Permissions) -> None:
    """Refuse whoever has not (any more) what is needed: buttons and forms outlive permissions.

    Raises
    ------
    UserError
        They may not.
    """
    if not interaction.permissions.is_superset(needs):
        raise UserError("error-not-allowed")


def group(name: str, description: str, *, needs: discord.Permissions) -> app_commands.Group:
    """Return a group of commands, by the keys of its name and description.

    A moderators' group is hidden from others; each of its commands asks with `may_manage` again.
    """
    return app_commands.Group(
        name=label(name),
        description=label(description),
        guild_only=True,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        default_permissions=needs or None,
    )


def command(key: str, callback: Any, **suggested: Any) -> app_commands.Command[Any, ..., None]:
    """Return a command by the key of its name, for a group that another cog made.

    ``suggested`` are functions of the callback's cog that suggest values, by option.
    """
    made: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=label(key), description=label(f"{key}-desc"), callback=callback
    )
    for option, suggest in suggested.items():
        made.autocomplete(option)(suggest)
    return made


def join(client: commands.Bot, name: str, *added: "app_commands.Command[Any, ..., None]") -> None:
    """Put commands among the others of a group that stands in the tree already."""
    found = client.tree.get_command(name)
    assert isinstance(found, app_commands.Group), f"no group is called {name!r}"
    for each in added:
        found.add_command(each)


def described(keys: Mapping[str, str]) -> Callable[[T], T]:
    """Return a decorator that names options, by name, after texts, and describes them by -desc."""

    def decorate(function: T) -> T:
        named = app_commands.rename(**{name: label(key) for name, key in keys.items()})
        describe = app_commands.describe(
            **{name: label(f"{key}-desc") for name, key in keys.items()}
        )
        return cast(T, describe(named(cast(Any, function))))

    return decorate


def moderates(interaction: discord.Interaction) -> bool:
    """Say whether whoever acts is a moderator."""
    return interaction.permissions.is_superset(MODERATORS)


def role_ids(interaction: discord.Interaction) -> list[int] | None:
    """Return the roles of whoever acts, None for a moderator, who may see everything."""
    if interaction.permissions.manage_guild or not isinstance(interaction.user, discord.Member):
        return None
    return [role.id for role in interaction.user.roles]


def panel(
    *parts: str | discord.ui.MediaGallery[Any] | discord.ui.File[Any] | discord.ui.Section[Any],
    colour: discord.Colour = ACCENT,
    rows: Any = (),
) -> discord.ui.LayoutView:
    """Return a view of one container: paragraphs and pictures, then rows of buttons."""
    view = discord.ui.LayoutView(timeout=None)
    container: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(
        accent_colour=colour
    )
    budget = LAYOUT_TEXT_MAX
    for part in parts:
        if not isinstance(part, str):
            container.add_item(part)
            continue
        shown = clip(part, budget)
        budget -= len(shown)
        if shown:
            container.add_item(discord.ui.TextDisplay(shown))
    for row in rows:
        container.add_item(discord.ui.ActionRow(*row))
    view.add_item(container)
    return stateless(view)


def listing(
    head: str, lines: Iterable[tuple[str, discord.ui.Button[Any]]], more: str = ""
) -> discord.ui.LayoutView:
    """Return a view of a headline, lines with a button each, and how many more there are."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(head))
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=ACCENT)
    for line, opener in lines:
        container.add_item(discord.ui.Section(discord.ui.TextDisplay(line), accessory=opener))
    view.add_item(container)
    if more:
        view.add_item(discord.ui.TextDisplay(f"-# {more}"))
    return stateless(view)


def stateless(view: discord.ui.LayoutView) -> discord.ui.LayoutView:
    """Tell discord.py not to keep `view` in memory: `persistent` answers its buttons."""
    view.stop()
    return view


def button(
    label: str,
    custom_id: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    *,
    disabled: bool = False,
) -> discord.ui.Button[Any]:
    """Return a button answered by the `persistent` item whose template fits `custom_id`."""
    return discord.ui.Button(
        label=clip(label, BUTTON_LABEL_MAX), custom_id=custom_id, style=style, disabled=disabled
    )


def link_button(label: str, url: str) -> discord.ui.Button[Any]:
    """Return a link button; Discord opens it without telling us."""
    return discord.ui.Button(label=clip(label, BUTTON_LABEL_MAX), url=url)


def persistent(
    template: str, handler: Handler, *, needs: discord.Permissions
) -> type[discord.ui.DynamicItem[Any]]:
    """Return the dynamic item that answers every button or menu whose id fits `template`.

    Register it with ``client.add_dynamic_items`` in a cog's ``cog_load``. Errors of `handler`
    are answered as a command's are; `chosen` says what was chosen in a menu.

    Parameters
    ----------
    needs
        What whoever presses must be allowed at that moment: `MODERATORS` or `ANYBODY`.
    """

    async def answer(interaction: discord.Interaction, match: "re.Match[str]") -> None:
        require(interaction, needs)
        if any(each and each.isdecimal() and whole(each) is None for each in match.groups()):
            raise UserError("error-component-unknown")  # no id of ours is so large
        await handler(interaction, match)

    class Persistent(discord.ui.DynamicItem[Any], template=template):
        permissions = needs

        def __init__(self, item: Any, match: "re.Match[str]") -> None:
            super().__init__(item)
            self.match = match

        @classmethod
        async def from_custom_id(
            cls, interaction: discord.Interaction, item: Any, match: "re.Match[str]", /
        ) -> Self:
            interaction.extras[HEARD] = True
            return cls(item, match)

        async def callback(self, interaction: discord.Interaction) -> Any:
            await guarded(interaction, answer(interaction, self.match))

    return Persistent


def select(
    custom_id: str, options: Sequence[discord.SelectOption], placeholder: str
) -> discord.ui.Select[Any]:
    """Return a menu of one choice, answered by the `persistent` item that fits `custom_id`."""
    return discord.ui.Select(
        custom_id=custom_id,
        options=list(options)[:CHOICES_MAX],
        placeholder=clip(placeholder, OPTION_LABEL_MAX),
    )


def chosen(interaction: discord.Interaction) -> str:
    """Return what was chosen in a menu of one choice."""
    data: Any = interaction.data
    values = data.get("values")
    if not values:
        raise UserError("error-component-unknown")
    return str(values[0])


def chosen_number(interaction: discord.Interaction) -> int:
    """Return the number of what was chosen in a menu of one choice."""
    number = whole(chosen(interaction))
    if number is None:
        raise UserError("error-component-unknown")
    return number
