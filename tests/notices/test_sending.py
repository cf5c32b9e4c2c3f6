"""At least once, with the same id: attempts and back-off, dead letters, shared claims, shared limits."""

from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import select

from app.ledgers.messages import Delivery
from app.notices import Sender, Undelivered
from app.people import Parameter
from tests.notices.post import ADDRESS, Post
from tests.notices.servers import MailRoom

NEXT = "2026-03-03"


def morning(post: Post, *units: str) -> None:
    """Let something be due at eight."""
    post.at(NEXT, 0, 1)
    for unit in units or ("A",):
        post.write(unit)
    post.tick()
    post.at(NEXT, 8)


class Dying:
    """A channel whose server takes the message while the worker dies before it hears so."""

    name, robot, per_minute = "email", None, 6000

    def __init__(self) -> None:
        self.taken: list[str] = []

    def send(self, recipient: str, text: str, message_id: str) -> None:
        """Take it and die."""
        self.taken.append(message_id)
        raise KeyboardInterrupt


def test_failed_sending_is_tried_again_with_the_same_id_and_text(post: Post, room: MailRoom) -> None:
    morning(post)
    room.answers += ["451 later", "451 later"]
    assert post.tick() == 0
    assert post.deliveries("state", "attempts", "error") == [("waiting", 1, "邮件服务器拒收（451）")] * 2
    post.wait(61)
    assert post.tick() == 2
    assert {state for (state,) in post.deliveries("state")} == {"sent"}
    assert len(set(room.ids)) == 2
    first = room.letters[0]
    assert str(first["Message-ID"]).startswith("<dukao-20260303-digest-")
    assert first["Auto-Submitted"] == "auto-generated"


def test_after_the_last_attempt_a_letter_is_dead_and_the_next_day_tells_all(post: Post, room: MailRoom) -> None:
    morning(post)
    post.channels[0].allow = type(post.channels[0].allow)(frozenset({"127.0.0.1"}))  # type: ignore[attr-defined]
    post.tick()
    assert post.deliveries("state", "attempts") == [("dead", 1)] * 2  # an address that is not listed is no use to try
    post.channels.clear()
    post.mail(room.port)
    post.at("2026-03-04", 8)
    assert post.tick() == 2
    assert "即将到期 1 项" in room.texts[0]


TIMES = ((0, 1), (60, 2), (300, 3), (1800, 4), (7200, 5))


def test_attempts_wait_longer_each_time_and_then_the_letter_is_dead(post: Post, room: MailRoom) -> None:
    county = post.story.cast.units["C"]
    with post.story.cast.database.begin() as session:  # an office without a night
        session.add_all(Parameter(authority_id=county, name=name, value="0") for name in ("quiet_from", "quiet_until"))
    morning(post)
    room.answers += ["451 later"] * 12
    post.tick()
    for wait, attempts in (*TIMES[1:], (43200, 6)):
        post.wait(wait - 1)
        post.tick()
        assert {found for (found,) in post.deliveries("attempts")} == {attempts - 1}
        post.wait(1)
        post.tick()
        assert {found for (found,) in post.deliveries("attempts")} == {attempts}
    assert post.deliveries("state", "error") == [("dead", "邮件服务器拒收（451）")] * 2


def test_attempt_that_falls_into_the_night_waits_and_gives_way_to_the_next_digest(post: Post, room: MailRoom) -> None:
    morning(post)
    room.answers += ["451 later"] * 10
    for wait, _ in (*TIMES, (43200, 5)):
        post.wait(wait)  # at last 22:36
        post.tick()
    assert post.deliveries("state", "attempts") == [("waiting", 5)] * 2
    post.at("2026-03-04", 8)
    assert post.tick() == 2
    assert len(set(room.ids)) == len(room.ids) == 2
    found = sorted(post.deliveries("state", "attempts", "error"))
    assert found == [("dead", 5, "邮件服务器拒收（451）；已有更新的汇总")] * 2 + [("sent", 1, "")] * 2


def test_refused_recipient_is_dead_at_once(post: Post, room: MailRoom) -> None:
    async def refuse(*_arguments: object) -> str:
        return "550 unknown"

    morning(post)
    room.handle_RCPT = refuse  # type: ignore[attr-defined]
    post.tick()
    assert post.deliveries("state", "error") == [("dead", "邮件服务器不接收该收件人（550）")] * 2


def test_letter_refused_for_good_is_dead_at_once_and_one_refused_for_now_is_not(post: Post, room: MailRoom) -> None:
    morning(post)
    room.answers += ["550 no such user", "452 full"]
    post.tick()
    assert sorted(post.deliveries("state", "attempts", "error")) == [
        ("dead", 1, "邮件服务器拒收（550）"),
        ("waiting", 1, "邮件服务器拒收（452）"),
    ]


def test_claim_of_a_worker_that_died_is_free_when_its_lease_ends(post: Post, room: MailRoom) -> None:
    morning(post)
    cast, dying = post.story.cast, Dying()
    sender = Sender(cast.database, cast.clock, "dying", ADDRESS)
    with suppress(KeyboardInterrupt):
        sender.send_due((dying,))
    assert post.tick("other") == 0  # the claim holds
    post.wait(301)
    assert post.tick("other") == 2
    assert f"<{dying.taken[0]}@county.test>" in room.ids  # twice the same id: this is the one in flight


def test_worker_whose_lease_ended_changes_nothing(post: Post, room: MailRoom) -> None:
    morning(post)
    cast = post.story.cast

    class Slow(Dying):
        def send(self, recipient: str, text: str, message_id: str) -> None:
            post.wait(301)
            post.tick("other")
            raise Undelivered("slow")

    Sender(cast.database, cast.clock, "slow", ADDRESS).send_due((Slow(),))
    assert {(state, error) for state, error in post.deliveries("state", "error")} == {("sent", "")}
    assert len(room.letters) == 2


def test_limit_of_a_channel_is_shared_and_kept(post: Post, room: MailRoom) -> None:
    for who in ("head_b", "liaison_b", "head_t", "liaison_t"):
        post.reach(who)
    morning(post, "A", "B", "T")
    post.channels.clear()
    post.mail(room.port, per_minute=20)
    assert post.tick() == 6
    assert post.waited >= 5 * 3  # one every three seconds
    with post.story.cast.database.session(read_only=True) as session:
        at = sorted(found for found in session.scalars(select(Delivery.sent_at)) if found)
    assert all(later - earlier >= timedelta(seconds=3) for earlier, later in pairwise(at))


def test_surprise_in_one_channel_stops_no_other(post: Post, room: MailRoom) -> None:
    class Broken(Dying):
        name = "sms"

        def send(self, recipient: str, text: str, message_id: str) -> None:
            raise ZeroDivisionError(recipient)

    post.reach("head_a", "sms", "13800000000")
    morning(post)
    post.channels.insert(0, Broken())
    assert post.tick() == 2
    assert ("sms", "waiting", "意外错误（ZeroDivisionError）") in post.deliveries("channel", "state", "error")
