"""What members and moderators see of levels: who rose, what is set, who waits, what to fix."""

from collections.abc import Sequence
from typing import Any

import discord

from bot import mentions, ui
from bot.i18n import Texts
from bot.levels.decisions import Overview
from bot.levels.duties import Pending
from storage.records import LevelGrant, LevelNotice, LevelReward

NAMES_MAX = 10
"""Members named in one notice; the others are counted."""
READERS_MAX = 5
"""Roles named that can read the moderators' channel, too."""
DECIDE_ID = "levels:{answer}:{grant_id}"
DECIDE_TEMPLATE = r"levels:(?P<answer>yes|no):(?P<grant_id>\d+)"
QUEUE_ID = "levels:queue"
QUEUE_TEMPLATE = r"levels:queue"


def notice(risen: Sequence[LevelNotice], texts: Texts) -> discord.ui.LayoutView:
    """Return the news of who rose; the highest level of each, and no more than ten names."""
    highest: dict[int, int] = {}
    for each in risen:
        highest[each.user_id] = max(each.level, highest.get(each.user_id, 0))
    lines = [
        texts("levels-notice", member=f"<@{user_id}>", level=level)
        for user_id, level in list(highest.items())[:NAMES_MAX]
    ]
    if len(highest) > NAMES_MAX:
        lines.append(texts("levels-notice-more", n=len(highest) - NAMES_MAX))
    return ui.panel("\n".join(lines), colour=ui.GOOD)


def overview(
    shown: Overview,
    texts: Texts,
    staff_problem: str | None = None,
    readers: Sequence[discord.Role] = (),
) -> discord.ui.LayoutView:
    """Return what is set, with its problems and how to fix them.

    Parameters
    ----------
    readers
        Roles besides the moderators' that can read the moderators' channel.
    """
    settings = shown.settings
    place = f"<#{settings.channel_id}>" if settings.place == "channel" else ""
    staff = f"<#{shown.staff_channel_id}>" if shown.staff_channel_id else ""
    lines = [
        texts("levels-line-notices", value=place or texts(f"levels-place-{settings.place}")),
        texts("levels-line-staff", value=staff or texts("levels-nowhere")),
    ]
    if readers:
        named = " ".join(role.mention for role in readers[:READERS_MAX])
        more = " …" if len(readers) > READERS_MAX else ""
        lines.append("-# " + texts("levels-staff-readers", roles=named + more))
    wrong = texts(f"staff-problem-{staff_problem}", channel=staff) if staff_problem else ""
    rewards = [_reward(reward, texts) for reward in shown.rewards] or [texts("levels-no-rewards")]
    return ui.panel(
        f"## {texts('levels-title')}",
        "\n".join(lines),
        f"### {texts('levels-rewards')}\n" + "\n".join(rewards),
        f"⚠️ {wrong}" if wrong else "",
        "\n".join(_problems(shown.settings.problem, shown.rewards, texts)),
        rows=[[_queue_button(shown.n_waiting, texts)]] if shown.n_waiting else (),
    )


def staff(pending: Pending, texts: Texts) -> discord.ui.LayoutView:
    """Return what moderators are notified of once: what to fix, and that members wait."""
    settings = pending.settings
    problem = None if settings.is_problem_told else settings.problem
    waiting = texts("levels-waiting", n=pending.n_waiting) if pending.n_waiting else ""
    return ui.panel(
        f"## {texts('levels-staff-title')}",
        "\n".join(_problems(problem, pending.problems, texts)),
        waiting,
        colour=ui.CAUTION if problem or pending.problems else ui.ACCENT,
        rows=[[_queue_button(pending.n_waiting, texts)]] if pending.n_waiting else (),
    )


def queue(waiting: Sequence[LevelGrant], shown: Overview, texts: Texts) -> discord.ui.LayoutView:
    """Return the first members who wait, each with two buttons."""
    if not waiting:
        return ui.panel(texts("levels-queue-empty"))
    needed = {reward.role_id: reward.level for reward in shown.rewards}
    parts, rows = [], []
    for number, grant in enumerate(waiting, start=1):
        parts.append(
            f"**{number}.** "
            + texts(
                f"levels-{grant.state}",
                member=f"<@{grant.user_id}>",
                role=mentions.role(grant.role_id),
                level=needed.get(grant.role_id, 0),
            )
        )
        rows.append(
            [
                _decide_button(grant, "yes", f"{number}. {texts(f'levels-yes-{grant.state}')}"),
                _decide_button(grant, "no", f"{number}. {texts(f'levels-no-{grant.state}')}"),
            ]
        )
    return ui.panel(f"## {texts('levels-queue-title', n=shown.n_waiting)}", *parts, rows=rows)


def problem_text(problem: str, role_id: int, texts: Texts) -> str:
    """Return what is wrong with a role and how to fix it."""
    return texts(f"levels-problem-{problem}", role=mentions.role(role_id))


def _reward(reward: LevelReward, texts: Texts) -> str:
    key = "levels-reward-confirm" if reward.needs_confirm else "levels-reward"
    return texts(key, level=reward.level, role=mentions.role(reward.role_id))


def _problems(channel: str | None, rewards: Sequence[LevelReward], texts: Texts) -> list[str]:
    found = [f"⚠️ {texts('levels-problem-closed')}"] if channel else []
    found += [f"⚠️ {problem_text(r.problem, r.role_id, texts)}" for r in rewards if r.problem]
    return found


def _queue_button(n: int, texts: Texts) -> discord.ui.Button[Any]:
    return ui.button(texts("levels-open-queue", n=n), QUEUE_ID, discord.ButtonStyle.primary)


def _decide_button(grant: LevelGrant, answer: str, label: str) -> discord.ui.Button[Any]:
    style = discord.ButtonStyle.success if answer == "yes" else discord.ButtonStyle.secondary
    return ui.button(label, DECIDE_ID.format(answer=answer, grant_id=grant.grant_id), style)
