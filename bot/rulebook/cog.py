"""`/rules`, and what its menus, forms and buttons do."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from io import BytesIO
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot import forms, ui
from bot.errors import StaleError, UserError
from bot.i18n import Speaker, Texts, label
from bot.names import names_of
from bot.rewards import fields, tally
from bot.rewards.fields import Field
from bot.rulebook import picture, rules, service, views
from bot.rulebook.service import Progress, Publication, RulebookService
from storage.records import Rescore

PROGRESS_EVERY_S = 3.0
"""How often an answer is edited while a preview runs."""
NAMES_WITHIN_S = 3.0

T = TypeVar("T")


class RulebookCog(commands.Cog):
    """The rules as moderators work on them."""

    book = ui.group("rulebook-cmd", "rulebook-cmd-desc", needs=ui.MODERATORS)

    def __init__(self, client: commands.Bot, service: RulebookService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
        self._previewing: set[int] = set()

    async def cog_load(self) -> None:
        """Answer the menus and buttons of every answer ever given."""
        self.client.add_dynamic_items(
            ui.persistent(views.OPEN_TEMPLATE, self.on_open, needs=ui.MODERATORS),
            ui.persistent(views.PREVIEW_TEMPLATE, self.on_preview, needs=ui.MODERATORS),
            ui.persistent(views.PUBLISH_TEMPLATE, self.on_publish, needs=ui.MODERATORS),
            ui.persistent(views.SINCE_TEMPLATE, self.on_since, needs=ui.MODERATORS),
            ui.persistent(views.ANEW_TEMPLATE, self.on_anew, needs=ui.MODERATORS),
            ui.persistent(views.UNDO_TEMPLATE, self.on_undo, needs=ui.MODERATORS),
            ui.persistent(views.PAGE_TEMPLATE, self.on_page, needs=ui.MODERATORS),
            ui.persistent(views.SECTION_TEMPLATE, self.on_section, needs=ui.MODERATORS),
            ui.persistent(views.FIELD_TEMPLATE, self.on_field, needs=ui.MODERATORS),
        )

    # ------------------------------------------------------------------------ commands

    @book.command(name=label("rulebook-list-cmd"), description=label("rulebook-list-desc"))
    @ui.may_manage
    async def rules_list(self, interaction: discord.Interaction) -> None:
        """Show the rules in force."""
        shown = await self.service.in_force(ui.who(interaction)[0])
        view = views.rules_list(shown, await self.speaker.to(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)

    @book.command(name=label("rulebook-set-cmd"), description=label("rulebook-set-desc"))
    @app_commands.rename(
        rule=label("rulebook-opt-rule"),
        field=label("rulebook-opt-field"),
        value=label("rulebook-opt-value"),
        reason=label("rulebook-opt-reason"),
    )
    @app_commands.describe(
        rule=label("rulebook-opt-rule-desc"),
        field=label("rulebook-opt-field-desc"),
        value=label("rulebook-opt-value-desc"),
        reason=label("rulebook-opt-reason-desc"),
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
        """Publish a new version with one value changed."""
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        wanted = service.field_of(_rule(rule, texts), _meant(field, _field_names(texts)))
        meant = _meant(value, views.choice_names(wanted, texts))
        made = await self.service.set_value(guild_id, user_id, wanted, meant, reason)
        await interaction.response.send_message(view=views.published(made, texts), ephemeral=True)

    @book.command(name=label("rulebook-draft-cmd"), description=label("rulebook-draft-desc"))
    @ui.may_manage
    async def draft(self, interaction: discord.Interaction) -> None:
        """Show the draft, with the menus that change it."""
        shown = await self.service.draft(ui.who(interaction)[0])
        view = views.draft(shown, await self.speaker.to(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)

    @rules_set.autocomplete("rule")
    @ui.may_manage
    async def suggest_rule(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest rules by their names in the moderator's language."""
        return _choices(_rule_names(await self.speaker.to(interaction)), typed)

    @rules_set.autocomplete("field")
    @ui.may_manage
    async def suggest_field(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest the fields of the chosen rule, each with its present value."""
        texts = await self.speaker.to(interaction)
        shown = (await self.service.in_force(ui.who(interaction)[0])).rules
        rule = _rule(str(interaction.namespace.rule or ""), texts)
        named = {
            each.name: texts(
                "rulebook-field-now",
                field=views.field_name(each.name, texts),
                value=views.value_text(each, fields.value_of(shown, each), texts),
            )
            for each in fields.FIELDS
            if each.rule == rule
        }
        return _choices(named, typed)

    @book.command(name=label("rulebook-preview-cmd"), description=label("rulebook-preview-desc"))
    @app_commands.rename(days=label("rulebook-opt-days"), since=label("rulebook-opt-since"))
    @app_commands.describe(
        days=label("rulebook-opt-days-desc"), since=label("rulebook-opt-since-desc")
    )
    @ui.may_manage
    async def preview(
        self,
        interaction: discord.Interaction,
        days: app_commands.Range[int, rules.DAYS_MIN, rules.DAYS_MAX] = rules.DAYS,
        since: app_commands.Range[str, 1, 20] | None = None,
    ) -> None:
        """Replay the last days under the draft, or what counting anew since a day would change."""
        await self._preview(interaction, days, since)

    async def on_preview(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Replay the usual days under the draft, in an answer of its own."""
        await self._preview(interaction, rules.DAYS)

    async def on_since(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Ask from which day on to count anew, and show what that would change."""
        texts = await self.speaker.to(interaction)
        days = await self.service.days_back(ui.who(interaction)[0])

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            await self._preview(submitted, since=str(filled["day"]))

        day = days[-1][0] if days else ""
        form = views.since_form(texts, day)
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def _preview(
        self, interaction: discord.Interaction, days: int = rules.DAYS, since: str | None = None
    ) -> None:
        """Run a preview, one at a time in a guild, and say every few seconds how far it is."""
        guild_id, _ = ui.who(interaction)
        if guild_id in self._previewing:
            raise UserError("error-rulebook-busy")
        self._previewing.add(guild_id)
        try:
            await interaction.response.defer(ephemeral=True, thinking=True)
            texts, seen = await self.speaker.to(interaction), Progress()
            work = asyncio.create_task(
                self.service.preview(guild_id, days, seen)
                if since is None
                else self.service.preview_rescore(guild_id, since, seen)
            )
            try:
                shown = await self._watched(interaction, work, lambda: views.progress(seen, texts))
            finally:
                work.cancel()  # where nobody waits any more, nothing is worked out
        finally:
            self._previewing.discard(guild_id)
        known = await names_of(
            interaction,
            [each.user_id for each in shown.places[: tally.TOP]],
            within_s=NAMES_WITHIN_S,
        )
        names = {user_id: name for user_id, name in known.items() if name is not None}
        title = views.preview_title(shown, texts)
        png = await asyncio.to_thread(picture.draw_preview, shown, names, title, texts)
        await interaction.edit_original_response(
            view=views.preview(shown, texts),
            attachments=[discord.File(BytesIO(png), views.PICTURE)],
            allowed_mentions=discord.AllowedMentions.none(),
        )

    async def _watched(
        self,
        interaction: discord.Interaction,
        work: Awaitable[T],
        shown: Callable[[], discord.ui.LayoutView],
    ) -> T:
        """Wait for a long piece of work, editing the deferred answer every few seconds."""
        task = asyncio.ensure_future(work)
        while not (await asyncio.wait({task}, timeout=PROGRESS_EVERY_S))[0]:
            with suppress(discord.HTTPException):  # what is being done goes on without an answer
                await interaction.edit_original_response(view=shown())
        return await task

    @book.command(name=label("rulebook-publish-cmd"), description=label("rulebook-publish-desc"))
    @app_commands.rename(since=label("rulebook-opt-since"))
    @app_commands.describe(since=label("rulebook-opt-since-desc"))
    @ui.may_manage
    async def publish(
        self,
        interaction: discord.Interaction,
        since: app_commands.Range[str, 1, 20] | None = None,
    ) -> None:
        """Show what publishing the draft would change, what was earned since a day included."""
        if since is not None:
            await self._preview(interaction, since=since)
            return
        shown = await self.service.draft(ui.who(interaction)[0])
        view = views.ask(shown, await self.speaker.to(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)

    @preview.autocomplete("since")
    @publish.autocomplete("since")
    @ui.may_manage
    async def suggest_since(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest days to count from."""
        texts = await self.speaker.to(interaction)
        days = await self.service.days_back(ui.who(interaction)[0])
        return _choices(
            {day: texts("rulebook-since-choice", day=day, days=ago) for day, ago in days}, typed
        )

    @book.command(name=label("rulebook-history-cmd"), description=label("rulebook-history-desc"))
    @ui.may_manage
    async def history(self, interaction: discord.Interaction) -> None:
        """Show the newest versions."""
        view = await self._history(interaction, 1)
        await interaction.response.send_message(view=view, ephemeral=True)

    @book.command(name=label("rulebook-rollback-cmd"), description=label("rulebook-rollback-desc"))
    @app_commands.rename(version=label("rulebook-opt-version"), reason=label("rulebook-opt-reason"))
    @app_commands.describe(
        version=label("rulebook-opt-version-desc"), reason=label("rulebook-opt-reason-desc")
    )
    @ui.may_manage
    async def rollback(
        self,
        interaction: discord.Interaction,
        version: app_commands.Range[int, 0, 1_000_000],
        reason: app_commands.Range[str, 1, 200],
    ) -> None:
        """Publish an old version as a new one."""
        made = await self.service.roll_back(*ui.who(interaction), version, reason)
        view = views.published(made, await self.speaker.to(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)

    @book.command(name=label("rulebook-export-cmd"), description=label("rulebook-export-desc"))
    @app_commands.rename(version=label("rulebook-opt-version"))
    @app_commands.describe(version=label("rulebook-opt-export-version-desc"))
    @ui.may_manage
    async def export(
        self,
        interaction: discord.Interaction,
        version: app_commands.Range[int, 0, 1_000_000] | None = None,
    ) -> None:
        """Answer with a version as a TOML file."""
        number, toml = await self.service.export(ui.who(interaction)[0], version)
        texts = await self.speaker.to(interaction)
        await interaction.response.send_message(
            texts("rulebook-exported", version=number),
            file=discord.File(BytesIO(toml.encode()), f"rules-{number}.toml"),
            ephemeral=True,
        )

    @rollback.autocomplete("version")
    @export.autocomplete("version")
    @ui.may_manage
    async def suggest_version(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[int]]:
        """Suggest the newest versions and the defaults."""
        shown = await self.service.history(ui.who(interaction)[0])
        return views.version_choices(shown, str(typed), await self.speaker.to(interaction))

    @book.command(name=label("rulebook-import-cmd"), description=label("rulebook-import-desc"))
    @app_commands.rename(file=label("rulebook-opt-file"))
    @app_commands.describe(file=label("rulebook-opt-file-desc"))
    @ui.may_manage
    async def bring(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        """Make an attached TOML file the draft."""
        await interaction.response.defer(ephemeral=True)
        if file.size > rules.TOML_BYTES_MAX:
            raise UserError("error-rulebook-file")
        shown = await self.service.bring(*ui.who(interaction), await file.read())
        view = views.draft(shown, await self.speaker.to(interaction))
        await interaction.followup.send(view=view, ephemeral=True)

    # ------------------------------------------------------------- menus, buttons, forms

    async def on_open(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show the draft in place, ask whether to publish it, or discard it."""
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        if match["deed"] == "discard":
            shown = await self.service.discard(guild_id, user_id)
            view = views.draft(shown, texts, texts("rulebook-draft-discarded"))
        elif match["deed"] == "ask":
            view = views.ask(await self.service.draft(guild_id), texts)
        else:
            view = views.draft(await self.service.draft(guild_id), texts)
        await interaction.response.edit_message(view=view)

    async def on_section(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Show the chosen section of the draft in place."""
        section = ui.chosen(interaction)
        if section not in fields.SECTIONS:
            raise UserError("error-points-rule")
        shown = await self.service.draft(ui.who(interaction)[0])
        view = views.section(shown, section, await self.speaker.to(interaction))
        await interaction.response.edit_message(view=view)

    async def on_field(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Open the form of the chosen value."""
        await self._ask(interaction, service.field_of(match["rule"], ui.chosen(interaction)))

    async def _ask(self, interaction: discord.Interaction, field: Field) -> None:
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        shown = await self.service.draft(guild_id)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            value = filled["value"]
            written = value if isinstance(value, str) else value[0]
            chosen = tuple(each.id for each in filled.get("chosen", ()))
            changed = await self.service.edit(
                guild_id,
                user_id,
                field,
                written,
                chosen=chosen,
                percent=filled.get("percent", ""),
            )
            await forms.answer(submitted, views.section(changed, field.rule, texts))

        form = views.change_form(field, fields.value_of(shown.rules, field), texts)
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def on_publish(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Ask why and from when, and publish what was shown."""
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        shown, stamp = await self.service.draft(guild_id), match["stamp"]
        if shown.stamp != stamp:
            raise StaleError("error-rulebook-moved")

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            made = await self.service.publish(
                guild_id, user_id, stamp, filled["reason"], filled["at"]
            )
            await forms.answer(submitted, views.published(made, texts))

        form = views.publish_form(shown, rules.AHEAD_DAYS_MAX, texts)
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def on_anew(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Ask why, publish what was shown at once, and count anew from the moment shown."""
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        shown, stamp, since = await self.service.draft(guild_id), match["stamp"], match["since"]
        if shown.stamp != stamp:
            raise StaleError("error-rulebook-moved")

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            made = await self.service.publish(
                guild_id, user_id, stamp, filled["reason"], since=float(since)
            )
            assert made.rescore is not None
            await self._rescore(submitted, made.rescore, made, texts)

        form = views.anew_form(shown.newest.version + 1, texts)
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def on_undo(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Ask why, and take a count back."""
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)

        async def submit(submitted: discord.Interaction, filled: Mapping[str, Any]) -> None:
            decision = await self.service.undo_rescore(
                guild_id, user_id, int(match["rescore"]), str(filled["reason"])
            )
            await self._rescore(submitted, decision, None, texts)

        form = views.undo_form(texts)
        await forms.ask(interaction, form, submit, needs=ui.MODERATORS)

    async def _rescore(
        self,
        interaction: discord.Interaction,
        decision: Rescore,
        made: Publication | None,
        texts: Texts,
    ) -> None:
        """Carry out a decision, telling how far it is; what stops here is gone on with later."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        seen = Progress()
        done = await self._watched(
            interaction,
            self.service.rescore(decision, seen),
            lambda: views.progress(seen, texts, "rulebook-anew-busy"),
        )
        day = await self.service.day_of(done)
        await interaction.edit_original_response(view=views.rescored(made, done, day, texts))

    async def on_page(self, interaction: discord.Interaction, match: re.Match[str]) -> None:
        """Turn to a page of versions in place."""
        view = await self._history(interaction, int(match["page"]))
        await interaction.response.edit_message(view=view)

    async def _history(self, interaction: discord.Interaction, page: int) -> discord.ui.LayoutView:
        shown = await self.service.history(ui.who(interaction)[0], page)
        now = interaction.created_at.timestamp()
        return views.history(shown, now, await self.speaker.to(interaction))


def _rule_names(texts: Texts) -> dict[str, str]:
    return {rule: views.rule_name(rule, texts) for rule in fields.SECTIONS}


def _field_names(texts: Texts) -> dict[str, str]:
    return {field.name: views.field_name(field.name, texts) for field in fields.FIELDS}


def _rule(typed: str, texts: Texts) -> str:
    return _meant(typed, _rule_names(texts))


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
