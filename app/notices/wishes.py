"""What a person wishes: by which channels, at which hour, in which hours not; and where the person can be reached."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import Fact, record
from app.core.clock import Moment
from app.core.errors import Invalid
from app.ledgers.messages import HOURS, Contact, Preference, is_quiet
from app.people import Actor, load_parameters, visible

EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,6}")
MOBILE = re.compile(r"1\d{10}")
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Wishes:
    """A person's own settings. Hours are full hours of the day; None means what the office has set, or no quiet time."""

    email: str = ""
    by_email: bool = False
    mobile: str = ""
    by_sms: bool = False
    digest_hour: int | None = None
    quiet_from: int | None = None
    quiet_until: int | None = None
    wants_urgent: bool = True


def digest_hours(session: Session, actor: Actor) -> tuple[list[int], int]:
    """Return the hours a digest may be sent at, outside the office's night, and the office's own hour."""
    authority_id = next((grant.authority_id for grant in actor.grants), None)
    parameters = load_parameters(session, authority_id)
    night = (parameters["quiet_from"], parameters["quiet_until"])
    return [hour for hour in range(HOURS) if not is_quiet(hour, [night])], parameters["digest_hour"]


def wishes_of(session: Session, actor: Actor) -> Wishes:
    """Return the actor's own settings."""
    ways = {contact.channel: contact for contact in session.scalars(visible(Contact, actor))}
    wish = session.scalars(visible(Preference, actor)).one_or_none()
    email, sms = ways.get("email"), ways.get("sms")
    return Wishes(
        email=email.address if email else "",
        by_email=bool(email and email.is_on),
        mobile=sms.address if sms else "",
        by_sms=bool(sms and sms.is_on),
        digest_hour=wish.digest_hour if wish else None,
        quiet_from=wish.quiet_from if wish else None,
        quiet_until=wish.quiet_until if wish else None,
        wants_urgent=wish.wants_urgent if wish else True,
    )


def save_wishes(session: Session, actor: Actor, wishes: Wishes, now: Moment) -> None:
    """Keep the settings; Invalid says what is wrong. That they changed is recorded, the addresses are not."""
    hours, _ = digest_hours(session, actor)
    if errors := _errors(wishes, hours):
        raise Invalid(errors)
    before = wishes_of(session, actor)
    _reach(session, actor, "email", wishes.email, wishes.by_email, now)
    _reach(session, actor, "sms", wishes.mobile, wishes.by_sms, now)
    wish = preference_of(session, actor)
    wish.digest_hour, wish.wants_urgent = wishes.digest_hour, wishes.wants_urgent
    wish.quiet_from, wish.quiet_until = wishes.quiet_from, wishes.quiet_until
    if wishes != before:
        changed = [name for name in Wishes.__slots__ if getattr(wishes, name) != getattr(before, name)]
        record(session, Fact("contact.change", f"person:{actor.person_id}", data={"changed": changed}), actor, now)


def preference_of(session: Session, actor: Actor) -> Preference:
    """Return the actor's row of wishes, made when there is none."""
    wish = session.scalars(visible(Preference, actor)).one_or_none()
    if wish is None:
        wish = Preference(person_id=actor.person_id, wants_urgent=True, read_until_id=0)
        session.add(wish)
        session.flush()
    return wish


def _errors(wishes: Wishes, hours: list[int]) -> dict[str, str]:
    errors = {}
    if wishes.by_email and not wishes.email:
        errors["email"] = "请填写邮箱地址，或不选邮件通知。"
    if wishes.email and (len(wishes.email) > LONGEST or not EMAIL.fullmatch(wishes.email)):
        errors["email"] = "邮箱地址不正确，应形如 name@example.cn。"
    if wishes.by_sms and not wishes.mobile:
        errors["mobile"] = "请填写手机号，或不选短信通知。"
    if wishes.mobile and not MOBILE.fullmatch(wishes.mobile):
        errors["mobile"] = "手机号应为 11 位数字。"
    if wishes.digest_hour is not None and wishes.digest_hour not in hours:
        errors["digest_hour"] = "请选择免打扰时间以外的钟点。"
    if (wishes.quiet_from is None) != (wishes.quiet_until is None):
        errors["quiet_until"] = "免打扰时间要同时选择开始和结束，或都不选。"
    elif wishes.quiet_from is not None and wishes.quiet_until is not None:
        errors |= _errors_of_quiet(wishes.digest_hour, (wishes.quiet_from, wishes.quiet_until), hours)
    return errors


def _errors_of_quiet(digest_hour: int | None, quiet: tuple[int, int], hours: list[int]) -> dict[str, str]:
    """Say what is wrong with own quiet hours: some hour must be left to send at, the one chosen for the digest too."""
    left = [hour for hour in hours if not is_quiet(hour, [quiet])]
    if not left:
        return {"quiet_until": "这样一天里没有可以发送的钟点了（夜间本来就不发送），请缩短免打扰时间。"}
    if digest_hour in hours and digest_hour not in left:
        return {"digest_hour": "这个钟点在您另加的免打扰时间里，请另选一个钟点，或者调整免打扰时间。"}
    return {}


def _reach(session: Session, actor: Actor, channel: str, address: str, is_on: bool, now: Moment) -> None:
    contact = session.scalars(
        select(Contact).where(Contact.person_id == actor.person_id, Contact.channel == channel)
    ).first()
    if contact is None and (address or is_on):
        at = now.at
        contact = Contact(person_id=actor.person_id, channel=channel, told_until=at, urgent_until=at, is_on=is_on)
        session.add(contact)
    if contact is not None:
        if is_on and not contact.is_on:
            contact.told_until = max(contact.told_until, now.at)
        contact.address, contact.is_on = address, is_on
