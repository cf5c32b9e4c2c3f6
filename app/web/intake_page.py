"""What the pages of an import show: rows by verdict, names to match, what would be taken over, past imports."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request, url_for
from sqlalchemy import func, select

from app.core.clock import ZONE
from app.ledgers.cases import Case
from app.ledgers.cases.words import STATES
from app.ledgers.intake import ImportBatch, ImportRow, ImportTask, Layout, layout_of
from app.ledgers.intake.words import BATCH_STATES, FACTS, OUTCOMES, TASKS, UNDONE, VERDICTS
from app.people import Person, visible, within
from app.web.intake_fixes import fixes_of, seen_of
from app.web.intake_names import names_shown
from app.web.shell import desk
from app.workflows.intake import CHANGES, READING_LEASE
from app.workflows.intake_continuing import continued_by
from app.workflows.intake_tasks import UNDER_WAY, last_task

PAGE = 50
MOST_BATCHES = 20
TABS = {
    "wrong": "有误",
    "doubtful": "待核对",
    "duplicate": "可能重复",
    "changed": "有变化",
    "new": "新增",
    "unchanged": "无变化",
}
TONES = {
    "wrong": "bad",
    "doubtful": "warn",
    "duplicate": "warn",
    "changed": "info",
    "new": "good",
    "unchanged": "ended",
}
OUTCOME_TONES = {
    **{"created": "good", "updated": "info", "noted": "info", "known": "ended", "left": "warn"},
    **{"voided": "ended", "restored": "ended"},
}
BATCH_TONES = {"reading": "active", "refused": "bad", "previewed": "waiting", "applied": "good"}
BATCH_TONES |= {"reversed": "ended", "expired": "ended"}
DONE_STATES = ("applied", "reversed")
ENDINGS = {**OUTCOMES, **UNDONE}
HINTS = {
    "wrong": "这些行不会导入，其余各行不受影响。可以直接在这里改正；也可以改正文件后重新上传，已导入的行不会重复。",
    "doubtful": "这些行里有日期或来源需要您看一眼。勾选并保存后随其他行一起导入；期限只作为建议，由督查室主任交办时确定。",
    "duplicate": "与同一文件里前面的行相同，或与已有的一件相同。确实是另一件事的，勾选后导入。",
    "changed": "台账里已有这一件。未交办的更新内容，已交办的只记入办理过程，不改动期限。",
    "new": "导入后状态为“已登记”，等候受理。",
    "unchanged": "台账里已有这一件，内容没有变化，不会重复登记。",
}


def page_data(batch: ImportBatch) -> dict[str, Any]:
    """Return the data of an import's page."""
    counts, task = _tab_counts(batch), last_task(desk().session, batch.id)
    is_busy = task is not None and task.state in UNDER_WAY
    is_open = batch.state == "previewed"
    asked = request.args.get("show", "")
    tabs = TABS if is_open else ENDINGS
    show = asked if asked in tabs else next((key for key in tabs if counts.get(key)), next(iter(tabs)))
    rows, next_number = ([], None) if is_busy else _page_of_rows(batch, show)
    return {
        "batch": batch_shown(batch, is_busy),
        "task": _task_shown(batch, task) if task is not None and (is_busy or task.state == "failed") else None,
        "is_busy": is_busy,
        "is_open": is_open,
        "is_read": batch.state in ("previewed", *DONE_STATES),
        "fixes": is_open and show == "wrong" and bool(rows),
        "reversal_url": url_for("intake_reversal.reversal", ref=batch.id) if _may_be_reversed(batch, counts) else "",
        "show": show,
        "hint": HINTS.get(show, "") if is_open else "",
        "tabs": [
            {"label": label, "url": _url(batch, key), "active": key == show, "count": counts.get(key, 0)}
            for key, label in tabs.items()
            if counts.get(key) or key == show
        ],
        "rows": rows,
        "has_said": not is_open or show not in ("new", "unchanged") or any(row["doubts"] for row in rows),
        "ticks": is_open and show in ("doubtful", "duplicate"),
        "next_url": _url(batch, show, next_number) if next_number else "",
        "first_url": _url(batch, show) if request.args.get("after") else "",
        "rest": _rest_shown(batch, counts),
        "names": names_shown(batch) if is_open and not is_busy else [],
        "plan": _plan(batch, counts) if is_open and not is_busy else None,
    }


def past_imports() -> list[dict[str, Any]]:
    """Return the newest imports of the authority."""
    query = visible(ImportBatch, desk().actor).add_columns(Person.name)
    query = query.join(Person, Person.id == ImportBatch.person_id).order_by(ImportBatch.id.desc()).limit(MOST_BATCHES)
    found = [(batch, name) for batch, name in desk().session.execute(query)]
    busy = select(ImportTask.batch_id).where(ImportTask.batch_id.in_([batch.id for batch, _ in found]))
    working = set(desk().session.scalars(busy.where(ImportTask.state.in_(UNDER_WAY))))
    return [batch_shown(batch, batch.id in working) | {"who": name} for batch, name in found]


def batch_shown(batch: ImportBatch, is_busy: bool = False) -> dict[str, Any]:
    """Return an import as its page and the list show it."""
    is_dead = batch.state == "reading" and not is_busy and batch.begun_at < desk().moment.at - READING_LEASE
    total = sum(batch.counts.get(verdict, 0) for verdict in VERDICTS)
    words = OUTCOMES if batch.state in DONE_STATES else VERDICTS
    said = "、".join(f"{word} {batch.counts[key]}" for key, word in words.items() if batch.counts.get(key))
    return {
        "id": batch.id,
        "version": batch.version,
        "url": url_for("intake.preview", ref=batch.id),
        "file_name": batch.file_name,
        "sheet": batch.sheet,
        "layout": layout_of(desk().session, batch.layout).name,
        "stated_on": batch.stated_on,
        "period": "年".join(batch.period.split("-")) + ("月" if "-" in batch.period else "年") if batch.period else "",
        "state": "读取中断" if is_dead else BATCH_STATES[batch.state],
        "tone": "bad" if is_dead else BATCH_TONES[batch.state],
        "total": total,
        "said": said or batch.note,
        "note": batch.note,
        "digest": (batch.sha256 or "")[:16],
        "begun_at": batch.begun_at.astimezone(ZONE),
        "applied_at": batch.applied_at.astimezone(ZONE) if batch.applied_at else None,
        "reversed_at": batch.reversed_at.astimezone(ZONE) if batch.reversed_at else None,
        "continues_url": url_for("intake.preview", ref=batch.continues_id) if batch.continues_id else "",
        "passed_over": batch.passed_over,
        "unused_columns": batch.unused_columns,
    }


def _task_shown(batch: ImportBatch, task: ImportTask) -> dict[str, Any]:
    return {
        "label": TASKS[task.kind],
        "done": task.done,
        "total": task.total or 0,
        "is_waiting": task.state == "waiting",
        "note": task.note,
        "url": url_for("intake.preview", ref=batch.id),
        "cancel_url": url_for("intake.cancel", ref=batch.id),
    }


def _rest_shown(batch: ImportBatch, counts: dict[str, int]) -> dict[str, Any] | None:
    """Return the rows that were left and where they are put right: here, or in the import that goes on with them."""
    if batch.state != "applied" or not counts.get("left"):
        return None
    following = continued_by(desk().session, batch)
    if following is None and batch.stored_name is None:
        return None
    return {
        "count": counts["left"],
        "url": url_for("intake.preview", ref=following) if following else "",
        "continue_url": url_for("intake.rest", ref=batch.id),
    }


def _may_be_reversed(batch: ImportBatch, counts: dict[str, int]) -> bool:
    return batch.state == "applied" and any(counts.get(outcome) for outcome in CHANGES)


def _tab_counts(batch: ImportBatch) -> dict[str, int]:
    if batch.state in DONE_STATES:
        query = select(ImportRow.outcome, func.count()).where(ImportRow.batch_id == batch.id)
        return {
            outcome: count for outcome, count in desk().session.execute(query.group_by(ImportRow.outcome)) if outcome
        }
    return dict(batch.counts)


def _page_of_rows(batch: ImportBatch, show: str) -> tuple[list[dict[str, Any]], int | None]:
    query = visible(ImportRow, desk().actor).where(ImportRow.batch_id == batch.id).order_by(ImportRow.number)
    if batch.state in DONE_STATES:
        query = query.where(ImportRow.outcome == show)
    elif show == "doubtful":
        query = query.where(ImportRow.is_doubtful)
    else:
        query = query.where(ImportRow.verdict == show)
    after = request.args.get("after", "")
    if after.isdecimal() and len(after) <= 9:  # noqa: PLR2004 - digits of any row number
        query = query.where(ImportRow.number > int(after))
    found = list(desk().session.scalars(query.limit(PAGE + 1)))
    rows = found[:PAGE]
    return _rows_shown(batch, rows), rows[-1].number if len(found) > PAGE else None


def _rows_shown(batch: ImportBatch, rows: Sequence[ImportRow]) -> list[dict[str, Any]]:
    wanted = [row.case_id for row in rows if row.case_id]
    query = select(Case.id, Case.number, Case.state).where(within(Case, desk().actor), Case.id.in_(wanted))
    cases = {case_id: (number, STATES[state]) for case_id, number, state in desk().session.execute(query)}
    if batch.state != "previewed":
        return [_row_shown(row, cases) for row in rows]
    layout = layout_of(desk().session, batch.layout)
    return [_row_shown(row, cases) | _to_be_fixed(batch, row, layout) for row in rows]


def _to_be_fixed(batch: ImportBatch, row: ImportRow, layout: Layout) -> dict[str, Any]:
    """Return what a row needs to be put right on the page."""
    return {
        "edit_url": url_for("intake_rows.row", ref=batch.id, number=row.number),
        "seen": seen_of(row, layout) if row.verdict == "wrong" else "",
        "fixes": fixes_of(row, layout) if row.verdict == "wrong" else [],
        "typed": "、".join(layout.label_of(name) for name in row.typed),
    }


def _row_shown(row: ImportRow, cases: dict[int, tuple[str | None, str]]) -> dict[str, Any]:
    facts = row.facts
    number, state = cases.get(row.case_id or 0, (None, ""))
    return {
        "number": row.number,
        "serial": row.serial,
        "title": facts.get("title", ""),
        "text": facts.get("text", ""),
        "source": _source_of(facts),
        "lead": facts.get("lead", ""),
        "assisting": facts.get("assisting", ""),
        "found_on": _day(facts.get("found_on")),
        "due_on": _day(facts.get("due_on")),
        "problems": row.problems,
        "doubts": row.doubts,
        "changes": [(FACTS[field], *both) for field, both in row.changes.items()],
        "repeats": row.repeats,
        "is_chosen": row.is_chosen,
        "fixes": [],
        "outcome": ENDINGS.get(row.outcome or "", ""),
        "outcome_tone": OUTCOME_TONES.get(row.outcome or "", "info"),
        "case_url": url_for("cases.case", ref=row.case_id) if state else "",
        "case_said": f"{number} {state}" if number else "打开这一件" if state else "",
    }


def _source_of(facts: dict[str, str]) -> str:
    number = f"编号 {facts['reference']}" if "reference" in facts else ""
    return "，".join(said for said in (facts.get("source", ""), number) if said)


def _plan(batch: ImportBatch, counts: dict[str, int]) -> dict[str, Any]:
    """Return how many rows would be taken over now, and what would be left."""
    chosen = select(ImportRow.verdict, func.count()).where(ImportRow.batch_id == batch.id, ImportRow.is_chosen)
    confirmed = {verdict: count for verdict, count in desk().session.execute(chosen.group_by(ImportRow.verdict))}
    taken_doubts = confirmed.get("new", 0) + confirmed.get("changed", 0)
    doubtful = counts.get("doubtful", 0) - taken_doubts
    doubles = counts.get("duplicate", 0) - confirmed.get("duplicate", 0)
    total = counts.get("new", 0) + counts.get("changed", 0) - doubtful + confirmed.get("duplicate", 0)
    left = ((doubtful, "行待核对"), (doubles, "行可能重复"), (counts.get("wrong", 0), "行有误"))
    return {
        "total": total,
        "doubtful": doubtful,
        "left": "、".join(f"{count} {words}" for count, words in left if count),
    }


def _url(batch: ImportBatch, show: str, after: int | None = None) -> str:
    return url_for("intake.preview", ref=batch.id, show=show, after=after, _anchor="rows")


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
