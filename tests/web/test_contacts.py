"""Contacts of citizens: on no page, paper, workbook or message and in no table but the one that keeps them apart."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.audit import Event, broken_chains
from app.core.errors import Invalid
from app.ledgers.cases import Case, CaseSource
from app.ledgers.intake import load_layouts
from app.workflows.intake_expiring import expire_imports
from tests.client import Visit, visit
from tests.databases import Databases
from tests.documents.papers import text_of
from tests.story import LOGGED, Story
from tests.telling import tables_telling
from tests.web.foreign import Planted, planted_story
from tests.web.test_probes import crawl, kind_of, object_routes
from tests.workflows.imports import cases, choose, hand_in, messages, rows_of, take_over

NAME, PHONE, CARD, HOME = "赵铁柱", "13912345678", "330106199001011234", "杏花弄99号"
SECRETS = (NAME, PHONE, CARD, HOME)
CONTACT = f"{NAME} {PHONE} {CARD} {HOME}"
SAID = f"{NAME}（{PHONE}，{CARD}）反映老街垃圾无人清理。"
UNITS = ("head_a", "liaison_a", "head_b", "liaison_b")
OFFICES = ("inspector", "supervisor", "assessor", "leader", "leader2", "discipline", "auditor")
KEEPING = {("case_sources", "contact")}


@pytest.fixture
def told(databases: Databases) -> Iterator[tuple[Story, Planted]]:
    """A case on which everything hangs, whose every text somebody filled with the contact of a citizen."""
    story, planted = planted_story(databases)
    (case_id,) = planted.ids["cases"]
    source: dict[str, Any] = {"source_kind": "hotline", "discovery": "citizen", "contact": CONTACT, "source_text": SAID}
    story.case("inspector", case_id, "add_source", **source)
    story.case("supervisor", case_id, "correct", title=f"{NAME}反映的问题", text=SAID, place=SAID, reason=SAID)
    story.case("inspector", case_id, "comment", reason=f"已回访{NAME}，电话{PHONE}")
    story.case("leader", case_id, "instruct", reason=f"请尽快答复{NAME}（{PHONE}）。")
    yield story, planted
    story.cast.database.dispose()


@pytest.fixture
def story(told: tuple[Story, Planted]) -> Story:
    """The story."""
    return told[0]


@pytest.fixture
def planted(told: tuple[Story, Planted]) -> Planted:
    """What stands in it."""
    return told[1]


@pytest.fixture(params=["its-roles", pytest.param("other-roles", marks=pytest.mark.long)])
def roles(request: pytest.FixtureRequest, databases: Databases) -> tuple[str, ...]:
    """Every other role on one database and the rest on the other; the long form does all on both."""
    is_sqlite = request.node.callspec.params["databases"] == "sqlite"
    return (*UNITS, *OFFICES)[is_sqlite == (request.param == "its-roles") :: 2]


def words_of(data: bytes) -> str:
    """Return what a file says: a page as it is, a workbook or Word document unpacked, a PDF as text."""
    if data.startswith(b"%PDF"):
        return re.sub(r"\s", "", text_of(data))
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return re.sub(
            r"<[^>]+>", "", "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
        )


def leaks(said: dict[str, str]) -> list[tuple[str, str]]:
    """Return (path, secret) of everything that is told on pages and in files."""
    return [(path, secret) for path, text in said.items() for secret in SECRETS if secret in text]


def words(visitor: Visit, paths: Iterable[str]) -> dict[str, str]:
    """Return what each page and file says, by path."""
    return {path: words_of(visitor.get(path).data) for path in paths}


def every_path(app: Flask, planted: Planted) -> Iterator[str]:
    """Yield every page: those of one object each with what is planted, and those that name none."""
    for endpoint, method, address in object_routes(app):
        if method == "GET":
            yield from (address.format(ref) for ref in planted.ids.get(kind_of(endpoint) or "", []))
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.endpoint != "static":
            yield rule.rule


def test_no_page_and_no_file_tells_who_a_citizen_is(
    story: Story, app: Flask, planted: Planted, roles: tuple[str, ...]
) -> None:
    for who in roles:
        visitor = visit(app, story, who)
        said = words(visitor, every_path(app, planted))
        assert said.keys() >= {f"/cases/{planted.ids['cases'][0]}/notice.{form}" for form in ("pdf", "docx")}
        assert leaks(said) == [], who
        assert leaks(crawl(visitor, said)) == [], who


def test_the_reader_of_files_would_find_a_leak() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("a.xml", f"<a>{PHONE[:3]}</a><b>{PHONE[3:]}</b>")
    assert PHONE in words_of(packed.getvalue())


@pytest.mark.parametrize("who", ["head_a", "supervisor"])
def test_no_workbook_in_any_layout_tells_who_a_citizen_is(story: Story, app: Flask, who: str) -> None:
    visitor = visit(app, story, who)
    for layout in load_layouts():
        with story.cast.database.begin() as session:
            session.execute(text("UPDATE exports SET state = 'expired'"))
        story.cast.clock.moment = story.cast.clock.moment.__class__.on(story.cast.clock.now().day, 10)
        answer = visitor.post(f"/exports?layout={layout.code}&state=all")
        assert answer.status_code == 303, layout.code
        sent = visitor.get(str(answer.location))
        assert sent.data.startswith(b"PK"), layout.code
        said = words_of(sent.data)
        assert not [secret for secret in SECRETS if secret in said], layout.code
        with story.cast.database.begin() as session:
            session.execute(text("DELETE FROM exports WHERE stored_name IS NULL"))


def test_no_search_finds_by_a_contact(story: Story, app: Flask) -> None:
    for who in ("head_a", "supervisor"):
        visitor = visit(app, story, who)
        for secret in SECRETS:
            assert 'class="k-title"' not in visitor.get(f"/cases?state=all&q={secret}").text, (who, secret)
            assert "可能重复" not in visitor.post("/cases/new/alike", {"title": secret, "text": CONTACT}).text


def test_no_table_keeps_a_contact_but_the_one_that_can_be_erased(story: Story) -> None:
    row = ("A-1", CONTACT, f"{NAME}反映", "2026/2/1 08:00:00", SAID, "城乡建设", 0, 5)
    take_over(story.cast, hand_in(story.cast, messages(row)))
    assert cases(story.cast)[-1].text == "［隐名］（［电话已隐去］，［证件号已隐去］）反映老街垃圾无人清理。"
    left = {("import_rows", "contact"), ("import_rows", "reading")}  # as long as the row may still be put right
    assert tables_telling(story, SECRETS) == KEEPING | left
    with story.cast.database.begin() as session:
        assert not list(broken_chains(session))
        expire_imports(session, story.cast.clock.now().at + timedelta(days=1))
    assert tables_telling(story, SECRETS) == KEEPING


def test_row_that_was_taken_over_leaves_no_contact_behind(story: Story) -> None:
    row = ("A-1", CONTACT, f"{NAME}反映", "2026/2/1 08:00:00", SAID, "城乡建设", 0, 5)
    batch_id = hand_in(story.cast, messages(row))
    choose(story.cast, batch_id, *(one.number for one in rows_of(story.cast, batch_id)))
    assert take_over(story.cast, batch_id) == {"created": 1}
    assert tables_telling(story, SECRETS) == KEEPING


def test_what_was_taken_out_of_a_text_is_kept_for_the_office(story: Story) -> None:
    case_id = story.log(title="来电反映", text=f"来电{PHONE}反映路灯不亮", contact="")
    assert story.one(CaseSource, case_id=case_id).contact == PHONE
    story.case("inspector", case_id, "comment", reason="回访电话0571-88123456")
    assert story.one(CaseSource, case_id=case_id).contact == f"{PHONE}；0571-88123456"
    own = story.log("liaison_a", text=f"职工{CARD}反映")
    assert (story.get(Case, own).text, story.one(CaseSource, case_id=own).contact) == ("职工［证件号已隐去］反映", CARD)
    many = "，".join(f"139{number:08d}" for number in range(30))
    with pytest.raises(Invalid):
        story.log(**{**LOGGED, "text": many})


def test_looking_is_deliberate_with_a_reason_and_on_record(story: Story, app: Flask, planted: Planted) -> None:
    (case_id,) = planted.ids["cases"]
    inspector, path = visit(app, story, "inspector"), f"/cases/{case_id}/contacts"
    for blank in ("", " "):
        assert inspector.post(path, {"reason": blank}).status_code == 422
    assert inspector.post(path, {"reason": f"回访{PHONE}"}).status_code == 303
    page = inspector.get(f"/cases/{case_id}").text
    assert all(secret in page for secret in SECRETS)
    event = story.newest(Event, kind="case.read_contact")
    assert (event.reason, event.actor_id, event.case_id) == (
        "回访［电话已隐去］",
        story.cast.persons["inspector"],
        case_id,
    )
    assert event.mandate_id is not None
    for who in (*UNITS, "leader", "assessor", "discipline", "auditor", "outsider"):
        visitor = visit(app, story, who)
        assert visitor.post(path, {"reason": "看看"}).status_code == 404, who
        assert leaks(words(visitor, [f"/cases/{case_id}"])) == [], who
    supervisor = visit(app, story, "supervisor")
    assert leaks(words(supervisor, [f"/cases/{case_id}"])) == []
