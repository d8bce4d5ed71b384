"""`/server log`, its filters, and the buttons that turn it and make a file of it."""

import asyncio
import re
from io import BytesIO
from typing import cast

import discord
from discord import app_commands
from discord.ext import commands

from bot import tables, ui
from bot.audit import rules, views
from bot.audit.service import EXPORT_MAX, Asked, AuditService, Way
from bot.i18n import Speaker, label
from bot.names import names_of

NAMES_WITHIN_S = 3.0
NAMES_MAX = 100
"""Names that Discord tells at once."""

_KINDS = [app_commands.Choice(name=label(f"audit-kind-{kind}"), value=kind) for kind in rules.KINDS]
_OPTIONS = ("kind", "member", "moderator", "since")


class AuditCog(commands.Cog):
    """What moderators changed, for moderators."""

    def __init__(self, client: commands.Bot, service: AuditService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Put the command among the others of `/server`, and answer the buttons of every page."""
        ui.join(self.client, "server", self._command())
        self.client.add_dynamic_items(
            ui.persistent(views.TURN_TEMPLATE, self.press_turn, needs=ui.MODERATORS),
            ui.persistent(views.FILE_TEMPLATE, self.press_file, needs=ui.MODERATORS),
        )

    def _command(self) -> app_commands.Command["AuditCog", ..., None]:
        """Return the command; it cannot be a method, which would stand at the top of the tree."""

        @app_commands.command(name=label("audit-cmd"), description=label("audit-cmd-desc"))
        @app_commands.rename(**{name: label(f"audit-opt-{name}") for name in _OPTIONS})
        @app_commands.describe(**{name: label(f"audit-opt-{name}-desc") for name in _OPTIONS})
        @app_commands.choices(kind=_KINDS)
        @ui.may_manage
        async def log(
            interaction: discord.Interaction,
            kind: str | None = None,
            member: discord.User | None = None,
            moderator: discord.User | None = None,
            since: app_commands.Range[str, 1, 20] | None = None,
        ) -> None:
            asked = await self.service.asked(
                ui.who(interaction)[0],
                kind=kind or "",
                member_id=member.id if member else 0,
                moderator_id=moderator.id if moderator else 0,
                since=since or "",
            )
            await self.show(interaction, asked)

        @log.autocomplete("since")
        @ui.may_manage
        async def suggest(
            interaction: discord.Interaction, typed: str
        ) -> list[app_commands.Choice[str]]:
            return await self.suggest_since(interaction, typed)

        return log

    async def show(self, interaction: discord.Interaction, asked: Asked) -> None:
        """Show the newest entries."""
        shown = await self.service.page(ui.who(interaction)[0], asked)
        view = views.page(shown, await self.speaker.to(interaction))
        await interaction.response.send_message(
            view=view, ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
        )

    async def suggest_since(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest days to begin with."""
        texts = await self.speaker.to(interaction)
        days = await self.service.days_back(ui.who(interaction)[0])
        return [
            app_commands.Choice(name=texts("audit-since-choice", day=day, days=ago), value=day)
            for day, ago in days
            if typed.strip() in day
        ]

    async def press_turn(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Turn to another page in place."""
        shown = await self.service.page(
            ui.who(interaction)[0], _asked(match), cast(Way, match["way"]), int(match["pivot"])
        )
        await interaction.response.edit_message(
            view=views.page(shown, await self.speaker.to(interaction)),
            allowed_mentions=discord.AllowedMentions.none(),
        )

    async def press_file(self, interaction: discord.Interaction, match: "re.Match[str]") -> None:
        """Send the entries that fit as CSV."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id, _ = ui.who(interaction)
        rows = await self.service.export(guild_id, _asked(match))
        actors = list(dict.fromkeys(row.actor_id for row in rows if row.actor_id > 0))
        names = await names_of(interaction, actors[:NAMES_MAX], within_s=NAMES_WITHIN_S)
        texts = await self.speaker.to(interaction)
        content = await asyncio.to_thread(lambda: tables.written(views.table(rows, names, texts)))
        await interaction.followup.send(
            views.exported(len(rows), len(rows) < EXPORT_MAX, texts),
            file=discord.File(BytesIO(content), f"lyceum-log-{guild_id}.csv"),
            ephemeral=True,
        )


def _asked(match: "re.Match[str]") -> Asked:
    return Asked(
        kind=match["kind"],
        member_id=int(match["member"]),
        moderator_id=int(match["moderator"]),
        since=int(match["since"]),
    )
