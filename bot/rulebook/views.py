"""What moderators see of the rules: the list, the draft and its forms, versions, what changed."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import discord

from bot import forms, ui
from bot.i18n import Texts
from bot.rewards.fields import FIELDS, SECTIONS, Field, Value, value_of, write
from bot.rewards.ruleset import RuleSet
from bot.rulebook.service import (
    Draft,
    History,
    Place,
    Preview,
    Progress,
    Publication,
    Version,
    bounds,
)
from storage.records import Rescore

OPEN_ID = "rulebook:{deed}"
OPEN_TEMPLATE = r"rulebook:(?P<deed>draft|discard|ask)"
PREVIEW_ID = "rulebook:preview"
PREVIEW_TEMPLATE = r"rulebook:preview"
PICTURE = "preview.png"
SECTION_ID = "rulebook:section"
SECTION_TEMPLATE = r"rulebook:section"
FIELD_ID = "rulebook:field:{rule}"
FIELD_TEMPLATE = r"rulebook:field:(?P<rule>\w+)"
PUBLISH_ID = "rulebook:publish:{stamp}"
PUBLISH_TEMPLATE = r"rulebook:publish:(?P<stamp>\w+)"
SINCE_ID = "rulebook:since"
SINCE_TEMPLATE = r"rulebook:since"
ANEW_ID = "rulebook:anew:{stamp}:{since}"
ANEW_TEMPLATE = r"rulebook:anew:(?P<stamp>\w+):(?P<since>\d{1,11})"
UNDO_ID = "rulebook:undo:{rescore}"
UNDO_TEMPLATE = r"rulebook:undo:(?P<rescore>\d+)"
PAGE_ID = "rulebook:page:{page}"
PAGE_TEMPLATE = r"rulebook:page:(?P<page>\d{1,6})"
_CHANGES_SHOWN = 20
_VALUE_MAX = 300
_REASON_MAX = 200
_TYPED_MAX = 2_000
_MAY_BE_EMPTY = frozenset({"zone", "weights", "amounts", "dates"})
_CHOSEN_MAX = 25
_BAR_STEPS = 20

Row = list[Any]


def rules_list(shown: Version, texts: Texts) -> discord.ui.LayoutView:
    """Return the rules in force, one paragraph each, and who changed them last."""
    paragraphs = (
        _rule(rule, fields, shown.rules, texts)
        for rule, fields in groupby(FIELDS, key=lambda field: field.rule)
    )
    draft = ui.button(texts("rulebook-draft-open"), OPEN_ID.format(deed="draft"))
    return ui.panel(
        _heading(texts("rulebook-title", version=shown.version)),
        *paragraphs,
        f"-# {_origin(shown, texts)}",
        rows=[[draft]],
    )


def _origin(shown: Version, texts: Texts) -> str:
    if shown.version == 0:
        return texts("rulebook-default")
    return texts(
        "rulebook-by",
        member=ui.mention(shown.by, texts),
        when=f"<t:{int(shown.at)}:R>",
        reason=ui.plain(shown.reason),
    )


def _rule(rule: str, fields: Iterable[Field], of: RuleSet, texts: Texts) -> str:
    lines = (
        texts(
            "rulebook-line",
            field=field_name(field.name, texts),
            value=value_text(field, value_of(of, field), texts),
        )
        for field in fields
    )
    return f"**{rule_name(rule, texts)}** · " + " · ".join(lines)


# ------------------------------------------------------------------------------- drafting


def draft(shown: Draft, texts: Texts, note: str = "") -> discord.ui.LayoutView:
    """Return the draft: what it changes, the menu of sections, and what may be done with it."""
    options = [
        discord.SelectOption(label=ui.clip(rule_name(rule, texts), ui.OPTION_LABEL_MAX), value=rule)
        for rule in SECTIONS
    ]
    rows: list[Row] = [[ui.select(SECTION_ID, options, texts("rulebook-draft-choose"))]]
    if shown.differences:
        rows.append([*_ways(shown, texts)])
    return ui.panel(
        _heading(texts("rulebook-draft-title")),
        note,
        _standing(shown, texts),
        _later(shown, texts),
        changes(shown, texts),
        rows=rows,
    )


def _ways(shown: Draft, texts: Texts) -> Row:
    return [
        ui.button(texts("rulebook-preview-go"), PREVIEW_ID),
        ui.button(
            texts("rulebook-publish-go"), OPEN_ID.format(deed="ask"), discord.ButtonStyle.primary
        ),
        ui.button(
            texts("rulebook-draft-discard"),
            OPEN_ID.format(deed="discard"),
            discord.ButtonStyle.danger,
        ),
    ]


def _standing(shown: Draft, texts: Texts) -> str:
    if shown.by is None or shown.at is None:
        return texts("rulebook-draft-none")
    if not shown.differences:
        return texts("rulebook-draft-same")
    return texts(
        "rulebook-draft-by",
        member=ui.mention(shown.by, texts),
        when=f"<t:{int(shown.at)}:R>",
        count=len(shown.differences),
        version=shown.live.version,
    )


def _later(shown: Draft, texts: Texts) -> str:
    if shown.newest.version == shown.live.version:
        return ""
    when = f"<t:{int(shown.newest.effective_at)}:f>"
    return texts("rulebook-draft-later", version=shown.newest.version, when=when)


def section(shown: Draft, rule: str, texts: Texts) -> discord.ui.LayoutView:
    """Return one section of the draft, with the menu of its values."""
    fields = [field for field in FIELDS if field.rule == rule]
    lines = [_field_line(field, shown, texts) for field in fields]
    options = [
        discord.SelectOption(
            label=ui.clip(field_name(field.name, texts), ui.OPTION_LABEL_MAX),
            value=field.name,
            description=ui.clip(
                texts("rulebook-draft-option", value=_plain_value(field, shown.rules, texts)),
                ui.OPTION_LABEL_MAX,
            ),
        )
        for field in fields
    ]
    back = ui.button(texts("rulebook-draft-back"), OPEN_ID.format(deed="draft"))
    menu = ui.select(FIELD_ID.format(rule=rule), options, texts("rulebook-draft-field"))
    return ui.panel(
        f"## 📝 {rule_name(rule, texts)}",
        "\n".join(lines),
        "-# " + texts("rulebook-draft-weights") if rule == "multipliers" else "",
        rows=[[menu], [back]],
    )


def _field_line(field: Field, shown: Draft, texts: Texts) -> str:
    before, after = (value_of(of, field) for of in (shown.live.rules, shown.rules))
    name, told = field_name(field.name, texts), value_text(field, after, texts)
    if before == after:
        return texts("rulebook-line", field=name, value=told)
    was = value_text(field, before, texts)
    return "✏️ " + texts("rulebook-draft-was", field=name, before=was, after=told)


def _plain_value(field: Field, of: RuleSet, texts: Texts) -> str:
    """Return a value where Discord shows no mentions."""
    value = value_of(of, field)
    if field.kind == "weights":
        return write(field, value) or texts("rulebook-value-nothing")
    return value_text(field, value, texts)


def change_form(field: Field, value: Value, texts: Texts) -> forms.Form:
    """Return the form of one value: the present one, its bounds and unit."""
    name = field_name(field.name, texts)
    written = write(field, value)
    if field.kind in ("switch", "choice", "length"):
        fields = [forms.labelled(name, _menu(field, written, texts))]
    elif field.kind == "weights":
        fields = _weights(field, written, texts)
    else:
        fields = [
            forms.text_field(
                "value",
                name,
                hint=texts(f"error-points-{field.kind}", **bounds(field)),
                default=written,
                limit=_TYPED_MAX,
                is_long=field.kind in ("amounts", "dates", "emoji"),
                is_required=field.kind not in _MAY_BE_EMPTY,
            )
        ]
    return forms.Form("rulebook:change", rule_name(field.rule, texts), fields)


def _menu(field: Field, written: str, texts: Texts) -> discord.ui.Select[Any]:
    match field.kind:
        case "switch":
            named = {each: texts(f"rulebook-value-{each}") for each in ("yes", "no")}
        case "length":
            named = {
                str(each): texts("rulebook-value-length", value=each)
                for each in range(field.low, field.high + 1)
            }
        case _:
            named = choice_names(field, texts)
    options = [
        discord.SelectOption(label=label, value=each, default=each == written)
        for each, label in named.items()
    ]
    return discord.ui.Select(custom_id="value", options=options)


def _weights(field: Field, written: str, texts: Texts) -> list[discord.ui.Label[Any]]:
    chosen: Any = (
        discord.ui.ChannelSelect(
            custom_id="chosen", required=False, min_values=0, max_values=_CHOSEN_MAX
        )
        if field.name == "channels"
        else discord.ui.RoleSelect(
            custom_id="chosen", required=False, min_values=0, max_values=_CHOSEN_MAX
        )
    )
    return [
        forms.labelled(texts("rulebook-field-chosen"), chosen),
        forms.text_field(
            "percent",
            texts("rulebook-field-percent"),
            hint=texts("rulebook-field-percent-hint"),
            limit=4,
            is_required=False,
        ),
        forms.text_field(
            "value",
            texts("rulebook-field-value"),
            hint=texts("rulebook-field-value-hint"),
            default=written,
            limit=4_000,
            is_long=True,
            is_required=False,
        ),
    ]


# ------------------------------------------------------------------------------ publishing


def ask(shown: Draft, texts: Texts) -> discord.ui.LayoutView:
    """Return what publishing the draft would change, from when, and the button that does it."""
    if not shown.differences:
        return draft(shown, texts)
    has_levels = any(each.field.rule == "levels" for each in shown.differences)
    publish = ui.button(
        texts("rulebook-publish-go"),
        PUBLISH_ID.format(stamp=shown.stamp),
        discord.ButtonStyle.success,
    )
    trying = ui.button(texts("rulebook-preview-go"), PREVIEW_ID)
    anew = ui.button(texts("rulebook-anew-go"), SINCE_ID)
    back = ui.button(texts("rulebook-draft-back"), OPEN_ID.format(deed="draft"))
    return ui.panel(
        _heading(texts("rulebook-publish-title", version=shown.newest.version + 1)),
        _later(shown, texts),
        changes(shown, texts),
        texts("rulebook-publish-when"),
        texts("rulebook-publish-levels") if has_levels else "",
        rows=[[publish, trying, anew, back]],
    )


def since_form(texts: Texts, day: str = "") -> forms.Form:
    """Return the form that asks from which day on what was earned is to be counted anew."""
    field = forms.text_field(
        "day",
        texts("rulebook-anew-day"),
        hint=texts("rulebook-anew-day-hint"),
        default=day,
        limit=20,
    )
    return forms.Form("rulebook:since", texts("rulebook-anew-form"), [field])


def anew_form(version: int, texts: Texts) -> forms.Form:
    """Return the form that asks why a version is published and earlier points counted anew."""
    title = texts("rulebook-publish-form", version=version)
    return forms.Form("rulebook:anew", title, [_reason(texts)])


def undo_form(texts: Texts) -> forms.Form:
    """Return the form that asks why a count is taken back."""
    return forms.Form("rulebook:undo", texts("rulebook-undo-form"), [_reason(texts)])


def publish_form(shown: Draft, days: int, texts: Texts) -> forms.Form:
    """Return the form that asks why, and from when."""
    at = forms.text_field(
        "at",
        texts("rulebook-field-at"),
        hint=texts("rulebook-field-at-hint", zone=shown.time_zone, days=days),
        limit=40,
        is_required=False,
    )
    title = texts("rulebook-publish-form", version=shown.newest.version + 1)
    return forms.Form("rulebook:publish", title, [_reason(texts), at])


def _reason(texts: Texts) -> discord.ui.Label[Any]:
    return forms.text_field(
        "reason",
        texts("rulebook-field-reason"),
        hint=texts("rulebook-field-reason-hint"),
        limit=_REASON_MAX,
    )


def rescored(
    made: Publication | None, done: Rescore, day: str, texts: Texts
) -> discord.ui.LayoutView:
    """Return what a count came to, and the version that was published with it, None for none."""
    key = "rulebook-undo-done" if done.undoes else "rulebook-anew-done"
    told = texts(
        key,
        day=day,
        entries=done.n_entries,
        members=done.n_members,
        amount=_signed(done.amount),
    )
    if made is None:
        return ui.panel(told, colour=ui.GOOD)
    when = f"<t:{int(made.effective_at)}:f>"
    return ui.panel(
        _heading(texts("rulebook-title", version=made.version)),
        changes(made, texts),
        texts("rulebook-anew-published", version=made.version, when=when),
        told,
        colour=ui.GOOD,
    )


def _signed(amount: int) -> str:
    return f"{'−' if amount < 0 else '+'}{ui.number_text(abs(amount))}"


def published(made: Publication, texts: Texts) -> discord.ui.LayoutView:
    """Return what a new version changed and from when."""
    key = "rulebook-published-later" if made.is_later else "rulebook-published"
    when = f"<t:{int(made.effective_at)}:f>"
    return ui.panel(
        _heading(texts("rulebook-title", version=made.version)),
        changes(made, texts),
        texts(key, version=made.version, when=when),
        colour=ui.GOOD,
    )


def changes(shown: Draft | Publication | Preview, texts: Texts) -> str:
    """Return what differs from the rules in force, a line each."""
    lines = [
        texts(
            "rulebook-change",
            rule=rule_name(each.field.rule, texts),
            field=field_name(each.field.name, texts),
            before=value_text(each.field, each.before, texts),
            after=value_text(each.field, each.after, texts),
        )
        for each in shown.differences[:_CHANGES_SHOWN]
    ]
    left = len(shown.differences) - len(lines)
    return "\n".join([*lines, texts("rulebook-more", count=left)] if left else lines)


# --------------------------------------------------------------------------------- preview


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
    if shown.since is not None:
        return texts("rulebook-picture-anew", day=shown.day)
    return texts("rulebook-picture-title", days=shown.days)


def preview(shown: Preview, texts: Texts) -> discord.ui.LayoutView:
    """Return what a draft would have done: the picture, and the same in words and figures."""
    title = preview_title(shown, texts)
    gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery(
        discord.MediaGalleryItem(f"attachment://{PICTURE}", description=title)
    )
    higher, lower = shown.levels
    is_anew = shown.since is not None
    key = "rulebook-anew-read" if is_anew else "rulebook-preview-read"
    levels = "rulebook-anew-levels" if is_anew else "rulebook-preview-levels"
    return ui.panel(
        _heading(title),
        _effect(shown, texts) if is_anew else "",
        "-# " + texts(key, count=shown.n_events, version=shown.version),
        changes(shown, texts),
        gallery,
        _table(shown, texts),
        _moved("rulebook-preview-rising", shown.rising, texts),
        _moved("rulebook-preview-falling", shown.falling, texts),
        texts(levels, higher=higher, lower=lower) if higher or lower else "",
        "-# " + texts("rulebook-anew-note" if is_anew else "rulebook-preview-note"),
        rows=[_after_preview(shown, texts)],
    )


def _effect(shown: Preview, texts: Texts) -> str:
    effect = shown.effect
    if not effect.n_entries:
        return texts("rulebook-anew-nothing", day=shown.day)
    return texts(
        "rulebook-anew-effect",
        entries=effect.n_entries,
        members=len(effect.by_member),
        gaining=effect.n_gaining,
        losing=effect.n_losing,
        amount=_signed(effect.amount),
    )


def _after_preview(shown: Preview, texts: Texts) -> Row:
    """Return the ways on from a preview; publishing anew only where it would change something."""
    anew = ui.button(
        texts("rulebook-anew-publish"),
        ANEW_ID.format(stamp=shown.stamp, since=shown.since),
        discord.ButtonStyle.danger,
    )
    ask_ = ui.button(
        texts("rulebook-publish-go" if shown.since is None else "rulebook-anew-without"),
        OPEN_ID.format(deed="ask"),
        discord.ButtonStyle.primary,
    )
    back = ui.button(texts("rulebook-draft-back"), OPEN_ID.format(deed="draft"))
    return (
        [anew, ask_, back] if shown.since is not None and shown.effect.n_entries else [ask_, back]
    )


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


# --------------------------------------------------------------------------------- versions


def history(shown: History, now: float, texts: Texts) -> discord.ui.LayoutView:
    """Return a page of versions, the newest first: who, when, why, and how much changed."""
    if not shown.versions:
        return ui.panel(_heading(texts("rulebook-history-title")), texts("rulebook-history-none"))
    turning = [
        ui.button(
            texts("rulebook-newer"), PAGE_ID.format(page=shown.page - 1), disabled=shown.page <= 1
        ),
        ui.button(
            texts("rulebook-older"),
            PAGE_ID.format(page=shown.page + 1),
            disabled=not shown.has_more,
        ),
    ]
    rows = [turning] if shown.page > 1 or shown.has_more else []
    if shown.undoable is not None:
        version = shown.undoable.version
        undo = ui.button(
            texts("rulebook-undo-go", version=version),
            UNDO_ID.format(rescore=shown.undoable.rescore_id),
            discord.ButtonStyle.danger,
        )
        rows.append([undo])
    return ui.panel(
        _heading(texts("rulebook-history-title")),
        *(
            _version_lines(each, now, texts) + _decided(each, shown.rescores, texts)
            for each in shown.versions
        ),
        rows=rows,
    )


def _decided(shown: Version, decided: Sequence[Rescore], texts: Texts) -> str:
    """Return a line for each count by this version, and each that was taken back, in order."""
    lines = []
    for each in reversed(decided):
        if each.version != shown.version:
            continue
        state = "running" if each.finished_at is None else "undone" if each.undoes else "anew"
        told = texts(
            f"rulebook-history-{state}",
            since=f"<t:{int(each.since_at)}:D>",
            when=f"<t:{int(each.created_at)}:f>",
            member=ui.mention(each.created_by, texts),
            entries=each.n_entries,
            members=each.n_members,
            amount=_signed(each.amount),
            reason=ui.plain(each.reason),
        )
        lines.append(f"\n↻ {told}")
    return "".join(lines)


def _version_lines(shown: Version, now: float, texts: Texts) -> str:
    if shown.is_live:
        state = "live"
    else:
        state = "later" if shown.effective_at > now else "line"
    told: dict[str, str | int] = {
        "version": shown.version,
        "when": f"<t:{int(shown.at)}:f>",
        "member": ui.mention(shown.by, texts),
        "count": len(shown.differences),
        "reason": ui.plain(shown.reason),
    }
    if state == "later":
        told["at"] = f"<t:{int(shown.effective_at)}:f>"
    first = changes(
        Publication(version=0, effective_at=0.0, is_later=False, differences=shown.differences[:3]),
        texts,
    )
    small = "".join(f"\n-# {line}" for line in first.split("\n") if line)
    return texts(f"rulebook-history-{state}", **told) + small


def version_choices(
    shown: History, typed: str, texts: Texts
) -> list[discord.app_commands.Choice[int]]:
    """Return versions as suggestions of an option, the defaults last."""
    named = {
        each.version: texts(
            "rulebook-history-choice", version=each.version, reason=ui.bare(each.reason)
        )
        for each in shown.versions
    } | {0: texts("rulebook-history-defaults")}
    wanted = typed.strip().casefold()
    return [
        discord.app_commands.Choice(name=ui.clip(name, ui.CHOICE_NAME_MAX), value=version)
        for version, name in named.items()
        if wanted in name.casefold()
    ][: ui.CHOICES_MAX]


# ------------------------------------------------------------------------------------ words


def _heading(text: str) -> str:
    return f"## {text}"


def value_text(field: Field, value: Value, texts: Texts) -> str:
    """Return a rule's value in words."""
    if isinstance(value, bool):
        return texts("rulebook-value-yes" if value else "rulebook-value-no")
    if isinstance(value, int):
        match field.kind:
            case "points":
                return ui.number_text(value)
            case "length":
                return texts("rulebook-value-length", value=value)
            case _:
                return f"{value:,}"
    if field.kind == "choice":
        return texts(f"rulebook-choice-{value}")
    if field.kind == "weights":
        mark = "#" if field.name == "channels" else "@&"
        weights: Any = value
        told = ", ".join(f"<{mark}{who}> {percent}%" for who, percent in weights)
    else:
        told = write(field, value)
    return ui.clip(told, _VALUE_MAX) or texts("rulebook-value-nothing")


def choice_names(field: Field, texts: Texts) -> dict[str, str]:
    """Return what a field may be, in words, by id; nothing for a field that is typed."""
    return {each: texts(f"rulebook-choice-{each}") for each in field.choices}


def rule_name(rule: str, texts: Texts) -> str:
    """Return a rule's name in words."""
    return texts(f"points-rule-{rule}")


def field_name(name: str, texts: Texts) -> str:
    """Return the name of a rule's field in words."""
    return texts(f"points-field-{name}")
