"""What is sold elsewhere, what was heard of purchases, and what members have by them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim_tries",
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "tried_at"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "products",
        sa.Column("product_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("price_minor", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("grace_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.Column("role_by", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("role_problem", sa.Text(), nullable=True),
        sa.Column("is_problem_told", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("buy_url", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="live", nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.CheckConstraint("(term = 'days') = (days IS NOT NULL)", name=op.f("ck_products_days")),
        sa.CheckConstraint("state IN ('live','retired')", name=op.f("ck_products_state")),
        sa.CheckConstraint(
            "term IN ('forever','days','subscription')", name=op.f("ck_products_term")
        ),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_products_price")),
        sa.PrimaryKeyConstraint("product_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_products_guild", "products", ["guild_id", "state"])
    op.create_table(
        "purchase_notices",
        sa.Column("notice_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("about_at", sa.Float(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_first", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("claimed_at", sa.Float(), nullable=False),
        sa.Column("sent_at", sa.Float(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('ending','renewal','receipt','invite')", name=op.f("ck_purchase_notices_kind")
        ),
        sa.CheckConstraint(
            "state IN ('claimed','sent','closed','failed')", name=op.f("ck_purchase_notices_state")
        ),
        sa.PrimaryKeyConstraint("notice_id"),
        sa.UniqueConstraint(
            "guild_id",
            "user_id",
            "kind",
            "product_id",
            "about_at",
            name=op.f("uq_purchase_notices_guild_id_user_id_kind_product_id_about_at"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_purchase_notices_claimed", "purchase_notices", ["state", "claimed_at"])
    op.create_table(
        "purchases",
        sa.Column("purchase_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("email_hash", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("purchase_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_purchases_member", "purchases", ["guild_id", "user_id"])
    op.create_table(
        "receipt_settings",
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "accesses",
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.Float(), nullable=False),
        sa.Column("ends_at", sa.Float(), nullable=True),
        sa.Column("until_at", sa.Float(), nullable=True),
        sa.Column("is_bought", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("given_role_id", sa.Integer(), nullable=True),
        sa.Column("tried_at", sa.Float(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.product_id"],
        ),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "product_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_accesses_product", "accesses", ["product_id", "until_at"])
    op.create_index("ix_accesses_until", "accesses", ["until_at"])
    op.create_table(
        "product_keys",
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.product_id"],
        ),
        sa.PrimaryKeyConstraint("guild_id", "source", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_product_keys_key", "product_keys", ["source", "key"])
    op.create_index("ix_product_keys_product", "product_keys", ["product_id"])
    op.create_table(
        "product_resources",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.product_id"],
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resources.resource_id"],
        ),
        sa.PrimaryKeyConstraint("product_id", "resource_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_product_resources", "product_resources", ["guild_id", "resource_id"])
    op.create_table(
        "purchase_facts",
        sa.Column("fact_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.Float(), nullable=False),
        sa.Column("received_at", sa.Float(), nullable=False),
        sa.Column("product_key", sa.Text(), server_default="", nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("term", sa.Text(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("until_at", sa.Float(), nullable=True),
        sa.Column("payments", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("is_whole", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("undoes", sa.Text(), server_default="", nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind IN ('paid','refunded','ended','referred','claimed','assigned','said','undone')",
            name=op.f("ck_purchase_facts_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.product_id"],
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"],
            ["purchases.purchase_id"],
        ),
        sa.PrimaryKeyConstraint("fact_id"),
        sa.UniqueConstraint("source", "key", name=op.f("uq_purchase_facts_source_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_purchase_facts_heard", "purchase_facts", ["source", "received_at"])
    op.create_index("ix_purchase_facts_member", "purchase_facts", ["guild_id", "user_id"])
    op.create_index("ix_purchase_facts_purchase", "purchase_facts", ["purchase_id"])
    op.create_index("ix_purchase_facts_time", "purchase_facts", ["guild_id", "kind", "happened_at"])
    op.create_index(
        "ix_purchase_facts_unknown",
        "purchase_facts",
        ["source", "product_key"],
        sqlite_where=sa.text("kind = 'paid' AND product_id IS NULL"),
    )
    op.create_table(
        "purchase_refs",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["purchase_id"],
            ["purchases.purchase_id"],
        ),
        sa.PrimaryKeyConstraint("source", "ref"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_purchase_refs", "purchase_refs", ["purchase_id"])
    op.create_index("ix_purchase_refs_ref", "purchase_refs", ["guild_id", "ref"])
    op.add_column(
        "resources", sa.Column("is_sold", sa.Boolean(), server_default=sa.text("0"), nullable=False)
    )
