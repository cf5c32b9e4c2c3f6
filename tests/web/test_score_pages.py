"""Ranking and accounts: totals that explain themselves, each within reach only, in a constant number of queries."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.core.db import Database
from app.ledgers.scores import Objection, ScoreEntry
from tests.client import visit
from tests.databases import Databases
from tests.stock import retold
from tests.story import Story
from tests.web.reading import between, numbers, without_token

OFFICES = ("inspector", "supervisor", "assessor", "discipline")


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Collect the statements sent to the database."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def late_case(story: Story, lead: str = "A", assist: str = "B", due_on: str = "2026-03-06") -> int:
    """A city inspection finds a case that nobody works on."""
    case_id = story.log(discovery="city")
    story.assign(case_id, lead, assist, due_on=due_on)
    return case_id


def tell_of_a_late_case(story: Story) -> None:
    """One late case of A with B, confirmed in part."""
    late_case(story)
    story.days("2026-03-03", "2026-03-13")


@pytest.fixture
def late(databases: Databases, story: Story) -> Story:
    """The county with the late case."""
    return retold(databases, story, "late", tell_of_a_late_case)


def test_sum_of_the_lines_is_the_total_on_the_page(late: Story, app: Flask) -> None:
    page = visit(app, late, "head_a").get(f"/scores/units/{late.cast.units['A']}").text
    lines = [Decimal(words) for words in numbers(between(page, 'id="entries"', 'class="k-statement k-ledger-sum"'))[1:]]
    full, confirmed, total, undecided, after = numbers(between(page, 'id="statement"', "</dl>"))
    assert (confirmed, undecided) == late.total("A")
    assert confirmed < 0
    assert undecided < 0
    assert sum(lines) == confirmed + undecided
    assert total == full + confirmed
    assert after == total + undecided
    confirmed_only = visit(app, late, "head_a").get(f"/scores/units/{late.cast.units['A']}?standing=confirmed").text
    shown = numbers(between(confirmed_only, 'id="entries"', 'class="k-statement k-ledger-sum"'))
    assert sum(shown[1:]) == confirmed
    assert len(shown) < len(lines) + 1


def test_every_line_leads_to_its_trace(late: Story, app: Flask) -> None:
    who = visit(app, late, "liaison_a")
    page = who.get(f"/scores/units/{late.cast.units['A']}").text
    urls = set(re.findall(r'href="(/scores/entries/\d+)"', page))
    assert len(urls) == len(late.entries("A"))
    assert {who.get(url).status_code for url in urls} == {200}


def test_rank_falls_when_points_are_confirmed(story: Story, app: Flask) -> None:
    def places(who: str) -> dict[str, str]:
        page = visit(app, story, who).get("/ranking").text
        rows = re.findall(r'k-rank">(\d+)(.*?)</td>\s*<th[^>]*>(?:<a[^>]*>)?([^<]+)', page, re.S)
        return {unit: place for place, _, unit in rows}

    assert places("assessor")["县住建局"] == "1"
    late_case(story, assist="")
    story.days("2026-03-03", "2026-03-05")
    assert places("assessor")["县住建局"] == "1"
    story.days("2026-03-06", "2026-03-13")
    assert places("assessor") == {"东山镇": "1", "西河镇": "1", "县水利局": "1", "县住建局": "2"}
    assert places("head_a") == {"县水利局": "1", "县住建局": "2"}
    assert places("head_t") == {"东山镇": "1", "西河镇": "1"}


def test_points_of_others_in_the_group_are_not_shown(late: Story, app: Flask) -> None:
    page = visit(app, late, "head_b").get("/ranking").text
    row = between(page, "县住建局", "</tr>")
    assert len(numbers(row)) == 2
    assert "/scores/units/" not in row
    assert visit(app, late, "head_b").get(f"/scores/units/{late.cast.units['A']}").status_code == 404


@pytest.mark.parametrize("who", ["head_t", "outsider", "outsider_head", "admin", "organisation", "auditor", "security"])
def test_account_of_another_unit_is_as_absent(late: Story, app: Flask, who: str) -> None:
    visitor = visit(app, late, who)
    seen, absent = (visitor.get(f"/scores/units/{ref}") for ref in (late.cast.units["A"], 99999))
    assert (seen.status_code, absent.status_code) == (404, 404)
    assert without_token(seen.text) == without_token(absent.text)


def test_offices_and_the_leader_in_charge_open_an_account(late: Story, app: Flask) -> None:
    url = f"/scores/units/{late.cast.units['A']}"
    assert {visit(app, late, who).get(url).status_code for who in (*OFFICES, "leader")} == {200}
    assert visit(app, late, "leader2").get(url).status_code == 404


def test_own_account_is_one_click_away(late: Story, app: Flask) -> None:
    answer = visit(app, late, "liaison_a").get("/scores/mine")
    assert answer.status_code == 302
    assert answer.location == f"/scores/units/{late.cast.units['A']}"
    assert visit(app, late, "assessor").get("/scores/mine").status_code == 404


def test_year_without_rules_says_so(late: Story, app: Flask) -> None:
    page = visit(app, late, "assessor").get("/ranking?year=2025").text
    assert "2025 年还没有批准的考核规则" in page
    assert 'href="/rules/drafts"' in page
    other = visit(app, late, "head_a").get("/ranking?year=2025").text
    assert "2025 年还没有批准的考核规则" in other
    assert "/rules/drafts" not in other
    assert "还没有批准" in visit(app, late, "head_a").get(f"/scores/units/{late.cast.units['A']}?year=2025").text


def test_organisation_waits_for_published_results(late: Story, app: Flask) -> None:
    page = visit(app, late, "organisation").get("/ranking").text
    assert "还没有公布的考核结果" in page
    assert "县住建局" not in page


def test_ranking_cites_version_and_hash(late: Story, app: Flask) -> None:
    page = visit(app, late, "assessor").get("/ranking").text
    assert "2026 年第 1 版" in page
    assert re.search(r'<code title="[0-9a-f]{64}">', page)


def test_forecast_adds_up_on_any_day(late: Story, app: Flask) -> None:
    visitor, url = visit(app, late, "head_a"), f"/scores/units/{late.cast.units['A']}"
    totals = {}
    for until in ("2026-03-13", "2026-04-01", "2026-12-31", "2027-05-01", "nonsense"):
        page = visitor.get(f"{url}?until={until}").text
        full, confirmed, undecided, to_come, total = numbers(between(page, 'id="forecast"', "</dl>"))
        assert total == full + confirmed + undecided + to_come
        totals[until] = to_come
    assert totals["2026-03-13"] == 0
    assert 0 > totals["2026-04-01"] > totals["2026-12-31"]
    assert totals["2026-12-31"] == totals["2027-05-01"] == totals["nonsense"]
    late.daily("2026-04-01", is_confirmed=True)
    assert sum(late.total("A")) - confirmed - undecided == totals["2026-04-01"]


def test_objection_is_offered_while_it_is_heard(late: Story, app: Flask) -> None:
    url = f"/scores/units/{late.cast.units['A']}"
    assert "#moves" in visit(app, late, "head_a").get(url).text
    assert "#moves" not in visit(app, late, "assessor").get(url).text
    late.cast.at("2026-06-01")
    assert "#moves" not in visit(app, late, "head_a").get(url).text


def test_objection_tab_counts_what_is_held(late: Story, app: Flask) -> None:
    entry = late.newest(ScoreEntry, unit_id=late.cast.units["A"])
    late.object("head_a", entry.case_id, "A", [entry.id])
    page = visit(app, late, "head_a").get(f"/scores/units/{late.cast.units['A']}?standing=contested").text
    assert f"/scores/entries/{entry.id}" in page
    assert len(set(re.findall(r"/scores/entries/\d+", page))) == 1


@pytest.mark.parametrize("name", ["uphold", "dismiss"])
def test_who_decided_an_objection_goes_on_to_the_next_with_the_case_at_hand(late: Story, app: Flask, name: str) -> None:
    entry = late.newest(ScoreEntry, unit_id=late.cast.units["A"])
    objection, assessor = late.object("head_a", entry.case_id, "A", [entry.id]), visit(app, late, "assessor")
    path = f"/objections/{objection}/transitions/{name}"
    version = late.get(Objection, objection).version
    assert visit(app, late, "head_a").post(path, {"version": version, "reason": "不服"}).status_code == 409
    answer = assessor.post(path, {"version": version, "reason": "经核实"})
    assert (answer.status_code, answer.location) == (303, "/objections")
    page = assessor.get("/objections").text
    assert f'<a href="/cases/{entry.case_id}">看这一件问题</a>' in page
    assert "已办理：申辩" in page


def test_who_sees_only_some_units_reads_whose_sum_it_is(late: Story, app: Flask) -> None:
    entry = late.newest(ScoreEntry, unit_id=late.cast.units["A"])
    sums = {}
    for who in ("supervisor", "leader", "head_a", "liaison_b"):
        page = visit(app, late, who).get(f"/cases/{entry.case_id}").text
        sums[who] = re.sub(r"<[^>]+>", "", between(page, 'id="scores"', "<table")).split()
    said = {who: next(word.partition("条")[2] for word in words if "合计" in word) for who, words in sums.items()}
    assert said["supervisor"] == "合计"
    assert said["leader"].startswith("分管单位（")
    assert said["head_a"].startswith("本单位（")
    assert said["leader"].split("（")[1] == said["head_a"].split("（")[1] != said["liaison_b"].split("（")[1]


def test_objection_is_as_absent_as_its_case_except_to_the_unit_that_made_it(story: Story, app: Flask) -> None:
    case_id = story.log(discovery="city")
    story.assign(case_id, "A", "B")
    objection = story.object("head_a", case_id, "A", [story.newest(ScoreEntry).id - 1], ground="甲方申辩理由")
    wanted = {who: 200 for who in ("head_a", "liaison_a", "inspector", "supervisor", "assessor", "leader")}
    wanted |= dict.fromkeys(("discipline", "head_b", "leader2", "outsider"), 404)
    for who, status in wanted.items():
        assert visit(app, story, who).get(f"/objections/{objection}").status_code == status, who
    for path in ("/objections", "/review", f"/scores/units/{story.cast.units['A']}"):
        assert "甲方申辩理由" not in visit(app, story, "discipline").get(path).text
    story.daily("2026-06-01", is_confirmed=True)
    assert visit(app, story, "discipline").get(f"/cases/{case_id}").status_code == 200
    assert visit(app, story, "discipline").get(f"/objections/{objection}").status_code == 200


def test_queries_do_not_grow_with_the_ledger(story: Story, app: Flask) -> None:
    urls = (f"/scores/units/{story.cast.units['A']}", "/ranking", "/objections", "/rules")
    late_case(story)
    story.daily("2026-03-11")
    few = {url: questions(story, app, url) for url in urls}
    for _ in range(8):
        late_case(story, due_on="2026-03-13")
    story.daily("2026-03-17")
    assert min(few.values()) > 2
    assert {url: questions(story, app, url) for url in urls} == few


def questions(story: Story, app: Flask, url: str) -> int:
    """Count what a page asks of the database."""
    visitor = visit(app, story, "assessor")
    with counted(story.cast.database) as asked:
        assert visitor.get(url).status_code == 200
    return len(asked)
