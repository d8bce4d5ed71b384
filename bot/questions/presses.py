"""What the buttons and menus of cards, reminders and previews do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import discord
from discord.ext import commands

from bot import cards, ui
from bot.i18n import Speaker
from bot.names import names_of
from bot.questions import ask_screen, views
from bot.questions.asking import Asking, visible_ids
from bot.questions.delivery import QuestionsRun
from bot.questions.known import Known
from bot.questions.rules import Actor
from bot.questions.service import QuestionsService

NAMES_WITHIN_S = 1.5


@dataclass(slots=True)
class Presses:
    """Answers buttons and menus; whoever presses is asked for what it needs at that moment."""

    client: commands.Bot
    service: QuestionsService
    speaker: Speaker
    run: QuestionsRun
    asking: Asking

    def register(self) -> None:
        """Answer the buttons of every card ever posted."""
        found = (
            (views.LIST_TEMPLATE, self.on_list),
            (views.PICK_TEMPLATE, self.on_pick),
            (views.TAKE_TEMPLATE, self.on_take),
            (views.DO_TEMPLATE, self.on_do),
            (views.MORE_TEMPLATE, self.on_more),
            (views.FOLLOW_TEMPLATE, self.on_follow),
            (views.RESOURCE_TEMPLATE, self.on_resource),
            (cards.ASK_TEMPLATE, self.on_ask),
            (ask_screen.POST_TEMPLATE, self.on_post),
            (ask_screen.CHANGE_TEMPLATE, self.on_change),
            (ask_screen.SOLVED_TEMPLATE, self.on_solved),
        )
        self.client.add_dynamic_items(
            *(ui.persistent(template, does, needs=ui.ANYBODY) for template, does in found)
        )

    # ---------------------------------------------------------------------- accepting

    async def on_list(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Ask which answer helped."""
        known = await self._known(interaction, match)
        self.service.decisions.must_decide(actor_of(interaction), known)
        await interaction.response.defer(ephemeral=True, thinking=True)
        people = [answer.user_id for answer in known.answers if answer.user_id][-25:]
        names = await names_of(interaction, list(dict.fromkeys(people)), within_s=NAMES_WITHIN_S)
        view = views.answers(known, names, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    async def on_pick(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Accept the answer that was chosen."""
        await self._accept(
            interaction, int(match["question_id"]), ui.chosen_number(interaction), is_list=True
        )

    async def on_take(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Accept the answer that the asker thanked for."""
        await self._accept(
            interaction, int(match["question_id"]), int(match["message_id"]), is_list=False
        )

    async def _accept(
        self, interaction: discord.Interaction, question_id: int, message_id: int, *, is_list: bool
    ) -> None:
        known = await self.service.decisions.accept_known(
            ui.who(interaction)[0], actor_of(interaction), question_id, message_id
        )
        view = views.accepted(known, message_id, await self.speaker.to(interaction))
        if is_list:
            await interaction.response.edit_message(view=view)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)
        await self.run.show_one(known.question.guild_id, question_id)

    # --------------------------------------------------------------------- otherwise

    async def on_more(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show what else can be said about a question."""
        known = await self._known(interaction, match)
        self.service.decisions.must_decide(actor_of(interaction), known)
        watched = await self.service.threads.watched(known.question.guild_id)
        fitting = await self.service.looking.fitting(
            known.question.guild_id,
            known.question.title,
            known.question.tags,
            channel_ids=visible_ids(interaction, [p.channel_id for p in watched]),
            role_ids=ui.role_ids(interaction),
        )
        view = views.more(
            known,
            fitting,
            await self.speaker.to(interaction),
            is_moderator=interaction.permissions.manage_guild,
        )
        await interaction.response.send_message(view=view, ephemeral=True)

    async def on_do(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Do what a button says, and say that it is done."""
        guild_id, number = ui.who(interaction)[0], int(match["question_id"])
        decisions, actor = self.service.decisions, actor_of(interaction)
        does = {
            "self": decisions.solve,
            "same": decisions.solve,
            "close": decisions.close,
            "open": decisions.keep_open,
            "plain": decisions.be_plain,
            "reopen": decisions.reopen,
            "bounty": decisions.end_bounty,
        }
        await does[match["deed"]](guild_id, actor, number)
        view = views.done(f"questions-done-{match['deed']}", await self.speaker.to(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)
        await self.run.show_one(guild_id, number)

    async def on_resource(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Say that a resource solved a question."""
        known = await self.service.decisions.solve(
            ui.who(interaction)[0],
            actor_of(interaction),
            int(match["question_id"]),
            ui.chosen_number(interaction),
            role_ids=ui.role_ids(interaction),
        )
        view = views.done("questions-done-resource", await self.speaker.to(interaction))
        await interaction.response.edit_message(view=view)
        await self.run.show_one(known.question.guild_id, known.question.question_id)

    async def on_follow(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Say that somebody has the question, too, or not any more."""
        guild_id, user_id = ui.who(interaction)
        known, is_on = await self.service.decisions.follow(
            guild_id, user_id, int(match["question_id"])
        )
        key = "questions-done-follow" if is_on else "questions-done-unfollow"
        view = views.done(key, await self.speaker.to(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)
        await self.run.show_one(guild_id, known.question.question_id)

    async def _known(self, interaction: discord.Interaction, match: re.Match[str]) -> Known:
        return await self.service.decisions.known(ui.who(interaction)[0], int(match["question_id"]))

    # ------------------------------------------------------------------------ asking

    async def on_post(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Post a question that was previewed; pressed twice it is posted once."""
        await interaction.response.defer()
        question = await self.asking.post(interaction, int(match["number"]))
        view = ask_screen.posted(question, await self.speaker.to(interaction))
        await interaction.edit_original_response(view=view)

    async def on_ask(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Open the form of a question about a topic."""
        await self.asking.open(interaction, ("", match["topic"], ""))

    async def on_change(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Open the form of a question again."""
        await self.asking.change(interaction, int(match["number"]))

    async def on_solved(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """End here: what was found solved it, and nothing is posted."""
        self.asking.take(interaction, int(match["number"]))
        guild_id, user_id = ui.who(interaction)
        of = int(match["of"])
        if match["kind"] == "resource":
            await self.service.decisions.found_resource(
                guild_id,
                user_id,
                of,
                source_id=int(match["number"]),
                role_ids=ui.role_ids(interaction),
            )
        else:
            await self.service.decisions.found_question(guild_id, user_id, of)
        view = views.done("questions-done-found", await self.speaker.to(interaction))
        await interaction.response.edit_message(view=view)


def actor_of(interaction: discord.Interaction) -> Actor:
    """Return who acts, with what lets them do so for others."""
    user = interaction.user
    roles: Sequence[discord.Role] = user.roles if isinstance(user, discord.Member) else ()
    return Actor(user.id, interaction.permissions.manage_guild, tuple(role.id for role in roles))
