"""The tables of the day: from an order file to the truck.

On Postgres the ledgers (`journal`, `movements`) are partitioned by month, so their primary key
holds the moment too.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from wms_app.base.months import LEDGERS, make_months
from wms_app.base.schema import BigId, Json, Utc

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table, the ledgers' months, and the triggers that keep ledgers append-only."""
    _tables()
    if op.get_bind().dialect.name == "postgresql":
        make_months(op.get_bind())
    for ledger in LEDGERS:
        _append_only(ledger)


def _ledger_key(table: str) -> sa.PrimaryKeyConstraint:
    by_month = op.get_bind().dialect.name == "postgresql"
    return sa.PrimaryKeyConstraint(*(("id", "at") if by_month else ("id",)), name=f"pk_{table}")


def _append_only(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN RAISE EXCEPTION '{table} is append-only'; END$$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
        )
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _tables() -> None:

    op.create_table(
        "journal",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("operation_id", BigId, nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("noun", sa.String(length=20), nullable=False),
        sa.Column("noun_id", BigId, nullable=False),
        sa.Column("before", sa.String(length=80), nullable=False),
        sa.Column("after", sa.String(length=80), nullable=False),
        sa.Column("detail", Json, nullable=True),
        _ledger_key("journal"),
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index("ix_journal_at", "journal", ["warehouse_id", "at"], unique=False)
    op.create_index("ix_journal_noun", "journal", ["warehouse_id", "noun", "noun_id"], unique=False)
    op.create_index("ix_journal_operation_id", "journal", ["operation_id"], unique=False)
    op.create_table(
        "movements",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("stock_id", BigId, nullable=False),
        sa.Column("quantity", BigId, nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("operation_id", BigId, nullable=False),
        sa.Column("line_id", BigId, nullable=True),
        sa.CheckConstraint("quantity <> 0", name="ck_movements_quantity"),
        _ledger_key("movements"),
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index("ix_movements_line", "movements", ["warehouse_id", "line_id"], unique=False)
    op.create_index(
        "ix_movements_stock", "movements", ["warehouse_id", "stock_id", "id"], unique=False
    )
    op.create_table(
        "archives",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("ledger", sa.String(length=12), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("until", Utc(), nullable=False),
        sa.Column("file", sa.String(length=500), nullable=False),
        sa.Column("rows", BigId, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_archives"),
        sa.UniqueConstraint("ledger", "month", name="uq_archives_ledger_month"),
    )
    op.create_table(
        "operations",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("who_id", BigId, nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=80), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("answer", Json, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_operations"),
        sa.UniqueConstraint("key", name="uq_operations_key"),
    )
    op.create_index(
        "ix_operations_warehouse_id_at", "operations", ["warehouse_id", "at"], unique=False
    )
    op.create_table(
        "outbox",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("sent_at", Utc(), nullable=True),
        sa.Column("tries", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_state", "outbox", ["warehouse_id", "state", "id"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("pin_hash", sa.String(length=200), nullable=False),
        sa.Column("badge_digest", sa.String(length=64), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("badge_digest", name="uq_users_badge_digest"),
        sa.UniqueConstraint("name", name="uq_users_name"),
    )
    op.create_table(
        "warehouses",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("paper", sa.String(length=10), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("company_prefix", sa.String(length=12), nullable=False),
        sa.Column("line1", sa.String(length=120), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("rates", sa.Text(), nullable=False),
        sa.Column("next_pallet", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_warehouses"),
        sa.UniqueConstraint("code", name="uq_warehouses_code"),
    )
    op.create_table(
        "bins",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("zone", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("walk", BigId, nullable=False),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouses.id"], name="fk_bins_warehouse_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bins"),
        sa.UniqueConstraint("warehouse_id", "code", name="uq_bins_warehouse_id_code"),
    )
    op.create_index("ix_bins_walk", "bins", ["warehouse_id", "walk"], unique=False)
    op.create_table(
        "cartons",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("inner_length_mm", BigId, nullable=False),
        sa.Column("inner_width_mm", BigId, nullable=False),
        sa.Column("inner_height_mm", BigId, nullable=False),
        sa.Column("outer_length_mm", BigId, nullable=False),
        sa.Column("outer_width_mm", BigId, nullable=False),
        sa.Column("outer_height_mm", BigId, nullable=False),
        sa.Column("empty_g", BigId, nullable=False),
        sa.Column("max_g", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_cartons_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_cartons"),
        sa.UniqueConstraint("warehouse_id", "code", name="uq_cartons_warehouse_id_code"),
    )
    op.create_table(
        "clients",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("warehouse_rule", sa.String(length=10), nullable=False),
        sa.Column("ships_in_parts", sa.Boolean(), nullable=False),
        sa.Column("own_labels", sa.Boolean(), nullable=False),
        sa.Column("photograph_all", sa.Boolean(), nullable=False),
        sa.Column("photograph_fragile", sa.Boolean(), nullable=False),
        sa.Column("photograph_over_minor", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_clients_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_clients"),
        sa.UniqueConstraint("code", name="uq_clients_code"),
    )
    op.create_table(
        "intakes",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("file", sa.String(length=260), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("summary", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_intakes_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_intakes"),
    )
    op.create_index("ix_intakes_at", "intakes", ["warehouse_id", "at"], unique=False)
    op.create_table(
        "lanes",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("carrier", sa.String(length=40), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("cutoff", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouses.id"], name="fk_lanes_warehouse_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lanes"),
        sa.UniqueConstraint("warehouse_id", "code", name="uq_lanes_warehouse_id_code"),
    )
    op.create_table(
        "waves",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("chosen", sa.String(length=200), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouses.id"], name="fk_waves_warehouse_id"),
        sa.PrimaryKeyConstraint("id", name="pk_waves"),
    )
    op.create_index("ix_waves_made_at", "waves", ["warehouse_id", "made_at"], unique=False)
    op.create_table(
        "orders",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("client_id", BigId, nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("holds", BigId, nullable=False),
        sa.Column("priority", BigId, nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("ordered_at", Utc(), nullable=True),
        sa.Column("ship_by", Utc(), nullable=True),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.Column("needs_address", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("line1", sa.String(length=200), nullable=False),
        sa.Column("line2", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("content", sa.String(length=40), nullable=False),
        sa.Column("twin", sa.String(length=40), nullable=False),
        sa.Column("own_label", sa.Boolean(), nullable=False),
        sa.Column("own_carrier", sa.String(length=40), nullable=False),
        sa.Column("own_tracking", sa.String(length=60), nullable=False),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("handed_over_at", Utc(), nullable=True),
        sa.CheckConstraint("holds >= 0", name="ck_orders_holds"),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_orders_client_id"),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouses.id"], name="fk_orders_warehouse_id"),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.UniqueConstraint(
            "client_id", "channel", "number", name="uq_orders_client_id_channel_number"
        ),
    )
    op.create_index(
        "ix_orders_backlog",
        "orders",
        ["warehouse_id", "state", "priority", "ship_by", "id"],
        unique=False,
    )
    op.create_index(
        "ix_orders_handed_over_at", "orders", ["warehouse_id", "handed_over_at"], unique=False
    )
    op.create_index("ix_orders_number", "orders", ["number"], unique=False)
    op.create_index(
        "ix_orders_own_tracking",
        "orders",
        ["own_tracking"],
        unique=False,
        sqlite_where=sa.text("own_tracking <> ''"),
        postgresql_where=sa.text("own_tracking <> ''"),
    )
    op.create_index(
        "ix_orders_received_at", "orders", ["warehouse_id", "received_at"], unique=False
    )
    op.create_index("ix_orders_twin", "orders", ["client_id", "twin"], unique=False)
    op.create_table(
        "pick_lists",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("wave_id", BigId, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("orders", BigId, nullable=False),
        sa.Column("units", BigId, nullable=False),
        sa.Column("picker_id", BigId, nullable=True),
        sa.Column("picker", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=80), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("started_at", Utc(), nullable=True),
        sa.Column("done_at", Utc(), nullable=True),
        sa.Column("printed", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_pick_lists_warehouse_id"
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["waves.id"], name="fk_pick_lists_wave_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pick_lists"),
        sa.UniqueConstraint("warehouse_id", "code", name="uq_pick_lists_warehouse_id_code"),
    )
    op.create_index(
        "ix_pick_lists_state", "pick_lists", ["warehouse_id", "state", "id"], unique=False
    )
    op.create_table(
        "pickups",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("lane_id", BigId, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("carrier", sa.String(length=40), nullable=False),
        sa.Column("driver", sa.String(length=80), nullable=False),
        sa.Column("vehicle", sa.String(length=40), nullable=False),
        sa.Column("opened_at", Utc(), nullable=False),
        sa.Column("departed_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["lane_id"], ["lanes.id"], name="fk_pickups_lane_id"),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_pickups_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pickups"),
        sa.UniqueConstraint("warehouse_id", "code", name="uq_pickups_warehouse_id_code"),
    )
    op.create_index("ix_pickups_state", "pickups", ["warehouse_id", "state", "id"], unique=False)
    op.create_table(
        "skus",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("client_id", BigId, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("weight_g", BigId, nullable=False),
        sa.Column("length_mm", BigId, nullable=False),
        sa.Column("width_mm", BigId, nullable=False),
        sa.Column("height_mm", BigId, nullable=False),
        sa.Column("ships_in_own_box", sa.Boolean(), nullable=False),
        sa.Column("fragile", sa.Boolean(), nullable=False),
        sa.Column("has_lot", sa.Boolean(), nullable=False),
        sa.Column("has_expiry", sa.Boolean(), nullable=False),
        sa.Column("min_stock", BigId, nullable=False),
        sa.Column("hs_code", sa.String(length=14), nullable=False),
        sa.Column("origin", sa.String(length=2), nullable=False),
        sa.Column("value_minor", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("tolerance_g", BigId, nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_skus_client_id"),
        sa.PrimaryKeyConstraint("id", name="pk_skus"),
        sa.UniqueConstraint("client_id", "code", name="uq_skus_client_id_code"),
    )
    op.create_table(
        "cancellations",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at_state", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_cancellations_order_id"),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_cancellations_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_cancellations"),
        sa.UniqueConstraint("order_id", name="uq_cancellations_order_id"),
    )
    op.create_index("ix_cancellations_at", "cancellations", ["warehouse_id", "at"], unique=False)
    op.create_table(
        "holds",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.Column("placed_at", Utc(), nullable=False),
        sa.Column("placed_by", sa.String(length=80), nullable=False),
        sa.Column("lifted_at", Utc(), nullable=True),
        sa.Column("lifted_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_holds_order_id"),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouses.id"], name="fk_holds_warehouse_id"),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
    )
    op.create_index("ix_holds_order", "holds", ["order_id"], unique=False)
    op.create_table(
        "order_lines",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("sku_id", BigId, nullable=True),
        sa.Column("sku_code", sa.String(length=80), nullable=False),
        sa.Column("not_goods", sa.Boolean(), nullable=False),
        sa.Column("ordered", BigId, nullable=False),
        sa.Column("allocated", BigId, nullable=False),
        sa.Column("picked", BigId, nullable=False),
        sa.Column("packed", BigId, nullable=False),
        sa.Column("unit_price_minor", BigId, nullable=False),
        sa.CheckConstraint(
            "0 <= packed AND packed <= picked AND picked <= allocated AND allocated <= ordered",
            name="ck_order_lines_true",
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_lines_order_id"),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name="fk_order_lines_sku_id"),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_order_lines_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_lines"),
    )
    op.create_index("ix_order_lines_order", "order_lines", ["order_id"], unique=False)
    op.create_index("ix_order_lines_sku", "order_lines", ["warehouse_id", "sku_id"], unique=False)
    op.create_table(
        "parcels",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("number", BigId, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("carton_id", BigId, nullable=True),
        sa.Column("expected_g", BigId, nullable=False),
        sa.Column("tolerance_g", BigId, nullable=False),
        sa.Column("grams", BigId, nullable=False),
        sa.Column("weight_by", sa.String(length=20), nullable=False),
        sa.Column("override_by", sa.String(length=80), nullable=False),
        sa.Column("override_reason", sa.String(length=200), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=80), nullable=False),
        sa.Column("sealed_at", Utc(), nullable=True),
        sa.CheckConstraint("grams >= 0", name="ck_parcels_grams"),
        sa.ForeignKeyConstraint(["carton_id"], ["cartons.id"], name="fk_parcels_carton_id"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_parcels_order_id"),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_parcels_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_parcels"),
    )
    op.create_index("ix_parcels_order", "parcels", ["order_id"], unique=False)
    op.create_index("ix_parcels_sealed_at", "parcels", ["warehouse_id", "sealed_at"], unique=False)
    op.create_index("ix_parcels_state", "parcels", ["warehouse_id", "state", "id"], unique=False)
    op.create_table(
        "sku_barcodes",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("client_id", BigId, nullable=False),
        sa.Column("sku_id", BigId, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("quantity", BigId, nullable=False),
        sa.CheckConstraint("quantity > 0", name="ck_sku_barcodes_quantity"),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_sku_barcodes_client_id"),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name="fk_sku_barcodes_sku_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sku_barcodes"),
        sa.UniqueConstraint("client_id", "code", name="uq_sku_barcodes_client_id_code"),
    )
    op.create_index("ix_sku_barcodes_code", "sku_barcodes", ["code"], unique=False)
    op.create_index("ix_sku_barcodes_sku_id", "sku_barcodes", ["sku_id"], unique=False)
    op.create_table(
        "stock",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("sku_id", BigId, nullable=False),
        sa.Column("bin_id", BigId, nullable=False),
        sa.Column("lot", sa.String(length=40), nullable=False),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("on_hand", BigId, nullable=False),
        sa.Column("allocated", BigId, nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.CheckConstraint("0 <= allocated AND allocated <= on_hand", name="ck_stock_true"),
        sa.ForeignKeyConstraint(["bin_id"], ["bins.id"], name="fk_stock_bin_id"),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name="fk_stock_sku_id"),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouses.id"], name="fk_stock_warehouse_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stock"),
        sa.UniqueConstraint(
            "warehouse_id",
            "sku_id",
            "bin_id",
            "lot",
            name="uq_stock_warehouse_id_sku_id_bin_id_lot",
        ),
    )
    op.create_index("ix_stock_bin", "stock", ["warehouse_id", "bin_id"], unique=False)
    op.create_table(
        "totes",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("order_id", BigId, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_totes_order_id"),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouses.id"], name="fk_totes_warehouse_id"),
        sa.PrimaryKeyConstraint("id", name="pk_totes"),
        sa.UniqueConstraint("warehouse_id", "code", name="uq_totes_warehouse_id_code"),
    )
    op.create_index("ix_totes_order", "totes", ["order_id"], unique=False)
    op.create_table(
        "allocations",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("line_id", BigId, nullable=False),
        sa.Column("stock_id", BigId, nullable=False),
        sa.Column("quantity", BigId, nullable=False),
        sa.Column("picked", BigId, nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.CheckConstraint("0 <= picked AND picked <= quantity", name="ck_allocations_true"),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name="fk_allocations_line_id"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_allocations_order_id"),
        sa.ForeignKeyConstraint(["stock_id"], ["stock.id"], name="fk_allocations_stock_id"),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_allocations_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_allocations"),
    )
    op.create_index("ix_allocations_line", "allocations", ["line_id"], unique=False)
    op.create_index("ix_allocations_order", "allocations", ["order_id"], unique=False)
    op.create_index(
        "ix_allocations_stock", "allocations", ["warehouse_id", "stock_id", "state"], unique=False
    )
    op.create_table(
        "count_tasks",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("stock_id", BigId, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("counted", BigId, nullable=True),
        sa.Column("expected", BigId, nullable=True),
        sa.Column("counted_by", sa.String(length=80), nullable=False),
        sa.Column("counted_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["stock_id"], ["stock.id"], name="fk_count_tasks_stock_id"),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_count_tasks_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_count_tasks"),
    )
    op.create_index(
        "ix_count_tasks_state", "count_tasks", ["warehouse_id", "state", "id"], unique=False
    )
    op.create_table(
        "own_labels",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("carrier", sa.String(length=40), nullable=False),
        sa.Column("tracking", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("file", sa.String(length=260), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("added_at", Utc(), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_own_labels_order_id"),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_own_labels_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_own_labels"),
        sa.UniqueConstraint("carrier", "tracking", name="uq_own_labels_carrier_tracking"),
    )
    op.create_index("ix_own_labels_order", "own_labels", ["order_id"], unique=False)
    op.create_table(
        "photographs",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("parcel_id", BigId, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name="fk_photographs_parcel_id"),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_photographs_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_photographs"),
    )
    op.create_index("ix_photographs_parcel", "photographs", ["parcel_id"], unique=False)
    op.create_table(
        "labels",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("parcel_id", BigId, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("carrier", sa.String(length=40), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("asked_g", BigId, nullable=False),
        sa.Column("tracking", sa.String(length=60), nullable=False),
        sa.Column("zone", sa.String(length=20), nullable=False),
        sa.Column("price_minor", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("carrier_label", sa.LargeBinary(), nullable=True),
        sa.Column("own_label_id", BigId, nullable=True),
        sa.Column("asked_at", Utc(), nullable=False),
        sa.Column("bought_at", Utc(), nullable=True),
        sa.Column("printed", BigId, nullable=False),
        sa.ForeignKeyConstraint(["own_label_id"], ["own_labels.id"], name="fk_labels_own_label_id"),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name="fk_labels_parcel_id"),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouses.id"], name="fk_labels_warehouse_id"),
        sa.PrimaryKeyConstraint("id", name="pk_labels"),
        sa.UniqueConstraint("key", name="uq_labels_key"),
    )
    op.create_index("ix_labels_bought_at", "labels", ["warehouse_id", "bought_at"], unique=False)
    op.create_index("ix_labels_parcel", "labels", ["parcel_id"], unique=False)
    op.create_index("ix_labels_state", "labels", ["warehouse_id", "state", "id"], unique=False)
    op.create_index("ix_labels_tracking", "labels", ["tracking"], unique=False)
    op.create_index(
        "uq_labels_live",
        "labels",
        ["parcel_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('intended', 'bought')"),
        postgresql_where=sa.text("state IN ('intended', 'bought')"),
    )
    op.create_index(
        "uq_labels_own",
        "labels",
        ["own_label_id"],
        unique=True,
        sqlite_where=sa.text("own_label_id IS NOT NULL AND state IN ('intended', 'bought')"),
        postgresql_where=sa.text("own_label_id IS NOT NULL AND state IN ('intended', 'bought')"),
    )
    op.create_index(
        "uq_labels_tracking",
        "labels",
        ["carrier", "tracking"],
        unique=True,
        sqlite_where=sa.text("tracking <> ''"),
        postgresql_where=sa.text("tracking <> ''"),
    )
    op.create_table(
        "parcel_items",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("parcel_id", BigId, nullable=False),
        sa.Column("line_id", BigId, nullable=False),
        sa.Column("sku_id", BigId, nullable=False),
        sa.Column("lot", sa.String(length=40), nullable=False),
        sa.Column("quantity", BigId, nullable=False),
        sa.CheckConstraint("quantity >= 0", name="ck_parcel_items_quantity"),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name="fk_parcel_items_line_id"),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name="fk_parcel_items_parcel_id"),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name="fk_parcel_items_sku_id"),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_parcel_items_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_parcel_items"),
        sa.UniqueConstraint(
            "parcel_id", "line_id", "lot", name="uq_parcel_items_parcel_id_line_id_lot"
        ),
    )
    op.create_index("ix_parcel_items_line", "parcel_items", ["line_id"], unique=False)
    op.create_table(
        "pickup_parcels",
        sa.Column("parcel_id", BigId, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("pickup_id", BigId, nullable=False),
        sa.Column("loaded_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name="fk_pickup_parcels_parcel_id"),
        sa.ForeignKeyConstraint(["pickup_id"], ["pickups.id"], name="fk_pickup_parcels_pickup_id"),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_pickup_parcels_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("parcel_id", name="pk_pickup_parcels"),
    )
    op.create_index("ix_pickup_parcels_pickup", "pickup_parcels", ["pickup_id"], unique=False)
    op.create_table(
        "staged_parcels",
        sa.Column("parcel_id", BigId, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("lane_id", BigId, nullable=False),
        sa.Column("staged_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["lane_id"], ["lanes.id"], name="fk_staged_parcels_lane_id"),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name="fk_staged_parcels_parcel_id"),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_staged_parcels_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("parcel_id", name="pk_staged_parcels"),
    )
    op.create_index(
        "ix_staged_parcels_lane", "staged_parcels", ["warehouse_id", "lane_id"], unique=False
    )
    op.create_table(
        "picks",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("pick_list_id", BigId, nullable=False),
        sa.Column("allocation_id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("slot", BigId, nullable=False),
        sa.Column("walk", BigId, nullable=False),
        sa.Column("state", sa.String(length=5), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'short', 'void')", name="ck_picks_state"),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocations.id"], name="fk_picks_allocation_id"
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_picks_order_id"),
        sa.ForeignKeyConstraint(["pick_list_id"], ["pick_lists.id"], name="fk_picks_pick_list_id"),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouses.id"], name="fk_picks_warehouse_id"),
        sa.PrimaryKeyConstraint("id", name="pk_picks"),
    )
    op.create_index("ix_picks_list", "picks", ["pick_list_id", "walk", "id"], unique=False)
    op.create_index("ix_picks_order", "picks", ["order_id"], unique=False)
    op.create_index(
        "uq_picks_allocation_live",
        "picks",
        ["allocation_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'void'"),
        postgresql_where=sa.text("state <> 'void'"),
    )
    op.create_table(
        "print_jobs",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=80), nullable=False),
        sa.Column("paper", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("printer", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("went_to", sa.String(length=300), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("kept", sa.String(length=300), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("again_of", BigId, nullable=True),
        sa.ForeignKeyConstraint(["again_of"], ["print_jobs.id"], name="fk_print_jobs_again_of"),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_print_jobs_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_print_jobs"),
        sa.UniqueConstraint("warehouse_id", "key", name="uq_print_jobs_warehouse_id_key"),
    )
    op.create_index(
        "ix_print_jobs_station", "print_jobs", ["warehouse_id", "station", "id"], unique=False
    )
    op.create_table(
        "put_backs",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("allocation_id", BigId, nullable=False),
        sa.Column("line_id", BigId, nullable=False),
        sa.Column("sku_id", BigId, nullable=False),
        sa.Column("bin_id", BigId, nullable=False),
        sa.Column("lot", sa.String(length=40), nullable=False),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("quantity", BigId, nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=5), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("done_at", Utc(), nullable=True),
        sa.CheckConstraint("quantity > 0", name="ck_put_backs_quantity"),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocations.id"], name="fk_put_backs_allocation_id"
        ),
        sa.ForeignKeyConstraint(["bin_id"], ["bins.id"], name="fk_put_backs_bin_id"),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name="fk_put_backs_line_id"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_put_backs_order_id"),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name="fk_put_backs_sku_id"),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouses.id"], name="fk_put_backs_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_put_backs"),
    )
    op.create_index("ix_put_backs_order_id", "put_backs", ["order_id"], unique=False)
    op.create_index(
        "ix_put_backs_state", "put_backs", ["warehouse_id", "state", "id"], unique=False
    )
