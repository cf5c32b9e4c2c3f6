"""The ledger page: finding, views of one's own and for others, columns, orders, kept counts."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.audit import Event
from app.ledgers.views import SavedView
from tests.client import Visit, make_app, visit
from tests.story import Story


class Visitors(dict[str, Visit]):
    """Everybody, each signed in when first asked for."""

    def __init__(self, story: Story, instance: Path) -> None:
        super().__init__()
        self.story, self.app = story, make_app(story, instance)

    def __missing__(self, who: str) -> Visit:
        """Sign somebody in."""
        self[who] = visit(self.app, self.story, who)
        return self[who]


@pytest.fixture
def visitors(story: Story, instance: Path) -> Visitors:
    """Everybody."""
    return Visitors(story, instance)


def titles(page: str) -> list[str]:
    return re.findall(r'<a class="k-title" title="([^"]*)"', page)


def three(story: Story) -> None:
    """A case of A and B, one of B that is late, one of T that was sent nowhere yet."""
    story.assign(story.log(title="甲件", text="污水直排"), "A", "B", due_on="2026-03-20")
    story.assign(story.log(title="乙件", text="路灯损坏"), "B", due_on="2026-03-06")
    story.log(title="丙件", text="道路破损")
    story.cast.at("2026-03-18")


def test_each_filter_stands_in_words_and_narrows_the_page(story: Story, visitors: Visitors) -> None:
    three(story)
    said = {
        "q=污水": (["甲件"], "含“污水”"),
        "q=水利局": (["乙件", "甲件"], "含“水利局”"),
        "late=8": (["乙件"], "逾期 8 个工作日以上"),
        "late=9": ([], "逾期 9 个工作日以上"),
        "soon=2": (["甲件"], "2 个工作日内到期"),
        "soon=1": ([], "1 个工作日内到期"),
        "still=16": (["乙件", "甲件", "丙件"], "16 天以上没有办理"),
        "still=17": ([], "17 天以上没有办理"),
        "returned=1": ([], "退回 1 次以上"),
        "behind=1": ([], "措施滞后"),
        "rebounded=1&long_term=1": ([], "反弹过"),
        "contested=1": ([], "申辩中"),
        "listed=1": ([], "已列入纪检"),
        "late=x&sort=nonsense&soon=-1": (["乙件", "甲件", "丙件"], ""),
    }
    for query, (wanted, words) in said.items():
        page = visitors["supervisor"].get(f"/cases?{query}").text
        assert titles(page) == wanted, query
        assert words in page


def test_what_is_late_for_units_is_late_on_their_page_too(story: Story, visitors: Visitors) -> None:
    three(story)
    assert titles(visitors["head_b"].get("/cases?late=1").text) == ["乙件"]
    assert titles(visitors["head_a"].get("/cases?late=1").text) == []


def test_orders_turn_the_list(story: Story, visitors: Visitors) -> None:
    three(story)
    story.cast.at("2026-03-19")
    story.case("supervisor", 1, "comment", reason="督促")
    wanted = {"": "乙甲丙", "due_last": "丙甲乙", "newest": "丙乙甲", "oldest": "甲乙丙"}
    for sort, order in wanted.items():
        assert "".join(t[0] for t in titles(visitors["inspector"].get(f"/cases?sort={sort}").text)) == order, sort


def test_saved_view_is_used_by_another_role_and_shows_each_what_they_see(story: Story, visitors: Visitors) -> None:
    three(story)
    form = {"name": "县水利局的", "q": "水利局", "state": "all", "roles": ["head", "liaison", "inspector"]}
    answer = visitors["supervisor"].post("/views", form)
    assert answer.status_code == 303
    assert "q=" in answer.location
    seen: dict[str, Any] = {}
    for who in ("supervisor", "inspector", "head_a", "head_b", "assessor", "outsider", "outsider_head"):
        page = visitors[who].get("/cases").text
        link = re.search(r'href="(/cases\?[^"]*)"[^>]*>县水利局的', page)
        seen[who] = titles(visitors[who].get(link[1].replace("&amp;", "&")).text) if link else None
    assert seen == {
        "supervisor": ["乙件", "甲件"],
        "inspector": ["乙件", "甲件"],
        "head_a": ["甲件"],
        "head_b": ["乙件", "甲件"],
        "assessor": None,
        "outsider": None,
        "outsider_head": None,
    }
    event = story.newest(Event)
    assert (event.kind, event.data["roles"]) == ("view.share", ["head", "inspector", "liaison"])


def test_only_supervisor_and_assessor_share(story: Story, visitors: Visitors) -> None:
    for who in ("inspector", "leader", "head_a", "liaison_a", "discipline"):
        answer = visitors[who].post("/views", {"name": "共享", "roles": ["head"]})
        assert answer.status_code == 409, who
        assert visitors[who].post("/views", {"name": "自用", "late": "3"}).status_code == 303
        assert "共享给" not in visitors[who].get("/cases").text
    for who in ("supervisor", "assessor"):
        assert visitors[who].post("/views", {"name": "共享", "roles": ["head"]}).status_code == 303
        assert visitors[who].post("/views", {"name": "共享", "roles": ["admin"]}).status_code == 422
    for who in ("admin", "auditor", "organisation", "security"):
        assert visitors[who].post("/views", {"name": "自用"}).status_code == 404
        assert visitors[who].post("/cases/columns", {"columns": ["state"]}).status_code == 404


def test_view_is_replaced_by_its_name_and_removed_by_its_owner_alone(story: Story, visitors: Visitors) -> None:
    for late in ("3", "5"):
        visitors["supervisor"].post("/views", {"name": "久拖", "late": late, "roles": ["inspector"]})
    view = story.one(SavedView, name="久拖")
    assert view.asked == {"late": "5"}
    path = f"/views/{view.id}/remove"
    assert visitors["inspector"].post(path).status_code == 409
    for who in ("head_a", "outsider"):
        assert visitors[who].post(path).status_code == 404
    assert visitors["supervisor"].get(path).status_code == 405
    assert visitors["supervisor"].post(path).status_code == 303
    assert "久拖" not in visitors["inspector"].get("/cases").text
    assert visitors["supervisor"].post("/views", {"name": ""}).status_code == 422
    assert visitors["supervisor"].post("/views", {"name": "长" * 31}).status_code == 422


def test_view_by_a_tag_is_shared_with_those_alone_who_see_tags(story: Story, visitors: Visitors) -> None:
    refused = visitors["supervisor"].post("/views", {"name": "攻坚", "tag": "攻坚", "roles": ["inspector", "head"]})
    assert refused.status_code == 422
    assert "标签只有督查员、督查室主任、考核办看得到" in refused.text
    asked = {"name": "攻坚", "tag": "攻坚", "roles": ["inspector", "assessor"]}
    assert visitors["supervisor"].post("/views", asked).status_code == 303


def test_a_person_has_no_more_than_twenty_views(visitors: Visitors) -> None:
    answers = [visitors["head_a"].post("/views", {"name": f"视图{number}"}).status_code for number in range(21)]
    assert answers == [303] * 20 + [422]


def test_columns_chosen_are_kept_for_the_person_alone(story: Story, visitors: Visitors) -> None:
    three(story)
    form = {"columns": ["place", "moved", "state", "nonsense"], "late": "3", "q": ""}
    answer = visitors["supervisor"].post("/cases/columns", form)
    assert (answer.status_code, answer.location) == (303, "/cases?late=3")
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)', visitors["supervisor"].get("/cases").text)
    assert heads == ["选择", "编号", "问题", "状态", "地点", "最近办理"]
    others = re.findall(r'<th scope="col"[^>]*>([^<]+)', visitors["inspector"].get("/cases").text)
    assert others == ["选择", "编号", "问题", "状态", "牵头单位", "配合单位", "来源", "整改期限"]
    every = {"columns": ["category", "place", "class", "found", "assigned", "original", "submitted", "saved", "moved"]}
    for more in (every, {"columns": ["extensions", "returns", "rebounds"]}, {}):
        visitors["supervisor"].post("/cases/columns", more)
        assert visitors["supervisor"].get("/cases?state=all").status_code == 200
    assert "牵头单位" in visitors["supervisor"].get("/cases").text


def test_tabs_and_navigation_show_kept_counts_of_what_is_seen(story: Story, visitors: Visitors) -> None:
    three(story)
    for who, count in (("supervisor", 3), ("inspector", 3), ("head_a", 1), ("liaison_b", 2), ("outsider", 0)):
        page = visitors[who].get("/cases").text
        tabs = re.findall(r'>([^<>]+)<span class="k-tab-count">(\d+)', page)
        assert ("在办", str(count)) in tabs, who
        badge = re.search(r'在办</span>(\d+)<span class="visually-hidden">件', page)
        assert (int(badge[1]) if badge else 0) == count, who
        assert f"共 {count} 件" in page or count == 0
    for who in ("leader", "discipline"):
        assert "k-tab-count" not in visitors[who].get("/cases").text


def test_exact_number_is_told_on_request(story: Story, visitors: Visitors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ledgers.cases.finders.MOST_COUNTED", 2)
    for number in range(4):
        story.assign(story.log(title=f"{number}件"), "A", due_on=str(date(2026, 4, 1 + number)))
    page = visitors["supervisor"].get("/cases?q=河道").text
    assert "共 2+ 件" in page
    link = re.search(r'href="([^"]*count=exact[^"]*)"', page)
    assert link is not None
    assert "共 4 件" in visitors["supervisor"].get(link[1].replace("&amp;", "&")).text
