"""The pages of bulk runs: what is confirmed, how far it is, what became of each; rows turned into words once."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for
from wtforms import Form

from app.core.clock import ZONE
from app.core.errors import Invalid
from app.ledgers.bulk import LINES, BulkRun, outcome_lines, past_runs, reasons_of
from app.ledgers.bulk.words import OUTCOMES, RUN_STATES, UNDER_WAY
from app.ledgers.cases import Case, Filters
from app.web.case_looks import state_look
from app.web.fields import form_class
from app.web.ledger_filters import clean, read_filters
from app.web.moves import choices
from app.web.shell import desk
from app.workflows import Attempt
from app.workflows.bulk import foresee
from app.workflows.bulk_acts import ACTS, Act, acts_for

RUN_TONES = {"waiting": "waiting", "running": "active", "done": "good", "stopped": "hold", "failed": "bad"}
MOST_SHOWN = 50
MOST_NAMED = 5
LONGEST = len("999999999999.999999999")


def acts_offered() -> list[tuple[str, str]]:
    """Return the acts the reader may do to many cases: name and words."""
    return [(act.name, act.label) for act in acts_for(desk().actor)]


def ticked() -> dict[int, int]:
    """Return the cases ticked with the versions they were seen with; Invalid for what no ledger ever sent."""
    found: dict[int, int] = {}
    for typed in request.form.getlist("cases"):
        case_id, _, version = typed.partition(".")
        if not (case_id.isdecimal() and version.isdecimal() and len(typed) <= LONGEST):
            raise Invalid({"cases": "表单不完整，请回到台账重新选择。"})
        found[int(case_id)] = int(version)
    return found


def asked_filters() -> Filters:
    """Return the filters of the ledger the form stood in."""
    return read_filters(clean(request.form))[0]


def act_of(run: BulkRun) -> Act:
    """Return the act of a run."""
    return ACTS[run.act]


def form_of(run: BulkRun, typed: Any = None) -> Form:
    """Return the common form of a run."""
    act = act_of(run)
    attempt = Attempt(desk().context, act.workflow, act.form, run)
    return form_class(attempt, choices)(typed)


def confirm_data(run: BulkRun, form: Form) -> dict[str, Any]:
    """Return what the page of confirmation shows: what will happen to how many, and which cannot, by reason."""
    act, foreseen = act_of(run), foresee(desk().context, run)
    return {
        "act": {"label": act.label, "hint": act.hint, "is_grave": act.form.is_grave},
        "total": run.total,
        "ready": foreseen.ready,
        "hindered": _reasons(foreseen.hindered),
        "lacking": _reasons(foreseen.lacking),
        "short": len({case.id for cases in foreseen.lacking.values() for case in cases if case}),
        "form": form,
        "is_long": run.total > desk().context.parameters(run.authority_id)["bulk_direct"],
        "start_url": url_for("bulk.begin", ref=run.id),
        "back_url": url_for("cases.ledger"),
    }


def _reasons(found: Mapping[str, Sequence[Case | None]]) -> list[dict[str, Any]]:
    return [
        {"said": said, "count": len(cases), "cases": [_named(case) for case in cases[:MOST_NAMED] if case]}
        for said, cases in found.items()
    ]


def result_data(run: BulkRun) -> dict[str, Any]:
    """Return what the page of a run shows once it was confirmed."""
    session, actor = desk().session, desk().actor
    left = run.total - run.done - run.refused
    counts = {"refused": run.refused, "done": run.done, "open": left}
    shown = request.args.get("show", "")
    shown = shown if counts.get(shown) else next((name for name, count in counts.items() if count), "done")
    after = request.args.get("after", "")
    place = int(after) if after.isdecimal() and len(after) < LONGEST else 0
    rows = outcome_lines(session, actor, run.id, None if shown == "open" else shown, place)
    following = url_for("bulk.run", ref=run.id, show=shown, after=rows[LINES - 1].id) if len(rows) > LINES else ""
    words = {**OUTCOMES, "open": "等待办理" if run.state in UNDER_WAY else "没有轮到"}
    return {
        "run": run_shown(run),
        "lines": [_line(row, words[shown]) for row in rows[:LINES]],
        "reasons": [(said, count) for said, count in reasons_of(session, run.id)] if run.refused else [],
        "tabs": [
            {
                "label": words[name],
                "url": url_for("bulk.run", ref=run.id, show=name),
                "active": name == shown,
                "count": n,
            }
            for name, n in counts.items()
            if n or name == shown
        ],
        "next_url": following,
        "first_url": url_for("bulk.run", ref=run.id, show=shown) if place else "",
    }


def past_data() -> dict[str, Any]:
    """Return the newest runs of the person."""
    return {"runs": [run_shown(run) for run in past_runs(desk().session, desk().actor, MOST_SHOWN)]}


def run_shown(run: BulkRun) -> dict[str, Any]:
    """Return a run as its page and the list show it."""
    at = run.started_at or run.chosen_at
    return {
        "label": ACTS[run.act].label,
        "url": url_for("bulk.run", ref=run.id),
        "stop_url": url_for("bulk.end", ref=run.id),
        "state": RUN_STATES[run.state],
        "tone": RUN_TONES.get(run.state, "ended"),
        "is_under_way": run.state in UNDER_WAY,
        "undo": _undo(run),
        "total": run.total,
        "done": run.done,
        "refused": run.refused,
        "worked": run.done + run.refused,
        "note": run.note,
        "at": at.astimezone(ZONE),
        "ended_at": run.ended_at.astimezone(ZONE) if run.ended_at else None,
    }


def _undo(run: BulkRun) -> tuple[str, str] | None:
    """Return the words and the address of the act that takes a run back, where there is one and something to take back."""
    undoing = ACTS[run.act].undo
    if not undoing or not run.done or run.state in UNDER_WAY:
        return None
    return ACTS[undoing].label, url_for("bulk.undo", ref=run.id)


def _named(case: Case) -> tuple[str, str]:
    return case.number or f"未编号（{case.title[:8]}）", url_for("cases.case", ref=case.id)


def _line(row: Any, outcome: str) -> dict[str, Any]:
    """Return one case of a run; of one that is no longer seen only what was said."""
    is_seen = row[3] is not None
    return {
        "url": url_for("cases.case", ref=row[3]) if is_seen else "",
        "number": (row.number or "未编号") if is_seen else "",
        "title": row.title if is_seen else "这一件您现在无权查看",
        "state": state_look(row.state) if is_seen else None,
        "said": row.said or outcome,
    }
