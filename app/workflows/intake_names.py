"""Names by which an authority's files call its units: matched once in an import, remembered, and forgotten again."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.audit import Fact, record
from app.core.errors import Invalid
from app.ledgers.cases import refuse_persons
from app.ledgers.intake import EVERY_KIND, ImportBatch, plain_name
from app.people import Unit, UnitAlias, takes_parts
from app.workflows.context import Context
from app.workflows.intake import mandate_for, still_open

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class AllOf:
    """All units of a kind (EVERY_KIND: of any), and who leads where their name stands for the lead."""

    kind: str
    lead_id: int | None = None


def match_units(context: Context, batch: ImportBatch, version: int | None, matched: Mapping[str, int | AllOf]) -> None:
    """Remember what unknown names mean, once for all files of the authority. The file is to be judged again then."""
    still_open(context, batch, version)
    units = select(Unit.id, Unit.kind).where(Unit.authority_id == batch.authority_id, Unit.closed_on.is_(None))
    known = {unit_id: kind for unit_id, kind in context.session.execute(units.where(takes_parts()))}
    if foreign := [said for said, meant in matched.items() if not _is_known(meant, known)]:
        raise Invalid({"units": f"“{foreign[0][:40]}”：请从列出的单位中选择。"})
    for said, meant in matched.items():
        _remember(context, batch, plain_name(said), meant)
    context.session.flush()


def forget_name(context: Context, alias: UnitAlias) -> None:
    """Take a remembered name back; imports made with it stay as they are."""
    grant = mandate_for(context, alias.authority_id)
    data = {"name": alias.name, "unit": alias.unit_id}
    subject = f"unit:{alias.unit_id}"
    fact = Fact("import.unit_forgotten", subject, alias.authority_id, data=data, mandate_id=grant.mandate_id)
    record(context.session, fact, context.actor, context.moment)
    context.session.delete(alias)


def _is_known(meant: int | AllOf, known: Mapping[int, str]) -> bool:
    if isinstance(meant, int):
        return meant in known
    return meant.kind in {EVERY_KIND, *known.values()} and (meant.lead_id is None or meant.lead_id in known)


def _remember(context: Context, batch: ImportBatch, name: str, meant: int | AllOf) -> None:
    if not name or len(name) > LONGEST_NAME:
        raise Invalid({"units": f"“{name[:40]}”太长，不像单位名称，请在文件中改正。"})
    refuse_persons(units=name)
    same = select(UnitAlias).where(UnitAlias.authority_id == batch.authority_id, UnitAlias.name == name)
    alias = context.session.scalars(same).one_or_none()
    if alias is None:
        alias = UnitAlias(authority_id=batch.authority_id, name=name)
        context.session.add(alias)
    group = meant if isinstance(meant, AllOf) else None
    alias.unit_id = meant if isinstance(meant, int) else batch.authority_id
    alias.kind, alias.lead_id = (group.kind, group.lead_id) if group else (None, None)
    alias.person_id, alias.made_at = context.actor.person_id, context.moment.at
    grant = mandate_for(context, batch.authority_id)
    fact = Fact(
        kind="import.unit_matched",
        subject=f"import:{batch.id}",
        chain_id=batch.authority_id,
        data={"name": name, "unit": alias.unit_id} | ({"kind": group.kind, "lead": group.lead_id} if group else {}),
        mandate_id=grant.mandate_id,
    )
    record(context.session, fact, context.actor, context.moment)
