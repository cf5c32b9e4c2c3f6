"""P24, scripts: leaving a case lying, misusing slips, imports, files and the web's forms so that it goes quiet."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.errors import Invalid, Refused
from app.ledgers.cases import Case, CaseSource, Evidence, Request, read_checked
from app.people import Role
from app.workflows import SLIP, choose_pack, close_unit
from tests import slips
from tests.faults.burying import LATER, Scene, scripts_in
from tests.story import a_file
from tests.workflows import imports
from tests.workflows.imports import GOOD, changed, choose, hand_in, ledger, take_over


def leave_it_lying_as_it_was_logged(s: Scene) -> None:
    s.story.cast.at("2026-05-29")
    s.waits("inspector", "unassigned", s["reported"])
    s.waits("supervisor2", "admit", s["reported"])
    s.in_ledger(s["reported"], "inspector2", "assessor")


def leave_it_lying_without_a_unit(s: Scene) -> None:
    s.story.cast.at("2026-05-29")
    s.waits("inspector", "unassigned", s["ledgered"])
    s.waits("supervisor2", "assign", s["ledgered"])
    s.in_ledger(s["ledgered"], "inspector2", "assessor")


def leave_the_plan_lying(s: Scene) -> None:
    case_id = s.story.log()
    s.story.assign(case_id, "A", due_on="2026-03-30")
    s.story.case("liaison_a", case_id, "acknowledge")
    s.story.days("2026-03-28", "2026-03-31")
    s.waits("liaison_a", "plan", case_id)
    s.listed(case_id, "overdue")
    s.stands(case_id, "overdue")


def assign_to_an_abolished_unit(s: Scene) -> None:
    with s.acting("admin") as c:
        close_unit(c.session, c.actor, c.moment, s.units["U"], "机构改革")
    with s.refused(Invalid, "lead"):
        _assign(s, "U")


def assign_to_the_office_itself(s: Scene) -> None:
    for unit in ("O", "C"):
        with s.refused(Invalid, "lead"):
            _assign(s, unit)


def assign_to_another_county(s: Scene) -> None:
    with s.refused(Invalid, "lead"):
        _assign(s, "Y")
    with s.refused(Invalid, "assist"):
        _assign(s, "A", assist=[s.units["Y"]])


def assign_to_a_unit_without_people(s: Scene) -> None:
    _assign(s, "U", due_on=date(2026, 3, 30))
    s.story.days("2026-03-28", "2026-03-31")
    s.listed(s["ledgered"], "overdue")
    s.waits("leader2", "overdue", s["ledgered"])


def never_sign_a_slip(s: Scene) -> None:
    draft = slips.newest(s.story, case_id=s["overdue"])
    assert draft.state == "draft"
    s.waits("leader", "unsigned_leader", draft.id)
    s.waits("discipline", "unsigned", draft.id)


def never_sign_for_a_slip(s: Scene) -> None:
    slips.move(s.story, "supervisor", "sign")
    slips.run(s.story, "2026-03-30", "2026-04-03")
    s.stands(s["overdue"], "slip_receipt")
    newest = slips.newest(s.story, case_id=s["overdue"])
    assert (newest.level, newest.state) == (2, "draft")
    s.waits("supervisor2", "issue", newest.id)


def withdraw_a_slip(s: Scene) -> None:
    slip_id = slips.brought_to(s.story, s["overdue"], "issued")
    with s.refused(Invalid, "reason"):
        s.story.move("supervisor", SLIP, slip_id, "withdraw")
    s.story.move("supervisor", SLIP, slip_id, "withdraw", reason="发错")
    s.told("slip.withdraw", "supervisor", viewer="discipline")
    s.taken_back(s["overdue"], "slip.withdraw", "supervisor")
    s.story.daily("2026-03-30")
    draft = slips.newest(s.story, case_id=s["overdue"])
    assert (draft.state, draft.id != slip_id) == ("draft", True)


def withdraw_the_slip_of_a_leader(s: Scene) -> None:
    slip_id = slips.brought_to(s.story, s["overdue"], "issued", "accountability")
    with s.refused(Refused, "须由县级分管领导"):
        s.story.move("supervisor", SLIP, slip_id, "withdraw", reason="发错")


def withdraw_the_slip_to_the_own_unit(s: Scene) -> None:
    s.give("supervisor2", Role.LIAISON, "A")
    slip_id = slips.brought_to(s.story, s["overdue"], "issued")
    with s.refused(Refused, "回避"):
        s.story.move("supervisor2", SLIP, slip_id, "withdraw", reason="发错")


def throw_the_draft_of_the_job_away(s: Scene) -> None:
    with s.refused(Refused):
        slips.move(s.story, "inspector", "discard", reason="不需要")


def put_an_own_draft_in_its_place_and_throw_that_away(s: Scene) -> None:
    slip_id = slips.draft(s.story, s["overdue"], "supervise")
    s.story.move("inspector", SLIP, slip_id, "discard", reason="不需要")
    s.told("slip.discard", "inspector", viewer="discipline")
    s.story.daily("2026-03-30")
    again = slips.newest(s.story, case_id=s["overdue"])
    assert (again.state, again.origin) == ("draft", "escalation")
    s.waits("supervisor2", "issue", again.id)


def accept_the_own_reply(s: Scene) -> None:
    s.give("head_a", Role.INSPECTOR)
    slip_id = slips.brought_to(s.story, s["overdue"], "replied")
    with s.refused(Refused):
        s.story.move("head_a", SLIP, slip_id, "accept_reply")


def turn_the_slips_into_praise(s: Scene) -> None:
    with s.acting("supervisor") as context:
        choose_pack(context, s.units["C"], "praise", {})
    event = s.told("slip_pack.change", "supervisor", viewer="auditor", reason=False)
    assert event.data["before"]["pack"] == "blue-yellow-red"
    s.story.daily("2026-03-30")
    s.stands(s["overdue"], "overdue", count=6)
    s.waits("leader", "overdue", s["overdue"])


def turn_the_slips_into_praise_as_the_unit(s: Scene) -> None:
    with s.refused(Refused, "由督查室主任选择"), s.acting("head_a") as context:
        choose_pack(context, s.units["C"], "praise", {})


def import_it_as_closed_already(s: Scene) -> None:
    batch = hand_in(s.story.cast, ledger((*GOOD[:9], "已销号")))
    choose(s.story.cast, batch, *[row.number for row in imports.rows_of(s.story.cast, batch)])
    take_over(s.story.cast, batch)
    case = s.story.newest(Case)
    assert (case.state, case.ended_on) == ("reported", None)
    s.waits("supervisor2", "admit", case.id)


def import_other_words_over_a_case(s: Scene) -> None:
    first = _take_in(s, GOOD)
    was = s.facts(first, "text", "state", "proposed_due_on")
    s.story.assign(first, "A", due_on="2026-04-30")
    batch = hand_in(s.story.cast, ledger(changed(GOOD, c3="已办结", c7="2027年6月30日")))
    choose(s.story.cast, batch, *[row.number for row in imports.rows_of(s.story.cast, batch)])
    take_over(s.story.cast, batch)
    assert s.facts(first, "text")[0] == was[0]
    assert s.facts(first, "due_on", "ended_on") == (date(2026, 4, 30), None)
    event = s.told("case.source_changed", "supervisor", viewer="head_a", reason=False, case_id=first)
    assert event.data["changes"]
    assert s.story.newest(CaseSource, case_id=first) is not None


def import_as_the_unit(s: Scene) -> None:
    with s.refused(Refused, "须由"):
        hand_in(s.story.cast, ledger(GOOD), "head_a")


def delete_the_evidence(s: Scene) -> None:
    file = s.story.newest(Evidence, case_id=s["verified"])
    visitor = s.visit("supervisor")
    for path in (f"/evidence/{file.id}", f"/cases/{s['verified']}"):
        assert visitor.client.delete(path).status_code == 405
    s.rejected("head_a", f"/evidence/{file.id}", {}, 405)
    s.rejected("supervisor", f"/cases/{s['verified']}/transitions/delete", {"version": "1"}, 404, 409)
    assert s.story.get(Evidence, file.id).name == file.name


def replace_a_file(s: Scene, folder: str = "evidence") -> None:
    instance = Path(s.app.config["DUKAO"].instance) / folder
    instance.mkdir(parents=True, exist_ok=True)
    file = s.story.newest(Evidence, case_id=s["verified"])
    (instance / file.stored_name).write_bytes(b"another picture")
    assert read_checked(instance, file.stored_name, file.sha256) is None
    answer = s.visit("inspector").get(f"/evidence/{file.id}")
    assert (answer.status_code, "与上传时不一致" in answer.text) == (409, True)
    s.sights += 1


def prove_a_measure_of_another_case(s: Scene) -> None:
    foreign = s.story.measure(s["working"])
    with s.refused(Invalid, "measure"):
        form = {"files": [a_file()], "measure": foreign, "measure_done": True}
        s.story.part("liaison_a", s["overdue"], "A", "attach", **form)


def name_a_foreign_case_in_a_form(s: Scene) -> None:
    foreign = s.story.log("outsider")
    s.story.case("outsider", foreign, "admit")
    number = s.story.get(Case, foreign).number
    form = {"case": f"{number}-x", "reason": "并", "version": _version(s, "overdue")}
    s.rejected("supervisor", f"/cases/{s['overdue']}/transitions/merge", form, 422)


def name_more_fields_than_the_form_has(s: Scene) -> None:
    form = {"reason": "更正", "title": "河道", "state": "closed", "due_on": "2030-01-01", "ended_on": "2026-03-27"}
    before = s.facts(s["overdue"], "state", "due_on", "ended_on", "lead_unit_id")
    path = f"/cases/{s['overdue']}/transitions/correct"
    s.visit("supervisor").post(path, {**form, "version": _version(s, "overdue")})
    assert s.facts(s["overdue"], "state", "due_on", "ended_on", "lead_unit_id") == before
    s.told("case.correct", "supervisor", viewer="discipline")


def close_by_an_address(s: Scene) -> None:
    for who in ("supervisor", "head_a"):
        path = f"/cases/{s['overdue']}/transitions/close"
        s.rejected(who, path, {"version": _version(s, "overdue")}, 403, 409)
    assert s.visit("supervisor").get(path).status_code == 405


def send_an_old_page(s: Scene) -> None:
    version = _version(s, "overdue")
    s.story.case("supervisor", s["overdue"], "comment", reason="已电话督促")
    form = {"title": "已办", "reason": "更正", "version": version}
    s.rejected("supervisor", f"/cases/{s['overdue']}/transitions/correct", form, 409)


def use_a_key_twice_for_another_case(s: Scene) -> None:
    key, visitor = "k" * 20, s.visit("supervisor")
    first = {"reason": "不属实", "version": _version(s, "reported"), "_key": key}
    assert visitor.post(f"/cases/{s['reported']}/transitions/reject", first).status_code == 303
    second = {"reason": "不属实", "version": _version(s, "ledgered"), "_key": key}
    s.rejected("supervisor", f"/cases/{s['ledgered']}/transitions/reject", second, 422)
    s.listed(s["reported"], "rejected")


def decide_a_request_of_another_county(s: Scene) -> None:
    form: dict[str, Any] = {"reason": "汛期", "progress": "过半", "wanted_on": date(2026, 4, 30)}
    s.story.case("head_a", s["working"], "ask_extension", **form)
    request = s.story.newest(Request, case_id=s["working"])
    s.rejected("outsider", f"/requests/{request.id}/transitions/grant", {"version": "1"}, 404)


def change_what_is_posted_past_the_application(s: Scene) -> None:
    for statement in (
        "DELETE FROM events",
        "DELETE FROM listings",
        "DELETE FROM score_entries",
        "DELETE FROM evidence",
    ):
        with s.story.cast.database.engine.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement))
    s.listed(s["overdue"], "overdue")


def _version(s: Scene, name: str) -> str:
    return str(s.facts(s[name], "version")[0])


def _assign(s: Scene, unit: str, **form: Any) -> None:
    values = {"lead": s.units[unit], "rect_class": "limited", "standard": "清理", "due_on": LATER, **form}
    s.story.case("supervisor", s["ledgered"], "assign", **values)


def _take_in(s: Scene, row: Any) -> int:
    batch = hand_in(s.story.cast, ledger(row))
    choose(s.story.cast, batch, *[found.number for found in imports.rows_of(s.story.cast, batch)])
    assert take_over(s.story.cast, batch) == {"created": 1}
    return int(s.story.newest(Case).id)


SCRIPTS = scripts_in(globals())
