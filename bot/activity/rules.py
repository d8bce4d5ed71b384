"""What counts as activity, how much a message says and whether it says anything new.

The text of a message is measured here and goes no further: all that is stored of it is its
length class, and whether it repeats what was just said. To know that, `Heard` keeps hashes of
pieces of the last hour's messages under a key that dies with the process, in memory only.
"""

import itertools
import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from bot import dates
from bot.information import information as information
from bot.information import length_class as length_class
from bot.information import pieces as pieces
from storage.records import Event, EventKind

HEARD_S = 3_600.0
"""How long what was said is remembered, to know what others repeat."""
HEARD_OWN_S = dates.DAY_S
"""How long it is remembered of its own author."""
HEARD_OWN = 60
"""Messages of one author that are remembered, at most."""
STOCK_S = 7 * HEARD_OWN_S
"""How long it is remembered that an author has said the same, whole, before."""
STOCK = 400
"""Of how many messages of one author that is remembered, at most."""
_MARKS = 3
"""So many of a message's hashes, the least, tell it from others."""
HEARD_ALL = 100
"""Messages of a guild that are remembered, at most, to know what others repeat."""
FRESH_SHARE = 0.4
"""A message says something new if at least so much of it is not in its author's last hour."""
COPIED_SHARE = 0.8
"""A message copies another one if so much of it is in that."""

TAKEN_BACK = frozenset({EventKind.MESSAGE_DELETED, EventKind.REACTION_REMOVED})
"""What takes back something that was recorded before."""

# What other bots listen to: "!rank", "?help me", "/daily", ".play a song of five words". A sentence
# may begin so, too (".env files are loaded first"): it has more words, and another first one.
_COMMAND = re.compile(
    r"[!?/][a-z]\w*(?:\s+\S+){0,2}|[.$+~;%&=-][a-z]\w*(?:\s+\S+)?"
    r"|[!?./$+~;%&=-](?:ask|imagine|p|play|poll|remind|say|search|suggest|translate)(?:\s+\S+){0,5}",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://\S", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it arrived, its text already reduced to a length class.

    ``reply_to`` is the message replied to and ``reply_author`` its author where Discord said
    so (None for a bot). ``thread_owner`` is None outside threads and where unknown.
    """

    guild_id: int
    channel_id: int
    message_id: int
    author_id: int
    posted_at: float
    length_class: int | None = None
    has_attachment: bool = False
    reply_to: int | None = None
    reply_author: int | None = None
    in_thread: bool = False
    thread_owner: int | None = None
    parent_id: int | None = None
    novelty: int | None = None
    role_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reacted:
    """A reaction as it arrived; ``emoji`` is a hash (`bot.emoji`)."""

    guild_id: int
    channel_id: int
    message_id: int
    user_id: int
    emoji: int


@dataclass(frozen=True, slots=True)
class Place:
    """A channel the bot may read: when it was made, as a snowflake, and its newest message.

    A thread started from a message has that message's id, so ``made`` is not always the id.
    """

    channel_id: int
    made: int
    newest: int | None = None


@dataclass(slots=True)
class Missed:
    """What was taken away while a channel is read back, of messages that are not stored yet.

    A page of history is older than it looks: what is deleted after Discord sent it and before it
    is stored was there to be read, and leaves nothing to be undone. Whoever stores a page asks
    this at that very moment.
    """

    deleted: set[int] = field(default_factory=set)
    taken: set[Reacted] = field(default_factory=set)
    cleared: set[tuple[int, int | None]] = field(default_factory=set)
    places: set[int] = field(default_factory=set)

    def is_gone(self, message_id: int, *places: int | None) -> bool:
        """Say whether a message was deleted, or one of the places it stood in."""
        return message_id in self.deleted or not self.places.isdisjoint(places)

    def is_taken(self, reacted: Reacted) -> bool:
        """Say whether a reaction was taken back, or removed with all or with its emoji's."""
        return (
            reacted in self.taken
            or self.is_gone(reacted.message_id, reacted.channel_id)
            or not self.cleared.isdisjoint(
                {(reacted.message_id, None), (reacted.message_id, reacted.emoji)}
            )
        )


PAUSES_S = (5.0, 15.0, 60.0, 300.0, 900.0)
"""Before a channel that could not be read back is tried again: few enough requests that Discord
refuses (10,000 in ten minutes bar an address), also with thousands of channels."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Since when a channel waits to be read back, in unix seconds, and after how many tries."""

    since: float
    n_tries: int = 1

    def is_over(self, now: float) -> bool:
        """Say whether it is time to try again; a clock that was put back is no reason to wait."""
        pause_s = PAUSES_S[min(self.n_tries, len(PAUSES_S)) - 1]
        return not 0 <= now - self.since < pause_s


def is_empty(text: str, *, has_more: bool) -> bool:
    """Say whether nothing is left to read of a message that was edited.

    Parameters
    ----------
    has_more
        It carries a picture, a sticker or the like. A link, too, is something.
    """
    return not has_more and length_class(text) == 0 and _LINK.search(text) is None


def is_like_a_command(text: str) -> bool:
    """Say whether a text is what other bots listen to rather than members."""
    return _COMMAND.fullmatch(text.strip()) is not None


@dataclass(frozen=True, slots=True)
class _Said:
    """A message: which, when, by whom, the hashes of its pieces, and what was found of it."""

    message_id: int | None
    at: float
    author_id: int
    pieces: frozenset[int]
    is_new: bool


@dataclass(slots=True)
class Heard:
    """What was said lately, as hashes under a key of this process.

    Parameters
    ----------
    key
        Random; without it the hashes say nothing.
    """

    key: int
    own: dict[tuple[int, int], deque[_Said]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=HEARD_OWN))
    )
    all: dict[int, deque[_Said]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=HEARD_ALL))
    )
    stock: dict[tuple[int, int], dict[int, tuple[float, int | None]]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def novelty(
        self,
        guild_id: int,
        author_id: int,
        text: str | None,
        at: float,
        message_id: int | None = None,
    ) -> int | None:
        """Return 1 for a text that says something new, 0 for one that does not, and remember it.

        It does not if most of it is in what its author said in the last hour, in whatever
        order, or nearly all of it in one message of theirs of the last day or of somebody
        else's of the last hour, or if it is a command; nor if its author said it in the last
        week, word for word or nearly, for a stock of sentences wears off. None stands for a text
        that may not be read, or that says nothing at all. A message that is read again is what it
        was.
        """
        said = frozenset(hash((self.key, piece)) for piece in pieces(text)) if text else None
        if not text or not said:
            return None
        of_author, of_guild = self.own[guild_id, author_id], self.all[guild_id]
        for heard, for_s in ((of_author, HEARD_OWN_S), (of_guild, HEARD_S)):
            while heard and heard[0].at < at - for_s:
                heard.popleft()
        again = (one for one in of_author if message_id and one.message_id == message_id)
        if known := next(again, None):
            return int(known.is_new)
        lately = (one.pieces for one in of_author if one.at >= at - HEARD_S)
        others = (one for one in of_guild if one.author_id != author_id)
        whole = (one.pieces for one in itertools.chain(of_author, others))
        is_new = (
            _is_fresh(said, lately)
            and not any(_is_copied(said, theirs) for theirs in whole)
            and not is_like_a_command(text)
        )
        is_new &= not self._is_of_stock((guild_id, author_id), said, at, message_id)
        new = _Said(message_id=message_id, at=at, author_id=author_id, pieces=said, is_new=is_new)
        of_author.append(new)
        of_guild.append(new)
        if len(self.own) > 10 * HEARD_ALL:
            self.forget(at)
        return int(is_new)

    def _is_of_stock(
        self, of: tuple[int, int], said: frozenset[int], at: float, message_id: int | None
    ) -> bool:
        """Say whether an author said the same in another message of the last week; remember it."""
        stock, mark = self.stock[of], hash(tuple(sorted(said)[:_MARKS]))
        last_at, last_id = stock.pop(mark, (None, None))
        is_again = last_at is not None and at - last_at < STOCK_S
        if last_id is not None and last_id == message_id:
            is_again = False
        stock[mark] = at, message_id
        while len(stock) > STOCK:
            del stock[next(iter(stock))]
        return is_again

    def drop(self, guild_id: int, message_ids: Collection[int]) -> None:
        """Forget messages that were deleted: posted again, they are no repetition."""
        gone = set(message_ids)
        of_guild = [said for (guild, _), said in self.own.items() if guild == guild_id]
        for heard in (self.all[guild_id], *of_guild):
            for one in [one for one in heard if one.message_id in gone]:
                heard.remove(one)
        for (guild, _), stock in self.stock.items():
            if guild == guild_id:
                for mark in [mark for mark, (_, of) in stock.items() if of in gone]:
                    del stock[mark]

    def forget(self, at: float) -> None:
        """Drop whoever said nothing for a day, and the stock of who did not for a week."""
        for key in [key for key, said in self.own.items() if said[-1].at < at - HEARD_OWN_S]:
            del self.own[key]
        for key, stock in list(self.stock.items()):
            if all(last_at < at - STOCK_S for last_at, _ in stock.values()):
                del self.stock[key]


def _is_fresh(said: frozenset[int], lately: Iterable[frozenset[int]]) -> bool:
    fresh, enough = said, FRESH_SHARE * len(said)
    for theirs in lately:
        fresh -= theirs
        if len(fresh) < enough:
            return False
    return True


def _is_copied(said: frozenset[int], theirs: frozenset[int]) -> bool:
    return len(theirs) >= (enough := COPIED_SHARE * len(said)) and len(said & theirs) >= enough


def is_counted(
    *, in_guild: bool, is_bot: bool, is_webhook: bool, is_written: bool, is_command: bool
) -> bool:
    """Say whether a message is a member's own contribution.

    Parameters
    ----------
    is_written
        Somebody wrote it; False for what Discord itself posts (joins, pins, boosts).
    is_command
        It is the answer to a command.
    """
    return in_guild and is_written and not (is_bot or is_webhook or is_command)


def message_event(
    posted: Posted,
    reply_author: int | None,
    resource_id: int | None,
    named_roles: frozenset[int] = frozenset(),
) -> Event:
    """Return the event of a message.

    Parameters
    ----------
    reply_author
        Who wrote the message replied to, as far as we or Discord know.
    resource_id
        The resource whose card was replied to, or started the thread: a comment on it.
    named_roles
        The roles that reward rules name; no other is kept.
    """
    target = reply_author or posted.thread_owner
    return Event(
        guild_id=posted.guild_id,
        source_id=posted.message_id,
        kind=EventKind.MESSAGE,
        user_id=posted.author_id,
        occurred_at=posted.posted_at,
        channel_id=posted.channel_id,
        resource_id=resource_id,
        target_id=target if target != posted.author_id else None,
        length_class=posted.length_class,
        is_reply=posted.reply_to is not None,
        in_thread=posted.in_thread,
        has_attachment=posted.has_attachment,
        parent_id=posted.parent_id,
        novelty=posted.novelty,
        role_ids=tuple(sorted(named_roles.intersection(posted.role_ids))) or None,
    )


def reaction_event(
    reacted: Reacted, now: float, message: Event | None, resource_id: int | None
) -> Event:
    """Return the event of a reaction added; on a resource's card it is a like of it.

    It says whose message it is on and how much that said, None for one we never saw.
    """
    return Event(
        guild_id=reacted.guild_id,
        source_id=reacted.message_id,
        kind=EventKind.REACTION,
        user_id=reacted.user_id,
        occurred_at=now,
        qualifier=reacted.emoji,
        channel_id=reacted.channel_id,
        resource_id=resource_id,
        target_id=message.user_id if message else None,
        length_class=message.length_class if message else None,
        has_attachment=message.has_attachment if message else False,
        parent_id=message.parent_id if message else None,
        novelty=message.novelty if message else None,
    )


def undone(event: Event, kind: EventKind, now: float) -> Event:
    """Return the event that takes `event` back: same source, member, qualifier and resource."""
    return Event(
        guild_id=event.guild_id,
        source_id=event.source_id,
        kind=kind,
        user_id=event.user_id,
        occurred_at=now,
        qualifier=event.qualifier,
        channel_id=event.channel_id,
        resource_id=event.resource_id,
        target_id=event.target_id,
    )


def first_cursors(
    known: Mapping[int, int], places: Iterable[Place], *, is_new: bool
) -> dict[int, int]:
    """Return where reading begins in the channels that have no cursor yet.

    A channel younger than every cursor was made while the bot was away and is read from its
    beginning. Any other was there before us, or was hidden from us: what it holds is not ours
    to read, and reading begins behind it. Only a beginning is less than the channel's id: a
    forum post's first message has the thread's own id.

    Parameters
    ----------
    known
        The guild's cursors: newest message processed, by channel.
    is_new
        The bot has just been let in, perhaps again: every channel begins behind its end.
    """
    latest = max(known.values(), default=None)
    begin: dict[int, int] = {}
    for place in places:
        if is_new or place.channel_id not in known:
            is_younger = not is_new and latest is not None and place.made > latest
            end = place.newest or place.channel_id
            begin[place.channel_id] = place.channel_id - 1 if is_younger else end
    return begin
