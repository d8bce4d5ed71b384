"""Forms (Discord's modals): each is bound to whom it was shown, and asks again when it is sent.

discord.py finds a modal by its custom id alone, so an id that two people share hands the answers of
one to the other. Here every opening has an id of its own, ends after an hour, and is taken once,
from the member and in the server it was opened for, if that member still has the permission it
needs. Whatever else is sent gets a sentence instead of Discord's silence.

A form that is refused loses nothing. Discord lets nobody answer a form with a form, so the refusal
shows what was typed and has a button that opens the form again, filled in. What was entered is kept
in memory, for its owner, for an hour; after that, and after a restart, the refusal still shows it.

Views describe a form (`Form`); cogs show it (`ask`). Nothing else in the bot sends a modal.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord

from bot import ui
from bot.errors import StaleError, UserError
from bot.refusals import has_file, refuse, sent, typed
from bot.tree import answer_error

LIFE_S = 3_600.0
"""How long a form can be sent, counted from its opening; and opened again, from its refusal."""
AT_ONCE_MAX = 10
"""Forms of one member that are open at once; the oldest ends for the next. Closing a form tells
us nothing, so those that were closed count."""

_UNKNOWN = {
    discord.InteractionType.modal_submit: "error-form-expired",
    discord.InteractionType.component: "error-component-unknown",
}

Submit = Callable[[discord.Interaction, Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Form:
    """What a form asks: its name, which is no other form's, a title, and up to five fields."""

    name: str
    title: str
    fields: Sequence[discord.ui.Label[Any]]


def text_field(
    name: str,
    label: str,
    *,
    hint: str = "",
    placeholder: str = "",
    default: str = "",
    limit: int = 100,
    is_long: bool = False,
    is_required: bool = True,
) -> discord.ui.Label[Any]:
    """Return a labelled text field of a `Form`."""
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=name,
        placeholder=ui.clip(placeholder, ui.FIELD_HINT_MAX) or None,
        default=ui.clip(default, limit) or None,
        required=is_required,
        max_length=limit,
        style=discord.TextStyle.paragraph if is_long else discord.TextStyle.short,
    )
    return labelled(label, field, hint)


def labelled(label: str, item: Any, hint: str = "") -> discord.ui.Label[Any]:
    """Return any item of a `Form` below its label."""
    return discord.ui.Label(
        text=ui.clip(label, ui.FIELD_LABEL_MAX),
        description=ui.clip(hint, ui.FIELD_HINT_MAX) or None,
        component=item,
    )


async def ask(
    interaction: discord.Interaction[Any],
    form: Form,
    submit: Submit,
    *,
    needs: discord.Permissions,
) -> None:
    """Show a form to whoever caused `interaction`, and hand `submit` what they fill in.

    `submit` is given a text for each text field and a list of what was chosen or uploaded for
    others, by the fields' ids.

    Parameters
    ----------
    needs
        What the member must be allowed, now and when the form is sent: `ui.MODERATORS` or
        `ui.ANYBODY`.
    """
    opener: OpenForms = interaction.client.forms
    await opener.show(interaction, form, submit, needs)


def forget(interaction: discord.Interaction[Any]) -> None:
    """Take away every form of whoever acts here, and what they entered."""
    opener: OpenForms = interaction.client.forms
    opener.forget(ui.who(interaction))


async def wait(submitted: discord.Interaction[Any]) -> None:
    """Gain time for what may take longer than Discord's three seconds, such as reading a file."""
    is_new = submitted.message is None
    await submitted.response.defer(ephemeral=is_new, thinking=is_new)


async def answer(submitted: discord.Interaction[Any], view: discord.ui.LayoutView) -> None:
    """Answer a form in the message it was opened from, or in a new one for a command's."""
    if submitted.response.is_done():
        await submitted.edit_original_response(view=view, attachments=[])
    elif submitted.message is not None:
        await submitted.response.edit_message(view=view, attachments=[])
    else:
        await submitted.response.send_message(view=view, ephemeral=True)


class OpenForms:
    """The forms that members have in front of them, and those that were refused; a client has one.

    A restart ends them all.
    """

    def __init__(self) -> None:
        self._open: dict[int, _Opened] = {}

    async def show(
        self,
        interaction: discord.Interaction[Any],
        form: Form,
        submit: Submit,
        needs: discord.Permissions,
        refused: "_Opened | None" = None,
    ) -> None:
        """See `ask`; `refused` is what this one is filled in with."""
        ui.require(interaction, needs)
        opened = _Opened(self, interaction, form, submit, needs, refused)
        await interaction.response.send_modal(opened)
        self.keep(opened)
        theirs = [each for each in self._open.values() if each.owner == opened.owner]
        for each in theirs[:-AT_ONCE_MAX]:
            self.end(each)

    async def again(self, interaction: discord.Interaction[Any], match: re.Match[str]) -> None:
        """Open a form that was refused, with what was entered."""
        kept = self._open.get(int(match["number"]))
        if kept is None or not kept.is_of(interaction):
            raise UserError("error-form-expired")
        await self.show(interaction, kept.form, kept.submit, kept.needs, kept)

    def keep(self, opened: "_Opened") -> None:
        """Let a form end an hour from now, whatever was said before."""
        opened.lives_until(asyncio.get_running_loop().call_later(LIFE_S, self.end, opened))
        self._open[opened.number] = opened

    def end(self, opened: "_Opened") -> None:
        """Take a form away; sending it is answered as an unknown one's."""
        opened.stop()
        opened.lives_until(None)
        self._open.pop(opened.number, None)

    def forget(self, owner: tuple[int, int]) -> None:
        """Take away all forms of a member of a server."""
        for each in [each for each in self._open.values() if each.owner == owner]:
            self.end(each)

    def is_open(self, opened: "_Opened") -> bool:
        """Return whether a form has not ended."""
        return opened.number in self._open


async def answer_unknown(interaction: discord.Interaction[Any]) -> None:
    """Answer a form that nobody has open, and a button or menu of an answer we no longer give.

    discord.py drops both without a word. It starts the task of what it does know before it
    dispatches the event ``interaction``, which this listens to.
    """
    key = _UNKNOWN.get(interaction.type)
    if key is not None and ui.HEARD not in interaction.extras:
        await refuse(interaction, UserError(key), typed(interaction))


class _Opened(discord.ui.Modal):
    """A form in front of one member of one server, or kept for them after it was refused."""

    def __init__(
        self,
        forms: OpenForms,
        interaction: discord.Interaction[Any],
        form: Form,
        submit: Submit,
        needs: discord.Permissions,
        refused: "_Opened | None",
    ) -> None:
        title = ui.clip(form.title, ui.MODAL_TITLE_MAX)
        custom_id = f"{form.name}:{interaction.id}"
        super().__init__(title=title, custom_id=custom_id)
        self.number, self.owner = interaction.id, ui.who(interaction)
        self.form, self.submit, self.needs = form, submit, needs
        self.entered: Mapping[str, Any] = refused.entered if refused is not None else {}
        self._first = refused or self
        self._forms = forms
        self._ending: asyncio.TimerHandle | None = None
        self._is_taken = False
        self._labels = [_filled_in(label, self.entered) for label in form.fields]
        for label in self._labels:
            self.add_item(label)

    def is_of(self, interaction: discord.Interaction[Any]) -> bool:
        """Return whether somebody is who opened this, where they opened it."""
        return (interaction.guild_id, interaction.user.id) == self.owner

    def lives_until(self, ending: asyncio.TimerHandle | None) -> None:
        """Put the end that is to come in the place of the one before."""
        if self._ending is not None:
            self._ending.cancel()
        self._ending = ending

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Return whether this may be taken, and say why where it may not."""
        interaction.extras[ui.HEARD] = True
        try:
            if not self.is_of(interaction) or self._is_taken:
                raise UserError("error-form-expired")
            ui.require(interaction, self.needs)
        except UserError as error:
            await refuse(interaction, error, typed(interaction))
            return False
        self._is_taken = True
        return True

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Hand on what was filled in; say what is wrong with it, and keep it."""
        self.entered = dict(_entered(self._labels, sent(interaction)))
        try:
            await self.submit(interaction, self.entered)
        except (StaleError, discord.DiscordException, aiohttp.ClientError) as error:
            self._end()  # or it is done, and only saying so failed
            await refuse(interaction, error, typed(interaction, self._labels))
        except Exception as error:
            kept = self._keep()
            await refuse(
                interaction,
                error,
                typed(interaction, self._labels),
                title=self.title,
                again=kept.number,
                is_file_lost=has_file(interaction),
                is_in_place=kept is not self,
            )
        else:
            self._end()
            interaction.client.dispatch("lyceum_answered", interaction)

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, *_: Any
    ) -> None:
        """Answer what discord.py could not read."""
        interaction.extras[ui.HEARD] = True
        await answer_error(interaction, error)

    def _keep(self) -> "_Opened":
        """Keep what was entered where the button of the first refusal looks for it."""
        kept = self._first if self._forms.is_open(self._first) else self
        kept.entered = self.entered
        if kept is not self:
            self._forms.end(self)
        self._forms.keep(kept)
        return kept

    def _end(self) -> None:
        for each in (self, self._first):
            self._forms.end(each)


def _filled_in(label: discord.ui.Label[Any], entered: Mapping[str, Any]) -> discord.ui.Label[Any]:
    """Return a copy of a field with what was entered before; no bot can put a file back."""
    copied = deepcopy(label)
    field: Any = copied.component
    if field.custom_id not in entered or isinstance(field, discord.ui.FileUpload):
        return copied
    value = entered[field.custom_id]
    if isinstance(field, discord.ui.TextInput):
        typed = str(value)
        field.default = ui.clip(typed, field.max_length or ui.INPUT_MAX) or None
    elif isinstance(field, discord.ui.Select):
        for option in field.options:
            option.default = option.value in value
    else:
        field.default_values = [each for each in value if not isinstance(each, str)]
    return copied


def _entered(
    labels: Sequence[discord.ui.Label[Any]], sent: Mapping[str, Any]
) -> Iterator[tuple[str, str | list[Any]]]:
    """Yield each field's id and what was sent for it.

    discord.py writes into the fields before anybody can refuse the sender, so a field that this
    sender left out may hold what another one wrote: it counts as empty.
    """
    for label in labels:
        field: Any = label.component
        is_text = isinstance(field, discord.ui.TextInput)
        if field.custom_id not in sent:
            yield field.custom_id, "" if is_text else []
        else:
            yield field.custom_id, field.value if is_text else list(field.values)
