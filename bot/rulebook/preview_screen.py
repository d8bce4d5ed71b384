"""A preview: how far it is, and what it found, in words, figures and a picture."""

from collections.abc import Sequence
from typing import Any

import discord

from bot import ui
from bot.i18n import Texts
from bot.rewards.tally import Place
from bot.rulebook import wording
from bot.rulebook.draft_screen import OPEN_ID
from bot.rulebook.previews import Besides, Preview, Rescored
from bot.rulebook.publish_screen import PUBLISH_ID, RESCORE_ID, levels_note
from bot.rulebook.rescoring import Progress

PICTURE = "preview.png"
_BAR_STEPS = 20
_CHANGES_ROOM = 1_000
"""What changes may take, so that the figures fit below them."""
_BESIDES_ROOM = 600
_VERSIONS_NAMED = 8


def progress(
    shown: Progress, texts: Texts, key: str = "rulebook-preview-busy"
) -> discord.ui.LayoutView:
    """Return how far a preview or a count has come; ``key`` says what is being done."""
    done = shown.n_read / shown.n_total if shown.n_total else 0.0
    filled = min(int(done * _BAR_STEPS), _BAR_STEPS)
    return ui.panel(
        texts(key),
        texts(
            "rulebook-preview-progress",
            bar="▰" * filled + "▱" * (_BAR_STEPS - filled),
            done=f"{shown.n_read:,}",
            total=f"{shown.n_total:,}",
        ),
    )


def preview_title(shown: Preview, texts: Texts) -> str:
    """Return what a preview's picture shows."""
    if shown.rescored is not None:
        return texts("rulebook-picture-rescore", day=shown.rescored.day)
    return texts("rulebook-picture-title", days=shown.days or 0)


def preview(shown: Preview, texts: Texts) -> discord.ui.LayoutView:
    """Return what a draft would have done: the picture, and the same in words and figures."""
    title = preview_title(shown, texts)
    gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery(
        discord.MediaGalleryItem(f"attachment://{PICTURE}", description=title)
    )
    higher, lower = shown.levels
    is_rescore = shown.rescored is not None
    key = "rulebook-rescore-read" if is_rescore else "rulebook-preview-read"
    levels = "rulebook-rescore-levels" if is_rescore else "rulebook-preview-levels"
    return ui.panel(
        wording.heading(title),
        _effect(shown.rescored, texts) if shown.rescored else "",
        "-# " + texts(key, count=shown.n_events, version=shown.version),
        wording.changes(shown.differences, texts, room=_CHANGES_ROOM),
        _besides(shown.rescored.besides, texts)
        if shown.rescored and shown.rescored.besides
        else "",
        gallery,
        _table(shown, texts),
        _moved("rulebook-preview-rising", shown.rising, texts),
        _moved("rulebook-preview-falling", shown.falling, texts),
        texts(levels, higher=higher, lower=lower) if higher or lower else "",
        levels_note(shown.differences, texts),
        "-# " + texts("rulebook-rescore-note" if is_rescore else "rulebook-preview-note"),
        rows=[_after_preview(shown, texts)],
    )


def _besides(besides: Besides, texts: Texts) -> str:
    """Return what a re-score counts besides, since other versions decided in that time, too."""
    named = ", ".join(str(each) for each in besides.versions[:_VERSIONS_NAMED])
    left = len(besides.versions) - _VERSIONS_NAMED
    versions = texts("rulebook-value-more", shown=named, count=left) if left > 0 else named
    told = texts("rulebook-rescore-besides", versions=versions, count=len(besides.versions))
    return f"{told}\n{wording.changes(besides.differences, texts, room=_BESIDES_ROOM)}"


def _effect(rescored: Rescored, texts: Texts) -> str:
    effect = rescored.effect
    if not effect.n_entries:
        return texts("rulebook-rescore-nothing", day=rescored.day)
    return texts(
        "rulebook-rescore-effect",
        entries=effect.n_entries,
        members=len(effect.by_member),
        gaining=effect.n_gaining,
        losing=effect.n_losing,
        amount=wording.signed(effect.amount),
    )


def _after_preview(shown: Preview, texts: Texts) -> list[Any]:
    """Return the ways on from a preview; a re-score only where it would change something."""
    back = ui.button(texts("rulebook-draft-back"), OPEN_ID.format(step="draft"))
    key = "rulebook-publish-go" if shown.rescored is None else "rulebook-rescore-without"
    published = PUBLISH_ID.format(screen="previewed", stamp=shown.stamp)
    publish = ui.button(texts(key), published, discord.ButtonStyle.primary)
    if shown.rescored is None or not shown.rescored.effect.n_entries:
        return [publish, back]
    rescored = ui.button(
        texts("rulebook-rescore-publish"),
        RESCORE_ID.format(stamp=shown.stamp, since=shown.rescored.since),
        discord.ButtonStyle.danger,
    )
    return [rescored, publish, back]


def _table(shown: Preview, texts: Texts) -> str:
    before, after = shown.before, shown.after
    rows = [
        (texts(f"points-rule-{kind}"), ui.number_text(was), ui.number_text(becomes))
        for kind, was, becomes in shown.minted
    ]
    rows += [
        (
            f"**{texts('rulebook-figure-minted')}**",
            ui.number_text(before.minted),
            f"{ui.number_text(after.minted)}{_percent(before.minted, after.minted)}",
        ),
        (texts("rulebook-figure-earning"), f"{before.n_earning:,}", f"{after.n_earning:,}"),
        (texts("rulebook-figure-gini"), f"{before.gini:.2f}", f"{after.gini:.2f}"),
        (texts("rulebook-figure-top"), f"{before.top_share:.1%}", f"{after.top_share:.1%}"),
        (texts("rulebook-figure-cap"), f"{before.n_at_cap:,}", f"{after.n_at_cap:,}"),
        (texts("rulebook-figure-limit"), f"{before.n_at_limit:,}", f"{after.n_at_limit:,}"),
    ]
    return "\n".join(
        texts("rulebook-preview-row", name=name, before=was, after=becomes)
        for name, was, becomes in rows
    )


def _percent(before: int, after: int) -> str:
    return f" ({(after - before) / before:+.0%})" if before > 0 else ""


def _moved(key: str, found: Sequence[Place], texts: Texts) -> str:
    lines = [
        texts(
            "rulebook-preview-place",
            member=f"<@{each.user_id}>",
            before=each.before or "–",
            after=each.after or "–",
            was=ui.number_text(each.amount_before),
            becomes=ui.number_text(each.amount_after),
        )
        for each in found
    ]
    return "\n".join((f"**{texts(key)}**", *lines)) if lines else ""
