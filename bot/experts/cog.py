"""``/expert``: one's own card, finding somebody, approving cards; buttons of invitations."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards, forms, ui, zones
from bot.errors import UserError
from bot.experts import rules, views
from bot.experts.service import ExpertsService
from bot.i18n import Speaker, label
from storage.records import Expert, Question

Choices = list[app_commands.Choice[str]]
LANGUAGE_CHOICES = [
    app_commands.Choice(name=label(f"experts-languages-{each}"), value=each)
    for each in ("en", "zh", "both")
]


class ExpertsCog(commands.Cog):
    """Experts on Discord."""

    group = ui.group("experts-cmd", "experts-cmd-desc", needs=ui.ANYBODY)

    def __init__(self, client: commands.Bot, service: ExpertsService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of every invitation ever sent."""
        self.client.add_dynamic_items(
            ui.persistent(views.ANSWER_TEMPLATE, self.on_answer, needs=ui.ANYBODY),
            ui.persistent(views.DECIDE_TEMPLATE, self.on_decide, needs=ui.MODERATORS),
            ui.persistent(cards.SEEK_TEMPLATE, self.on_seek, needs=ui.MODERATORS),
        )

    # ------------------------------------------------------------------------ members

    @group.command(name=label("experts-cmd-card"), description=label("experts-cmd-card-desc"))
    @app_commands.rename(
        languages=label("experts-opt-languages"),
        timezone=label("experts-opt-timezone"),
        weekly=label("experts-opt-weekly"),
    )
    @app_commands.describe(
        languages=label("experts-opt-languages-desc"),
        timezone=label("experts-opt-timezone-desc"),
        weekly=label("experts-opt-weekly-desc"),
    )
    @app_commands.choices(languages=LANGUAGE_CHOICES)
    async def card(
        self,
        interaction: discord.Interaction,
        languages: str | None = None,
        timezone: app_commands.Range[str, 1, 60] | None = None,
        weekly: app_commands.Range[int, 1, rules.WEEKLY_MAX] | None = None,
    ) -> None:
        """Open the form of one's own card, filled in with what it says."""
        guild_id, user_id = ui.who(interaction)
        before = (await self.service.mine(guild_id, user_id)).card
        zone = zones.zone_name(timezone) if timezone else None
        if timezone and zone is None:
            raise UserError("error-experts-zone", value=timezone)
        texts = await self.speaker.to(interaction)
        spoken = {"both": rules.LANGUAGES, None: before.languages if before else None}.get(
            languages, (languages,) if languages else None
        )
        own_zone = await self.service.zone_of(guild_id, user_id)
        tags = await self.service.questions.looking.tags(guild_id)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            now = self.service.clock().timestamp()
            card = _card(
                filled,
                Expert(
                    guild_id=guild_id,
                    user_id=user_id,
                    topics=(),
                    languages=spoken or (("zh",) if texts.language == "zh-CN" else ("en",)),
                    time_zone=zone or (before.time_zone if before else own_zone),
                    weekdays=(),
                    from_hour=0,
                    to_hour=0,
                    created_at=now,
                    updated_at=now,
                    weekly_max=weekly or (before.weekly_max if before else rules.WEEKLY_DEFAULT),
                ),
            )
            await self.service.save(card)
            mine = await self.service.mine(guild_id, user_id)
            view = views.own(mine, await self.speaker.to(submitted))
            await forms.answer(submitted, view)

        await forms.ask(interaction, views.card_form(before, tags, texts), submit, needs=ui.ANYBODY)

    @card.autocomplete("timezone")
    async def suggest_timezone(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest time zones by cities and countries."""
        return [
            app_commands.Choice(name=name, value=name)
            for name in zones.matching(typed, ui.CHOICES_MAX)
        ]

    @group.command(name=label("experts-cmd-pause"), description=label("experts-cmd-pause-desc"))
    async def pause(self, interaction: discord.Interaction) -> None:
        """Be asked nothing for now, or be asked again."""
        guild_id, user_id = ui.who(interaction)
        await self.service.pause(guild_id, user_id)
        await self._show_own(interaction)

    @group.command(name=label("experts-cmd-leave"), description=label("experts-cmd-leave-desc"))
    async def leave(self, interaction: discord.Interaction) -> None:
        """Delete one's own card."""
        await self.service.leave(*ui.who(interaction))
        texts = await self.speaker.to(interaction)
        await interaction.response.send_message(
            view=ui.panel(texts("experts-left"), colour=ui.GOOD), ephemeral=True
        )

    @group.command(name=label("experts-cmd-find"), description=label("experts-cmd-find-desc"))
    @app_commands.rename(topic=label("experts-opt-topic"))
    @app_commands.describe(topic=label("experts-opt-topic-desc"))
    async def find(
        self, interaction: discord.Interaction, topic: app_commands.Range[str, 1, 60]
    ) -> None:
        """Show who knows about a topic."""
        guild_id, user_id = ui.who(interaction)
        found = await self.service.find(guild_id, topic, user_id)
        view = views.found(topic, found, await self.speaker.to(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)

    @find.autocomplete("topic")
    async def suggest_topic(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest topics that somebody knows about."""
        found = await self.service.topics(ui.who(interaction)[0], typed)
        return [
            app_commands.Choice(name=ui.clip(ui.bare(name), ui.CHOICE_NAME_MAX), value=name)
            for name in found[: ui.CHOICES_MAX]
        ]

    async def _show_own(self, interaction: discord.Interaction) -> None:
        mine = await self.service.mine(*ui.who(interaction))
        view = views.own(mine, await self.speaker.to(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)

    async def on_answer(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Accept or pass an invitation, in a conversation or in a thread."""
        number, is_yes = int(match["invitation_id"]), match["answer"] == "yes"
        subject, _ = await self.service.inviting.answer(number, interaction.user.id, is_yes=is_yes)
        texts = await self.speaker.to_member(subject.guild_id, interaction.user.id)
        if isinstance(subject, Question):
            view = views.answered(subject, texts, is_yes=is_yes)
        else:
            guild = self.client.get_guild(subject.guild_id)
            name = guild.name if guild is not None else ""
            view = views.review_answered(subject, name, texts, is_yes=is_yes)
        if interaction.guild_id is None:
            await interaction.response.edit_message(view=view)
            return
        await interaction.response.send_message(view=view, ephemeral=True)
        if interaction.message is not None:
            # In a thread nobody is to see who passed.
            with suppress(discord.HTTPException):
                await interaction.message.delete()

    # --------------------------------------------------------------------- moderators

    @group.command(name=label("experts-cmd-review"), description=label("experts-cmd-review-desc"))
    @ui.may_manage
    async def review(self, interaction: discord.Interaction) -> None:
        """Show cards that wait for a moderator."""
        waiting = await self.service.waiting(ui.who(interaction)[0])
        view = views.queue(waiting, await self.speaker.to(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)

    async def on_seek(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Have experts asked to review what somebody proposed."""
        guild_id, actor_id = ui.who(interaction)
        known = await self.service.inviting.seek(
            guild_id, actor_id, int(match["submission_id"]), self.service.clock()
        )
        said = (await self.speaker.to(interaction))("experts-sought", count=known.n_sought)
        await interaction.response.edit_message(view=ui.panel(said, colour=ui.GOOD))

    async def on_decide(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Approve a card, or decline it, and show what is left."""
        guild_id, actor_id = ui.who(interaction)
        await self.service.decide(
            guild_id, actor_id, int(match["user_id"]), is_yes=match["answer"] == "approve"
        )
        waiting = await self.service.waiting(guild_id)
        view = views.queue(waiting, await self.speaker.to(interaction))
        await interaction.response.edit_message(view=view)


def _card(filled: Mapping[str, Any], blank: Expert) -> Expert:
    """Return a card as the form says.

    Raises
    ------
    UserError
        Topics or hours are not as they can be.
    """
    topics = rules.topics_of(str(filled["topics"]))
    if topics is None:
        raise UserError(
            "error-experts-topics", count=rules.TOPICS_MAX, length=rules.TOPIC_LENGTH_MAX
        )
    hours = rules.hours_of(str(filled["hours"]))
    if hours is None:
        raise UserError("error-experts-hours")
    days = sorted(int(day) for day in filled.get("days") or () if str(day).isdecimal())
    reach = (filled.get("reach") or ["thread"])[0]
    return replace(
        blank,
        topics=topics,
        weekdays=tuple(day for day in days if day < 7) or tuple(range(7)),
        from_hour=hours[0],
        to_hour=hours[1],
        reach="dm" if reach == "dm" else "thread",
        offer=" ".join(str(filled.get("offer", "")).split())[: rules.OFFER_MAX],
    )
