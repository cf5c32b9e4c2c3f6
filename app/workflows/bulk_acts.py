"""What may be done to many cases at once: one list of moves, each a row of the transition tables and nothing else."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import load_only

from app.ledgers.bulk import BulkItem
from app.ledgers.cases import Assignment, Case, Request
from app.ledgers.messages import Message
from app.people import Actor
from app.workflows.case import CASE
from app.workflows.case_guards import (
    OPEN_REQUESTS,
    gate_is_open,
    open_request,
    remember_requests,
    verifier_is_not_acceptor,
)
from app.workflows.case_nudges import MOVES, WORDS, remember_nudges
from app.workflows.case_start import check_deadline
from app.workflows.context import Context
from app.workflows.engine import Attempt, Guard, Need, Transition, Workflow
from app.workflows.input import is_blank
from app.workflows.request import EXTENSION
from app.workflows.table import Check

Prepare = Callable[[Context, int], None]
NO_REQUEST = "没有待决定的延期申请。"


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the move it makes and its form.

    `prepare` reads at once what the guards ask of each case of a run, so that they can say beforehand which may not be
    moved; the `unforeseen` ones ask so much that they are asked when the case is moved. `undo` names the act that takes
    it back. The form leaves out files, and asks less than the move where each case may bring an input itself (its offer):
    the `spared` inputs. `checks` say beforehand what is wrong with what the case brings.
    """

    name: str
    label: str
    workflow: Workflow
    form: Transition
    prepare: Prepare
    unforeseen: tuple[Guard, ...] = ()
    hint: str = ""
    undo: str = ""
    spared: tuple[Need, ...] = ()
    checks: tuple[Check, ...] = ()

    def is_for(self, actor: Actor) -> bool:
        """Say whether the actor holds a role that makes the move at all."""
        rows = (row for row in self.workflow.transitions if row.name == self.form.name)
        return any(actor.roles & set(row.roles) for row in rows)


def _nothing(_context: Context, _run_id: int) -> None:
    """Most guards ask nothing but the case itself."""


def _nudges(context: Context, run_id: int) -> None:
    ids = context.session.scalars(_cases_of(run_id)).all()
    parts = select(Assignment.case_id, Assignment.unit_id).where(
        Assignment.case_id.in_(_cases_of(run_id)), Assignment.released_on.is_(None), Assignment.state != "done"
    )
    told = select(Message.case_id, Message.kind).where(
        Message.kind.in_(WORDS), Message.day == context.day, Message.case_id.in_(_cases_of(run_id))
    )
    units, kinds = _gathered(context.session.execute(parts)), _gathered(context.session.execute(told.distinct()))
    for case_id in ids:
        remember_nudges(context, case_id, units[case_id], {MOVES[kind] for kind in kinds[case_id]})


def _requests(context: Context, run_id: int) -> None:
    found: dict[int, list[Request]] = defaultdict(list)
    open_ones = Request.state.in_(OPEN_REQUESTS)
    for request in context.session.scalars(select(Request).where(Request.case_id.in_(_cases_of(run_id)), open_ones)):
        found[request.case_id].append(request)
    for case_id in context.session.scalars(_cases_of(run_id)):
        remember_requests(context, case_id, found[case_id])


def _kept_cases(context: Context, run_id: int) -> None:
    """Hold on to what the cases were merged into, for the guard finds them in the session."""
    merged = select(Case.merged_into_id).where(Case.id.in_(_cases_of(run_id)))
    kept = select(Case).where(Case.id.in_(merged)).options(load_only(Case.state))
    context.memory["kept", run_id] = context.session.scalars(kept).all()


def _gathered(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for key, value in rows:
        found[key].append(value)
    return found


def _cases_of(run_id: int) -> Any:
    return select(BulkItem.case_id).where(BulkItem.run_id == run_id)


def _act(name: str, label: str, hint: str = "", **ways: Any) -> Act:
    workflow: Workflow = ways.get("workflow", CASE)
    found = next(row for row in workflow.transitions if row.name == ways.get("move", name))
    spared = ways.get("spared", ())
    needs = [
        replace(need, required=False, hint="不填则按各件台账所列") if need.name in spared else need
        for need in found.needs
    ]
    form = replace(found, needs=tuple(need for need in needs if need.kind != "files"))
    return Act(
        name,
        label,
        workflow,
        form,
        ways.get("prepare", _nothing),
        ways.get("unforeseen", ()),
        hint,
        ways.get("undo", ""),
        tuple(need for need in found.needs if need.name in spared and need.required),
        ways.get("checks", ()),
    )


ACTS = {
    act.name: act
    for act in (
        _act("admit", "受理建账", "每件取得本级本年度的编号。"),
        _act(
            "assign",
            "交办",
            "所填内容用于每一件；不填的按各件台账所列，台账也没有列的那一件不交办。",
            spared=("lead", "assist", "rect_class", "standard"),
            checks=(check_deadline,),
        ),
        _act(
            "accept",
            "验收通过",
            "验收条件逐件核对，缺什么在结果里逐件说明。",
            unforeseen=(verifier_is_not_acceptor, gate_is_open),
        ),
        _act("remind", "提醒", "没有完成的承办单位各收到一条消息，每件每天一次。", prepare=_nudges),
        _act("ask_progress", "催报进展", "没有完成的承办单位各收到一条消息，每件每天一次。", prepare=_nudges),
        _act(
            "extend",
            "同意延期",
            "只办理有延期申请待决定的；批准期限不填的，按各件申请的日期。",
            workflow=EXTENSION,
            move="grant",
            prepare=_requests,
        ),
        _act("ask_extension", "申请延期", "联络员申请的，由单位负责人逐件审定后提交。", prepare=_requests),
        _act(
            "merge",
            "并案",
            "所选各件都并入同一件；编号、来源和办理过程都保留，拟扣和扣分冲销。可以撤销。",
            undo="unmerge",
        ),
        _act("unmerge", "撤销并案", "各件回到并案前的状态，冲销的扣分重新提出。", prepare=_kept_cases),
        _act("tag", "加标签", "标签只供督查室、考核办归类查找，单位看不到。"),
        _act("untag", "去标签"),
    )
}


def acts_for(actor: Actor) -> list[Act]:
    """Return the acts that the actor's roles make."""
    return [act for act in ACTS.values() if act.is_for(actor)]


def row_of(context: Context, act: Act, case: Case) -> Any:
    """Return the row that the act moves for a case: the case itself, or the request that waits on it; None without one."""
    if act.workflow is CASE:
        return case
    request = open_request(Attempt(context, act.workflow, act.form, case, case=case), "extension")
    return request if request is not None and request.state == "asked" else None


def filled(context: Context, act: Act, case: Case, form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the common form; what it leaves blank is what the case itself brings: what an imported ledger proposed."""
    given = {name: value for name, value in form.items() if not is_blank(value)}
    if act.form.offer is None:
        return given
    brought = act.form.offer(Attempt(context, act.workflow, act.form, case, case=case, form=given))
    return {name: value for name, value in brought.items() if value} | given


def lacking(context: Context, act: Act, case: Case) -> list[str]:
    """Say what the common form has to bring for a case, for its ledger does not list it or lists what cannot stand."""
    if not act.spared:
        return []
    brought = filled(context, act, case, {})
    missing = [f"没有列{need.label}" for need in act.spared if is_blank(brought.get(need.name))]
    attempt = Attempt(context, act.workflow, act.form, case, case=case, form=brought)
    return [*missing, *(said for check in act.checks for said in check(attempt).values())]
