"""The screen by which moderators say where questions are asked and how they are looked after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot import forms, ui
from bot.i18n import Texts
from bot.mentions import role
from storage.records import QuestionPlace, QuestionSettings

PLACES_ID = "questions:places"
ROLE_ID = "questions:helpers"
TAG_ID = "questions:tag:{state}:{channel_id}"
TAG_TEMPLATE = r"questions:tag:(?P<state>solved|stale):(?P<channel_id>\d+)"
SWITCH_ID = "questions:switch:{name}"
SWITCH_TEMPLATE = r"questions:switch:(?P<name>[a-z_]+)"
TIMES_ID = "questions:times"
SWITCHES = (
    "suggests",
    "invites",
    "reminds",
    "closes",
    "takes_several",
    "makes_resources",
    "approves_experts",
)
TIMES = ("nudge_h", "still_d", "stale_d", "invite_min")
_PLACES_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Seen:
    """A watched channel as it is now, and what keeps questions from working there.

    ``tags`` are the forum's tags; ``problems`` are keys of texts.
    """

    place: QuestionPlace
    name: str
    tags: tuple[tuple[int, str], ...]
    problems: tuple[str, ...]
    is_forum: bool


def screen(settings: QuestionSettings, seen: Sequence[Seen], texts: Texts) -> discord.ui.LayoutView:
    """Return the screen with everything that can be changed on it."""
    lines = [_place(each, texts) for each in seen] or [texts("questions-setup-nowhere")]
    helpers = (
        role(settings.helper_role_id) if settings.helper_role_id else texts("questions-nobody")
    )
    state = [
        f"{'🟢' if getattr(settings, name) else '⚪'} {texts(f'questions-switch-{_key(name)}')}"
        for name in SWITCHES
    ]
    times = [texts(f"questions-time-{_key(name)}", count=getattr(settings, name)) for name in TIMES]
    rows: list[Any] = [[_places(seen, texts)], [_helpers(settings, texts)]]
    rows += [[menu] for menu in _tag_menus(seen, texts)][:1]
    buttons = [
        ui.button(texts(f"questions-switch-{_key(name)}"), SWITCH_ID.format(name=name))
        for name in SWITCHES
    ]
    rows += [buttons[:4], [*buttons[4:], ui.button(texts("questions-times"), TIMES_ID)]]
    return ui.panel(
        f"## {texts('questions-setup-title')}",
        "\n".join(lines),
        texts("questions-setup-helpers", role=helpers),
        "\n".join(state),
        "-# " + " · ".join(times),
        rows=rows,
    )


def _key(name: str) -> str:
    return name.replace("_", "-")


def _place(seen: Seen, texts: Texts) -> str:
    tags = dict(seen.tags)
    parts = [f"<#{seen.place.channel_id}>"]
    if seen.is_forum:
        solved = tags.get(seen.place.solved_tag_id or 0)
        stale = tags.get(seen.place.stale_tag_id or 0)
        parts.append(
            texts("questions-setup-solved-tag", tag=ui.plain(solved))
            if solved
            else texts("questions-setup-no-solved-tag")
        )
        if stale:
            parts.append(texts("questions-setup-stale-tag", tag=ui.plain(stale)))
    told = " · ".join(parts)
    return "\n".join((told, *(f"-# ⚠️ {texts(problem)}" for problem in seen.problems)))


def _places(seen: Sequence[Seen], texts: Texts) -> discord.ui.ChannelSelect[Any]:
    return discord.ui.ChannelSelect(
        custom_id=PLACES_ID,
        channel_types=[discord.ChannelType.forum, discord.ChannelType.text],
        min_values=0,
        max_values=_PLACES_SHOWN,
        placeholder=ui.clip(texts("questions-setup-places"), ui.OPTION_LABEL_MAX),
        default_values=[discord.Object(each.place.channel_id) for each in seen],
    )


def _helpers(settings: QuestionSettings, texts: Texts) -> discord.ui.RoleSelect[Any]:
    chosen = [discord.Object(settings.helper_role_id)] if settings.helper_role_id else []
    return discord.ui.RoleSelect(
        custom_id=ROLE_ID,
        min_values=0,
        placeholder=ui.clip(texts("questions-setup-role"), ui.OPTION_LABEL_MAX),
        default_values=chosen,
    )


def _tag_menus(seen: Sequence[Seen], texts: Texts) -> list[discord.ui.Select[Any]]:
    """Return a menu for the first forum whose solved tag nobody chose, else for the first."""
    forums = sorted(
        (each for each in seen if each.is_forum and each.tags),
        key=lambda each: each.place.solved_tag_id is not None,
    )
    return [
        ui.select(
            TAG_ID.format(state="solved", channel_id=each.place.channel_id),
            [
                discord.SelectOption(
                    label=ui.clip(ui.bare(name), ui.OPTION_LABEL_MAX),
                    value=str(tag_id),
                    default=tag_id == each.place.solved_tag_id,
                )
                for tag_id, name in each.tags
            ],
            texts("questions-setup-which-tag", channel=ui.bare(each.name)),
        )
        for each in forums
    ]


def times_form(settings: QuestionSettings, texts: Texts) -> forms.Form:
    """Return the form of how long everything waits."""
    fields = [
        forms.text_field(
            name,
            texts(f"questions-field-{_key(name)}"),
            default=str(getattr(settings, name)),
            limit=4,
        )
        for name in TIMES
    ]
    return forms.Form("questions:times", texts("questions-times"), fields)
