"""`/resource merge`, `part`, `edition` and `gem`: how resources belong together, and the best."""

import discord
from discord import app_commands
from discord.ext import commands

from bot import ui
from bot.catalog import views
from bot.catalog.joining import Joining
from bot.catalog.service import ANY_STATE
from bot.i18n import Speaker, label
from storage.records import Resource

Choices = list[app_commands.Choice[str]]


class CuratingCog(commands.Cog):
    """What moderators say of resources beside what they are."""

    def __init__(self, client: commands.Bot, service: Joining, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Put the commands among the others of `/resource`."""
        suggest = type(self).suggest
        ui.join(
            self.client,
            "resource",
            ui.command("catalog-cmd-merge", self.merge, resource=suggest, into=suggest),
            ui.command("catalog-cmd-part", self.part, resource=suggest),
            ui.command("catalog-cmd-edition", self.edition, resource=suggest, of=suggest),
            ui.command("catalog-cmd-gem", self.gem, resource=suggest),
        )

    @app_commands.rename(resource=label("catalog-opt-resource"), into=label("catalog-opt-into"))
    @app_commands.describe(
        resource=label("catalog-opt-resource-desc"), into=label("catalog-opt-into-desc")
    )
    @ui.may_manage
    async def merge(self, interaction: discord.Interaction, resource: str, into: str) -> None:
        """Make two entries one."""
        await interaction.response.defer(ephemeral=True)
        one, other = (
            await self._picked(interaction, resource),
            await self._picked(interaction, into),
        )
        _, left = await self.service.merge(*ui.who(interaction), one.resource_id, other.resource_id)
        await self._answer(interaction, "catalog-merged", left, title=one.title)

    @app_commands.rename(resource=label("catalog-opt-resource"))
    @app_commands.describe(resource=label("catalog-opt-resource-desc"))
    @ui.may_manage
    async def part(self, interaction: discord.Interaction, resource: str) -> None:
        """Bring back what was merged or replaced."""
        await interaction.response.defer(ephemeral=True)
        one = await self._picked(interaction, resource)
        back = await self.service.part(*ui.who(interaction), one.resource_id)
        await self._answer(interaction, "catalog-parted", back)

    @app_commands.rename(resource=label("catalog-opt-resource"), of=label("catalog-opt-of"))
    @app_commands.describe(
        resource=label("catalog-opt-resource-desc"), of=label("catalog-opt-of-desc")
    )
    @ui.may_manage
    async def edition(
        self, interaction: discord.Interaction, resource: str, of: str | None = None
    ) -> None:
        """Say of what a resource is another edition."""
        await interaction.response.defer(ephemeral=True)
        one = await self._picked(interaction, resource)
        other = await self._picked(interaction, of) if of is not None else None
        changed = await self.service.set_edition(
            *ui.who(interaction), one.resource_id, other.resource_id if other else None
        )
        if other is None:
            await self._answer(interaction, "catalog-no-edition", changed)
        else:
            await self._answer(interaction, "catalog-edition", changed, title=other.title)

    @app_commands.rename(resource=label("catalog-opt-resource"), off=label("catalog-opt-off"))
    @app_commands.describe(
        resource=label("catalog-opt-resource-desc"), off=label("catalog-opt-off-desc")
    )
    @ui.may_manage
    async def gem(self, interaction: discord.Interaction, resource: str, off: bool = False) -> None:
        """Mark one of the best, or take the mark away."""
        await interaction.response.defer(ephemeral=True)
        one = await self._picked(interaction, resource)
        changed = await self.service.set_gem(*ui.who(interaction), one.resource_id, not off)
        await self._answer(interaction, "catalog-ungem" if off else "catalog-gem", changed)

    @ui.may_manage
    async def suggest(self, interaction: discord.Interaction, current: str) -> Choices:
        """Suggest every resource, retired ones too."""
        guild_id, _ = ui.who(interaction)
        found = await self.service.catalog.find(guild_id, current, states=ANY_STATE, is_typing=True)
        return views.choices(found, await self.speaker.to(interaction))

    async def _picked(self, interaction: discord.Interaction, text: str) -> Resource:
        guild_id, _ = ui.who(interaction)
        return await self.service.catalog.pick(guild_id, text, states=ANY_STATE)

    async def _answer(
        self, interaction: discord.Interaction, key: str, resource: Resource, title: str = ""
    ) -> None:
        texts = await self.speaker.to(interaction)
        view = views.entry(texts(key, title=ui.plain(title)), resource, texts)
        await interaction.followup.send(view=view, ephemeral=True)
