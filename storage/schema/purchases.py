"""What is sold elsewhere, what was heard of purchases, and what each member has access to by them.

`purchase_facts` is a log that is only added to; `purchases` and `accesses` follow from it.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import JSON

from storage.schema.columns import BigId, at, guild_id, member_id, metadata, words

products = Table(
    "products",
    metadata,
    Column("product_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("title", Text, nullable=False),
    Column("price_minor", Integer, nullable=False, server_default=text("0")),
    Column("currency", Text),
    Column("term", Text, nullable=False),
    Column("days", Integer),
    Column("grace_days", Integer, nullable=False, server_default=text("0")),
    Column("role_id", BigId),
    member_id("role_by", server_default=text("0")),
    Column("role_problem", Text),
    Column("is_problem_told", Boolean, nullable=False, server_default=text("0")),
    Column("buy_url", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False, server_default="live"),
    member_id("added_by"),
    at("created_at"),
    at("updated_at"),
    CheckConstraint("term IN ('forever','days','subscription')", name="term"),
    CheckConstraint("(term = 'days') = (days IS NOT NULL)", name="days"),
    CheckConstraint("state IN ('live','retired')", name="state"),
    CheckConstraint("price_minor >= 0", name="price"),
    info={"erase": "anonymise"},
    sqlite_autoincrement=True,
)
Index("ix_products_guild", products.c.guild_id, products.c.state)

product_resources = Table(
    "product_resources",
    metadata,
    Column("product_id", BigId, ForeignKey("products.product_id"), primary_key=True),
    Column("resource_id", BigId, ForeignKey("resources.resource_id"), primary_key=True),
    guild_id(),
    sqlite_with_rowid=False,
)
Index("ix_product_resources", product_resources.c.guild_id, product_resources.c.resource_id)

# How each source calls a product: a price, a tier, a plan, an SKU, a role.
product_keys = Table(
    "product_keys",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("product_id", BigId, ForeignKey("products.product_id"), nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_product_keys_key", product_keys.c.source, product_keys.c.key)
Index("ix_product_keys_product", product_keys.c.product_id)

# One order or one subscription. `user_id` is empty until somebody is known to have bought it.
purchases = Table(
    "purchases",
    metadata,
    Column("purchase_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("source", Text, nullable=False),
    Column("number", Text, nullable=False),
    member_id(nullable=True, name_in="email_hash"),
    Column("email_hash", Text, nullable=False, server_default=""),
    at("created_at"),
    info={"erase": "anonymise"},
    sqlite_autoincrement=True,
)
Index("ix_purchases_member", purchases.c.guild_id, purchases.c.user_id)

# By what an order is called: its number, the payment's, the subscription's.
purchase_refs = Table(
    "purchase_refs",
    metadata,
    Column("source", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    guild_id(),
    Column("purchase_id", BigId, ForeignKey("purchases.purchase_id"), nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_purchase_refs", purchase_refs.c.purchase_id)
Index("ix_purchase_refs_ref", purchase_refs.c.guild_id, purchase_refs.c.ref)

purchase_facts = Table(
    "purchase_facts",
    metadata,
    Column("fact_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("purchase_id", BigId, ForeignKey("purchases.purchase_id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    at("happened_at"),
    at("received_at"),
    Column("product_key", Text, nullable=False, server_default=""),
    Column("product_id", BigId, ForeignKey("products.product_id")),
    Column("term", Text),
    Column("days", Integer),
    at("until_at", nullable=True),
    Column("payments", JSON, nullable=False, server_default="[]"),
    Column("amount_minor", Integer),
    Column("currency", Text),
    Column("is_whole", Boolean, nullable=False, server_default=text("1")),
    Column("undoes", Text, nullable=False, server_default=""),
    member_id(nullable=True, is_subject=True),
    member_id("actor_id", nullable=True),
    words("reason"),
    UniqueConstraint("source", "key"),
    CheckConstraint(
        "kind IN ('paid','refunded','ended','referred','claimed','assigned','said','undone')",
        name="kind",
    ),
    info={"erase": "anonymise"},
    sqlite_autoincrement=True,
)
Index("ix_purchase_facts_purchase", purchase_facts.c.purchase_id)
Index("ix_purchase_facts_member", purchase_facts.c.guild_id, purchase_facts.c.user_id)
Index(
    "ix_purchase_facts_time",
    purchase_facts.c.guild_id,
    purchase_facts.c.kind,
    purchase_facts.c.happened_at,
)
Index("ix_purchase_facts_heard", purchase_facts.c.source, purchase_facts.c.received_at)
Index(
    "ix_purchase_facts_unknown",
    purchase_facts.c.source,
    purchase_facts.c.product_key,
    sqlite_where=text("kind = 'paid' AND product_id IS NULL"),
)

# What a member has by all they bought of a product: until `until_at`, grace included. `event_id`
# is the source of the events that say so, `paid_event_id` the event by which money came for it, 0
# for one that was not to be logged, `given_role_id` the role that was given for it.
accesses = Table(
    "accesses",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("product_id", BigId, ForeignKey("products.product_id"), primary_key=True),
    at("from_at"),
    at("ends_at", nullable=True),
    at("until_at", nullable=True),
    Column("is_bought", Boolean, nullable=False, server_default=text("1")),
    Column("event_id", BigId),
    Column("paid_event_id", BigId),
    Column("given_role_id", BigId),
    at("tried_at", nullable=True),
    Column("problem", Text),
    Column("seen_at", Float, nullable=False, server_default=text("0")),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)
Index("ix_accesses_product", accesses.c.product_id, accesses.c.until_at)
Index("ix_accesses_until", accesses.c.until_at)
Index(
    "ix_accesses_paid", accesses.c.paid_event_id, sqlite_where=accesses.c.paid_event_id.is_not(None)
)

claim_tries = Table(
    "claim_tries",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    at("tried_at", primary_key=True),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)

# What a member was written about a purchase: each about one moment once.
purchase_notices = Table(
    "purchase_notices",
    metadata,
    Column("notice_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    member_id(),
    Column("kind", Text, nullable=False),
    Column("product_id", BigId, nullable=False, server_default=text("0")),  # 0: of none
    at("about_at"),
    Column("state", Text, nullable=False),
    Column("is_first", Boolean, nullable=False, server_default=text("0")),
    at("claimed_at"),
    at("sent_at", nullable=True),
    Column("message_id", BigId),
    Column("code", Text),
    UniqueConstraint("guild_id", "user_id", "kind", "product_id", "about_at"),
    CheckConstraint("kind IN ('ending','renewal','receipt','invite')", name="kind"),
    CheckConstraint("state IN ('claimed','sent','closed','failed')", name="state"),
    info={"erase": "delete"},
    sqlite_autoincrement=True,
)
Index("ix_purchase_notices_claimed", purchase_notices.c.state, purchase_notices.c.claimed_at)
Index("ix_purchase_notices_member", purchase_notices.c.user_id, purchase_notices.c.claimed_at)

receipt_settings = Table(
    "receipt_settings",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    at("since_at"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)
