"""`/points`, `/leaderboard` and `/rules`, and the button that hides a member from boards."""

import re
from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.errors import UserError
from bot.i18n import Speaker, Texts, label
from bot.points import views
from bot.points.ruleset import Period
from bot.points.service import PointsService, Setting

_GUILDS_ONLY = app_commands.AppInstallationType(guild=True, user=False)
_PERIODS = [
    app_commands.Choice(name=label(f"points-period-{period}"), value=period)
    for period in ("week", "month", "all")
]


class PointsCog(commands.Cog):
    """Points as members see them, and rules as moderators change them."""

    rules = app_commands.Group(
        name=label("points-rules-cmd"),
        description=label("points-rules-cmd-desc"),
        guild_only=True,
        allowed_installs=_GUILDS_ONLY,
        default_permissions=discord.Permissions(manage_guild=True),
    )

    def __init__(self, client: commands.Bot, service: PointsService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the hide and show buttons, those of earlier runs included."""
        self.client.add_dynamic_items(
            ui.persistent_button(views.BOARDS_TEMPLATE, self.press_boards),
            ui.persistent_button(views.WHY_TEMPLATE, self.press_why),
        )

    @app_commands.command(name=label("points-cmd"), description=label("points-cmd-desc"))
    @app_commands.rename(member=label("points-opt-member"), why=label("points-opt-why"))
    @app_commands.describe(member=label("points-opt-member-desc"), why=label("points-opt-why-desc"))
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def points(
        self,
        interaction: discord.Interaction,
        member: discord.Member | None = None,
        why: bool = False,
    ) -> None:
        """Show the member's own points, or why; or what may be seen of somebody else's."""
        if member is not None and member.bot:
            raise UserError("error-points-bot")
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        if why:
            view = views.statement(await self.service.why(guild_id, user_id), texts)
        elif member is None or member.id == user_id:
            view = views.account(await self.service.standing(guild_id, user_id), texts)
        else:
            view = views.other_account(await self.service.standing(guild_id, member.id), texts)
        await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command(
        name=label("points-board-cmd"), description=label("points-board-cmd-desc")
    )
    @app_commands.rename(period=label("points-opt-period"), share=label("points-opt-share"))
    @app_commands.describe(
        period=label("points-opt-period-desc"), share=label("points-opt-share-desc")
    )
    @app_commands.choices(period=_PERIODS)
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def leaderboard(
        self, interaction: discord.Interaction, period: str | None = None, share: bool = False
    ) -> None:
        """Show a board to the member, or post it in the guild's language."""
        guild_id, user_id = ui.who(interaction)
        board = await self.service.leaderboard(guild_id, user_id, cast(Period | None, period))
        if share:
            view = views.public_board(board, await self.speaker.to_guild(guild_id))
        else:
            view = views.board(board, await self.speaker.to(interaction))
        await interaction.response.send_message(
            view=view, ephemeral=not share, allowed_mentions=discord.AllowedMentions.none()
        )

    @rules.command(name=label("points-rules-list-cmd"), description=label("points-rules-list-desc"))
    @ui.may_manage
    async def rules_list(self, interaction: discord.Interaction) -> None:
        """Show the rules in force."""
        published = await self.service.published(ui.who(interaction)[0])
        texts = await self.speaker.to(interaction)
        view = views.rules_list(published, texts)
        await interaction.response.send_message(view=view, ephemeral=True)

    @rules.command(name=label("points-rules-set-cmd"), description=label("points-rules-set-desc"))
    @app_commands.rename(
        rule=label("points-opt-rule"),
        field=label("points-opt-field"),
        value=label("points-opt-value"),
        reason=label("points-opt-reason"),
    )
    @app_commands.describe(
        rule=label("points-opt-rule-desc"),
        field=label("points-opt-field-desc"),
        value=label("points-opt-value-desc"),
        reason=label("points-opt-reason-desc"),
    )
    @ui.may_manage
    async def rules_set(
        self,
        interaction: discord.Interaction,
        rule: app_commands.Range[str, 1, 100],
        field: app_commands.Range[str, 1, 100],
        value: app_commands.Range[str, 1, 400],
        reason: app_commands.Range[str, 1, 200],
    ) -> None:
        """Publish a new version of the rules with one value changed."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        settings = (await self.service.published(guild_id)).settings
        change = await self.service.set_rule(
            guild_id,
            user_id,
            rule=_meant(rule, _rule_names(settings, texts)),
            name=_meant(field, _field_names(settings, texts)),
            written=value,
            reason=reason,
        )
        view = views.rule_changed(change, texts)
        await interaction.followup.send(view=view, ephemeral=True)

    @rules_set.autocomplete("rule")
    @ui.may_manage
    async def suggest_rule(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest rules by their names in the moderator's language."""
        published = await self.service.published(ui.who(interaction)[0])
        names = _rule_names(published.settings, await self.speaker.to(interaction))
        return _choices(names, typed)

    @rules_set.autocomplete("field")
    @ui.may_manage
    async def suggest_field(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest the fields of the chosen rule, each with its present value."""
        texts = await self.speaker.to(interaction)
        settings = (await self.service.published(ui.who(interaction)[0])).settings
        rule = _meant(str(interaction.namespace.rule or ""), _rule_names(settings, texts))
        named = {
            s.name: f"{views.field_name(s.name, texts)} ({views.value_text(s, texts)})"
            for s in settings
            if s.rule == rule
        }
        return _choices(named, typed)

    async def press_why(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Turn to a page of why the member's points are what they are, in place."""
        shown = await self.service.why(*ui.who(interaction), int(match["page"]))
        view = views.statement(shown, await self.speaker.to(interaction))
        await interaction.response.edit_message(view=view)

    async def press_boards(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Hide the member from boards or show them again, and say so where they pressed."""
        guild_id, user_id = ui.who(interaction)
        is_hidden = match["state"] == "hide"
        await self.service.show_on_boards(guild_id, user_id, not is_hidden)
        texts = await self.speaker.to(interaction)
        if match["place"] == "account":
            account = await self.service.standing(guild_id, user_id)
            await interaction.response.edit_message(view=views.account(account, texts))
        elif match["place"] == "notice":
            await interaction.response.edit_message(view=views.boards_notice(is_hidden, texts))
        else:
            notice = views.boards_notice(is_hidden, texts)
            await interaction.response.send_message(view=notice, ephemeral=True)


def _rule_names(settings: tuple[Setting, ...], texts: Texts) -> dict[str, str]:
    return {setting.rule: views.rule_name(setting.rule, texts) for setting in settings}


def _field_names(settings: tuple[Setting, ...], texts: Texts) -> dict[str, str]:
    return {setting.name: views.field_name(setting.name, texts) for setting in settings}


def _meant(typed: str, names: dict[str, str]) -> str:
    """Return the id of what was typed: members may type a name instead of picking it."""
    wanted = typed.strip().casefold()
    for key, name in names.items():
        if wanted in (key.casefold(), name.casefold()):
            return key
    return typed


def _choices(names: dict[str, str], typed: str) -> list[app_commands.Choice[str]]:
    wanted = typed.strip().casefold()
    return [
        app_commands.Choice(name=ui.clip(name, ui.CHOICE_NAME_MAX), value=key)
        for key, name in names.items()
        if wanted in name.casefold() or wanted in key
    ][: ui.CHOICES_MAX]
