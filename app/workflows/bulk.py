"""Bulk runs: cases chosen as they were seen, confirmed once, then moved one by one, each in a transaction of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, insert, literal, select, update
from sqlalchemy.orm import Session

from app.audit import Fact, record
from app.core.errors import Absent, Invalid, Refused, Stale
from app.core.leases import claim, hold, release
from app.ledgers.bulk import BulkItem, BulkRun, Chosen, chosen_cases
from app.ledgers.bulk.words import UNDER_WAY
from app.ledgers.cases import Case, CaseSource, Filters
from app.ledgers.cases.words import STATES
from app.people import visible
from app.workflows.bulk_acts import ACTS, NO_REQUEST, Act, acts_for, filled, lacking, row_of
from app.workflows.context import Context
from app.workflows.engine import Attempt, refusal, state_of
from app.workflows.exporting import conditions_for, home_grant
from app.workflows.input import check_input
from app.workflows.withholding import refuse_contacts

RUN: Any = BulkRun.__table__
ITEM: Any = BulkItem.__table__
GONE = "没有找到，或者您现在无权查看。"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What is known of a run before it is confirmed: how many may be moved, and for each reason the cases that may not.

    `lacking`: of those that may be moved, what the form must bring for which of them.
    """

    ready: int
    hindered: Mapping[str, Sequence[Case | None]]
    lacking: Mapping[str, Sequence[Case | None]] = field(default_factory=dict)


def choose(context: Context, act_name: str, named: Mapping[int, int], filters: Filters | None = None) -> BulkRun:
    """Keep the cases named with the versions they were seen with, or with filters the whole list as it is now.

    Absent when one of the cases named is not in the actor's reach: then nothing is kept.
    """
    act = act_named(context, act_name)
    most = context.parameters(home_grant(context.actor).authority_id or 0)["bulk_most"]
    if filters is None and (not named or len(named) > most):
        raise Invalid(
            {"cases": f"一次最多办理 {most} 件，请分批办理。" if named else "还没有选择问题。请先勾选要办理的问题。"}
        )
    run = BulkRun(
        authority_id=home_grant(context.actor).authority_id,
        person_id=context.actor.person_id,
        act=act.name,
        chosen_at=context.moment.at,
    )
    context.session.add(run)
    context.session.flush()
    run.total = _keep_named(context, run.id, named) if filters is None else _keep_all(context, run.id, filters, most)
    if not run.total:
        raise Refused("没有符合这些条件的问题，请换个条件再选。")
    return run


def act_named(context: Context, name: str) -> Act:
    """Return an act that the actor's roles make; Refused for another, Invalid for none."""
    if not name:
        raise Invalid({"act": "请选择要办理的事项。"})
    found = next((act for act in acts_for(context.actor) if act.name == name), None)
    if found is None:
        raise Refused("您当前的任职不能批量办理这一项。请从列出的事项中选择。")
    return found


def _keep_named(context: Context, run_id: int, named: Mapping[int, int]) -> int:
    mine = visible(Case, context.actor).with_only_columns(Case.id).where(Case.id.in_(named))
    known = set(context.session.scalars(mine))
    if known != set(named):
        raise Absent
    rows = [{"run_id": run_id, "case_id": case_id, "version": version} for case_id, version in named.items()]
    context.session.execute(insert(ITEM), rows)
    return len(rows)


def _keep_all(context: Context, run_id: int, filters: Filters, most: int) -> int:
    """Keep every case of the list in one statement, so that it is one moment's list."""
    wanted = select(literal(run_id), Case.id, Case.version).where(*conditions_for(context, filters))
    ordered = wanted.order_by(Case.order_on, Case.id).limit(most + 1)
    context.session.execute(insert(ITEM).from_select(["run_id", "case_id", "version"], ordered))
    count = context.session.scalar(select(func.count()).where(ITEM.c.run_id == run_id)) or 0
    if count > most:
        raise Invalid({"whole": f"符合条件的超过 {most} 件，一次办不了这么多。请用条件缩小范围，分批办理。"})
    return count


def foresee(context: Context, run: BulkRun) -> Foreseen:
    """Say what the act would do now, without trying it: by versions, states, mandates and guards."""
    act, ready = ACTS[run.act], 0
    act.prepare(context, run.id)
    found: dict[str, list[Case | None]] = {}
    asked: dict[str, list[Case | None]] = {}
    for one in chosen_cases(context.session, context.actor, run.id):
        said = _hindrance(context, act, one)
        if said is not None or one.case is None:
            found.setdefault(said or GONE, []).append(one.case)
            continue
        ready += 1
        for lack in lacking(context, act, one.case):
            asked.setdefault(lack, []).append(one.case)
    return Foreseen(ready, _commonest(found), _commonest(asked))


def _commonest(found: Mapping[str, Sequence[Case | None]]) -> dict[str, Sequence[Case | None]]:
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


def _hindrance(context: Context, act: Act, one: Chosen) -> str | None:
    if one.case is None:
        return GONE
    if one.case.version != one.version:
        return str(Stale())
    attempt = _attempt(context, act, one.case)
    return attempt if isinstance(attempt, str) else refusal(attempt, act.unforeseen)


def _attempt(context: Context, act: Act, case: Case) -> Attempt | str:
    """Return the attempt at the act's move on a case, or why there is none to be made."""
    row = row_of(context, act, case)
    if row is None:
        return NO_REQUEST
    try:
        move = act.workflow.find(act.form.name, state_of(row), row)
    except Refused:
        return f"“{STATES[case.state]}”的问题不能{act.label}。"
    return Attempt(context, act.workflow, move, row, case=case)


def start(context: Context, run: BulkRun, form: Mapping[str, Any]) -> None:
    """Confirm a run with its form: from now on it waits to be worked on.

    Invalid, and the run stays to be confirmed, when none of its cases takes the form or it tells who a citizen is; Refused
    when it was confirmed already.
    """
    _name_no_citizen(context, run, form)
    _check_form(context, run, form)
    actor, at = context.actor, context.moment.at
    busy = select(RUN.c.id).where(RUN.c.person_id == actor.person_id, RUN.c.state.in_(UNDER_WAY))
    if context.session.scalar(busy.where(RUN.c.id != run.id).limit(1)):
        raise Refused("您的上一批还没有办完，请等它办完，或者先停止它。")
    values = {"state": "waiting", "form": keep_form(form), "started_at": at}
    begun: Any = context.session.execute(
        update(RUN).where(RUN.c.id == run.id, RUN.c.state == "chosen").values(**values)
    )
    if begun.rowcount != 1:
        raise Refused("这一批已经开始办理，不会再办一次。请看它的结果。")
    context.session.refresh(run)
    note_run(context, run, "bulk.start", total=run.total, form=run.form)


def _name_no_citizen(context: Context, run: BulkRun, form: Mapping[str, Any]) -> None:
    """What is written on every case tells of no citizen of any."""
    told = select(CaseSource.contact).join(ITEM, ITEM.c.case_id == CaseSource.case_id)
    contacts = context.session.scalars(told.where(ITEM.c.run_id == run.id, CaseSource.contact.is_not(None)).distinct())
    refuse_contacts(ACTS[run.act].form.needs, [contact or "" for contact in contacts], form)


def _check_form(context: Context, run: BulkRun, form: Mapping[str, Any]) -> None:
    """Try the form on case after case until one takes it; what all that may be moved refuse is a mistake of the form."""
    act, mistake = ACTS[run.act], None
    act.prepare(context, run.id)
    for one in chosen_cases(context.session, context.actor, run.id):
        if one.case is None or _hindrance(context, act, one) is not None:
            continue
        attempt = _attempt(context, act, one.case)
        if isinstance(attempt, str):
            continue
        attempt.form = filled(context, act, one.case, form)
        try:
            return check_input(attempt)
        except Invalid as error:
            mistake = mistake or error
    if mistake is not None:
        raise mistake
    return None


def stop(context: Context, run: BulkRun) -> None:
    """Stop a run between two cases: what is done stays done."""
    under_way = and_(RUN.c.id == run.id, RUN.c.state.in_(UNDER_WAY))
    values = {"state": "stopped", "ended_at": context.moment.at, "lease_until": None}
    stopped: Any = context.session.execute(update(RUN).where(under_way).values(**values))
    if stopped.rowcount != 1:
        raise Refused("这一批已经办完或停止，不用再停。请看它的结果。")
    context.session.refresh(run)
    note_run(context, run, "bulk.stop", done=run.done, refused=run.refused)


def claim_run(session: Session, worker: str, at: datetime, run_id: int | None = None) -> int | None:
    """Take the oldest run that waits, or whose worker has died, or the one named; None when there is none."""
    return claim(session, BulkRun, worker, at, run_id)


def hold_run(session: Session, run_id: int, worker: str, at: datetime) -> bool:
    """Hold on to a run until the transaction ends and a lease longer; False when it was stopped or another has it by now."""
    return hold(session, BulkRun, (run_id, worker), at)


def release_run(session: Session, run_id: int, worker: str) -> None:
    """Let go of a run that the worker cannot finish; another goes on with it."""
    release(session, BulkRun, (run_id, worker))


def note_run(context: Context, run: BulkRun, kind: str, **data: Any) -> None:
    """Record what happened to a run as a whole; what happened to its cases is recorded by their moves."""
    grant = context.actor.grant(*context.actor.roles, authority_id=run.authority_id)
    mandate_id = grant.mandate_id if grant else None
    fact = Fact(kind, f"bulk:{run.id}", run.authority_id, data={"act": run.act, **data}, mandate_id=mandate_id)
    record(context.session, fact, context.actor, context.moment)


def keep_form(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the common form as JSON values."""
    return {name: {"day": str(value)} if isinstance(value, date) else value for name, value in form.items()}


def read_form(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the common form that was kept."""
    return {
        name: date.fromisoformat(value["day"]) if isinstance(value, dict) else value for name, value in kept.items()
    }
