"""``/task``: what there is to do beside a resource, handing in, and marking."""

import re
from collections.abc import Mapping
from typing import Any, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot import forms, ui
from bot.cards import choices as resource_choices
from bot.errors import StaleError
from bot.i18n import Speaker, label
from bot.tasks import desk, views
from bot.tasks.service import TasksService, Who, Written
from storage.records import Task, Verdict

Choices = list[app_commands.Choice[str]]
Typed = app_commands.Range[str, 1, 100]


class TasksCog(commands.Cog):
    """Tasks on Discord."""

    group = ui.group("tasks-cmd", "tasks-cmd-desc", needs=ui.ANYBODY)

    def __init__(self, client: commands.Bot, service: TasksService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Answer the buttons of every task ever shown."""
        self.client.add_dynamic_items(
            ui.persistent(views.SHOW_TEMPLATE, self.on_show, needs=ui.ANYBODY),
            ui.persistent(desk.QUEUE_ID, self.on_queue, needs=ui.ANYBODY),
            ui.persistent(desk.CASE_TEMPLATE, self.on_case, needs=ui.ANYBODY),
            ui.persistent(desk.MARK_TEMPLATE, self.on_mark, needs=ui.ANYBODY),
        )

    @group.command(name=label("tasks-cmd-list"), description=label("tasks-cmd-list-desc"))
    async def list_(self, interaction: discord.Interaction) -> None:
        """Show what there is to do, with how far the member is."""
        await interaction.response.defer(ephemeral=True)
        found = await self.service.doings(_who(interaction))
        view = views.listed(found, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @group.command(name=label("tasks-cmd-show"), description=label("tasks-cmd-show-desc"))
    @ui.described({"task": "tasks-opt-task"})
    async def show(self, interaction: discord.Interaction, task: Typed) -> None:
        """Show one task with what the member handed in."""
        await interaction.response.defer(ephemeral=True)
        who = _who(interaction)
        found = await self.service.meant(who, task)
        doing = await self.service.doing(who, found.task_id)
        view = views.one(doing, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @group.command(name=label("tasks-cmd-mark"), description=label("tasks-cmd-mark-desc"))
    async def mark(self, interaction: discord.Interaction) -> None:
        """Show what waits for a mark of the member's."""
        await interaction.response.defer(ephemeral=True)
        waiting, n_all = await self.service.marking.queue(_who(interaction))
        view = desk.queue(waiting, n_all, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    @group.command(name=label("tasks-cmd-new"), description=label("tasks-cmd-new-desc"))
    @ui.described({"resource": "catalog-opt-resource", "markers": "tasks-opt-markers"})
    async def new(
        self, interaction: discord.Interaction, resource: Typed, markers: discord.Role | None = None
    ) -> None:
        """Ask what there is to do beside a resource."""
        who, texts = _who(interaction), await self.speaker.to(interaction)
        beside = await self.service.catalog.pick(who.guild_id, resource, role_ids=who.role_ids)
        self.service.require_maker(who, beside)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            made = await self.service.make(
                _who(submitted), beside, _written(filled), markers.id if markers else None
            )
            await forms.answer(submitted, views.one(made, texts, texts("tasks-made")))

        form = views.task_form(beside.title, None, "", texts)
        await forms.ask(interaction, form, submit, needs=ui.ANYBODY)

    @group.command(name=label("tasks-cmd-edit"), description=label("tasks-cmd-edit-desc"))
    @ui.described({"task": "tasks-opt-task", "markers": "tasks-opt-markers"})
    async def edit(
        self, interaction: discord.Interaction, task: Typed, markers: discord.Role | None = None
    ) -> None:
        """Ask what there is to do instead."""
        who, texts = _who(interaction), await self.speaker.to(interaction)
        known = await self.service.meant(who, task, is_own=True)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            changed = await self.service.edit(
                _who(submitted), known.task_id, _written(filled), markers.id if markers else None
            )
            await forms.answer(submitted, views.one(changed, texts, texts("tasks-changed")))

        due = await self.service.due_written(known)
        form = views.task_form(known.title, known, due, texts)
        await forms.ask(interaction, form, submit, needs=ui.ANYBODY)

    @group.command(name=label("tasks-cmd-end"), description=label("tasks-cmd-end-desc"))
    @ui.described({"task": "tasks-opt-task", "restore": "tasks-opt-restore"})
    async def end(
        self, interaction: discord.Interaction, task: Typed, restore: bool = False
    ) -> None:
        """Take a task out of sight, or bring it back."""
        await interaction.response.defer(ephemeral=True)
        who, texts = _who(interaction), await self.speaker.to(interaction)
        known = await self.service.meant(who, task, is_own=True)
        doing = await self.service.end(who, known.task_id, restore)
        view = (
            views.one(doing, texts, texts("tasks-changed"))
            if restore
            else views.ended(doing, texts)
        )
        await interaction.followup.send(view=view, ephemeral=True)

    @show.autocomplete("task")
    async def complete(self, interaction: discord.Interaction, current: str) -> Choices:
        """Offer tasks by title."""
        return await self._offer(interaction, await self.service.named(_who(interaction), current))

    @edit.autocomplete("task")
    @end.autocomplete("task")
    async def complete_own(self, interaction: discord.Interaction, current: str) -> Choices:
        """Offer the tasks that the member may change, ended ones marked."""
        found = await self.service.named(_who(interaction), current, is_own=True)
        return await self._offer(interaction, found)

    @new.autocomplete("resource")
    async def complete_resource(self, interaction: discord.Interaction, current: str) -> Choices:
        """Offer resources by title."""
        found = await self.service.catalog.find(
            ui.who(interaction)[0], current, role_ids=ui.role_ids(interaction), is_typing=True
        )
        return resource_choices(found)

    async def on_show(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show a task, ask what to hand in, let others see it, or show theirs."""
        who, number, step = _who(interaction), int(match["task_id"]), match["step"]
        texts = await self.speaker.to(interaction)
        if step == "hand-in":
            await self._hand_in(interaction, number)
        elif step == "share":
            await interaction.response.defer()
            view = views.one(await self.service.share(who, number), texts)
            await interaction.edit_original_response(view=view)
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)
            if step == "works":
                view = views.works(*await self.service.shown(who, number), texts)
            else:
                view = views.one(await self.service.doing(who, number), texts)
            await interaction.followup.send(view=view, ephemeral=True)

    async def on_queue(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show what was chosen of what waits, in place."""
        await self._show_case(interaction, ui.chosen_number(interaction))

    async def on_case(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show again what was marked, so that it can be marked otherwise."""
        await self._show_case(interaction, int(match["work_id"]))

    async def on_mark(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Ask for a sentence, mark, and show what waits next."""
        who, texts = _who(interaction), await self.speaker.to(interaction)
        mark, number = cast(Verdict, match["mark"]), int(match["work_id"])
        marking = self.service.marking
        doing, work = await marking.case(who, number)
        if int(work.handed_in_at) != int(match["at"]):
            raise StaleError("error-tasks-changed")

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            done = await marking.mark(_who(submitted), work, mark, filled["sentence"])
            waiting, n_all = await marking.queue(_who(submitted))
            await forms.answer(submitted, desk.queue(waiting, n_all, texts, done))

        form = desk.mark_form(doing, mark, work, texts)
        await forms.ask(interaction, form, submit, needs=ui.ANYBODY)

    async def _show_case(self, interaction: discord.Interaction, number: int) -> None:
        await interaction.response.defer()
        doing, work = await self.service.marking.case(_who(interaction), number)
        view = desk.case(doing, work, await self.speaker.to(interaction))
        await interaction.edit_original_response(view=view)

    async def _hand_in(self, interaction: discord.Interaction, number: int) -> None:
        texts = await self.speaker.to(interaction)
        doing = await self.service.doing(_who(interaction), number)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            done = await self.service.hand_in(
                _who(submitted), number, filled["text"], filled["link"]
            )
            await forms.answer(submitted, views.one(done, texts, texts("tasks-handed-in")))

        await forms.ask(interaction, views.work_form(doing, texts), submit, needs=ui.ANYBODY)

    async def _offer(self, interaction: discord.Interaction, found: list[Task]) -> Choices:
        return views.choices(found, await self.speaker.to(interaction))


def _written(filled: Mapping[str, Any]) -> Written:
    return Written(title=filled["title"], text=filled["text"], due=filled["due"])


def _who(interaction: discord.Interaction) -> Who:
    guild_id, user_id = ui.who(interaction)
    return Who(
        guild_id=guild_id,
        user_id=user_id,
        role_ids=ui.role_ids(interaction),
        is_moderator=ui.moderates(interaction),
    )
