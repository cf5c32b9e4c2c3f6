"""`flask people authority`: the operator lets a town run a ledger of its own."""

import pytest
from sqlalchemy import select

from app.audit import Event
from app.people import Unit
from tests.cli.conftest import Command
from tests.story import Story


@pytest.mark.usefixtures("whole")
def test_town_becomes_an_authority_over_what_is_below_it(command: Command, lived: Story) -> None:
    with lived.cast.database.begin() as session:
        town = session.get_one(Unit, lived.cast.units["T"])
        below = {"parent_id": town.id, "authority_id": town.authority_id, "kind": "village", "position": 99}
        session.add(Unit(code="V", name="东山村", short_name="东山村", **below))
    result = command("people", "authority", "T")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "东山镇已设为督办主体，下辖 1 个单位。" in result.stdout
    with lived.cast.database.session(read_only=True) as session:
        town, village = session.scalars(select(Unit).where(Unit.code.in_(("T", "V"))).order_by(Unit.id)).all()
        assert (town.is_authority, town.authority_id, village.authority_id) == (True, lived.cast.units["C"], town.id)
        assert session.scalars(select(Event).where(Event.kind == "unit.make_authority")).one().unit_id == town.id
    again = command("people", "authority", "T")
    assert (again.exit_code, "已经是督办主体" in again.stderr) == (1, True)
    assert command("verify").exit_code == 0
