"""`/resource import` and `/resource export`: the catalogue as a file, with progress."""

import asyncio
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import files, ui
from bot.catalog import exporter, importer, tags_file
from bot.catalog.service import CatalogService
from bot.errors import UserError
from bot.i18n import Speaker, Texts, label

UPLOAD_MAX = 8 * 10**6
SHOWN_EVERY_S = 2.5
FORM_CHOICES = [
    app_commands.Choice(name=label(f"catalog-form-{form}"), value=form) for form in exporter.FORMS
]
ENDINGS = (".csv", ".tsv", ".json", ".html", ".htm", ".bib", ".opml", ".xml")


class ExchangeCog(commands.Cog):
    """Bringing and taking the whole catalogue."""

    def __init__(self, client: commands.Bot, service: CatalogService, speaker: Speaker) -> None:
        self.client = client
        self.service = service
        self.speaker = speaker

    async def cog_load(self) -> None:
        """Put the commands among the others of `/resource`."""
        ui.join(
            self.client,
            "resource",
            ui.command("catalog-cmd-import", self.bring),
            ui.command("catalog-cmd-export", self.export),
        )

    @app_commands.rename(file=label("catalog-opt-file"), strict=label("catalog-opt-strict"))
    @app_commands.describe(
        file=label("catalog-opt-file-desc"), strict=label("catalog-opt-strict-desc")
    )
    @ui.may_manage
    async def bring(
        self, interaction: discord.Interaction, file: discord.Attachment, strict: bool = False
    ) -> None:
        """Bring resources from a file, saying meanwhile how far it is."""
        await interaction.response.defer(ephemeral=True)
        ending = PurePosixPath(file.filename).suffix.lower()
        if ending not in ENDINGS:
            raise UserError("error-catalog-format")
        if file.size > UPLOAD_MAX:
            raise UserError("error-file-large", limit=UPLOAD_MAX // 10**6)
        content = await files.uploaded(file)
        guild_id, user_id = ui.who(interaction)
        texts = await self.speaker.to(interaction)
        done = [0, 0]

        def progress(n: int, n_all: int) -> None:
            done[:] = n, n_all

        with _kept(content, ending) as path:
            bringing = asyncio.ensure_future(
                importer.import_catalog(
                    self.service.database,
                    self.service.clock,
                    path,
                    guild_id=guild_id,
                    strict=strict,
                    progress=progress,
                    actor_id=user_id,
                )
            )
            await _tell(interaction, bringing, done, texts)
            report = await bringing
        view = imported(report, texts)
        await interaction.edit_original_response(view=view)

    @app_commands.rename(form=label("catalog-opt-form"))
    @app_commands.describe(form=label("catalog-opt-form-desc"))
    @app_commands.choices(form=FORM_CHOICES)
    @ui.may_manage
    async def export(self, interaction: discord.Interaction, form: str) -> None:
        """Hand out the whole catalogue."""
        await interaction.response.defer(ephemeral=True)
        guild_id, _ = ui.who(interaction)
        wanted: exporter.Form = next((each for each in exporter.FORMS if each == form), "csv")
        content, n = await exporter.export_catalog(self.service.database, guild_id, wanted)
        if len(content) > UPLOAD_MAX:
            raise UserError("error-catalog-export-large", limit=UPLOAD_MAX // 10**6)
        texts = await self.speaker.to(interaction)
        attached = [discord.File(io.BytesIO(content), f"catalogue.{wanted}")]
        tags = await tags_file.export_tags(self.service.database, guild_id, wanted)
        if tags is not None:
            attached.append(discord.File(io.BytesIO(tags), f"tags.{wanted}"))
        said = texts("catalog-exported", count=n)
        await interaction.followup.send(said, files=attached, ephemeral=True)


def imported(report: importer.ImportReport, texts: Texts) -> discord.ui.LayoutView:
    """Return what came of a file, with the first problems by their lines."""
    said = texts(
        "catalog-imported",
        read=report.read,
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        bad=report.n_bad,
    )
    lines = [f"- {ui.clip(ui.plain(each.sentence(texts)), 250)}" for each in report.problems[:8]]
    more = report.n_problems - len(lines)
    is_written = bool(report.added or report.changed or report.unchanged)
    return ui.panel(
        said,
        "" if is_written or not report.n_problems else texts("catalog-imported-nothing"),
        "\n".join(lines),
        texts("catalog-imported-more", count=more) if more > 0 else "",
        colour=ui.CAUTION if report.n_problems else ui.GOOD,
    )


@contextmanager
def _kept(content: bytes, ending: str) -> Iterator[Path]:
    """Keep what was uploaded in a file while it is read."""
    with tempfile.TemporaryDirectory(prefix="lyceum-") as folder:
        path = Path(folder) / f"upload{ending}"
        path.write_bytes(content)
        yield path


async def _tell(
    interaction: discord.Interaction, bringing: "asyncio.Future[Any]", done: list[int], texts: Texts
) -> None:
    """Say how far it is, every few seconds, until it is over."""
    while not bringing.done():
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(bringing), SHOWN_EVERY_S)
            return
        share = round(100 * done[0] / done[1]) if done[1] else 0
        view = ui.panel(texts("catalog-importing", share=share))
        with suppress(discord.HTTPException, OSError):
            await interaction.edit_original_response(view=view)
