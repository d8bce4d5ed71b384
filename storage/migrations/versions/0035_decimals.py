"""Amounts of currencies without a minor unit, or with thousandths, are in that unit.

Until now only yen had none; what moderators and files said in others was kept in hundredths. What
shops said themselves was in their unit always, so it stays.
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_WHOLE = "BIF CLP DJF GNF ISK KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split()
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND".split()
_PLACES = (("resources", "price_minor", ""), ("products", "price_minor", ""))
_TOLD = ("purchase_facts", "amount_minor", " AND source = 'csv'")


def upgrade() -> None:
    for table, column, where in (*_PLACES, _TOLD):
        for codes, worth in (
            (_WHOLE, f"round({column} / 100.0)"),
            (_THOUSANDTHS, f"{column} * 10"),
        ):
            named = ", ".join(f"'{code}'" for code in codes)
            op.execute(
                f"UPDATE {table} SET {column} = CAST({worth} AS INTEGER)"
                f" WHERE currency IN ({named}) AND {column} IS NOT NULL{where}"
            )
