"""导入反馈, long files: the worker reads, judges and takes over while the page tells how far it is, or is left."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.cli.intake_duty import IntakeDuty
from app.core.clock import Moment
from app.ledgers.cases import Case
from app.ledgers.intake import ImportBatch, ImportRow
from app.web import intake_reading
from tests.client import visit
from tests.documents.hostile import HOSTILE
from tests.story import Story
from tests.web.test_intake_pages import count, upload, version, workbook


def test_long_file_is_the_workers_and_its_page_may_be_left(
    story: Story, app: Flask, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_reading, "DIRECT_ROWS", 3)
    supervisor = visit(app, story, "supervisor")
    address = str(upload(supervisor, workbook()).location)
    page = supervisor.get(address).text
    assert "等候后台开始" in page
    assert 'hx-trigger="every 2s"' in page
    assert "正在读取" in supervisor.get("/imports").text
    duty = IntakeDuty(story.cast.database, story.cast.clock, instance, watch=0)
    duty()
    page = supervisor.get(address).text
    assert "现在可以导入 <strong>2</strong> 行" in page
    assert supervisor.post(f"{address}/apply", {"version": version(page)}).status_code == 303
    assert supervisor.post(f"{address}/apply", {"version": version(page)}).status_code == 409
    assert count(story, Case) == 0
    duty()
    assert count(story, Case) == 2
    assert "已导入" in supervisor.get(address).text


def test_work_that_nobody_does_can_be_given_up(story: Story, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_reading, "DIRECT_ROWS", 3)
    supervisor = visit(app, story, "supervisor")
    address = str(upload(supervisor, workbook()).location)
    assert supervisor.post(f"{address}/cancel", {}).status_code == 303
    assert "读取已取消" in supervisor.get(address).text
    assert supervisor.get("/imports").status_code == 200


def test_large_file_that_means_harm_is_refused_by_the_worker_and_not_kept(
    story: Story, app: Flask, instance: Path, tmp_path: Path
) -> None:
    HOSTILE["sizes that lie"][1](tmp_path / "a.xlsx")
    content = (tmp_path / "a.xlsx").read_bytes()
    assert len(content) > intake_reading.DIRECT_BYTES
    supervisor = visit(app, story, "supervisor")
    address = str(upload(supervisor, content).location)
    IntakeDuty(story.cast.database, story.cast.clock, instance, watch=0)()
    page = supervisor.get(address).text
    assert "未能读取" in page
    assert "无法读取" in page
    assert not list((instance / "imports").glob("*"))


def later(story: Story, instance: Path, days: int) -> list[str]:
    """Let the worker pass days later; return what files are left."""
    at = story.cast.clock.now().at
    for path in (instance / "imports").iterdir():
        os.utime(path, (at.timestamp(), at.timestamp()))
    story.cast.clock.moment = Moment.of(at + timedelta(days=days))
    IntakeDuty(story.cast.database, story.cast.clock, instance, watch=0)()
    return [path.name for path in (instance / "imports").iterdir()]


def test_file_goes_a_month_after_it_was_taken_over_and_the_record_stays(
    story: Story, app: Flask, instance: Path
) -> None:
    supervisor = visit(app, story, "supervisor")
    address = str(upload(supervisor, workbook()).location)
    supervisor.post(f"{address}/apply", {"version": version(supervisor.get(address).text)})
    assert later(story, instance, 29) == [story.newest(ImportBatch).stored_name]
    assert later(story, instance, 2) == []
    assert "已导入" in visit(app, story, "supervisor").get(address).text
    assert count(story, Case) == 2


def test_what_was_read_goes_with_the_file_of_an_import_that_is_left_lying(
    story: Story, app: Flask, instance: Path
) -> None:
    supervisor = visit(app, story, "supervisor")
    address = str(upload(supervisor, workbook()).location)
    number = version(supervisor.get(address).text)
    (instance / "imports" / "of nobody.xlsx").write_bytes(b"x")
    assert later(story, instance, 29) == [story.newest(ImportBatch).stored_name]
    assert later(story, instance, 2) == []
    batch, row = story.newest(ImportBatch), story.newest(ImportRow, batch_id=story.newest(ImportBatch).id)
    assert (batch.state, row.reading, row.contact, row.facts) == ("expired", {}, None, {})
    supervisor = visit(app, story, "supervisor")
    assert "文件和读取的内容已经清除" in supervisor.get(address).text
    assert "已过期" in supervisor.get("/imports").text
    assert supervisor.post(f"{address}/apply", {"version": number}).status_code == 409


def test_nobody_but_who_may_look_up_contacts_opens_an_import(story: Story, app: Flask) -> None:
    address = str(upload(visit(app, story, "supervisor"), workbook()).location)
    assert visit(app, story, "inspector").get(address).status_code == 200
    for who in ("head_a", "liaison_b", "leader", "assessor", "discipline", "auditor", "admin"):
        for path in (address, f"{address}/rows/3"):
            assert visit(app, story, who).get(path).status_code in (403, 404), who
