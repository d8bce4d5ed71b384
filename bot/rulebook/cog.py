"""`/rules`: its commands, and what their options suggest."""

from io import BytesIO

import discord
from discord import app_commands
from discord.ext import commands

from bot import files, ui
from bot.errors import UserError
from bot.i18n import Speaker, Texts, label
from bot.rewards import fields
from bot.rulebook import (
    draft_screen,
    history_screen,
    list_screen,
    publish_screen,
    rules,
    values,
    wording,
)
from bot.rulebook.presses import Presses
from bot.rulebook.service import RulebookService
from bot.rulebook.work import Work


class RulebookCog(commands.Cog):
    """The rules as moderators work on them."""

    book = ui.group("rulebook-cmd", "rulebook-cmd-desc", needs=ui.MODERATORS)

    def __init__(self, client: commands.Bot, service: RulebookService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker
        self.work = Work(service, speaker)
        self.presses = Presses(service, speaker, self.work)

    async def cog_load(self) -> None:
        """Answer the menus and buttons of every answer ever given."""
        self.client.add_dynamic_items(*self.presses.answered())

    @book.command(name=label("rulebook-list-cmd"), description=label("rulebook-list-desc"))
    @ui.may_manage
    async def rules_list(self, interaction: discord.Interaction) -> None:
        """Show the rules in force."""
        shown = await self.service.versions.in_force(ui.who(interaction)[0])
        view = list_screen.rules_list(shown, await self.speaker.to(interaction))
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
        wanted = values.field_of(_rule(rule, texts), _meant(field, _field_names(texts)))
        meant = _meant(value, wording.choice_names(wanted, texts))
        made = await self.service.publishing.set_value(guild_id, user_id, wanted, meant, reason)
        view = publish_screen.published(made, texts, may_undo=True)
        await interaction.response.send_message(view=view, ephemeral=True)

    @book.command(name=label("rulebook-draft-cmd"), description=label("rulebook-draft-desc"))
    @ui.may_manage
    async def draft(self, interaction: discord.Interaction) -> None:
        """Show the draft, with the menus that change it."""
        shown = await self.service.drafts.draft(ui.who(interaction)[0])
        view = draft_screen.draft(shown, await self.speaker.to(interaction))
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
        shown = (await self.service.versions.in_force(ui.who(interaction)[0])).rules
        rule = _rule(str(interaction.namespace.rule or ""), texts)
        named = {
            each.name: texts(
                "rulebook-field-now",
                field=wording.field_name(each.name, texts),
                value=wording.value_text(each, fields.value_of(shown, each), texts),
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
        """Replay the last days under the draft, or what re-scoring since a day would change."""
        await self.work.preview(interaction, days, since)

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
            await self.work.preview(interaction, since=since)
            return
        shown = await self.service.drafts.draft(ui.who(interaction)[0])
        view = publish_screen.ask(shown, await self.speaker.to(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)

    @preview.autocomplete("since")
    @publish.autocomplete("since")
    @ui.may_manage
    async def suggest_since(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest days to count from."""
        texts = await self.speaker.to(interaction)
        days = await self.service.rescoring.days_back(ui.who(interaction)[0])
        return _choices(
            {day: texts("rulebook-since-choice", day=day, days=ago) for day, ago in days}, typed
        )

    @book.command(name=label("rulebook-history-cmd"), description=label("rulebook-history-desc"))
    @ui.may_manage
    async def history(self, interaction: discord.Interaction) -> None:
        """Show the newest versions."""
        view = await self.presses.history(interaction, 1)
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
        made = await self.service.publishing.roll_back(*ui.who(interaction), version, reason)
        texts = await self.speaker.to(interaction)
        view = publish_screen.published(made, texts, may_undo=True)
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
        number, toml = await self.service.versions.export(ui.who(interaction)[0], version)
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
        shown = await self.service.versions.history(ui.who(interaction)[0], size=ui.CHOICES_MAX)
        return history_screen.version_choices(shown, str(typed), await self.speaker.to(interaction))

    @book.command(name=label("rulebook-import-cmd"), description=label("rulebook-import-desc"))
    @app_commands.rename(file=label("rulebook-opt-file"))
    @app_commands.describe(file=label("rulebook-opt-file-desc"))
    @ui.may_manage
    async def bring(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        """Make an attached TOML file the draft."""
        await interaction.response.defer(ephemeral=True)
        if file.size > rules.TOML_BYTES_MAX:
            raise UserError("error-rulebook-file")
        data, texts = await files.uploaded(file), await self.speaker.to(interaction)
        shown, replaced = await self.service.drafts.bring(*ui.who(interaction), data)
        view = draft_screen.draft(shown, texts, draft_screen.replaced(replaced, texts))
        await interaction.followup.send(view=view, ephemeral=True)


def _rule_names(texts: Texts) -> dict[str, str]:
    return {rule: wording.rule_name(rule, texts) for rule in fields.SECTIONS}


def _field_names(texts: Texts) -> dict[str, str]:
    return {field.name: wording.field_name(field.name, texts) for field in fields.FIELDS}


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
