"""`/profile` and `/server`, and the consent question after a member's first answer."""

import logging
import re
from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import forms, ui
from bot.i18n import Speaker, label
from bot.profile import views
from bot.profile.service import Profile, ProfileService

log = logging.getLogger(__name__)

_NOT_AFTER = ("consent:", "privacy:", "start:help:")
"""Buttons that speak of consent themselves, or only say something."""
_LANGUAGES = [
    app_commands.Choice(name=label("profile-button-language-en"), value="en"),
    app_commands.Choice(name=label("profile-button-language-zh-CN"), value="zh-CN"),
]
_OR_AUTOMATIC = app_commands.Choice(name=label("profile-button-language-auto"), value="auto")
_POLICIES = [
    app_commands.Choice(name=label("profile-policy-ask"), value="ask"),
    app_commands.Choice(name=label("profile-policy-notice"), value="notice"),
]


class ProfileCog(commands.Cog):
    """What members tell Lyceum about themselves, and what moderators set for all."""

    profile = ui.group("profile-cmd", "profile-cmd-desc", needs=ui.ANYBODY)
    server = ui.group("profile-server", "profile-server-desc", needs=ui.MODERATORS)

    def __init__(self, client: commands.Bot, service: ProfileService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the cards' buttons, those of earlier runs included."""
        self.client.add_dynamic_items(
            ui.persistent(views.LANGUAGE_TEMPLATE, self.press_language, needs=ui.ANYBODY),
            ui.persistent(views.INTERESTS_ID, self.press_interests, needs=ui.ANYBODY),
            ui.persistent(views.LEARN_TEMPLATE, self.press_learn, needs=ui.ANYBODY),
            ui.persistent(views.CONSENT_TEMPLATE, self.press_consent, needs=ui.ANYBODY),
        )

    @profile.command(name=label("profile-view"), description=label("profile-view-desc"))
    async def view(self, interaction: discord.Interaction) -> None:
        """Show the member's own profile."""
        guild_id, user_id = ui.who(interaction)
        await self._show(interaction, await self.service.profile(guild_id, user_id))

    @profile.command(name=label("profile-language"), description=label("profile-language-desc"))
    @app_commands.rename(language=label("profile-opt-language"))
    @app_commands.describe(language=label("profile-opt-language-desc"))
    @app_commands.choices(language=[*_LANGUAGES, _OR_AUTOMATIC])
    async def language(self, interaction: discord.Interaction, language: str) -> None:
        """Choose the language of every answer."""
        guild_id, user_id = ui.who(interaction)
        changed = await self.service.set_language(guild_id, user_id, language)
        await self._show(interaction, changed, is_saved=True)

    @profile.command(name=label("profile-timezone"), description=label("profile-timezone-desc"))
    @app_commands.rename(zone=label("profile-opt-zone"))
    @app_commands.describe(zone=label("profile-opt-zone-desc"))
    async def timezone(self, interaction: discord.Interaction, zone: str) -> None:
        """Choose the time zone digests go by."""
        guild_id, user_id = ui.who(interaction)
        changed = await self.service.set_time_zone(guild_id, user_id, zone)
        await self._show(interaction, changed, is_saved=True)

    @profile.command(name=label("profile-interests"), description=label("profile-interests-desc"))
    @app_commands.rename(interests=label("profile-opt-interests"))
    @app_commands.describe(interests=label("profile-opt-interests-desc"))
    async def interests(self, interaction: discord.Interaction, interests: str = "") -> None:
        """Say what one is interested in; nothing clears it."""
        guild_id, user_id = ui.who(interaction)
        changed = await self.service.set_interests(guild_id, user_id, interests)
        await self._show(interaction, changed, is_saved=True)

    @server.command(name=label("profile-view"), description=label("profile-server-view-desc"))
    @ui.may_manage
    async def server_view(self, interaction: discord.Interaction) -> None:
        """Show the server's settings."""
        guild = await self.service.server(ui.who(interaction)[0])
        texts = await self.speaker.to(interaction)
        card = views.server_card(guild, self.service.clock(), texts)
        await interaction.response.send_message(view=card, ephemeral=True)

    @server.command(
        name=label("profile-language"), description=label("profile-server-language-desc")
    )
    @ui.may_manage
    @app_commands.rename(language=label("profile-opt-language"))
    @app_commands.describe(language=label("profile-opt-server-language-desc"))
    @app_commands.choices(language=_LANGUAGES)
    async def server_language(self, interaction: discord.Interaction, language: str) -> None:
        """Choose the language of what is posted for everybody."""
        await self._set_server(interaction, "language", language)

    @server.command(
        name=label("profile-timezone"), description=label("profile-server-timezone-desc")
    )
    @ui.may_manage
    @app_commands.rename(zone=label("profile-opt-zone"))
    @app_commands.describe(zone=label("profile-opt-server-zone-desc"))
    async def server_timezone(self, interaction: discord.Interaction, zone: str) -> None:
        """Choose where a day begins for the server."""
        await self._set_server(interaction, "time_zone", zone)

    @server.command(name=label("profile-consent"), description=label("profile-consent-desc"))
    @ui.may_manage
    @app_commands.rename(policy=label("profile-opt-policy"))
    @app_commands.describe(policy=label("profile-opt-policy-desc"))
    @app_commands.choices(policy=_POLICIES)
    async def server_consent(self, interaction: discord.Interaction, policy: str) -> None:
        """Choose whether members are asked before they train the model, or told."""
        await self._set_server(interaction, "consent_policy", policy)

    @timezone.autocomplete("zone")
    async def suggest_zone(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest zones with their time of day, and the server's own where nothing is typed."""
        choices = self._zone_choices(current)
        if current.strip():
            return choices
        texts = await self.speaker.to(interaction)
        automatic = app_commands.Choice(name=texts("profile-zone-as-server"), value="auto")
        return [automatic, *choices][: ui.CHOICES_MAX]

    @server_timezone.autocomplete("zone")
    async def suggest_server_zone(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest zones with their time of day."""
        return self._zone_choices(current)

    def _zone_choices(self, current: str) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=f"{zone} ({time})", value=zone)
            for zone, time in self.service.suggest_time_zones(current, ui.CHOICES_MAX)
        ]

    async def press_language(
        self, interaction: discord.Interaction, match: "re.Match[str]"
    ) -> None:
        """Change the language from the profile card."""
        changed = await self.service.set_language(*ui.who(interaction), match["choice"])
        await self._update(interaction, changed)

    async def press_interests(
        self, interaction: discord.Interaction, match: "re.Match[str]"
    ) -> None:
        """Open the form for interests."""
        known = await self.service.profile(*ui.who(interaction))
        texts = await self.speaker.to(interaction)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            changed = await self.service.set_interests(*ui.who(submitted), filled["interests"])
            await forms.answer(submitted, await self._card(submitted, changed, is_saved=True))

        form = views.interests_form(known.member, texts)
        await forms.ask(interaction, form, submit, needs=ui.ANYBODY)

    async def press_learn(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Change what is learned from the member, from the profile card."""
        await self._update(interaction, await self._answer(interaction, match["answer"]))

    async def press_consent(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Store the answer to the consent question and put it in the question's place."""
        known = await self._answer(interaction, match["answer"])
        texts = await self.speaker.to(interaction)
        card = views.answered_card(known.learning, texts)
        await interaction.response.edit_message(view=card)

    async def _answer(self, interaction: discord.Interaction, answer: str) -> Profile:
        return await self.service.answer_consent(
            *ui.who(interaction), is_granted=answer != "no", has_earlier=answer == "all"
        )

    @commands.Cog.listener()
    async def on_app_command_completion(
        self, interaction: discord.Interaction, command: Any
    ) -> None:
        """Ask for consent after a member's first answered command.

        A command with ``extras["shows_consent"]`` shows the choice itself, which is asking; it is
        not telling, so where members are told instead of asked, they are told after it, too. One
        with ``extras["only_says"]`` does nothing that there is a question about.
        """
        if interaction.guild_id is None or interaction.user.bot:
            return
        if command.extras.get("only_says"):
            return
        if command.extras.get("shows_consent"):
            await self.service.mark_asked(*ui.who(interaction), "ask")
        await self._ask(interaction)

    @commands.Cog.listener()
    async def on_lyceum_answered(self, interaction: discord.Interaction) -> None:
        """Ask for consent after a member's first answered button or form.

        The buttons of the consent and privacy cards speak of consent themselves, and may just
        have erased the member: they leave no trace.
        """
        data: Any = interaction.data
        pressed = str(data.get("custom_id", "")) if data else ""
        if interaction.guild_id is None or pressed.startswith(_NOT_AFTER):
            return
        await self._ask(interaction)

    async def _ask(self, interaction: discord.Interaction) -> None:
        """Ask below the answer; who was asked for the first time is new: ``lyceum_newcomer``."""
        answer = interaction.response
        if not answer.is_done() or answer.type is discord.InteractionResponseType.modal:
            return  # there is nothing yet that a follow-up could follow
        where = ui.who(interaction)
        asked = await self.service.claim_question(*where)
        if asked is None:
            return
        policy = asked.guild.consent_policy
        try:
            card = views.consent_card(policy, await self.speaker.to(interaction))
            await interaction.followup.send(view=card, ephemeral=True)
            await self.service.mark_asked(*where, policy)
            self.client.dispatch("lyceum_newcomer", interaction)
        except (discord.HTTPException, OSError) as error:
            log.warning("could not ask for consent, will ask again: %s", error)
        finally:
            self.service.release_question(*where)

    async def _show(
        self, interaction: discord.Interaction, known: Profile, *, is_saved: bool = False
    ) -> None:
        card = await self._card(interaction, known, is_saved=is_saved)
        await interaction.response.send_message(view=card, ephemeral=True)

    async def _update(self, interaction: discord.Interaction, known: Profile) -> None:
        card = await self._card(interaction, known, is_saved=True)
        await interaction.response.edit_message(view=card)

    async def _card(
        self, interaction: discord.Interaction, known: Profile, *, is_saved: bool
    ) -> discord.ui.LayoutView:
        return views.profile_card(
            known,
            self.service.clock(),
            await self.speaker.to(interaction),
            is_saved=is_saved,
        )

    async def _set_server(self, interaction: discord.Interaction, setting: str, value: str) -> None:
        guild_id, actor_id = ui.who(interaction)
        before, after = await self.service.set_server(guild_id, actor_id, setting, value)
        texts = await self.speaker.to(interaction)
        changed = views.change_line(setting, before, after, texts)
        card = views.server_card(after, self.service.clock(), texts, changed=changed)
        await interaction.response.send_message(view=card, ephemeral=True)
