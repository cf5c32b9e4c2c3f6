"""Who may be the second person of a check on site: somebody else, who has no part in what is checked."""

import re

from sqlalchemy import or_, select

from app.ledgers.cases import Assignment
from app.people import Mandate, Person, bare, in_force, names_in
from app.workflows.case_guards import case_of
from app.workflows.engine import Attempt

NAME = re.compile(r"[^\W\d_]{2}")
BESIDE = re.compile(r"[（(][^（）()]*[）)]")  # 李伟（市局）: what tells two people of one name apart


def check_second_person(attempt: Attempt) -> dict[str, str]:
    """Refuse the verifier, who reported the case finished, and people of the units that did it (the separations)."""
    named = names_in(str(attempt.form["second_person"]))
    if not named or any(NAME.search(BESIDE.sub("", name)) is None for name in named):
        return {"second_person": "请填写第二核查人的姓名。"}
    if bare(attempt.actor.name) in named:
        return {"second_person": "第二核查人应为另一人。"}
    if concerned := set(named) & {bare(name) for name in _concerned(attempt)}:
        said = f"{'、'.join(sorted(concerned))}是报结人或承办单位的人，须回避。请换一人；如系同名，请在姓名后用括号注明单位。"
        return {"second_person": said}
    return {}


def _concerned(attempt: Attempt) -> list[str]:
    """Return the names of who reported the case finished, and of all who hold a mandate at a unit that did it."""
    case = case_of(attempt)
    units = select(Assignment.unit_id).where(Assignment.case_id == case.id, Assignment.released_on.is_(None))
    held = select(Mandate.person_id).where(Mandate.unit_id.in_(units), in_force(attempt.context.day))
    names = select(Person.name).where(or_(Person.id == case.submitted_by_id, Person.id.in_(held)))
    return list(attempt.session.scalars(names))
