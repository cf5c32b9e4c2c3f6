"""Telling stories in tests: each step is a real move by a member of the cast, committed on its own."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.core.errors import Absent
from app.ledgers.cases import Assignment, Case, Measure, Plan, Request
from app.ledgers.cases.files import StoredFile
from app.ledgers.scores import Objection, ScoreEntry, Standing, Total
from app.people import visible
from app.workflows import (
    CASE,
    OBJECTION,
    PART,
    PLAN,
    RULE_SET,
    Attempt,
    Context,
    Workflow,
    catch_up,
    fire,
    new_case,
    new_rule_set,
    workflow_of,
)
from tests.people import Cast

RULES = Path(__file__).parent.parent / "packs" / "rules" / "default.toml"
LOGGED: dict[str, Any] = {
    "title": "河道垃圾堆积",
    "text": "东山镇老街河道多处垃圾堆积，长期无人清理。",
    "source_kind": "inspection",
    "discovery": "county",
}
DONE: dict[str, Any] = {"result": "已全部清理，达到验收标准。", "lesson": "已对全镇河道排查。"}
SITE: dict[str, Any] = {"method": "现场查看", "second_person": "另一人"}
MEASURE: dict[str, Any] = {"text": "清理河道", "person": "张三"}


class Story:
    """A cast at work."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def rules(self, year: int = 2026) -> int:
        """Draft and approve the shipped rules for a year."""
        rule_set_id = self.draft_rules(year)
        self.move("leader", RULE_SET, rule_set_id, "approve")
        return rule_set_id

    def draft_rules(self, year: int, text: str | None = None, effective_on: date | None = None) -> int:
        """Draft rules for a year: the shipped ones, whole year, unless told."""
        with self.cast.begin("assessor") as (session, actor):
            context = Context(session, actor, self.cast.clock.now())
            text, county = text or RULES.read_text(encoding="utf-8"), self.cast.units["C"]
            row = new_rule_set(context, county, year, text, effective_on or date(year, 1, 1))
            rule_set_id: int = fire(context, RULE_SET, "draft", row, {"reason": "年度规则"}).row.id
        return rule_set_id

    def log(self, who: str = "inspector", **form: Any) -> int:
        """Log a case and return its id."""
        with self.cast.begin(who) as (session, actor):
            context = Context(session, actor, self.cast.clock.now())
            unit_id = next(iter(actor.own_units), None)
            authority = actor.grants[0].authority_id
            assert authority is not None
            values = {**LOGGED, **form}
            row = new_case(actor, authority, values, context.moment, unit_id)
            case_id: int = fire(context, CASE, "log_self" if unit_id else "log", row, values).row.id
            return case_id

    def move(
        self, who: str, workflow: Workflow, row_id: int, name: str, version: int | None = None, **form: Any
    ) -> Attempt:
        """Make one move, in a transaction of its own, on a row that the actor sees."""
        with self.cast.begin(who) as (session, actor):
            key = workflow.model.__mapper__.primary_key[0]
            row = session.scalars(visible(workflow.model, actor).where(key == row_id)).one_or_none()
            if row is None:
                raise Absent
            return fire(Context(session, actor, self.cast.clock.now()), workflow, name, row, form, version)

    def case(self, who: str, case_id: int, name: str, version: int | None = None, **form: Any) -> Attempt:
        """Make a move on the case."""
        return self.move(who, CASE, case_id, name, version, **form)

    def part(self, who: str, case_id: int, unit: str, name: str, **form: Any) -> Attempt:
        """Make a move on a unit's part."""
        return self.move(
            who, PART, self.one(Assignment, case_id=case_id, unit_id=self.cast.units[unit]).id, name, **form
        )

    def request(self, who: str, case_id: int, kind: str, name: str, **form: Any) -> Attempt:
        """Make a move on the newest request of a kind."""
        row = self.newest(Request, case_id=case_id, kind=kind)
        if row is None:
            raise Absent
        return self.move(who, workflow_of(row), row.id, name, **form)

    def assign(self, case_id: int, lead: str = "A", assist: str = "", due_on: str = "2026-03-20", **form: Any) -> None:
        """Admit and assign a case."""
        self.case("supervisor", case_id, "admit")
        units = self.cast.units
        values: Mapping[str, Any] = {
            "lead": units[lead],
            "assist": [units[code] for code in assist],
            "rect_class": "limited",
            "due_on": date.fromisoformat(due_on),
            "standard": "河道无垃圾",
        }
        self.case("supervisor", case_id, "assign", **{**values, **form})

    def to_work(self, case_id: int, unit: str = "A") -> None:
        """Sign, plan, approve, pass: the lead works."""
        u = unit.lower()
        self.case(f"liaison_{u}", case_id, "acknowledge")
        if self.get(Case, case_id).state == "rectifying":
            return
        due_on = self.get(Case, case_id).due_on
        self.case(f"liaison_{u}", case_id, "draft_plan", measures=[{**MEASURE, "due_on": due_on}])
        self.move(f"head_{u}", PLAN, self.newest(Plan, case_id=case_id).id, "approve")
        self.case("supervisor", case_id, "pass_plan")

    def do_measure(self, case_id: int, unit: str = "A") -> None:
        """Prove and finish the plan's first measure."""
        self.part(
            f"liaison_{unit.lower()}",
            case_id,
            unit,
            "attach",
            files=[a_file()],
            measure=self.measure(case_id),
            measure_done=True,
        )

    def finish(self, case_id: int, unit: str = "A") -> None:
        """Report finished."""
        self.case(f"head_{unit.lower()}", case_id, "report_finished", **DONE)

    def verify(self, case_id: int, who: str = "inspector") -> None:
        """Verify on site today."""
        self.case(who, case_id, "verify", site_on=self.cast.clock.now().day, **SITE)

    def daily(self, day: str | date, is_confirmed: bool = False) -> list[Any]:
        """Run the daily job up to a day, early in the morning."""
        self.cast.at(day, hour=0)
        done = list(catch_up(self.cast.database, self.cast.clock.now().day, self.cast.clock.now(), is_confirmed))
        self.cast.at(day)
        return done

    def days(self, first: str, last: str) -> None:
        """Run the daily job for each day from first to last."""
        day, end = date.fromisoformat(first), date.fromisoformat(last)
        while day <= end:
            self.daily(day)
            day += timedelta(days=1)

    def measure(self, case_id: int) -> int:
        """Return the id of the case's newest measure."""
        return int(self.newest(Measure, case_id=case_id).id)

    def decide_objection(self, name: str, who: str = "assessor") -> None:
        """Uphold or dismiss the newest objection."""
        self.move(who, OBJECTION, self.newest(Objection).id, name, reason="经核实")

    def newest_plan(self, case_id: int) -> int:
        """Return the id of the case's newest plan."""
        return int(self.newest(Plan, case_id=case_id).id)

    def entries(self, unit: str | None = None) -> list[tuple[str, str, str, Decimal, str]]:
        """Return what stands in the ledger: (rule, unit code, day, points, standing), contra entries included, sorted."""
        codes = {unit_id: code for code, unit_id in self.cast.units.items()}
        query = select(ScoreEntry, Standing.state).join(Standing, Standing.entry_id == ScoreEntry.id)
        with self.cast.database.session(read_only=True) as session:
            rows = [
                (e.rule + ("*" if e.reverses_id else ""), codes[e.unit_id], str(e.day), e.points, state)
                for e, state in session.execute(query)
            ]
        return sorted(row for row in rows if unit in (None, row[1]))

    def lines(self, case_id: int, unit: str | None = None) -> list[ScoreEntry]:
        """Return the lines of a case in the order they were posted."""
        query = select(ScoreEntry).where(ScoreEntry.case_id == case_id).order_by(ScoreEntry.id)
        if unit:
            query = query.where(ScoreEntry.unit_id == self.cast.units[unit])
        with self.cast.database.session(read_only=True) as session:
            return list(session.scalars(query))

    def total(self, unit: str, year: int = 2026) -> tuple[Decimal, Decimal]:
        """Return the running totals (confirmed, proposed) of a unit."""
        with self.cast.database.session(read_only=True) as session:
            row = session.get(Total, (self.cast.units[unit], year))
            return (row.confirmed, row.proposed) if row else (Decimal(0), Decimal(0))

    def object(self, who: str, case_id: int, unit: str, entry_ids: list[int], **form: Any) -> int:
        """Object to entries."""
        with self.cast.begin(who) as (session, actor):
            row = Objection(
                authority_id=self.cast.units["C"],
                case_id=case_id,
                unit_id=self.cast.units[unit],
                drafted_by_id=actor.person_id,
                ground=form.get("ground", "非本单位原因"),
                covers_later=bool(form.get("covers_later")),
                about_fact=bool(form.get("about_fact")),
            )
            name = "ask" if who.startswith("head") else "draft"
            values = {"entries": entry_ids, "ground": row.ground}
            made = fire(Context(session, actor, self.cast.clock.now()), OBJECTION, name, row, values)
            objection_id: int = made.row.id
            return objection_id

    def get(self, model: Any, row_id: Any) -> Any:
        """Read a row by its key."""
        with self.cast.database.session(read_only=True) as session:
            return session.get_one(model, row_id)

    def newest(self, model: Any, **same: Any) -> Any:
        """Read the newest row with the values."""
        with self.cast.database.session(read_only=True) as session:
            return session.scalars(select(model).filter_by(**same).order_by(model.id.desc())).first()

    def one(self, model: Any, **same: Any) -> Any:
        """Read the only row with the values."""
        with self.cast.database.session(read_only=True) as session:
            return session.scalars(select(model).filter_by(**same)).one()


def a_file(name: str = "照片.jpg") -> StoredFile:
    """Return a stored file that exists only on record."""
    a_file.count += 1  # type: ignore[attr-defined]
    return StoredFile(name, f"{a_file.count:032d}", "image/jpeg", 1000, f"{a_file.count:064x}")  # type: ignore[attr-defined]


a_file.count = 0  # type: ignore[attr-defined]
