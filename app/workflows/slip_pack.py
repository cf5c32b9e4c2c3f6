"""Which pack of slips an authority uses and what it calls the types: the supervisor's choice, an event."""

from collections.abc import Mapping

from sqlalchemy import select

from app.audit import Fact, record
from app.core.errors import Invalid, Refused, Stale
from app.ledgers.cases import refuse_persons
from app.ledgers.slips import DEFAULT_PACK, SlipSetting, shipped_packs
from app.people import Role
from app.workflows.context import Context
from app.workflows.posting import insert_or_ignore

LONGEST_NAME = 20


def choose_pack(
    context: Context, authority_id: int, pack: str, names: Mapping[str, str], version: int | None = None
) -> SlipSetting:
    """Use a pack from now on, with the office's own names (type code → name); slips on record keep what they were.

    Refused without a supervisor's mandate, Invalid for an unknown pack or a name that is too long or given twice, Stale.
    """
    grant = context.actor.grant(Role.SUPERVISOR, authority_id=authority_id)
    if grant is None:
        raise Refused("单据种类由督查室主任选择，您当前的任职没有这项权限。")
    kept = _names(pack, names)
    insert_or_ignore(
        context.session,
        SlipSetting,
        [{"authority_id": authority_id, "pack": DEFAULT_PACK, "names": {}, "version": 1}],
    )
    query = select(SlipSetting).where(SlipSetting.authority_id == authority_id).with_for_update()
    row = context.session.scalars(query.execution_options(populate_existing=True)).one()
    if version is not None and version != row.version:
        raise Stale(version, row.version)
    data = {"before": {"pack": row.pack, "names": row.names}, "pack": pack, "names": kept}
    codes = {kind.code for kind in shipped_packs()[pack].types}  # what other packs are called is kept for later
    others = {code: name for code, name in row.names.items() if code not in codes}
    row.pack, row.names, row.version = pack, others | kept, row.version + 1
    subject = f"slip_pack:{authority_id}"
    fact = Fact("slip_pack.change", subject, chain_id=authority_id, data=data, mandate_id=grant.mandate_id)
    record(context.session, fact, context.actor, context.moment)
    return row


def _names(pack: str, names: Mapping[str, str]) -> dict[str, str]:
    found = shipped_packs().get(pack)
    if found is None:
        raise Invalid({"pack": "请选择列出的单据种类。"})
    own = {kind.code: (names.get(kind.code) or "").strip() for kind in found.types}
    for code, name in own.items():
        if len(name) > LONGEST_NAME:
            raise Invalid({f"names-{code}": f"名称最多 {LONGEST_NAME} 字。"})
    refuse_persons(**{f"names-{code}": name for code, name in own.items()})
    shown = [own[kind.code] or kind.name for kind in found.types]
    if len(set(shown)) != len(shown):
        raise Invalid({"pack": "两种单据不能用同一个名称。"})
    return {kind.code: own[kind.code] for kind in found.types if own[kind.code] not in ("", kind.name)}
