"""What a browser may keep for ever is named by its content, scripts that other scripts ask for among it."""

import re
from pathlib import Path

from flask import Flask

from app.web import assets
from tests.client import visit
from tests.story import Story

KEPT = "public, max-age=31536000, immutable"


def test_everything_a_page_loads_is_kept_for_ever(app: Flask, story: Story) -> None:
    visitor = visit(app, story, "supervisor")
    page = visitor.get("/desk").text
    files = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))
    assert len(files) > 10
    modules = {file for file in files if "/js/dukao.js" in file}
    for file in sorted(modules):
        folder = file.rpartition("/")[0]
        files |= {f"{folder}/{name}" for name in re.findall(r'from "\./(\w+\.js)"', visitor.get(file).text)}
    assert len(modules) == 1
    assert len([file for file in files if "/js/" in file]) > 8
    for file in sorted(files):
        answer = visitor.get(file)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, KEPT), file


def test_a_file_without_its_content_in_the_address_is_asked_for_again(app: Flask, story: Story) -> None:
    answer = visit(app, story, None).get("/static/js/dukao.js")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_one_changed_module_gives_all_of_them_new_addresses(tmp_path: Path) -> None:
    for name in ("one.js", "other.js"):
        (tmp_path / name).write_text("1")
    before = assets._content(tmp_path)
    (tmp_path / "other.js").write_text("2")
    assets._content.cache_clear()
    assert assets._content(tmp_path) != before


def test_only_folders_of_modules_are_served_so(app: Flask, story: Story) -> None:
    visitor = visit(app, story, None)
    assert [
        visitor.get(f"/static/of-1/{path}").status_code for path in ("css/dukao.css", "js/../../web/__init__.py")
    ] == [
        404,
        404,
    ]
