"""What the menus, buttons and forms of `/rules` do."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import discord

from bot import forms, ui
from bot.errors import StaleError, UserError
from bot.i18n import Speaker
from bot.rewards import fields
from bot.rewards.fields import Field
from bot.rulebook import (
    draft_screen,
    history_screen,
    list_screen,
    publish_screen,
    rules,
    value_form,
    values,
)
from bot.rulebook.drafts import OvertakenError
from bot.rulebook.service import RulebookService
from bot.rulebook.work import Work


class Presses:
    """Answers whoever presses, chooses or fills in, however old the message it stands in."""

    def __init__(self, service: RulebookService, speaker: Speaker, work: Work) -> None:
        self.service = service
        self.speaker = speaker
        self.work = work

    def answered(self) -> Iterator[type[discord.ui.DynamicItem[Any]]]:
        """Yield what answers each menu and button, for moderators only."""
        for template, handler in (
            (draft_screen.OPEN_TEMPLATE, self.on_open),
            (draft_screen.DISCARD_TEMPLATE, self.on_discard),
            (list_screen.RULE_TEMPLATE, self.on_rule),
            (draft_screen.PREVIEW_TEMPLATE, self.on_preview),
            (draft_screen.SECTION_TEMPLATE, self.on_section),
            (draft_screen.FIELD_TEMPLATE, self.on_field),
            (publish_screen.PUBLISH_TEMPLATE, self.on_publish),
            (publish_screen.SINCE_TEMPLATE, self.on_since),
            (publish_screen.RESCORE_TEMPLATE, self.on_rescore),
            (publish_screen.TAKEBACK_TEMPLATE, self.on_takeback),
            (history_screen.ROLLBACK_TEMPLATE, self.on_rollback),
            (history_screen.UNDO_TEMPLATE, self.on_undo),
            (history_screen.PAGE_TEMPLATE, self.on_page),
        ):
            yield ui.persistent(template, handler, needs=ui.MODERATORS)

    async def on_open(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show the rules or the draft in place, or ask whether to publish it."""
        guild_id, _ = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        if match["step"] == "list":
            view = list_screen.rules_list(await self.service.versions.in_force(guild_id), texts)
        elif match["step"] == "ask":
            view = publish_screen.ask(await self.service.drafts.draft(guild_id), texts)
        else:
            view = draft_screen.draft(await self.service.drafts.draft(guild_id), texts)
        await interaction.response.edit_message(view=view)

    async def on_discard(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Discard the draft that was shown, and not what somebody made of it since."""
        shown = await self.service.drafts.discard(*ui.who(interaction), match["stamp"])
        texts = await self.speaker.to(interaction)
        view = draft_screen.draft(shown, texts, texts("rulebook-draft-discarded"))
        await interaction.response.edit_message(view=view)

    async def on_rule(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show all values of the chosen rule in place."""
        rule = _rule_chosen(interaction)
        guild_id, _ = ui.who(interaction)
        shown = await self.service.versions.in_force(guild_id)
        use = (await self.service.uses(guild_id)).get(rule)
        view = list_screen.rule(shown, rule, use, await self.speaker.to(interaction))
        await interaction.response.edit_message(view=view)

    async def on_section(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show the chosen section of the draft in place."""
        section = _rule_chosen(interaction)
        shown = await self.service.drafts.draft(ui.who(interaction)[0])
        view = draft_screen.section(shown, section, await self.speaker.to(interaction))
        await interaction.response.edit_message(view=view)

    async def on_field(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Open the form of the chosen value."""
        await self._ask(interaction, values.field_of(match["rule"], ui.chosen(interaction)))

    async def _ask(self, interaction: discord.Interaction, field: Field) -> None:
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        shown = await self.service.drafts.draft(guild_id)
        seen = fields.value_of(shown.rules, field)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            nonlocal seen
            value = filled["value"]
            written = value if isinstance(value, str) else value[0]
            chosen = tuple(each.id for each in filled.get("chosen", ()))
            try:
                changed = await self.service.drafts.edit(
                    guild_id,
                    user_id,
                    field,
                    written,
                    chosen=chosen,
                    percent=filled.get("percent", ""),
                    seen=seen,
                )
            except OvertakenError as error:
                seen = error.value
                raise
            await forms.answer(submitted, draft_screen.section(changed, field.rule, texts))

        form = value_form.change_form(field, seen, texts)
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def on_preview(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Replay the usual days under the draft, in an answer of its own."""
        await self.work.preview(interaction, rules.DAYS)

    async def on_since(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Ask from which day on to re-score, and show what that would change."""
        texts = await self.speaker.to(interaction)
        days = await self.service.rescoring.days_back(ui.who(interaction)[0])

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            await self.work.preview(submitted, since=str(filled["day"]))

        day = days[-1][0] if days else ""
        form = publish_screen.since_form(texts, day)
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def on_publish(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Ask why and from when, and publish what was shown."""
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        shown, stamp = await self.service.drafts.draft(guild_id), match["stamp"]
        if shown.stamp != stamp:
            raise StaleError("error-rulebook-moved")

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            made = await self.service.publishing.publish(
                guild_id, user_id, stamp, filled["reason"], filled["at"]
            )
            view = publish_screen.published(made, texts)
            if match["screen"] == "publish":
                await forms.answer(submitted, view)
            else:  # the preview stays in sight
                await submitted.response.send_message(view=view, ephemeral=True)

        form = publish_screen.publish_form(shown, rules.AHEAD_DAYS_MAX, texts)
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def on_rescore(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Ask why, publish what was shown at once, and re-score from the moment shown."""
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        shown, stamp, since = (
            await self.service.drafts.draft(guild_id),
            match["stamp"],
            match["since"],
        )
        if shown.stamp != stamp:
            raise StaleError("error-rulebook-moved")

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            made = await self.service.publishing.publish(
                guild_id, user_id, stamp, filled["reason"], since=float(since)
            )
            assert made.rescore is not None
            await self.work.rescore(submitted, made.rescore, made, texts)

        form = publish_screen.anew_form(shown.newest.version + 1, texts)
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def on_rollback(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Ask why, and publish an old version again, if nothing newer than shown was published."""
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        version, newest = int(match["version"]), int(match["newest"])
        found = await self.service.publishing.way_back(guild_id, version, newest)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            made = await self.service.publishing.roll_back(
                guild_id, user_id, version, str(filled["reason"]), newest=newest
            )
            view = publish_screen.published(made, texts, may_undo=True)
            await forms.answer(submitted, view)

        form = publish_screen.rollback_form(version, newest, found, texts)
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def on_takeback(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Undo a version that was published without a draft, in place."""
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        version, before = int(match["version"]), int(match["before"])
        reason = texts("rulebook-takeback-reason", version=version)
        made = await self.service.publishing.take_back(guild_id, user_id, version, before, reason)
        view = publish_screen.taken_back(made, version, before, texts)
        await interaction.response.edit_message(view=view)

    async def on_undo(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Ask why, and take a count back."""
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            decision = await self.service.rescoring.undo(
                guild_id, user_id, int(match["rescore"]), str(filled["reason"])
            )
            await self.work.rescore(submitted, decision, None, texts)

        form = publish_screen.undo_form(texts)
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def on_page(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Turn to a page of versions in place."""
        view = await self.history(interaction, int(match["page"]))
        await interaction.response.edit_message(view=view)

    async def history(self, interaction: discord.Interaction, page: int) -> discord.ui.LayoutView:
        """Return a page of versions."""
        shown = await self.service.versions.history(ui.who(interaction)[0], page)
        return history_screen.history(shown, await self.speaker.to(interaction))


def _rule_chosen(interaction: discord.Interaction) -> str:
    rule = ui.chosen(interaction)
    if rule not in fields.SECTIONS:
        raise UserError("error-points-rule")
    return rule
