"""Which entries moderators read, and in what groups."""

from collections.abc import Mapping

from storage.records import AuditAction

KINDS: Mapping[str, tuple[AuditAction, ...]] = {
    "server": ("server-language", "server-time-zone", "server-consent-policy", "server-synonyms"),
    "rules": (
        "rules.draft",
        "rules.import",
        "rules.discard",
        "rules.publish",
        "rules.rescore",
        "rules.rescore.undo",
    ),
    "points": ("points.award", "points.deduct", "points.undo"),
    "evidence": ("ring.hold", "ring.release", "ring.reverse"),
    "shop": (
        "shop.add",
        "shop.edit",
        "shop.stock",
        "shop.retire",
        "shop.restore",
        "shop.fulfil",
        "shop.refund",
    ),
    "purchases": (
        "product.add",
        "product.edit",
        "product.retired",
        "product.live",
        "purchase.grant",
        "purchase.refund",
        "purchase.assign",
        "purchase.undo",
    ),
    "questions": (
        "questions.setup",
        "questions.accept",
        "questions.reopen",
        "questions.close",
        "questions.bounty",
        "questions.link",
        "experts.approve",
        "experts.decline",
    ),
    "levels": (
        "levels.notices",
        "levels.staff",
        "levels.reward",
        "levels.unreward",
        "levels.decide",
    ),
    "catalogue": (
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
    ),
    "digest": ("digest.channel.on", "digest.channel.off"),
    "model": (
        "model.refit",
        "insights.holdout",
        "insights.today",
        "experiment.start",
        "experiment.stop",
    ),
    "import": (
        "import.catalog",
        "import.interactions",
        "import.points",
        "import.purchases",
        "import.points.undo",
    ),
}
"""What moderators do, by the kind that they can ask for."""

OWN: tuple[AuditAction, ...] = (
    "consent-granted",
    "consent-declined",
    "tracking-stopped",
    "tracking-resumed",
    "member-erased",
    "digest.on",
    "digest.off",
)
"""What members chose for themselves; nobody else reads it."""


def actions(kind: str) -> tuple[AuditAction, ...]:
    """Return the actions of a kind, of all kinds for an unknown one."""
    return KINDS.get(kind) or tuple(action for found in KINDS.values() for action in found)


def kind_of(action: AuditAction) -> str:
    """Return the kind of an action that moderators read."""
    return next(kind for kind, found in KINDS.items() if action in found)
