"""One person's searches at one time are few: nobody occupies the house by firing them."""

from app.core.errors import TooMany
from app.core.places import a_place
from app.web.case_looks import home_authority
from app.web.shell import desk

SAID = "您同时发出的查询太多，前几次还没有查完。请等它们查完再查，或先选单位、状态等条件缩小范围。"


def take_turn() -> None:
    """Hold one of the person's places until the request is over; TooMany when all are taken."""
    most = desk().context.parameters(home_authority(desk().actor))["search_at_once"]
    if not desk().hold(a_place(desk().session, f"search {desk().actor.person_id}", most)):
        raise TooMany(SAID)
