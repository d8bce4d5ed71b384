"""Who changed what."""

from dataclasses import dataclass, field
from typing import Any, Literal

AuditAction = Literal[
    "consent-granted",
    "consent-declined",
    "tracking-stopped",
    "tracking-resumed",
    "member-erased",
    "digest.on",
    "digest.off",
    "digest.channel.on",
    "digest.channel.off",
    "server-language",
    "server-time-zone",
    "server-consent-policy",
    "server-synonyms",
    "resource.add",
    "resource.edit",
    "resource.retired",
    "resource.live",
    "submission.publish",
    "submission.reject",
    "submission.undo",
    "submission.edit",
    "submission.ask",
    "resource.merge",
    "resource.replace",
    "resource.edition",
    "resource.gem",
    "resource.ungem",
    "resource.current",
    "wish.fulfil",
    "wish.drop",
    "submission.seek",
    "feedback.show",
    "feedback.hide",
    "feedback.works",
    "source.add",
    "source.edit",
    "source.remove",
    "source.import",
    "path.make",
    "path.step",
    "path.edit",
    "path.retire",
    "path.restore",
    "path.before",
    "path.unbefore",
    "task.make",
    "task.edit",
    "task.end",
    "task.restore",
    "task.mark",
    "tags.add",
    "tags.edit",
    "tags.merge",
    "tags.remove",
    "tags.import",
    "tags.undo",
    "tags.open",
    "tags.close",
    "points.award",
    "points.deduct",
    "points.undo",
    "rules.draft",
    "rules.import",
    "rules.discard",
    "rules.publish",
    "rules.rescore",
    "rules.rescore.undo",
    "ring.hold",
    "ring.release",
    "ring.reverse",
    "shop.add",
    "shop.edit",
    "shop.stock",
    "shop.retire",
    "shop.restore",
    "shop.fulfil",
    "shop.refund",
    "product.add",
    "product.edit",
    "product.retired",
    "product.live",
    "purchase.grant",
    "purchase.refund",
    "purchase.assign",
    "purchase.undo",
    "questions.setup",
    "questions.accept",
    "questions.reopen",
    "questions.close",
    "questions.bounty",
    "questions.link",
    "experts.approve",
    "experts.decline",
    "levels.notices",
    "levels.staff",
    "levels.reward",
    "levels.unreward",
    "levels.decide",
    "model.refit",
    "insights.holdout",
    "insights.today",
    "experiment.start",
    "experiment.stop",
    "import.catalog",
    "import.interactions",
    "import.points",
    "import.purchases",
    "import.points.undo",
]
"""What is written down about whom; `bot.audit.rules` says which of it moderators read."""

OPERATOR = -1
"""Stands for whoever runs the bot, who is no member: the actor of what the terminal changes."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who changed what, for moderators.

    ``subject`` is the id of what was changed, where it has one; ``about`` are the members it was
    decided about, 0 for one who was erased since. The actor may be the `OPERATOR`.
    """

    guild_id: int
    actor_id: int
    action: AuditAction
    occurred_at: float
    subject: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    about: tuple[int, ...] = ()
    audit_id: int = 0


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which rows of the audit trail are wanted; None for any."""

    actions: tuple[AuditAction, ...]
    actor_id: int | None = None
    about_id: int | None = None
    since: float | None = None
