"""Who there is: units in a tree, persons, their dated mandates, and the portfolios of leaders."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Id, Model, Ref, UtcDateTime


class Role(StrEnum):
    """What a mandate lets a person do (domain §2)."""

    INSPECTOR = "inspector"
    SUPERVISOR = "supervisor"
    ASSESSOR = "assessor"
    LEADER = "leader"
    LIAISON = "liaison"
    HEAD = "head"
    DISCIPLINE = "discipline"
    ORGANISATION = "organisation"
    ADMIN = "admin"
    SECURITY = "security"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.INSPECTOR: "督查员",
    Role.SUPERVISOR: "督查室主任",
    Role.ASSESSOR: "考核办",
    Role.LEADER: "县级分管领导",
    Role.LIAISON: "联络员",
    Role.HEAD: "单位负责人",
    Role.DISCIPLINE: "纪委监委",
    Role.ORGANISATION: "组织部",
    Role.ADMIN: "系统管理员",
    Role.SECURITY: "安全管理员",
    Role.AUDITOR: "审计管理员",
}
SEPARATE_ADMINISTRATORS = frozenset({Role.ADMIN, Role.SECURITY, Role.AUDITOR})
COUNTY = "county"
UNIT_KINDS = {
    "county": "县",
    "town": "乡镇",
    "department": "县直部门",
    "office": "机构",
    "section": "股室",
    "village": "村",
}


def role_word(role: Role, unit_kind: str | None) -> str:
    """Return the word for a role as it is held at a unit of a kind: a leader of the county's level is so in a county alone."""
    return role.label if role is not Role.LEADER or unit_kind == COUNTY else "分管领导"


def conflict(one: Role, other: Role) -> str:
    """Say why nobody holds both roles at one time, or nothing: administrators keep apart, and read no private notes."""
    both = {one, other}
    if one is not other and both <= SEPARATE_ADMINISTRATORS:
        return "系统、安全、审计管理员三者互斥"
    if Role.DISCIPLINE in both and both & SEPARATE_ADMINISTRATORS:
        return "纪委监委与系统、安全、审计管理员互斥"
    return ""


class Unit(Model):
    """Any organisation in the tree. `authority_id` is the nearest authority above it (None at the root)."""

    __tablename__ = "units"
    __table_args__ = (
        UniqueConstraint("authority_id", "name"),
        Index("ix_units_authority_kind", "authority_id", "kind"),
    )

    id: Mapped[Id]
    parent_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("units.id"), index=True)
    authority_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("units.id"))
    is_authority: Mapped[bool] = mapped_column(default=False)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(default=0)
    closed_on: Mapped[date | None]


class UnitAlias(Model):
    """Another name by which an authority's files call a unit, matched once and remembered, by whom and when if in an import.

    With a `kind` it is a name of all units of that kind under the unit (各乡镇), or of all kinds (`every`: 全县各单位);
    `lead_id` is who leads where the name stands alone in the column of the lead.
    """

    __tablename__ = "unit_aliases"
    __table_args__ = (UniqueConstraint("authority_id", "name"),)

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str | None] = mapped_column(String(20))
    lead_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("units.id"))
    person_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("persons.id", ondelete="RESTRICT"))
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Person(Model):
    """A person with an account, working at a unit. What the person may do is said by mandates alone."""

    __tablename__ = "persons"

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    title: Mapped[str | None] = mapped_column(String(60))
    unit_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("units.id"), index=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    reset_hash: Mapped[str | None] = mapped_column(String(200))
    reset_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_secret: Mapped[str | None] = mapped_column(String(200))
    totp_step: Mapped[int | None]
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)


class Mandate(Model):
    """A role at a unit between two dates, both included; outside them it gives nothing.

    A mandate taken away on its first day ends on the day before it began: it was valid on no day.
    """

    __tablename__ = "mandates"
    __table_args__ = (Index("ix_mandates_unit_role", "unit_id", "role"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"), index=True)
    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    role: Mapped[str] = mapped_column(String(20))
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship(lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise")


class Portfolio(Model):
    """A unit that a leader is in charge of."""

    __tablename__ = "portfolios"
    __table_args__ = (UniqueConstraint("mandate_id", "unit_id"),)

    id: Mapped[Id]
    mandate_id: Mapped[int] = mapped_column(Ref, ForeignKey("mandates.id"))
    unit_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"), index=True)


class Absence(Model):
    """Somebody acts for a person who is absent, in one role between two dates, both included; `cancelled_on` ends it.

    A substitute acts by the absent person's mandate and in the own name.
    """

    __tablename__ = "absences"
    __table_args__ = (Index("ix_absences_substitute", "substitute_id", "begins_on"),)

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    person_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"), index=True)
    substitute_id: Mapped[int] = mapped_column(Ref, ForeignKey("persons.id"))
    role: Mapped[str] = mapped_column(String(20))
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
    event_id: Mapped[int] = mapped_column(Ref)
    cancelled_on: Mapped[date | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise")
    substitute: Mapped[Person] = relationship(foreign_keys=[substitute_id], lazy="raise")


class Parameter(Model):
    """A number an office may change: the authority's own value of a named parameter (see parameters.py)."""

    __tablename__ = "parameters"
    __table_args__ = (UniqueConstraint("authority_id", "name"),)

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    name: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(60))
