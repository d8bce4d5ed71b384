"""``/submit``, "Save as resource", ``/submissions``, ``/review``, and their buttons."""

import re
from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import cards, forms, ui
from bot.errors import UserError
from bot.i18n import Speaker, Texts, label
from bot.submissions import desk, rules, views
from bot.submissions.service import Begun, SubmissionsService
from storage.records import Submission

URL_MAX = 2_048


class SubmissionsCog(commands.Cog):
    """Proposing on Discord."""

    def __init__(self, client: commands.Bot, service: SubmissionsService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Add the message's command, and answer the buttons of answers given before this start."""
        menu: app_commands.ContextMenu = app_commands.ContextMenu(
            name=label("submissions-menu"),
            callback=self.save,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        menu.guild_only = True
        self.client.tree.add_command(menu)
        self.client.add_dynamic_items(
            ui.persistent(views.DRAFT_TEMPLATE, self.on_draft, needs=ui.ANYBODY),
            ui.persistent(views.EXPERT_TEMPLATE, self.on_expert, needs=ui.ANYBODY),
        )

    @app_commands.command(
        name=label("submissions-cmd-submit"), description=label("submissions-cmd-submit-desc")
    )
    @app_commands.rename(url=label("submissions-opt-url"))
    @app_commands.describe(url=label("submissions-opt-url-desc"))
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def submit(
        self, interaction: discord.Interaction, url: app_commands.Range[str, 1, URL_MAX]
    ) -> None:
        """Look at a page and show what it says as a draft."""
        await self._begin(interaction, url)

    async def save(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Do the same with the first link of a message, of which nothing else is kept."""
        found = rules.links_in(message.content)
        if not found:
            raise UserError("error-submissions-no-link")
        await self._begin(interaction, found[0])

    @app_commands.command(
        name=label("submissions-cmd-mine"), description=label("submissions-cmd-mine-desc")
    )
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def mine(self, interaction: discord.Interaction) -> None:
        """Show what became of one's own."""
        await interaction.response.defer(ephemeral=True)
        found = await self.service.mine(*ui.who(interaction))
        view = views.mine(found, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @app_commands.command(
        name=label("submissions-cmd-review"), description=label("submissions-cmd-review-desc")
    )
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def review(self, interaction: discord.Interaction) -> None:
        """Show what one is asked to review; to moderators without any, the queue."""
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        asked = await self.service.deciding.asked(guild_id, user_id)
        if not asked and ui.moderates(interaction):
            view = desk.queue(*await self.service.deciding.queue(guild_id), texts)
        else:
            view = views.to_review(asked, texts)
        await interaction.followup.send(view=view, ephemeral=True)

    async def on_draft(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Correct a draft, hand it in, or drop it."""
        guild_id, user_id = ui.who(interaction)
        number, step = int(match["submission_id"]), match["step"]
        texts = await self.speaker.to(interaction)
        if step in ("edit", "details"):
            await self._correct(
                interaction, await self.service.draft(guild_id, user_id, number), step
            )
            return
        await interaction.response.defer()
        match step:
            case "submit":
                view = views.handed_in(await self.service.submit(guild_id, user_id, number), texts)
            case "own":
                known = await self.service.own(guild_id, user_id, number)
                view = views.draft(known, texts, alike=await self.service.alike(known))
            case _:
                await self.service.discard(guild_id, user_id, number)
                view = views.dropped(texts)
        await interaction.edit_original_response(view=view)

    async def on_expert(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show the form of a review, or put the reviewer's name to it."""
        guild_id, user_id = ui.who(interaction)
        number, step = int(match["submission_id"]), match["step"]
        deciding, texts = self.service.deciding, await self.speaker.to(interaction)
        if step != "review":
            done = await deciding.sign(guild_id, user_id, number, step == "sign")
            await interaction.response.edit_message(view=views.reviewed(done, texts))
            return
        one, review = await deciding.may_review(guild_id, user_id, number)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            scores = {name: int(filled[name][0]) for name in rules.SCORES}
            done = await deciding.review(guild_id, user_id, number, scores, filled["sentence"])
            await forms.answer(submitted, views.reviewed(done, texts))

        form = views.review_form(one, review, texts)
        await forms.ask(interaction, form, submit, needs=ui.ANYBODY)

    async def _begin(self, interaction: discord.Interaction, url: str) -> None:
        await interaction.response.defer(ephemeral=True)
        guild_id, user_id = ui.who(interaction)
        begun = await self.service.begin(guild_id, user_id, url)
        view = self._begun(begun, interaction, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    def _begun(
        self, begun: Begun, interaction: discord.Interaction, texts: Texts
    ) -> discord.ui.LayoutView:
        """Return the draft, or what is there already: its card where the member may see it."""
        if begun.submission is not None:
            problem = begun.problem
            said = texts(problem.key, **problem.params) if problem else ""
            return views.draft(begun.submission, texts, problem=said, alike=begun.alike)
        known, roles = begun.known, ui.role_ids(interaction)
        may_see = known is not None and (
            known.role_id is None or roles is None or known.role_id in roles
        )
        if known is None or known.state != "live":
            return views.known(begun, texts)
        if not may_see:
            return ui.panel(texts("submissions-known-role"), colour=ui.CAUTION)
        return cards.public_card(known, texts, texts("submissions-known"))

    async def _correct(
        self, interaction: discord.Interaction, known: Submission, step: str
    ) -> None:
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            changed = await self.service.edit(
                guild_id, user_id, known.submission_id, written(filled)
            )
            alike = await self.service.alike(changed)
            await forms.answer(submitted, views.draft(changed, texts, alike=alike))

        make = views.words_form if step == "edit" else views.details_form
        form = make(known.written, texts("submissions-draft-form"), texts)
        await forms.ask(interaction, form, submit, needs=ui.ANYBODY)


def written(filled: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of a form: what was chosen in a menu, and the two that a price is."""
    found = {
        name: value if isinstance(value, str) else str(value[0]) if value else ""
        for name, value in filled.items()
    }
    if "price" in found:
        found = {**found, "price": "", "currency": ""} | rules.price_fields(found["price"])
    return found
