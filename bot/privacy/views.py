"""The privacy card, and the card that asks before erasing."""

from typing import Any

import discord

from bot import mentions, ui
from bot.i18n import Texts
from bot.privacy.service import Erased, Report, Stake
from storage.records import Holdings

SHOW_ID = "privacy:show"
CARD_ID = "privacy:card"
EXPORT_ID = "privacy:export"
LEARN_ID = "privacy:learn:{state}"
LEARN_TEMPLATE = r"privacy:learn:(?P<state>on|all|off)"
TRACK_ID = "privacy:track:{state}"
TRACK_TEMPLATE = r"privacy:track:(?P<state>on|off)"
ERASE_ID = "privacy:erase"
NOTICE_ID = "privacy:notice"
CONFIRM_ID = "privacy:erase:{how}"
CONFIRM_TEMPLATE = r"privacy:erase:(?P<how>all|stop)"

_STORED_MAX = 2_000
"""Characters of what is stored; the rest of the card needs the others of Discord's 4,000."""
_STATES = {"yes": "on", "all": "all", "no": "off"}


def card(report: Report, texts: Texts) -> discord.ui.LayoutView:
    """Return what is stored about a member, what for, and every choice about it."""
    stored = "\n".join(_fitting(stored_lines(report.holdings, texts), texts))
    is_tracked = report.profile.member.is_tracked
    return ui.panel(
        "### " + texts("privacy-title"),
        _since(report.holdings, texts) + (f"\n{stored}" if stored else ""),
        texts("privacy-purpose") + "\n" + texts("privacy-kept"),
        "\n".join(
            (
                texts("privacy-line-learning", value=_learning(report, texts)),
                *_until(report, texts),
                texts("privacy-line-tracking", value=_tracking(is_tracked, texts)),
            )
        ),
        "" if report.is_noted else texts("privacy-unnoted"),
        "-# " + texts("privacy-model"),
        rows=[
            [
                ui.button(texts("privacy-button-export"), EXPORT_ID, discord.ButtonStyle.primary),
                _track_button(is_tracked, texts),
            ],
            [_learn_button(answer, texts) for answer in report.profile.answers],
            [
                ui.button(texts("privacy-button-erase"), ERASE_ID, discord.ButtonStyle.danger),
                ui.button(texts("privacy-button-notice"), NOTICE_ID),
            ],
        ],
    )


def _fitting(lines: list[str], texts: Texts) -> list[str]:
    """Return the lines as a list, as many as there is room for; the export has all of it."""
    shown: list[str] = []
    room = _STORED_MAX
    for line in lines:
        room -= len(line) + 3
        if room < 0:
            return [*shown, "-# " + texts("privacy-more", n=len(lines) - len(shown))]
        shown.append(f"- {line}")
    return shown


def stored_lines(holdings: Holdings, texts: Texts) -> list[str]:
    """Return one line for everything there is any of."""
    lines = [
        texts(f"privacy-event-{kind.name.lower().replace('_', '-')}", n=n)
        for kind, n in sorted(holdings.events.items())
        if n
    ]
    rows = dict(holdings.rows)
    rows["events"] = rows.get("events", 0) - sum(holdings.events.values())
    lines += [
        texts(f"privacy-rows-{table.replace('_', '-')}", n=n) for table, n in rows.items() if n
    ]
    return lines


def confirm_card(stake: Stake, texts: Texts) -> discord.ui.LayoutView:
    """Return the question before erasing, with what would be lost by it."""
    return ui.panel(
        "### " + texts("privacy-erase-title"),
        texts("privacy-erase-owed", n=stake.n_owed) if stake.n_owed else "",
        texts("privacy-erase-codes", n=stake.n_codes) if stake.n_codes else "",
        texts("privacy-erase-text"),
        "-# " + texts("privacy-erase-stays"),
        colour=ui.CAUTION,
        rows=[
            [
                ui.button(
                    texts("privacy-erase-all"),
                    CONFIRM_ID.format(how="all"),
                    discord.ButtonStyle.danger,
                )
            ],
            [
                ui.button(
                    texts("privacy-erase-stop"),
                    CONFIRM_ID.format(how="stop"),
                    discord.ButtonStyle.danger,
                )
            ],
            [ui.button(texts("privacy-erase-cancel"), CARD_ID)],
        ],
    )


def erased_card(erased: Erased, is_tracking_stopped: bool, texts: Texts) -> discord.ui.LayoutView:
    """Return what erasing did, and until when what was learned from it serves."""
    after = "privacy-erased-stopped" if is_tracking_stopped else "privacy-erased-newcomer"
    until = erased.used_until
    if until is None:
        used = texts("privacy-erased-unlearned") if erased.n_rows else ""
    else:
        used = texts("privacy-erased-until", when=mentions.moment(until, "f"))
    return ui.panel(
        "### " + texts("privacy-erased-title"),
        texts("privacy-erased-text", n=erased.n_rows),
        used,
        texts(after),
        "" if erased.is_noted else texts("privacy-unnoted"),
        colour=ui.GOOD,
    )


def _since(holdings: Holdings, texts: Texts) -> str:
    if holdings.since is None:
        has_rows = any(holdings.rows.values())
        return texts("privacy-stored" if has_rows else "privacy-nothing")
    day = mentions.moment(holdings.since, "D")
    return texts("privacy-since", day=day)


def _tracking(is_tracked: bool, texts: Texts) -> str:
    return texts("privacy-tracking-on" if is_tracked else "privacy-tracking-off")


def _learning(report: Report, texts: Texts) -> str:
    when = mentions.moment(report.profile.trains_from or 0, "f")
    return texts(f"profile-learning-{report.profile.learning}", when=when)


def _until(report: Report, texts: Texts) -> tuple[str, ...]:
    if report.used_until is None:
        return ()
    return (texts("privacy-line-until", when=mentions.moment(report.used_until, "f")),)


def _learn_button(answer: str, texts: Texts) -> discord.ui.Button[Any]:
    # The ids of cards sent before there were three answers.
    state = LEARN_ID.format(state=_STATES[answer])
    return ui.button(texts(f"profile-button-learn-{answer}"), state)


def _track_button(is_tracked: bool, texts: Texts) -> discord.ui.Button[Any]:
    state = "off" if is_tracked else "on"
    return ui.button(texts(f"privacy-button-track-{state}"), TRACK_ID.format(state=state))
