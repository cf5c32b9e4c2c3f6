"""`flask people reset`: the operator opens the account of whoever nobody else may reset."""

import pytest
from sqlalchemy import select

from app.people import Person, WebSession
from tests.cli.conftest import Command
from tests.story import Story


@pytest.mark.usefixtures("whole")
def test_administrator_is_given_a_code_and_loses_password_and_sessions(command: Command, lived: Story) -> None:
    result = command("people", "reset", "security")
    assert (result.exit_code, result.stderr) == (0, "")
    code = result.stdout.splitlines()[1].removeprefix("一次性代码 ")
    assert len(code.split("-")) == 4
    with lived.cast.database.session(read_only=True) as session:
        person = session.get_one(Person, lived.cast.persons["security"])
        assert person.reset_hash is not None
        assert code not in person.reset_hash
        assert person.totp_secret is None
        assert session.scalars(select(WebSession).where(WebSession.person_id == person.id)).first() is None
    assert command("verify").exit_code == 0


def test_unknown_name_is_said(command: Command) -> None:
    result = command("people", "reset", "nobody")
    assert result.exit_code == 1
    assert "没有用户名为“nobody”的账号" in result.stderr
