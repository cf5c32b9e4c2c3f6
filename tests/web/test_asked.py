"""地址里看不懂的条件: a list goes on without it and says so in a line; what it understands is not mentioned."""

from flask import Flask

from tests.client import visit
from tests.story import Story

LINE = 'id="not-understood"'
SAID = (
    ("supervisor", "/cases?state=unsinn", "没有“unsinn”这一种状态，未按状态筛选。"),
    ("supervisor", "/cases?source=unsinn&when=nie", "没有“nie”这一种到期情况，未按到期情况筛选。"),
    ("supervisor", "/cases?unit=999999", "没有找到单位“999999”，未按单位筛选。"),
    ("supervisor", "/cases?unit=x", "没有找到单位“x”，未按单位筛选。"),
    ("supervisor", "/cases?from=2026-13-01", "“2026-13-01”不是日期，未按期限筛选。"),
    ("supervisor", "/cases?late=0", "“0”不是 1 以上的整数，未按逾期不少于筛选。"),
    ("supervisor", "/cases?sort=quer", "没有“quer”这一种排列，按通常的排列显示。"),
    ("supervisor", "/sheets?state=unsinn", "没有“unsinn”这一种状态，未按状态筛选。"),
    ("supervisor", "/slips?state=unsinn", "没有“unsinn”这一种状态，未按状态筛选。"),
    ("supervisor", "/slips?when=nie", "没有“nie”这一种期限情况，未按期限情况筛选。"),
    ("supervisor", "/slips?unit=999999", "没有找到单位“999999”，未按单位筛选。"),
    ("supervisor", "/slips?type=unsinn", "没有“unsinn”这一种类型，未按类型筛选。"),
    ("supervisor", "/due?kind=unsinn", "没有“unsinn”这一种种类，未按种类筛选。"),
    ("supervisor", "/due?month=2026-99", "“2026-99”不是可以查看的月份，按本月显示。"),
    ("supervisor", "/due?month=unsinn", "“unsinn”不是可以查看的月份，按本月显示。"),
    ("supervisor", "/sheets?layout=nope", "没有“nope”这一种版式，按通常的版式显示。"),
    ("supervisor", "/sheets?from=2026-03-20&to=2026-03-01", "止于“2026-03-01”早于起始的 2026-03-20"),
    ("supervisor", "/cases?from=2026-03-20&to=2026-03-01", "止于“2026-03-01”早于起始的 2026-03-20"),
    ("supervisor", "/interviews?state=unsinn", "没有“unsinn”这一种状态，未按状态筛选。"),
    ("supervisor", "/ranking?year=26", "“26”不是可以查看的年份，按今年显示。"),
    ("assessor", "/objections?state=unsinn", "没有“unsinn”这一种状态，未按状态筛选。"),
    ("discipline", "/review?reason=unsinn", "没有“unsinn”这一种原因，未按原因筛选。"),
    ("security", "/people/persons?role=unsinn", "没有“unsinn”这一种角色，未按角色筛选。"),
    ("auditor", "/log?day=gestern", "“gestern”不是日期，未按日期筛选。"),
)


def line_of(page: str) -> str:
    return page.partition(LINE)[2].partition("<div id=")[0].partition("<form")[0]


def test_every_list_says_which_condition_it_did_not_understand(story: Story, app: Flask) -> None:
    for who, path, words in SAID:
        answer = visit(app, story, who).get(path)
        assert (answer.status_code, words in line_of(answer.text)) == (200, True), (path, words)


def test_list_goes_on_without_what_it_did_not_understand(story: Story, app: Flask) -> None:
    case_id, unit = story.log(), story.cast.units["A"]
    visitor = visit(app, story, "supervisor")
    for asked in ("state=unsinn", "unit=999999", "source=x", "from=x", "late=x", "behind=x"):
        page = visitor.get(f"/cases?{asked}").text
        assert f'href="/cases/{case_id}"' in page, asked
        assert "unit=999999" not in page.partition('class="k-pager"')[0].partition("<h1>")[2], "it would be kept"
    assert f'href="/cases/{case_id}"' not in visitor.get(f"/cases?unit={unit}").text


def test_what_is_understood_is_not_mentioned(story: Story, app: Flask) -> None:
    unit = story.cast.units["A"]
    for path in (
        f"/cases?state=all&unit={unit}&source=petition&when=overdue&sort=due&late=3&behind=1&from=2026-03-01",
        f"/slips?state=all&unit={unit}&type=prompt&when=late",
        "/due?kind=receipt&month=2026-03",
        f"/units/{unit}/books/times?state=open",
    ):
        assert "未按" not in visit(app, story, "supervisor").get(path).text, path
