"""One digest for each person and day, with counts alone; once for each case and kind; silence at night."""

from datetime import timedelta

from sqlalchemy import insert, update

from app.core.clock import Moment
from app.ledgers.cases import Case
from app.ledgers.messages import Message
from app.people import Mandate, Person
from tests.notices.post import Post
from tests.notices.servers import MailRoom

NEXT = "2026-03-03"


def test_night_of_many_items_is_one_digest_for_each_person(post: Post, room: MailRoom) -> None:
    post.at(NEXT, 0, 1)
    post.write("A", "due_soon", 2000)
    post.write("A", "assigned", 3)
    post.write("B", "due_soon", 5)
    assert post.tick() == 0  # night
    post.at(NEXT, 8)
    assert post.tick() == 2
    assert sorted(room.recipients) == ["head_a@county.test", "liaison_a@county.test"]
    text = "【督考】您有待阅事项：新的交办 3 项、即将到期 2000 项。请登录 https://dukao.test 查看。"
    assert room.texts == [text, text]
    post.write("A", "due_soon", 7)
    post.at(NEXT, 12)
    assert post.tick() == 0
    post.at("2026-03-04", 8)
    assert post.tick() == 2
    assert room.texts[2] == "【督考】您有待阅事项：即将到期 7 项。请登录 https://dukao.test 查看。"
    assert len(set(room.ids)) == 4


def test_what_comes_after_the_hour_waits_for_the_next_day(post: Post, room: MailRoom) -> None:
    post.at("2026-03-02", 10)
    post.write("A", "assigned")
    assert post.tick() == 0
    post.at(NEXT, 7, 59)
    assert post.tick() == 0
    post.at(NEXT, 8)
    assert post.tick() == 2


def test_worker_that_was_away_in_the_morning_sends_when_it_is_back(post: Post) -> None:
    post.at(NEXT, 0, 1)
    post.write("A")
    post.at(NEXT, 14)
    assert post.tick() == 2


def test_each_chooses_the_hour_of_the_digest(post: Post, room: MailRoom) -> None:
    post.wish("head_a", digest_hour=17)
    post.at(NEXT, 0, 1)
    post.write("A")
    post.at(NEXT, 8)
    assert post.tick() == 1
    post.at(NEXT, 17)
    assert post.tick() == 1
    assert room.recipients == ["liaison_a@county.test", "head_a@county.test"]


def test_daily_deductions_of_one_case_are_told_once(post: Post, room: MailRoom) -> None:
    case_id = post.story.log()
    for day in ("2026-03-03", "2026-03-04", "2026-03-05"):
        post.at(day, 0, 1)
        post.write("A", "entry_proposed", 2, case_id)
        post.at(day, 8)
        post.tick()
    assert room.texts == ["【督考】您有待阅事项：新的拟扣 1 项。请登录 https://dukao.test 查看。"] * 2


def test_urgent_word_does_not_wait_and_is_not_told_again(post: Post, room: MailRoom) -> None:
    post.at("2026-03-02", 15)
    post.write("A", "slip_issued")
    post.write("A", "assigned")
    assert post.tick() == 2
    assert "新的单据 1 项" in room.texts[0]
    assert "交办" not in room.texts[0]
    post.write("A", "slip_issued")
    assert post.tick() == 0  # one urgent word a day; the rest is in the digest
    post.at(NEXT, 8)
    assert post.tick() == 2
    assert room.texts[-1] == "【督考】您有待阅事项：新的交办 1 项、新的单据 1 项。请登录 https://dukao.test 查看。"


def test_urgent_word_at_night_waits_for_the_morning_and_rides_with_the_digest(post: Post, room: MailRoom) -> None:
    post.wish("liaison_a", wants_urgent=False)
    post.at("2026-03-02", 21)
    post.write("A", "slip_issued")
    assert post.tick() == 0
    post.at(NEXT, 8)
    assert post.tick() == 2
    assert sorted(room.recipients) == ["head_a@county.test", "liaison_a@county.test"]
    assert ("dropped", "已有更新的汇总") in post.deliveries("state", "error")


def test_own_quiet_hours_are_kept_besides_the_night(post: Post, room: MailRoom) -> None:
    post.wish("head_a", quiet_from=7, quiet_until=10)
    post.at(NEXT, 0, 1)
    post.write("A")
    post.at(NEXT, 9)
    assert post.tick() == 1
    post.at(NEXT, 10)
    assert post.tick() == 1
    assert room.recipients == ["liaison_a@county.test", "head_a@county.test"]


def test_who_lost_the_mandate_the_account_or_the_wish_is_not_written_to(post: Post, room: MailRoom) -> None:
    post.reach("head_b")
    post.at(NEXT, 0, 1)
    post.write("A")
    post.write("B")
    post.tick()
    people = post.story.cast.persons
    with post.story.cast.database.begin() as session:
        yesterday = post.story.cast.clock.now().day - timedelta(days=1)
        session.execute(update(Mandate).where(Mandate.person_id == people["head_a"]).values(ends_on=yesterday))
        gone = update(Person).where(Person.id == people["liaison_a"])
        session.execute(gone.values(disabled_at=post.story.cast.clock.now().at))
    post.at(NEXT, 8)
    assert post.tick() == 1
    assert room.recipients == ["head_b@county.test"]
    assert sorted(post.deliveries("state", "error")) == [
        ("dropped", "没有有效任职"),
        ("dropped", "账号已停用"),
        ("sent", ""),
    ]


def test_what_was_read_or_ended_meanwhile_is_not_told(post: Post, room: MailRoom) -> None:
    case_id = post.story.log()
    post.at(NEXT, 0, 1)
    post.write("A", "due_soon", 1, case_id)
    post.wish("head_a", read_until_id=10_000)
    with post.story.cast.database.begin() as session:
        session.execute(update(Case).where(Case.id == case_id).values(ended_on=post.story.cast.clock.now().day))
    post.at(NEXT, 8)
    assert post.tick() == 0
    assert room.letters == []
    assert set(post.deliveries("state", "error")) == {("dropped", "没有尚待查看的消息")}


def test_message_that_commits_late_is_told_all_the_same(post: Post, room: MailRoom) -> None:
    """A transaction that began before the sweep and ended after it is in the next digest."""
    cast = post.story.cast
    if cast.database.url.startswith("sqlite"):
        return  # one writer at a time: there is nothing that could be late
    post.at(NEXT, 0, 1)
    late = cast.database.session()
    with late as session:
        begun = Moment.of(cast.clock.now().at)
        post_row = {"authority_id": cast.units["C"], "unit_id": cast.units["A"], "kind": "assigned", "subject": "late"}
        session.execute(insert(Message), [{**post_row, "day": begun.day, "at": begun.at}])
        post.write("A", "due_soon")
        post.at(NEXT, 8)
        assert post.tick() == 2
        session.commit()
    post.at("2026-03-04", 8)
    assert post.tick() == 2
    assert "新的交办 1 项" in room.texts[-1]
