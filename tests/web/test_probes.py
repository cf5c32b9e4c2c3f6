"""P17, P19: nothing outside one's reach is read, moved or counted: every route, every role, every kind of foreign object.

That nothing foreign is hung on what is one's own (P18) is probed in test_relinking.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask
from sqlalchemy import func, select

from app.audit import Event
from app.ledgers.cases import Case
from app.web.moves import NOUNS
from app.web.policy import check_policies
from app.workflows import EXTENSION, REQUEST
from tests.client import Visit, visit
from tests.databases import Databases
from tests.story import Story
from tests.web.foreign import CANARY, STRANGERS, Planted, planted_story

# Which kind of object the number in a route's address names; a new route must be named here.
KINDS = {
    "cases": ("cases.", "papers.", "slips.draft", "merging."),
    "evidence": ("cases.evidence", "cases.thumb"),
    "entries": ("scores.entry", "scores.ask_reversal"),
    "units": ("scores.unit", "lists.", "books.", "exports.book_of_unit"),
    "rule-sets": ("scores.rule_set",),
    "objections": ("scores.objection",),
    "slips": ("slips.slip", "papers.slip"),
    "absences": ("absences.",),
    "interviews": ("talks.interview", "talk_papers.interview_paper"),
    "commitment-files": ("talks.commitment_file",),
    "instructions": ("talks.instruction",),
    "bulletins": ("bulletins.", "talk_papers.bulletin_paper"),
    "persons": ("people.", "handover."),
    "imports": ("intake.", "intake_rows.", "intake_reversal."),
    "names": ("unit_names.",),
    "exports": ("exports.",),
    "runs": ("bulk.",),
    "layouts": ("layouts.",),
    "views": ("views.",),
}
ABSENT = 987654321
TOKENS = re.compile(r'name="(?:csrf_token|_key)" value="[^"]*"')
NUMBER = re.compile(r"编号 <code>[^<]*</code>")
DUE = ("/due/2026-03-20", "/due/2026-04-20")  # what is planted is due on these days
ALIKE = 4  # pages of one kind that are crawled: the same address but for its numbers


@pytest.fixture
def both(databases: Databases) -> Iterator[tuple[Story, Planted]]:
    """A story with all there is to leak, and its ids."""
    story, planted = planted_story(databases)
    yield story, planted
    story.cast.database.dispose()


@pytest.fixture
def story(both: tuple[Story, Planted]) -> Story:
    """The story."""
    return both[0]


@pytest.fixture
def planted(both: tuple[Story, Planted]) -> Planted:
    """What there is to leak."""
    return both[1]


def kind_of(endpoint: str) -> str | None:
    """Return the kind of object a route is about: the longest prefix that fits."""
    found = [
        (len(prefix), kind) for kind, prefixes in KINDS.items() for prefix in prefixes if endpoint.startswith(prefix)
    ]
    return max(found)[1] if found else None


def body(text: str) -> str:
    """Return a page without what differs at every request."""
    return NUMBER.sub("", TOKENS.sub("", text))


def object_routes(app: Flask) -> list[tuple[str, str, str]]:
    """Return (endpoint, method, address with {}) of every route that names one object by number, moves excepted."""
    found = []
    for rule in app.url_map.iter_rules():
        if "<int:" not in rule.rule or rule.endpoint in ("static", "moves.move"):
            continue
        address = re.sub(r"<[^>]+>", "{}", rule.rule, count=1)
        address = re.sub(r"<[^>]+>", "x", address)
        found += [(rule.endpoint, method, address) for method in ("GET", "POST") if method in (rule.methods or ())]
    return found


def test_every_route_that_names_an_object_is_probed(app: Flask) -> None:
    unknown = {endpoint for endpoint, _, _ in object_routes(app) if kind_of(endpoint) is None}
    assert unknown == set()


def test_insiders_reach_what_is_planted(story: Story, app: Flask, planted: Planted) -> None:
    """There is something to leak: the office and the lead see the canary."""
    for who in ("supervisor", "head_a"):
        page = visit(app, story, who).get(f"/cases/{planted.ids['cases'][0]}")
        assert page.status_code == 200
        assert CANARY in page.text


def test_foreign_objects_do_not_exist_on_any_page(story: Story, app: Flask, planted: Planted) -> None:
    routes, probes = object_routes(app), 0
    for who in STRANGERS:
        visitor = visit(app, story, who)
        for endpoint, method, address in routes:
            kind = kind_of(endpoint) or ""
            if kind == "persons" and who in ("admin", "security"):
                continue
            if kind == "rule-sets" and not who.startswith("outsider"):
                continue
            absent = call(visitor, method, address.format(ABSENT))
            for ref in planted.ids.get(kind, []):
                probe = call(visitor, method, address.format(ref))
                assert probe == absent, (who, method, address, ref)
                assert probe[0] in (303, 302, 404, 405), (who, method, address, probe[0])
                probes += 1
    print(f"{probes} pages asked for")
    assert probes >= 250


def call(visitor: Visit, method: str, address: str) -> tuple[int, str]:
    """Return the status and the body of one probe."""
    answer = visitor.get(address) if method == "GET" else visitor.post(address, {"version": "1"})
    return answer.status_code, body(answer.text)


def test_foreign_rows_cannot_be_moved_by_any_transition(story: Story, app: Flask, planted: Planted) -> None:
    before, probes = facts(story), 0
    for who in STRANGERS:
        visitor = visit(app, story, who)
        for noun, workflow in NOUNS.items():
            tables = [workflow] if workflow else [EXTENSION, REQUEST]
            for name in sorted({row.name for table in tables for row in table.transitions}):
                for ref in planted.ids[noun]:
                    if noun == "rule-sets" and not who.startswith("outsider"):
                        continue
                    answer = visitor.post(f"/{noun}/{ref}/transitions/{name}", {"version": "1", "reason": "越权"})
                    assert answer.status_code == 404, (who, noun, name, ref, answer.status_code)
                    assert CANARY not in answer.text
                    probes += 1
    print(f"{probes} moves tried")
    assert probes >= 700  # with pages and forms more than a thousand on each of the two databases
    assert facts(story) == before


def facts(story: Story) -> tuple[object, ...]:
    """Return what a successful foreign move would have changed."""
    with story.cast.database.session(read_only=True) as session:
        events = session.scalar(select(func.count()).select_from(Event).where(Event.case_id.is_not(None)))
        cases = [tuple(row) for row in session.execute(select(Case.id, Case.state, Case.version))]
    return events, tuple(cases)


def test_ids_in_bodies_are_checked_like_ids_in_paths(story: Story, app: Flask, planted: Planted) -> None:
    case_id = story.log(title="本县问题")
    story.case("supervisor", case_id, "admit")
    form = {"lead": str(story.cast.units["Y"]), "rect_class": "limited", "due_on": "2026-04-20", "standard": "清理"}
    version = str(story.get(Case, case_id).version)
    answer = visit(app, story, "supervisor").post(f"/cases/{case_id}/transitions/assign", {**form, "version": version})
    assert answer.status_code == 422
    assert story.get(Case, case_id).state == "ledgered"
    outside = story.log("outsider", title="邻县问题")
    number = story.get(Case, planted.ids["cases"][0]).number
    answer = visit(app, story, "outsider").post(
        f"/cases/{outside}/transitions/merge", {"case": number, "reason": "并", "version": "1"}
    )
    assert answer.status_code == 422
    assert story.get(Case, outside).state == "reported"


def test_no_page_that_can_be_reached_shows_a_foreign_canary(story: Story, app: Flask, planted: Planted) -> None:
    for who in (*STRANGERS, "auditor"):
        pages = crawl(visit(app, story, who))
        assert len(pages) > 1, who
        leaks = [path for path, text in pages.items() if CANARY in text]
        assert leaks == [], (who, leaks)


def test_another_units_part_is_only_a_status(story: Story, app: Flask, planted: Planted) -> None:
    for who in ("head_a", "liaison_a"):
        leaks = [path for path, text in crawl(visit(app, story, who)).items() if f"{CANARY}乙进展" in text]
        assert leaks == [], (who, leaks)
    for who in ("head_b", "liaison_b"):
        texts = crawl(visit(app, story, who)).values()
        secrets = (f"{CANARY}照片", f"{CANARY}理由", f"{CANARY}不同意", f"{CANARY}申辩", f"{CANARY}电话")
        assert not [secret for secret in secrets for text in texts if secret in text], who


def crawl(visitor: Visit, known: dict[str, str] | None = None, most: int = 60) -> dict[str, str]:
    """Follow the links of the application that a person can click, beginning at the workbench; `known` was read before.

    Of pages of one kind, as the days of a month, some will do, so that the others are reached.
    """
    waiting = deque(["/desk", "/cases?q=标题", "/cases?state=all", "/ranking", "/log", *DUE])
    seen, kinds = dict[str, str](), Counter[str]()
    while waiting and len(seen) < most:
        path = waiting.popleft()
        kind = re.sub(r"\d+", "#", path)
        if path in seen or kinds[kind] == ALIKE:
            continue
        kinds[kind] += 1
        seen[path] = (known or {}).get(path) or visitor.get(path).get_data().decode("utf-8", "replace")
        links = re.findall(r'(?:href|src)="(/[^"#]*)', seen[path])
        waiting.extend(link.replace("&amp;", "&") for link in links if not link.startswith("/static/"))
    return seen


def test_stranger_is_led_to_sign_in_everywhere(story: Story, app: Flask) -> None:
    visitor = visit(app, story, None)
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint == "static" or getattr(view, "policy").is_public or rule.arguments:  # noqa: B009
            continue
        if "GET" in (rule.methods or ()):
            answer = visitor.get(rule.rule)
            assert answer.status_code == 302, rule.rule
            assert "/sign-in" in answer.headers["Location"]


def test_route_without_a_policy_stops_the_start(app: Flask) -> None:
    stray = Blueprint("stray", __name__)
    stray.add_url_rule("/stray", "open", lambda: "open")
    fresh = Flask("fresh")
    fresh.register_blueprint(stray)
    with pytest.raises(RuntimeError, match="/stray"):
        check_policies(fresh)
