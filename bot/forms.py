"""Forms (Discord's modals): each is bound to whom it was shown, and asks again when it is sent.

discord.py finds a modal by its custom id alone, so an id that two people share hands the answers of
one to the other. Here every opening has an id of its own, ends after an hour, and is taken once,
from the member and in the server it was opened for, if that member still has the permission it
needs. Whatever else is sent gets a sentence instead of Discord's silence.

Views describe a form (`Form`); cogs show it (`ask`). Nothing else in the bot sends a modal.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import discord

from bot import ui
from bot.errors import UserError
from bot.tree import answer_error, guarded

TITLE_MAX = 45
LABEL_MAX = 45
HINT_MAX = 100

LIFE_S = 3_600.0
"""How long a form can be sent, counted from its opening."""
AT_ONCE_MAX = 5
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
        placeholder=ui.clip(placeholder, HINT_MAX) or None,
        default=ui.clip(default, limit) or None,
        required=is_required,
        max_length=limit,
        style=discord.TextStyle.paragraph if is_long else discord.TextStyle.short,
    )
    return labelled(label, field, hint)


def labelled(label: str, item: Any, hint: str = "") -> discord.ui.Label[Any]:
    """Return any item of a `Form` below its label."""
    return discord.ui.Label(
        text=ui.clip(label, LABEL_MAX),
        description=ui.clip(hint, HINT_MAX) or None,
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


class OpenForms:
    """The forms that members have in front of them; a client has one. A restart ends them all."""

    def __init__(self) -> None:
        self._open: dict[str, _Opened] = {}

    async def show(
        self,
        interaction: discord.Interaction[Any],
        form: Form,
        submit: Submit,
        needs: discord.Permissions,
    ) -> None:
        """See `ask`."""
        ui.require(interaction, needs)
        opened = _Opened(self, interaction, form, submit, needs)
        await interaction.response.send_modal(opened)
        self._open[opened.custom_id] = opened
        theirs = [each for each in self._open.values() if each.owner == opened.owner]
        for each in theirs[:-AT_ONCE_MAX]:
            self.end(each)

    def end(self, opened: "_Opened") -> None:
        """Take a form away; sending it is answered as an unknown one's."""
        opened.stop()
        self._open.pop(opened.custom_id, None)


async def answer_unknown(interaction: discord.Interaction[Any]) -> None:
    """Answer a form that nobody has open, and a button or menu of an answer we no longer give.

    discord.py drops both without a word. It starts the task of what it does know before it
    dispatches the event ``interaction``, which this listens to.
    """
    key = _UNKNOWN.get(interaction.type)
    if key is not None and ui.HEARD not in interaction.extras:
        await answer_error(interaction, UserError(key))


class _Opened(discord.ui.Modal):
    """A form in front of one member of one server."""

    def __init__(
        self,
        forms: OpenForms,
        interaction: discord.Interaction[Any],
        form: Form,
        submit: Submit,
        needs: discord.Permissions,
    ) -> None:
        title = ui.clip(form.title, TITLE_MAX)
        custom_id = f"{form.name}:{interaction.id}"
        super().__init__(title=title, custom_id=custom_id, timeout=LIFE_S)
        self.owner = ui.who(interaction)
        self._forms, self._submit, self._needs = forms, submit, needs
        self._labels = deepcopy(list(form.fields))
        self._is_sent = False
        for label in self._labels:
            self.add_item(label)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Return whether this may be taken, and say why where it may not."""
        interaction.extras[ui.HEARD] = True
        try:
            if (interaction.guild_id, interaction.user.id) != self.owner or self._is_sent:
                raise UserError("error-form-expired")
            ui.require(interaction, self._needs)
        except UserError as error:
            await answer_error(interaction, error)
            return False
        self._is_sent = True
        return True

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Hand on what was filled in; errors are answered as a command's are."""
        self._forms.end(self)
        filled = dict(_filled(self._labels, _sent_ids(interaction.data)))
        await guarded(interaction, self._submit(interaction, filled))

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, *_: Any
    ) -> None:
        """Answer what discord.py could not read."""
        interaction.extras[ui.HEARD] = True
        await answer_error(interaction, error)

    async def on_timeout(self) -> None:
        """End."""
        self._forms.end(self)


def _filled(
    labels: Sequence[discord.ui.Label[Any]], sent: set[str]
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


def _sent_ids(data: Any) -> set[str]:
    """Return the ids of the fields that a form was sent with."""
    return {str(label.get("component", {}).get("custom_id")) for label in data["components"]}
