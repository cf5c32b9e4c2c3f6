"""On the pages of an import: rows that were left are gone on with, names of many units matched, pictures told of."""

import io

import xlsxwriter
from flask import Flask
from PIL import Image

from app.ledgers.cases import Case
from app.ledgers.intake import ImportBatch
from tests.client import visit
from tests.story import Story
from tests.web.test_intake_pages import count, handed_in, upload, version
from tests.workflows.imports import GOOD, HEAD


def test_rows_that_were_left_are_gone_on_with_from_the_page(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    supervisor.post(f"{address}/apply", {"version": version(supervisor.get(address).text)})
    page = supervisor.get(address).text
    assert "还有 <strong>4</strong> 行没有导入" in page
    answer = supervisor.post(f"{address}/rest", {"version": version(page)})
    following = str(answer.location)
    rest = supervisor.get(following).text
    assert "共 4 行" in rest
    assert f'href="{address}">前一批</a>没有导入的行' in rest
    assert "2026年2月30日不存在" in rest
    doubtful = supervisor.get(f"{following}?show=doubtful").text
    supervisor.post(f"{following}/choices", {"version": version(doubtful), "all": "1"})
    supervisor.post(f"{following}/apply", {"version": version(supervisor.get(following).text)})
    assert count(story, Case) == 3
    assert f'href="{following}"' in supervisor.get(address).text
    assert "前一批没有导入的行" in supervisor.get("/imports").text
    assert supervisor.post(f"{address}/rest", {"version": version(page)}).status_code == 409


def test_same_file_handed_in_again_does_not_lead_to_its_rest(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    supervisor.post(f"{address}/apply", {"version": version(supervisor.get(address).text)})
    following = str(supervisor.post(f"{address}/rest", {"version": version(supervisor.get(address).text)}).location)
    assert handed_in(supervisor) not in (address, following)


def test_rest_of_another_countys_import_does_not_exist(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    supervisor.post(f"{address}/apply", {"version": version(supervisor.get(address).text)})
    for who in ("outsider", "head_a", "assessor"):
        assert visit(app, story, who).post(f"{address}/rest", {"version": "1"}).status_code == 404
    assert count(story, ImportBatch) == 1


def test_name_of_many_units_is_given_a_kind_and_a_lead(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor, (*GOOD[:4], "全县各单位", "", *GOOD[6:]))
    page = supervisor.get(address).text
    assert "全部乡镇（" in page
    assert "由谁牵头" in page
    lead = str(story.cast.units["B"])
    form = {"said": "全县各单位", "unit": "every", "lead": lead}
    assert supervisor.post(f"{address}/corrections", form).status_code == 303
    page = supervisor.get(address).text
    assert "写了几个牵头单位" in page
    names = supervisor.get("/imports/names").text
    assert "全部单位，写在牵头单位一栏时由县水利局牵头" in names


def test_file_with_pictures_says_that_they_stay_out(story: Story, app: Flask) -> None:
    supervisor, picture = visit(app, story, "supervisor"), io.BytesIO()
    Image.new("RGB", (4, 3)).save(picture, "PNG")
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        sheet = book.add_worksheet("整改台账")
        for number, row in enumerate((HEAD, GOOD)):
            sheet.write_row(number, 0, row)
        sheet.insert_image(1, 9, "a.png", {"image_data": picture})
    assert "照片不会带进来" in supervisor.get(str(upload(supervisor, kept.getvalue()).location)).text
    assert "照片" not in supervisor.get(handed_in(supervisor)).text
