"""What moderators see of who pays whom: everybody, one group, and what was done about it."""

from typing import Any

import discord

from bot import forms, mentions, ui
from bot.evidence.service import Evidence, Handled, Ring
from bot.i18n import Texts

RING_ID = "rulebook:ring:{act}:{key}:{since}:{last}"
RING_TEMPLATE = (
    r"rulebook:ring:(?P<act>hold|release|reverse):(?P<key>\w+):(?P<since>\d{1,11}):(?P<last>\d+)"
)
RINGS_ID = "rulebook:rings:{since}:{last}"
RINGS_TEMPLATE = r"rulebook:rings:(?P<since>\d{1,11}):(?P<last>\d+)"
_REASON_MAX = 200

Row = list[Any]


def evidence(shown: Evidence, texts: Texts) -> discord.ui.LayoutView:
    """Return counts over everybody and over each ring, with the menu that opens one."""
    found = shown.found
    few = texts("rulebook-evidence-few")
    lines = (
        texts("rulebook-evidence-acts", count=found.n_acts, members=found.n_members),
        texts(
            "rulebook-evidence-mutual",
            share=f"{found.mutual_acts:.0%}",
            members=few if found.n_mutual is None else f"{found.n_mutual:,}",
        ),
        texts(
            "rulebook-evidence-concentrated",
            members=few if found.n_concentrated is None else f"{found.n_concentrated:,}",
        ),
        texts("rulebook-evidence-quick", count=found.n_quick),
    )
    rings = found.rings[: ui.CHOICES_MAX]
    options = [
        discord.SelectOption(
            label=ui.clip(_ring_line(number, ring, texts), ui.OPTION_LABEL_MAX), value=ring.key
        )
        for number, ring in enumerate(rings, 1)
    ]
    menu = RINGS_ID.format(since=shown.since, last=shown.last)
    title = texts("rulebook-evidence-title", when=mentions.moment(shown.since, "d"))
    return ui.panel(
        f"## {title}",
        "\n".join(lines),
        "\n".join(_ring_line(number, ring, texts) for number, ring in enumerate(rings, 1))
        or texts("rulebook-evidence-none"),
        "-# " + texts("rulebook-evidence-note"),
        rows=[[ui.select(menu, options, texts("rulebook-evidence-choose"))]] if options else (),
    )


def _ring_line(number: int, shown: Ring, texts: Texts) -> str:
    return texts(
        "rulebook-evidence-ring",
        number=number,
        members=len(shown.members),
        acts=shown.n_acts,
        points=ui.number_text(shown.amount),
        inside=f"{shown.inside:.0%}",
    )


def ring(shown: Ring, since: int, last: int, texts: Texts) -> discord.ui.LayoutView:
    """Return one ring: who belongs to it, counts over all of it, and what may be done."""
    title = texts("rulebook-ring-title", count=len(shown.members))
    people = " ".join(f"<@{member}>" for member in shown.members)
    styles = {
        "hold": discord.ButtonStyle.primary,
        "release": discord.ButtonStyle.secondary,
        "reverse": discord.ButtonStyle.danger,
    }
    return ui.panel(
        f"## {title}",
        people,
        texts(
            "rulebook-ring-counts",
            acts=shown.n_acts,
            points=ui.number_text(shown.amount),
            inside=f"{shown.inside:.0%}",
            mutual=f"{shown.mutual:.0%}",
            quick=shown.n_quick,
        ),
        "-# " + texts("rulebook-ring-note"),
        colour=ui.CAUTION,
        rows=[
            [
                ui.button(
                    texts(f"rulebook-ring-{verdict}"),
                    RING_ID.format(act=verdict, key=shown.key, since=since, last=last),
                    style,
                )
                for verdict, style in styles.items()
            ]
        ],
    )


def ring_form(verdict: str, texts: Texts) -> forms.Form:
    """Return the form that asks why something is done about a ring."""
    reason = forms.text_field(
        "reason",
        texts("rulebook-field-reason"),
        hint=texts("rulebook-field-reason-hint"),
        limit=_REASON_MAX,
    )
    return forms.Form("rulebook:ring", texts(f"rulebook-ring-{verdict}"), [reason])


def handled(made: Handled, since: int, last: int, texts: Texts) -> discord.ui.LayoutView:
    """Return what was done about a ring, with the way back where there is one."""
    rows: list[Row] = []
    if made.verdict == "hold":
        rows = [
            [
                ui.button(
                    texts(f"rulebook-ring-{verdict}"),
                    RING_ID.format(act=verdict, key=made.ring.key, since=since, last=last),
                )
                for verdict in ("release", "reverse")
            ]
        ]
    told = texts(f"rulebook-ring-done-{made.verdict}", count=made.n_done, all=made.n_entries)
    return ui.panel(told, colour=ui.GOOD, rows=rows)
