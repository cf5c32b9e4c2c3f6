"""Evidence on the web: sent as what it is, refused once it is no longer what was stored; uploads checked before a move."""

import io
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage

from app.ledgers.cases import Assignment, Evidence, ProgressReport
from tests.client import Visit, make_app, visit
from tests.story import Story

PICTURE = b"\xff\xd8\xff\xe0" + b"picture" * 40


def upload(story: Story, somebody: Visit, content: bytes, name: str) -> Any:
    """Report progress with a file."""
    part = story.newest(Assignment)
    form = {"version": part.version, "text": "已清理", "files": FileStorage(io.BytesIO(content), filename=name)}
    path = f"/parts/{part.id}/transitions/report_progress"
    answer = somebody.post(path, form, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()
    return answer


def a_case(story: Story) -> int:
    case_id = story.log()
    story.assign(case_id, "A")
    story.to_work(case_id)
    return case_id


def test_file_comes_back_as_attachment_of_a_fixed_type(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), a_case(story)
    liaison = visit(app, story, "liaison_a")
    assert upload(story, liaison, PICTURE, "整改后 现场.jpg").status_code == 303
    file = story.newest(Evidence, case_id=case_id)
    for who in ("liaison_a", "inspector", "leader"):
        answer = visit(app, story, who).get(f"/evidence/{file.id}")
        assert (answer.status_code, answer.data, answer.mimetype) == (200, PICTURE, "image/jpeg")
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E6")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    shown = liaison.get(f"/evidence/{file.id}?inline=1")
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in shown.headers["Content-Security-Policy"]


def test_text_is_never_shown_inline(story: Story, instance: Path) -> None:
    app, case_id = make_app(story, instance), a_case(story)
    liaison = visit(app, story, "liaison_a")
    assert upload(story, liaison, b"<script>alert(1)</script>", "说明.txt").status_code == 303
    answer = liaison.get(f"/evidence/{story.newest(Evidence, case_id=case_id).id}?inline=1")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.mimetype == "text/plain"


@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_file_that_was_changed_on_disk_is_refused(story: Story, instance: Path, harm: str) -> None:
    app, case_id = make_app(story, instance), a_case(story)
    liaison = visit(app, story, "liaison_a")
    upload(story, liaison, PICTURE, "现场.jpg")
    file = story.newest(Evidence, case_id=case_id)
    path = instance / "evidence" / file.stored_name
    assert liaison.get(f"/evidence/{file.id}").status_code == 200
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(PICTURE[:-1] + (b"x" if harm == "changed" else b""))
    answer = liaison.get(f"/evidence/{file.id}")
    assert answer.status_code == 409
    assert "现场.jpg" in answer.text
    assert "与上传时不一致" in answer.text


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"MZ" + b"\0" * 100, "照片.jpg", "与后缀 .jpg 不符"),
        (b"\xff\xd8\xff" + b"\0" * (21 * 1024 * 1024), "大图.jpg", "超过 20 MB"),
        (b"", "空.jpg", "是空文件"),
        (b"MZ" + b"\0" * 100, "程序.exe", "不能上传"),
    ],
    ids=["renamed", "large", "empty", "program"],
)
def test_hostile_upload_is_refused_and_nothing_is_half_written(
    story: Story, instance: Path, content: bytes, name: str, said: str
) -> None:
    app, case_id = make_app(story, instance), a_case(story)
    answer = upload(story, visit(app, story, "liaison_a"), content, name)
    assert answer.status_code == 422
    assert said in answer.text
    assert "已清理" in answer.text
    assert story.newest(Evidence, case_id=case_id) is None
    assert story.newest(ProgressReport, case_id=case_id) is None
    folder = instance / "evidence"
    assert not folder.exists() or not [path for path in folder.iterdir() if not path.name.endswith(".part")]


def test_unit_sees_the_photo_of_what_it_found_itself(story: Story, instance: Path) -> None:
    liaison = visit(make_app(story, instance), story, "liaison_t")
    photo = FileStorage(io.BytesIO(PICTURE), filename="路灯.jpg")
    form = {"title": "自查发现路灯不亮", "text": "老街三盏路灯不亮", "files": photo}
    answer = liaison.post("/cases/new", form, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == 303
    assert "路灯.jpg" in liaison.get(answer.headers["Location"]).text
