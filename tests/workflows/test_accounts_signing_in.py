"""Signing in: the lock-out, one answer for every stranger, one-time codes, new passwords; each with its event."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit import Event
from app.core.clock import Moment
from app.core.db import Database
from app.people import PasswordProfile, Person, WebSession, hash_password, password_profile
from app.workflows import SignIn, change_password, check_credentials, reset_password, sign_in, use_code
from app.workflows.signing_in import WRONG
from tests.databases import Databases
from tests.people import Cast, make_cast
from tests.stock import story_in

HERE, THERE = "10.0.0.1", "10.0.0.2"
PASSWORD, NEXT = "梧桐树下有三只慢吞吞的蓝乌龟", "灯塔旁边停着七盏旧油灯与一只船"
ASVS, DJBH3 = password_profile("asvs"), password_profile("djbh3")
SHORT = PasswordProfile("test", "", 4, 1, False, 3, None)


@dataclass
class Door:
    """A cast at the sign-in page; time is the cast's clock."""

    cast: Cast

    def knock(self, username: str, password: str, address: str = HERE, profile: PasswordProfile = ASVS) -> SignIn:
        """Try to sign in."""
        moment = self.cast.clock.now()
        with self.cast.database.session(read_only=True) as session:
            credentials = check_credentials(session, username, password, moment.at)
        with self.cast.database.begin() as session:
            return sign_in(session, credentials, address, moment, profile)

    def change(self, username: str, old: str, new: str, profile: PasswordProfile = ASVS) -> dict[str, str]:
        """Change a password."""
        moment = self.cast.clock.now()
        with self.cast.begin(username) as (session, actor):
            credentials = check_credentials(session, username, old, moment.at)
            return change_password(session, actor, credentials, (new, new), HERE, moment, profile)

    def use_code(self, username: str, code: str, new: str = NEXT) -> dict[str, str]:
        """Set a password with a code."""
        moment = self.cast.clock.now()
        with self.cast.database.begin() as session:
            credentials = check_credentials(session, username, code, moment.at)
            return use_code(session, credentials, (new, new), HERE, moment, ASVS)

    def reset(self, username: str) -> str:
        """Reset a password as the administrator and return the code."""
        with self.cast.begin("admin") as (session, actor):
            return reset_password(session, actor, self.cast.clock.now(), self.cast.persons[username]).code

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.cast.clock.moment = Moment.of(self.cast.clock.now().at + timedelta(**span))

    def events(self) -> list[str]:
        """Return the kinds of all events."""
        with self.cast.database.session(read_only=True) as session:
            return list(session.scalars(select(Event.kind).order_by(Event.id)))


@pytest.fixture
def door(databases: Databases) -> Door:
    """The cast, the leader and the supervisor with a password."""
    return Door(story_in(databases.fresh("door", lock)).cast)


def lock(database: Database) -> None:
    """Fill the stock."""
    cast, hashed = make_cast(database), hash_password(PASSWORD)
    with database.begin() as session:
        for username in ("leader", "supervisor"):
            session.get_one(Person, cast.persons[username]).password_hash = hashed


def test_right_password_signs_in_and_is_recorded(door: Door) -> None:
    assert door.knock(" LEADER ", PASSWORD).person_id == door.cast.persons["leader"]
    assert door.events() == ["sign_in"]


@pytest.mark.parametrize("username", ["leader", "nobody", "head_a", "inspector"])
def test_wrong_unknown_disabled_and_passwordless_get_one_answer(door: Door, username: str) -> None:
    with door.cast.database.begin() as session:
        session.get_one(Person, door.cast.persons["inspector"]).disabled_at = door.cast.clock.now().at
    found = door.knock(username, "falsches Kennwort")
    assert (found.person_id, found.said) == (None, WRONG)
    assert door.events() == ["sign_in.failed"]


def test_no_event_keeps_what_was_typed_as_a_name(door: Door) -> None:
    door.knock("my-secret-typed-too-early", "x")
    with door.cast.database.session(read_only=True) as session:
        event = session.scalars(select(Event)).one()
    assert event.subject == "person:unknown"
    assert "secret" not in str(event.data)


def test_five_failures_lock_the_account_at_this_address_for_half_an_hour(door: Door) -> None:
    said = [door.knock("leader", "wrong").said for _ in range(5)]
    assert said[:4] == [WRONG] * 4
    assert "30 分钟" in said[4]
    door.wait(minutes=29)
    assert "1 分钟" in door.knock("leader", PASSWORD).said
    door.wait(minutes=1)
    assert door.knock("leader", PASSWORD).person_id
    assert door.events().count("sign_in.locked") == 1


def test_attacker_elsewhere_never_locks_a_leader_out(door: Door) -> None:
    for _ in range(50):
        door.knock("leader", "wrong", THERE)
    assert door.knock("leader", PASSWORD, THERE).person_id is None
    assert door.knock("leader", PASSWORD, HERE).person_id
    assert door.events().count("sign_in.failed") == 4  # a locked door is not recorded each time somebody rattles at it


def test_success_starts_the_count_anew(door: Door) -> None:
    for _ in range(3):
        for _ in range(4):
            door.knock("leader", "wrong")
        assert door.knock("leader", PASSWORD).person_id


def test_failures_spread_over_time_do_not_lock(door: Door) -> None:
    for _ in range(12):
        assert door.knock("leader", "wrong").said == WRONG
        door.wait(minutes=8)
    assert door.knock("leader", PASSWORD).person_id


def test_address_that_fails_everywhere_serves_only_whom_it_served_before(door: Door) -> None:
    assert door.knock("leader", PASSWORD).person_id
    for number in range(100):
        door.knock(f"guess{number}", "wrong")
    assert "网络地址" in door.knock("supervisor", PASSWORD).said
    assert door.knock("leader", PASSWORD).person_id
    assert door.knock("supervisor", PASSWORD, THERE).person_id


def test_reset_between_check_and_act_wins(door: Door) -> None:
    moment = door.cast.clock.now()
    with door.cast.database.session(read_only=True) as session:
        credentials = check_credentials(session, "leader", PASSWORD, moment.at)
    assert credentials.are_good
    door.reset("leader")
    with door.cast.database.begin() as session:
        assert sign_in(session, credentials, HERE, moment, ASVS).person_id is None


def test_code_sets_a_password_once(door: Door) -> None:
    code = door.reset("leader")
    assert door.knock("leader", PASSWORD).said == WRONG
    assert door.knock("leader", code).needs_password
    assert door.use_code("leader", code, "short") != {}
    assert door.use_code("leader", code) == {}
    assert door.use_code("leader", code, PASSWORD)["code"]
    assert door.knock("leader", NEXT).person_id
    assert "password.set" in door.events()


def test_code_expires_after_a_day(door: Door) -> None:
    code = door.reset("leader")
    door.wait(hours=24)
    assert door.use_code("leader", code) == {"code": "用户名或一次性代码不正确，或者代码已经过期。"}
    assert door.knock("leader", code).said == WRONG


def test_guessing_codes_locks_like_guessing_passwords(door: Door) -> None:
    code = door.reset("leader")
    for _ in range(5):
        door.use_code("leader", "AAAA-AAAA-AAAA-AAAA")
    assert "暂停登录" in door.use_code("leader", code)["code"]


def test_reset_ends_every_session(door: Door) -> None:
    at = door.cast.clock.now().at
    with door.cast.database.begin() as session:
        person_id = door.cast.persons["leader"]
        session.add(WebSession(token_digest="x", person_id=person_id, created_at=at, seen_at=at, expires_at=at))
    door.reset("leader")
    with door.cast.database.session(read_only=True) as session:
        assert session.scalars(select(WebSession)).all() == []


def test_password_change_asks_for_the_old_one_and_counts_failures(door: Door) -> None:
    for _ in range(4):
        assert door.change("leader", "wrong", NEXT) == {"old": "原密码不正确。"}
    assert "暂停登录" in door.change("leader", "wrong", NEXT)["old"]
    assert "暂停登录" in door.knock("leader", PASSWORD).said


def test_password_change_refuses_the_same_the_weak_and_the_mistyped(door: Door) -> None:
    assert door.change("leader", PASSWORD, PASSWORD) == {"new": "不能与原密码相同。"}
    assert "猜到" in door.change("leader", PASSWORD, "leader-leader-2026")["new"]
    with door.cast.begin("leader") as (session, actor):
        moment = door.cast.clock.now()
        credentials = check_credentials(session, "leader", PASSWORD, moment.at)
        assert change_password(session, actor, credentials, (NEXT, PASSWORD), HERE, moment, ASVS).keys() == {"again"}
    assert door.change("leader", PASSWORD, NEXT) == {}
    assert door.knock("leader", PASSWORD).said == WRONG
    assert door.knock("leader", NEXT).person_id


def test_history_bars_the_last_passwords_and_no_more(door: Door) -> None:
    now = PASSWORD
    for number in range(4):
        assert door.change("leader", now, f"pass{number}", SHORT) == {}
        now = f"pass{number}"
    assert "最近 3 次" in door.change("leader", now, "pass1", SHORT)["new"]
    assert door.change("leader", now, "pass0", SHORT) == {}


def test_old_password_must_be_changed_where_the_profile_says_so(door: Door) -> None:
    with door.cast.database.begin() as session:
        person = session.get_one(Person, door.cast.persons["leader"])
        person.password_changed_at = door.cast.clock.now().at
    door.wait(days=89)
    door.knock("leader", PASSWORD, profile=DJBH3)
    with door.cast.begin("leader") as (_, actor):
        assert not actor.must_change_password
    door.wait(days=1)
    assert door.knock("leader", PASSWORD, profile=DJBH3).person_id
    with door.cast.begin("leader") as (_, actor):
        assert actor.must_change_password
