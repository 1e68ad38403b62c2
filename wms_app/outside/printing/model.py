"""A print job: one paper on its way to one printer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wms_app.base.schema import Base, BigId, IdColumn, WarehouseColumn

# The life of a print job.
# `queued`: the printer was away or out of paper, nothing was sent; `sent`: the printer has it;
# `done`: it came out (or the folder, the queue has it); `unsure`: the printer went away meanwhile;
# `failed`: this printer can't print it, or a person said that it did not come out;
# `reprinted`: another job printed it again.
MOVES = {
    "queued": frozenset({"sent", "failed", "reprinted"}),
    "sent": frozenset({"done", "unsure", "queued", "failed", "reprinted"}),
    "unsure": frozenset({"done", "failed", "reprinted"}),
    "done": frozenset({"reprinted"}),
    "failed": frozenset({"sent", "reprinted"}),
    "reprinted": frozenset[str](),
}


class PrintJob(Base):
    """`key` names the paper, so that it is printed once: a second try with it goes on with the job.

    `printer` is the station's setting when it was sent, `went_to` where the printer says it went.
    `again_of` is the job that this one prints again. `kept` is the station's file with the content.
    """

    __tablename__ = "print_jobs"
    __table_args__ = (
        UniqueConstraint("warehouse_id", "key"),
        Index("ix_print_jobs_station", "warehouse_id", "station", "id"),
    )

    id: Mapped[IdColumn]
    warehouse_id: Mapped[WarehouseColumn]
    key: Mapped[str] = mapped_column(String(80))
    station: Mapped[str] = mapped_column(String(80))
    paper: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    printer: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    went_to: Mapped[str] = mapped_column(String(300), default="")
    problem: Mapped[str] = mapped_column(String(300), default="")
    kept: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    again_of: Mapped[int | None] = mapped_column(BigId, ForeignKey("print_jobs.id"))
