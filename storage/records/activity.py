"""What members did: events as they are stored, read in bulk and asked for."""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple


class EventKind(IntEnum):
    """What a member did. The numbers are stored: never reuse one."""

    MESSAGE = 1
    MESSAGE_DELETED = 2
    REACTION = 3
    REACTION_REMOVED = 4
    THREAD = 5
    OPEN = 10
    SAVE = 11
    UNSAVE = 12
    DISMISS = 13
    COMMENT = 14
    FOLLOW = 15
    UNDISMISS = 16
    ACCEPTED = 20
    UNACCEPTED = 21
    PUBLISHED = 22
    RETIRED = 23
    REVIEWED = 24
    CHECKIN = 25
    TASK_DONE = 26
    TASK_UNDONE = 27
    SOLVED = 30
    UNSOLVED = 31
    USEFUL = 40
    KNOWN = 41
    TOO_EASY = 42
    TOO_HARD = 43
    OUTDATED = 44
    BROKEN = 45
    LIKED = 46
    RATED = 47
    DISLIKED = 48
    PURCHASE = 50
    REFUND = 51
    STARTED = 52
    DONE = 53
    PAID = 54
    PAID_BACK = 55
    RETRACTED = 59


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a member did; ``(guild, source, kind, user, qualifier)`` is its identity.

    ``source_id`` is what Discord calls the thing (message, interaction) or our own id of it
    (impression); ``qualifier`` tells apart what one member may do to it more than once (the
    emoji's hash, the second of an open). ``target_id`` is the author of what was reacted or
    replied to. ``length_class`` is 0 (nothing), 1 (below the minimum), 2 (short), 3 (long),
    or None where the bot may not read the text; the text itself is never kept. ``novelty`` is 0
    for what repeats what was said minutes ago, 1 for what does not, None where nobody looked.
    ``parent_id`` is the channel that a thread belongs to; ``role_ids`` are those of the
    member's roles that a reward rule of the guild named at the time.

    PURCHASE is of one resource that a product opens, REFUND takes that very one back. PAID says
    that money came for a product, whatever it opens (the source is the payment's fact), PAID_BACK
    that none of it was kept.

    The kinds that are about more than the member who acts: ACCEPTED is the asker's (``target_id``
    wrote the answer that is the source), PUBLISHED the publisher's (the source is the resource,
    ``target_id`` its creator), REVIEWED the requester's or moderator's (``target_id`` reviewed),
    TASK_DONE the marker's (the source is what ``target_id`` handed in), taken back by TASK_UNDONE.

    From USEFUL to DONE members say what a resource was to them: a rating is LIKED (4 or 5 stars),
    RATED (3) or DISLIKED (1 or 2), with the stars as its ``qualifier``; RETRACTED takes the kind
    that is its ``qualifier`` back.
    """

    guild_id: int
    source_id: int
    kind: EventKind
    user_id: int
    occurred_at: float
    qualifier: int = 0
    channel_id: int | None = None
    resource_id: int | None = None
    target_id: int | None = None
    length_class: int | None = None
    is_reply: bool = False
    in_thread: bool = False
    has_attachment: bool = False
    parent_id: int | None = None
    novelty: int | None = None
    role_ids: tuple[int, ...] | None = None


class Logged(NamedTuple):
    """A stored event as the reward engine reads it, with what the log says about its undoing.

    ``gone_id`` is the event that deleted the source, ``undone_id`` the one that removed this
    very reaction, 0 for none; ``n_same`` counts the member's reactions on the source. A plain
    tuple, for millions of them are read.
    """

    event_id: int
    kind: int
    source_id: int
    user_id: int
    qualifier: int
    occurred_at: float
    recorded_at: float
    channel_id: int | None = None
    parent_id: int | None = None
    resource_id: int | None = None
    target_id: int | None = None
    length_class: int | None = None
    novelty: int | None = None
    in_thread: bool | int = False
    has_attachment: bool | int = False
    role_ids: tuple[int, ...] | None = None
    gone_id: int | None = 0
    undone_id: int | None = 0
    n_same: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What reading the log has to know of the kinds of reward: numbers of kinds of events.

    Attributes
    ----------
    bearing
        All that pay, undo, or bear on a later payment.
    by_giver
        Pairs of what a member sets on a source and what takes that very thing away again.
    by_source
        Pairs of what anybody sets on a source and what takes it away.
    by_count
        Pairs of what adds a member to those who keep a resource, and what takes them away.
    of_messages
        What pays for a message, and ends with it.
    ending
        What ends all that a source has paid.
    answering
        What one member answers another by.
    meant
        Names of the rewards that are owed to whom the event was about, not to who acted.
    """

    bearing: tuple[int, ...]
    by_giver: tuple[tuple[int, int], ...]
    by_source: tuple[tuple[int, int], ...]
    by_count: tuple[tuple[int, int], ...]
    of_messages: tuple[int, ...]
    ending: tuple[int, ...]
    answering: tuple[int, ...]
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing a member did to a resource; it ``stands`` unless it was taken back later."""

    resource_id: int
    kind: EventKind
    occurred_at: float
    is_rewarded: bool = False
    stands: bool = True
