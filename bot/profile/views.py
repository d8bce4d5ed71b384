"""The profile card, the server's card, and the one consent question."""

from datetime import datetime
from typing import Any

import discord

from bot import forms, mentions, ui, zones
from bot.i18n import LANGUAGES, Texts
from bot.profile.service import Profile
from storage.records import Guild, Member

LANGUAGE_ID = "profile:language:{choice}"
LANGUAGE_TEMPLATE = r"profile:language:(?P<choice>en|zh-CN|auto)"
INTERESTS_ID = "profile:interests"
CONSENT_ID = "consent:{answer}"
CONSENT_TEMPLATE = r"consent:(?P<answer>yes|all|no)"
LEARN_ID = "profile:learn:{answer}"
LEARN_TEMPLATE = r"profile:learn:(?P<answer>yes|all|no)"
STORED_ID = "privacy:show"
"""Answered by `bot.privacy`."""


def profile_card(
    known: Profile, now: datetime, texts: Texts, *, is_saved: bool = False
) -> discord.ui.LayoutView:
    """Return what a member told Lyceum, with buttons to change it."""
    member, guild = known.member, known.guild
    lines = (
        texts("profile-line-language", value=_language(member.language, texts)),
        texts("profile-line-time-zone", value=_member_zone(member, guild, now, texts)),
        texts("profile-line-interests", value=_interests(member, texts)),
        texts("profile-line-learning", value=_learning(known, texts)),
    )
    return ui.panel(
        "### " + texts("profile-title"),
        texts("profile-saved") if is_saved else "",
        "\n".join(lines),
        "-# " + texts("profile-hint"),
        colour=ui.GOOD if is_saved else ui.ACCENT,
        rows=[
            [_language_button(choice, member, texts) for choice in (*LANGUAGES, "auto")],
            [
                ui.button(texts("profile-button-interests"), INTERESTS_ID),
                ui.button(texts("profile-button-stored"), STORED_ID),
            ],
            [
                ui.button(texts(f"profile-button-learn-{answer}"), LEARN_ID.format(answer=answer))
                for answer in known.answers
            ],
        ],
    )


def consent_card(policy: str, texts: Texts) -> discord.ui.LayoutView:
    """Return the question (policy ``ask``) or the notice with a way out (``notice``).

    It is small, for it stands below what was asked for. All answers look alike: the question leans
    to none.
    """
    offered = ("yes", "all", "no") if policy == "ask" else ("no",)
    buttons = [
        ui.button(texts(f"profile-consent-{policy}-{answer}"), CONSENT_ID.format(answer=answer))
        for answer in offered
    ]
    lines = texts(f"profile-consent-{policy}-text").splitlines()
    return ui.panel(
        f"**{texts(f'profile-consent-{policy}-title')}**",
        "\n".join(f"-# {line}" for line in lines),
        rows=[[*buttons, ui.button(texts("profile-button-stored"), STORED_ID)]],
    )


def answered_card(learning: str, texts: Texts) -> discord.ui.LayoutView:
    """Return what replaces the question once it is answered."""
    return ui.panel(
        texts(f"profile-consent-{learning}"),
        colour=ui.GOOD,
        rows=[[ui.button(texts("profile-button-stored"), STORED_ID)]],
    )


def server_card(
    guild: Guild, now: datetime, texts: Texts, *, changed: str = ""
) -> discord.ui.LayoutView:
    """Return a server's settings, under the line that says what just changed."""
    lines = (
        texts("profile-line-language", value=texts(f"profile-language-{guild.language}")),
        texts("profile-line-server-zone", value=_zone(guild.time_zone, now)),
        texts("profile-line-policy", value=texts(f"profile-policy-{guild.consent_policy}-means")),
    )
    return ui.panel(
        "### " + texts("profile-server-title"),
        changed,
        "\n".join(lines),
        colour=ui.GOOD if changed else ui.ACCENT,
    )


def change_line(setting: str, before: Guild, after: Guild, texts: Texts) -> str:
    """Return what a moderator's change did, before → after."""
    if before == after:
        return texts("profile-server-same")
    line = texts(
        "profile-server-changed",
        before=_setting(setting, before, texts),
        after=_setting(setting, after, texts),
    )
    if setting == "consent_policy":
        line += "\n" + texts("profile-server-asked-again")
    return line


def interests_form(member: Member, texts: Texts) -> forms.Form:
    """Return the form of a member's interests, with the present ones."""
    field = forms.text_field(
        "interests",
        texts("profile-modal-label"),
        placeholder=texts("profile-modal-placeholder"),
        default=", ".join(member.interests),
        limit=400,
        is_long=True,
        is_required=False,
    )
    return forms.Form("profile:interests", texts("profile-modal-title"), [field])


def _setting(setting: str, guild: Guild, texts: Texts) -> str:
    match setting:
        case "language":
            return texts(f"profile-language-{guild.language}")
        case "time_zone":
            return guild.time_zone
        case _:
            return texts(f"profile-policy-{guild.consent_policy}")


def _learning(known: Profile, texts: Texts) -> str:
    when = mentions.moment(known.trains_from or 0, "f")
    return texts(f"profile-learning-{known.learning}", when=when)


def _language(language: str | None, texts: Texts) -> str:
    return texts(f"profile-language-{language or 'auto'}")


def _language_button(choice: str, member: Member, texts: Texts) -> discord.ui.Button[Any]:
    is_chosen = choice == (member.language or "auto")
    style = discord.ButtonStyle.primary if is_chosen else discord.ButtonStyle.secondary
    label = texts(f"profile-button-language-{choice}")
    return ui.button(label, LANGUAGE_ID.format(choice=choice), style)


def _zone(name: str, now: datetime) -> str:
    return f"{name} ({now.astimezone(zones.zone_of(name)):%H:%M})"


def _member_zone(member: Member, guild: Guild, now: datetime, texts: Texts) -> str:
    if member.time_zone is None:
        return texts("profile-zone-auto", zone=_zone(guild.time_zone, now))
    return _zone(member.time_zone, now)


def _interests(member: Member, texts: Texts) -> str:
    shown = " · ".join(
        ui.plain(texts.topics.interest(each, texts.language)) for each in member.interests
    )
    return shown or texts("profile-interests-none")
