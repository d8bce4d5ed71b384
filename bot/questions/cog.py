"""``/ask``, ``/questions``, the command on messages, and the screen of ``/questions setup``."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import channels, forms, ui
from bot.errors import UserError
from bot.i18n import Speaker, label
from bot.ids import whole
from bot.questions import rules, setup_screen, views
from bot.questions.asking import Asking, visible_ids
from bot.questions.delivery import QuestionsRun
from bot.questions.hearing import forum_tags, said_of
from bot.questions.listening import QuestionsListener
from bot.questions.presses import Presses, actor_of
from bot.questions.service import QuestionsService
from bot.questions.setup_screen import Seen
from storage.records import Question, QuestionPlace

Choices = list[app_commands.Choice[str]]
TIME_MAX = 1_000


class QuestionsCog(commands.Cog):
    """Questions on Discord."""

    group = ui.group("questions-cmd", "questions-cmd-desc", needs=ui.ANYBODY)

    def __init__(self, client: commands.Bot, service: QuestionsService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
        self.run = QuestionsRun(service, client, speaker)
        self.asking = Asking(client=client, service=service, speaker=speaker, run=self.run)
        self.presses = Presses(
            client=client, service=service, speaker=speaker, run=self.run, asking=self.asking
        )
        self.accepting = app_commands.ContextMenu(
            name=label("questions-cmd-accept"),
            callback=self.accept,
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self.accepting.guild_only = True

    async def cog_load(self) -> None:
        """Listen, and answer every button and menu there ever was."""
        self.presses.register()
        self.client.tree.add_command(self.accepting)
        self.client.add_dynamic_items(
            ui.persistent(setup_screen.PLACES_ID, self.on_places, needs=ui.MODERATORS),
            ui.persistent(setup_screen.ROLE_ID, self.on_role, needs=ui.MODERATORS),
            ui.persistent(setup_screen.TAG_TEMPLATE, self.on_tag, needs=ui.MODERATORS),
            ui.persistent(setup_screen.SWITCH_TEMPLATE, self.on_switch, needs=ui.MODERATORS),
            ui.persistent(setup_screen.TIMES_ID, self.on_times, needs=ui.MODERATORS),
        )
        await self.client.add_cog(QuestionsListener(self.client, self.service, self.run))

    # ------------------------------------------------------------------------ members

    @app_commands.command(
        name=label("questions-cmd-ask"), description=label("questions-cmd-ask-desc")
    )
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def ask(self, interaction: discord.Interaction) -> None:
        """Open the form of a new question."""
        await self.asking.open(interaction)

    async def accept(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Accept a message as the answer of its thread's question."""
        known = await self.service.decisions.accept(
            ui.who(interaction)[0], actor_of(interaction), said_of(message)
        )
        view = views.accepted(known, message.id, await self.speaker.to(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)
        await self.run.show_one(known.question.guild_id, known.question.question_id)

    @group.command(name=label("questions-cmd-open"), description=label("questions-cmd-open-desc"))
    @app_commands.rename(topic=label("questions-opt-topic"))
    @app_commands.describe(topic=label("questions-opt-topic-desc"))
    async def open(
        self, interaction: discord.Interaction, topic: app_commands.Range[str, 1, 100] | None = None
    ) -> None:
        """Show questions that wait for an answer."""
        guild_id, user_id = ui.who(interaction)
        await interaction.response.defer(ephemeral=True)  # an index may be built
        found = await self.service.looking.waiting(
            guild_id,
            user_id,
            await self._visible(interaction),
            topic=topic or "",
            is_moderator=interaction.permissions.manage_guild,
        )
        texts = await self.speaker.to(interaction)
        view = views.found(
            texts("questions-open-title"),
            found.questions,
            found.n_followers,
            texts,
            n_all=found.n_all,
            empty=texts("questions-open-none"),
        )
        await interaction.followup.send(view=view, ephemeral=True)

    @group.command(
        name=label("questions-cmd-search"), description=label("questions-cmd-search-desc")
    )
    @app_commands.rename(query=label("questions-opt-query"))
    @app_commands.describe(query=label("questions-opt-query-desc"))
    async def search(
        self, interaction: discord.Interaction, query: app_commands.Range[str, 1, 100]
    ) -> None:
        """Show questions with these words."""
        guild_id, _ = ui.who(interaction)
        await interaction.response.defer(ephemeral=True)  # an index may be built
        found = await self.service.looking.search(guild_id, query, await self._visible(interaction))
        texts = await self.speaker.to(interaction)
        shown = ui.clip(ui.plain(query), 100)
        view = views.found(
            texts("questions-search-title", query=shown),
            found.questions,
            found.n_followers,
            texts,
            n_all=found.n_all,
            empty=texts("questions-search-none", query=shown),
        )
        await interaction.followup.send(view=view, ephemeral=True)

    @group.command(name=label("questions-cmd-mine"), description=label("questions-cmd-mine-desc"))
    async def mine(self, interaction: discord.Interaction) -> None:
        """Show what the member asked, answered and has, too."""
        guild_id, user_id = ui.who(interaction)
        found = await self.service.looking.mine(guild_id, user_id)
        texts = await self.speaker.to(interaction)
        view = views.found(
            texts("questions-mine-title"),
            found.questions,
            found.n_followers,
            texts,
            n_all=found.n_all,
            empty=texts("questions-mine-none"),
        )
        await interaction.response.send_message(view=view, ephemeral=True)

    @group.command(name=label("questions-cmd-link"), description=label("questions-cmd-link-desc"))
    @app_commands.rename(earlier=label("questions-opt-earlier"))
    @app_commands.describe(earlier=label("questions-opt-earlier-desc"))
    async def link(
        self, interaction: discord.Interaction, earlier: app_commands.Range[str, 1, 200]
    ) -> None:
        """Link the question of this thread to an earlier one."""
        guild_id, _ = ui.who(interaction)
        known = await self.service.decisions.of_thread(guild_id, interaction.channel_id or 0)
        original = await self._pick(interaction, earlier)
        done = await self.service.decisions.link(
            guild_id, actor_of(interaction), known.question.question_id, original.question_id
        )
        texts = await self.speaker.to(interaction)
        view = views.done("questions-done-link", texts, link=views.link(original))
        await interaction.response.send_message(view=view, ephemeral=True)
        await self.run.show_one(guild_id, done.question.question_id)
        await self.run.tell_linked(done.question)

    @link.autocomplete("earlier")
    async def suggest_earlier(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Suggest questions with these words; nothing as long as their index is built."""
        guild_id, _ = ui.who(interaction)
        if not await self.service.looking.is_searchable(guild_id):
            return []
        found = await self.service.looking.search(guild_id, typed, await self._visible(interaction))
        return [
            app_commands.Choice(
                name=ui.clip(ui.bare(one.title), ui.CHOICE_NAME_MAX), value=f"#{one.question_id}"
            )
            for one in found.questions
        ]

    async def _pick(self, interaction: discord.Interaction, typed: str) -> Question:
        """Return the question that was chosen, linked to, or has these words."""
        guild_id, _ = ui.who(interaction)
        channel_ids = await self._visible(interaction)
        chosen = whole(typed[1:]) if typed.startswith("#") else None
        thread = re.search(r"/channels/\d+/(\d+)", typed)
        if chosen is not None:
            found = (await self.service.decisions.known(guild_id, chosen)).question
        elif thread is not None and (thread_id := whole(thread[1])) is not None:
            found = (await self.service.decisions.of_thread(guild_id, thread_id)).question
        else:
            listed = await self.service.looking.search(guild_id, typed, channel_ids)
            if len(listed.questions) != 1:
                raise UserError("error-questions-pick", value=typed)
            found = listed.questions[0]
        if found.channel_id not in channel_ids:
            raise UserError("error-questions-gone")
        return found

    async def _visible(self, interaction: discord.Interaction) -> list[int]:
        watched = await self.service.threads.watched(ui.who(interaction)[0])
        return visible_ids(interaction, [place.channel_id for place in watched])

    # --------------------------------------------------------------------- moderators

    @group.command(name=label("questions-cmd-setup"), description=label("questions-cmd-setup-desc"))
    @ui.may_manage
    async def setup(self, interaction: discord.Interaction) -> None:
        """Show where questions are asked; the one forum of a fresh server is taken at once."""
        guild_id, user_id = ui.who(interaction)
        if not await self.service.threads.watched(guild_id) and interaction.guild is not None:
            forums = list(interaction.guild.forums)
            if len(forums) == 1:
                await self._watch(guild_id, user_id, forums)
        await interaction.response.send_message(
            view=await self._screen(interaction), ephemeral=True
        )

    async def _watch(
        self,
        guild_id: int,
        actor_id: int,
        chosen: Sequence[discord.ForumChannel | discord.TextChannel],
    ) -> None:
        """Watch exactly these channels, with the tags that are called as such tags are."""
        known = {p.channel_id: p for p in await self.service.threads.watched(guild_id)}
        now = self.service.clock().timestamp()
        places = []
        for channel in chosen:
            tags = forum_tags(channel)
            new = QuestionPlace(
                guild_id=guild_id,
                channel_id=channel.id,
                since_at=now,
                solved_tag_id=rules.tag_named(tags, rules.SOLVED_NAMES),
                stale_tag_id=rules.tag_named(tags, rules.STALE_NAMES),
            )
            places.append(known.get(channel.id, new))
        await self.service.watch(guild_id, actor_id, places)

    async def on_places(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Watch the channels that were chosen."""
        guild_id, user_id = ui.who(interaction)
        guild = interaction.guild
        found = [guild.get_channel(number) for number in _chosen(interaction)] if guild else []
        fitting = [
            each for each in found if isinstance(each, discord.ForumChannel | discord.TextChannel)
        ]
        await self._watch(guild_id, user_id, fitting)
        await self._again(interaction)

    async def on_role(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Choose who may accept answers for others, besides moderators."""
        chosen = _chosen(interaction)
        await self.service.change(
            *ui.who(interaction), helper_role_id=chosen[0] if chosen else None
        )
        await self._again(interaction)

    async def on_tag(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Choose the forum's tag that says "solved"."""
        guild_id, user_id = ui.who(interaction)
        await self.service.tag(
            guild_id,
            user_id,
            int(match["channel_id"]),
            match["state"],
            ui.chosen_number(interaction),
        )
        await self._again(interaction)

    async def on_switch(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Turn something on or off."""
        guild_id, user_id = ui.who(interaction)
        name = match["name"]
        if name not in setup_screen.SWITCHES:
            raise UserError("error-component-unknown")
        settings, _ = await self.service.setup(guild_id)
        await self.service.change(guild_id, user_id, **{name: not getattr(settings, name)})
        await self._again(interaction)

    async def on_times(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Open the form of how long everything waits."""
        settings, _ = await self.service.setup(ui.who(interaction)[0])
        form = setup_screen.times_form(settings, await self.speaker.to(interaction))

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            numbers = {name: whole(str(filled[name]).strip()) for name in setup_screen.TIMES}
            fine = {n: v for n, v in numbers.items() if v is not None and 0 < v <= TIME_MAX}
            if fine.keys() != numbers.keys():
                raise UserError("error-questions-times", high=TIME_MAX)
            await self.service.change(*ui.who(submitted), **fine)
            await forms.answer(submitted, await self._screen(submitted))

        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def _again(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(view=await self._screen(interaction))

    async def _screen(self, interaction: discord.Interaction) -> discord.ui.LayoutView:
        settings, places = await self.service.setup(ui.who(interaction)[0])
        seen = [_seen(interaction, place) for place in places]
        return setup_screen.screen(settings, seen, await self.speaker.to(interaction))


def _chosen(interaction: discord.Interaction) -> list[int]:
    data: Any = interaction.data
    found = (whole(str(value)) for value in data.get("values", ()))
    return [number for number in found if number is not None]


def _seen(interaction: discord.Interaction, place: QuestionPlace) -> Seen:
    """Return a watched channel as it is, with what keeps questions from working there."""
    guild = interaction.guild
    channel = guild.get_channel(place.channel_id) if guild is not None else None
    if channel is None:
        return Seen(
            place=place,
            name="",
            tags=(),
            problems=("questions-problem-gone",),
            is_forum=False,
        )
    is_forum = isinstance(channel, discord.ForumChannel)
    return Seen(
        place=place,
        name=channel.name,
        tags=forum_tags(channel),
        problems=tuple(
            f"questions-problem-{name.replace('_', '-')}" for name in channels.missing(channel)
        ),
        is_forum=is_forum,
    )
