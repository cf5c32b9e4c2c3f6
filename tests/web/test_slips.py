"""三单 on the pages: who sees which, what they show, drafting by hand."""

from flask import Flask

from app.ledgers.slips import Slip
from tests import slips
from tests.client import visit
from tests.story import Story


def assigned(story: Story, title: str = "老街河道垃圾") -> int:
    """Return a case that is assigned to A with B."""
    case_id = story.log(title=title)
    story.assign(case_id, "A", "B")
    return case_id


def drafted(story: Story, app: Flask, case_id: int, kind: str = "prompt", unit: str = "A", **form: str) -> int:
    """Let an inspector draft a slip on the page and return its id."""
    values = {"type": kind, "unit": str(story.cast.units[unit]), **form}
    answer = visit(app, story, "inspector").post(f"/cases/{case_id}/slips", values)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def move(app: Flask, story: Story, who: str, slip_id: int, name: str, **form: str) -> int:
    """Make a move on a slip and return the status of the answer."""
    version = str(story.get(Slip, slip_id).version)
    return visit(app, story, who).post(f"/slips/{slip_id}/transitions/{name}", {"version": version, **form}).status_code


def test_slip_is_drafted_on_the_case_signed_received_answered_and_settled(story: Story, app: Flask) -> None:
    case_id = assigned(story)
    slip_id = drafted(story, app, case_id)
    assert move(app, story, "supervisor", slip_id, "sign") == 303
    slip = story.get(Slip, slip_id)
    page = visit(app, story, "head_a").get(f"/slips/{slip_id}").text
    for words in (slip.number, "提示单", "（蓝）", "老街河道垃圾", "县住建局", "应签收", "还剩", "为什么有这张单"):
        assert words in page, words
    assert move(app, story, "liaison_a", slip_id, "acknowledge") == 303
    assert move(app, story, "head_a", slip_id, "reply", text="已组织清理。") == 303
    assert "已组织清理" in visit(app, story, "inspector").get(f"/slips/{slip_id}").text
    assert move(app, story, "inspector", slip_id, "accept_reply") == 303
    assert "已办结" in visit(app, story, "head_a").get(f"/slips/{slip_id}").text


def test_unit_sees_no_draft_and_no_slip_of_another_unit(story: Story, app: Flask) -> None:
    case_id = assigned(story)
    slip_id = drafted(story, app, case_id)
    for who in ("head_a", "liaison_a"):
        visitor = visit(app, story, who)
        assert visitor.get(f"/slips/{slip_id}").status_code == 404
        assert f"/slips/{slip_id}" not in visitor.get(f"/cases/{case_id}").text
        assert "拟稿" not in visitor.get(f"/cases/{case_id}").text
        assert f"/slips/{slip_id}" not in visitor.get("/slips?state=all").text
    assert move(app, story, "supervisor", slip_id, "sign") == 303
    assert f"/slips/{slip_id}" in visit(app, story, "head_a").get(f"/cases/{case_id}").text
    assert "拟稿" not in visit(app, story, "head_a").get(f"/slips/{slip_id}").text.split("办理过程")[1]
    for who in ("head_b", "liaison_t", "outsider", "admin", "organisation", "leader2"):
        assert visit(app, story, who).get(f"/slips/{slip_id}").status_code == 404, who
        assert f"/slips/{slip_id}" not in visit(app, story, who).get(f"/cases/{case_id}").text, who


def test_drafting_refuses_what_no_slip_can_be(story: Story, app: Flask) -> None:
    case_id, a = assigned(story), str(story.cast.units["A"])
    office = visit(app, story, "inspector")
    for form in (
        {},
        {"type": "prompt"},
        {"type": "nothing", "unit": a},
        {"type": "praise", "unit": a},
        {"type": "prompt", "unit": str(story.cast.units["T"])},
        {"type": "prompt", "unit": "x"},
        {"type": "supervise", "unit": a},
        {"type": "supervise", "unit": a, "entry_reason": "whim"},
    ):
        answer = office.post(f"/cases/{case_id}/slips", form)
        assert answer.status_code == 422, form
        assert "有内容需要改正" in answer.text
    assert story.newest(Slip) is None
    drafted(story, app, case_id, "supervise", entry_reason="urgent")
    for who in ("liaison_a", "assessor", "leader", "discipline"):
        assert visit(app, story, who).post(f"/cases/{case_id}/slips", {"type": "prompt", "unit": a}).status_code == 404
    assert visit(app, story, "outsider").post(f"/cases/{case_id}/slips", {}).status_code == 404
    assert office.get(f"/cases/{case_id}/slips").status_code == 405


def test_ledger_filters_by_what_is_asked(story: Story, app: Flask) -> None:
    first, second = assigned(story, "河道垃圾"), assigned(story, "路灯不亮")
    one, two = drafted(story, app, first), drafted(story, app, second, "supervise", entry_reason="urgent")
    assert move(app, story, "supervisor", two, "sign") == 303
    number, office = story.get(Slip, two).number, visit(app, story, "supervisor")
    wanted = {
        "": {one, two},
        "?q=路灯": {two},
        f"?q={number}": {two},
        "?state=draft": {one},
        "?state=open": {two},
        "?type=supervise": {two},
        "?type=unsinn&state=unsinn&unit=unsinn": {one, two},
        f"?unit={story.cast.units['B']}": set(),
        "?when=late": set(),
    }
    for query, ids in wanted.items():
        text = office.get(f"/slips{query}").text
        assert {i for i in (one, two) if f'href="/slips/{i}"' in text} == ids, query
    story.cast.at("2026-03-20")
    office = visit(app, story, "supervisor")
    assert f'href="/slips/{two}"' in office.get("/slips?when=late").text
    assert office.get("/slips?after=unsinn").status_code == 422


def test_page_says_what_a_signature_costs_and_asks_before_it(story: Story, app: Flask) -> None:
    case_id, at_desk = assigned(story), "/desk/signing"
    free, dear = drafted(story, app, case_id), drafted(story, app, case_id, "supervise", "B", entry_reason="urgent")
    supervisor = visit(app, story, "supervisor")
    assert "本身不计分" in supervisor.get(f"/slips/{free}").text
    page = supervisor.get(f"/slips/{dear}").text
    assert "签发即计 −1.00 分（2026 年考核规则第 1 版" in page
    assert "将发给县水利局，签发即计 −1.00 分（2026 年考核规则第 1 版" in page
    assert "确认签发发往县水利局的督办单（黄）：老街河道垃圾？" in supervisor.get(at_desk).text
    assert "签发即计 −2.00 分" in supervisor.get("/slips/packs").text


def test_draft_shows_no_points_that_others_made(story: Story, app: Flask) -> None:
    slips.overdue_case(story, assist="B")
    slips.run(story, "2026-03-23", "2026-03-25")
    draft = slips.newest(story)
    page = visit(app, story, "supervisor").get(f"/slips/{draft.id}").text
    assert draft.state == "draft"
    assert "这张单到现在没有产生得分记录" in page
    assert "−0.50" not in page


def test_slip_whose_reply_was_refused_says_that_another_is_awaited(story: Story, app: Flask) -> None:
    slip_id = drafted(story, app, assigned(story))
    assert move(app, story, "supervisor", slip_id, "sign") == 303
    assert move(app, story, "liaison_a", slip_id, "acknowledge") == 303
    assert move(app, story, "head_a", slip_id, "reply", text="已在办。") == 303
    assert move(app, story, "supervisor", slip_id, "refuse_reply", reason="没有写明原因") == 303
    story.cast.at("2026-03-20")
    for who, path in (("head_a", f"/slips/{slip_id}"), ("head_a", "/slips"), ("supervisor", f"/slips/{slip_id}")):
        page = visit(app, story, who).get(path).text
        assert "应重新回复，原期限" in page
        assert "首次回复按期，被退回" in page
    assert "首次回复按期，已退回，须重新回复" in page
    assert "逾期" not in page.split("期限</h2>")[1].split("办理过程")[0]
