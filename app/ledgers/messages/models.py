"""The outbox: one row for each thing a unit is to be told, once for each kind and subject."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, or_
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref, UtcDateTime
from app.people import Actor, Role, scope

MESSAGE_KINDS = {
    "assigned": "有新的交办事项，请签收",
    "due_soon": "有事项即将到期",
    "entry_proposed": "有新的拟扣记录，可在申辩期内申辩",
    "entry_confirmed": "有拟扣记录已确认",
    "entry_reversed": "有得分记录已冲销",
    "sent_back": "有事项被退回整改",
    "decided": "有申请已作出决定",
    "rules_changed": "考核规则有新版本",
    "slip_issued": "有新的单据，请签收并按期回复",
    "slip_withdrawn": "有单据已撤回",
    "slip_settled": "单据回复已通过",
    "slip_refused": "单据回复被退回，请重新回复",
}


class Message(Model):
    """Something a unit is told. It names the case by id only: no facts of a case stand in a message."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("unit_id", "kind", "subject"),
        Index("ix_messages_unit_day", "unit_id", "day"),
    )

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[int | None] = mapped_column(Ref)
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@scope(Message)
def _messages(actor: Actor) -> ColumnElement[bool]:
    return or_(Message.unit_id.in_(actor.units(Role.HEAD, Role.LIAISON)))
