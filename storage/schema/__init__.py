"""Every table, once: whoever reads or writes one imports it from here.

Conventions: times are UTC unix seconds in columns ending ``_at``; Discord ids are 64-bit
integers; points are stored in hundredths (``amount``). A column made by `member_id` holds a
member's id, and its table says in ``info["erase"]`` what erasure does with the rows that
carry it: ``delete`` the row, or ``anonymise`` the column (set it to 0) where the row is
about something else. `storage.privacy` reads these marks, and a test walks them, so a new
table cannot be forgotten. Marked besides are columns of `words`, which may name a member, and
``passes``, a place in a walk past members that may be a member's id.
"""

from storage.schema.activity import checkins, cursors, events
from storage.schema.audit import audit, audit_about
from storage.schema.catalogue import (
    impressions,
    links,
    resource_joins,
    resource_messages,
    resources,
)
from storage.schema.changes import TRIGGERS, catalogue_changes, question_changes, versions
from storage.schema.columns import ERASED, BigId, at, guild_id, member_id, metadata, words
from storage.schema.digests import (
    channel_digests,
    channel_letters,
    deliveries,
    digest_settings,
)
from storage.schema.experts import experts, invitations
from storage.schema.feedback import keepings, link_checks, opinions, ratings
from storage.schema.gathering import (
    checks,
    source_entries,
    sources,
    topic_gaps,
    wish_voices,
    wishes,
)
from storage.schema.guilds import guild_zones, guilds, members, meta, promises, stays
from storage.schema.insights import briefings, experiments, insight_settings
from storage.schema.levels import (
    level_grants,
    level_notices,
    level_rewards,
    level_settings,
    member_levels,
)
from storage.schema.models import learned_from, snapshots
from storage.schema.paths import path_steps, paths, prerequisites
from storage.schema.points import (
    balances,
    board_seasons,
    daily_points,
    ledger,
    period_points,
    rescores,
    rule_drafts,
    rule_sets,
)
from storage.schema.purchases import (
    accesses,
    claim_tries,
    product_keys,
    product_resources,
    products,
    purchase_facts,
    purchase_notices,
    purchase_refs,
    purchases,
    receipt_settings,
)
from storage.schema.questions import (
    question_answers,
    question_followers,
    question_places,
    question_posts,
    question_settings,
    questions,
)
from storage.schema.shop import redemptions, role_ends, shop_items, shop_units
from storage.schema.submissions import reviews, submissions
from storage.schema.tags import tag_changes, tag_moves, tags
from storage.schema.tasks import tasks, works

__all__ = [
    "ERASED",
    "TRIGGERS",
    "BigId",
    "accesses",
    "at",
    "audit",
    "audit_about",
    "balances",
    "board_seasons",
    "briefings",
    "catalogue_changes",
    "channel_digests",
    "channel_letters",
    "checkins",
    "checks",
    "claim_tries",
    "cursors",
    "daily_points",
    "deliveries",
    "digest_settings",
    "events",
    "experiments",
    "experts",
    "guild_id",
    "guild_zones",
    "guilds",
    "impressions",
    "insight_settings",
    "invitations",
    "keepings",
    "learned_from",
    "ledger",
    "level_grants",
    "level_notices",
    "level_rewards",
    "level_settings",
    "link_checks",
    "links",
    "member_id",
    "member_levels",
    "members",
    "meta",
    "metadata",
    "opinions",
    "path_steps",
    "paths",
    "period_points",
    "prerequisites",
    "product_keys",
    "product_resources",
    "products",
    "promises",
    "purchase_facts",
    "purchase_notices",
    "purchase_refs",
    "purchases",
    "question_answers",
    "question_changes",
    "question_followers",
    "question_places",
    "question_posts",
    "question_settings",
    "questions",
    "ratings",
    "receipt_settings",
    "redemptions",
    "rescores",
    "resource_joins",
    "resource_messages",
    "resources",
    "reviews",
    "role_ends",
    "rule_drafts",
    "rule_sets",
    "shop_items",
    "shop_units",
    "snapshots",
    "source_entries",
    "sources",
    "stays",
    "submissions",
    "tag_changes",
    "tag_moves",
    "tags",
    "tasks",
    "topic_gaps",
    "versions",
    "wish_voices",
    "wishes",
    "words",
    "works",
]
