"""Which pictures stand in the columns of a paper: the office's and those of the finder show the problem."""

from datetime import date

from app.ledgers.cases import Evidence
from app.ledgers.exports import Records
from tests.databases import Databases
from tests.stock import ready_story
from tests.story import DONE, SITE, Story, a_file


def pictures(story: Story, who: str, case_id: int) -> dict[str, list[str]]:
    """Return the names of the pictures before and after of a case, as somebody's paper shows them."""
    with story.cast.begin(who) as (session, actor):
        day = story.cast.clock.now().day
        record = Records(session, actor, {"photos", "before", "after"}, day).of_cases([case_id])[case_id]
        return {
            when: [session.get_one(Evidence, photo.id).name for photo in photos]
            for when, photos in record.photos.items()
        }


def test_pictures_of_the_office_show_the_problem_and_those_of_a_check_do_not(databases: Databases) -> None:
    ready = ready_story(databases)
    case_id = ready.log(files=[a_file("登记.jpg")])
    ready.assign(case_id, "A")
    ready.case("supervisor", case_id, "comment", reason="又去看过", files=[a_file("备注.jpg")])
    ready.to_work(case_id)
    ready.part("liaison_a", case_id, "A", "attach", files=[a_file("文件.jpg")])
    ready.part("liaison_a", case_id, "A", "attach", files=[a_file("单位整改前.jpg")], evidence_kind="before")
    ready.part("liaison_a", case_id, "A", "attach", files=[a_file("整改后.jpg")], evidence_kind="after")
    ready.do_measure(case_id)
    ready.case("head_a", case_id, "report_finished", **DONE, files=[a_file("报结.jpg")])
    site = {"site_on": ready.cast.clock.now().day, **SITE}
    ready.case("inspector2", case_id, "verify", **site, files=[a_file("核查.jpg")])
    found = {"before": ["登记.jpg", "备注.jpg", "单位整改前.jpg"], "after": ["整改后.jpg"]}
    assert pictures(ready, "supervisor", case_id) == found
    assert pictures(ready, "head_a", case_id) == {"before": ["单位整改前.jpg"], "after": ["整改后.jpg"]}


def test_picture_that_a_unit_found_the_problem_with_shows_the_problem(databases: Databases) -> None:
    ready = ready_story(databases)
    case_id = ready.log("liaison_t", found_on=date(2026, 3, 2), files=[a_file("自查.jpg")])
    ready.assign(case_id, "T")
    ready.to_work(case_id, "T")
    ready.part("liaison_t", case_id, "T", "attach", files=[a_file("后来.jpg")])
    assert pictures(ready, "supervisor", case_id) == {"before": ["自查.jpg"]}
