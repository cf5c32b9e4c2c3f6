"""A checkpoint shows what a chain alone does not: a tail that was cut, and a record that was written anew."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.audit import Event, event_hash
from app.core.db import Database
from tests.cli.conftest import Command
from tests.cli.test_verify import tamper
from tests.story import Story

pytestmark = pytest.mark.usefixtures("whole")


def heads(database: Database) -> tuple[int, int]:
    """Return the county's chain and its length."""
    with database.session(read_only=True) as session:
        row = session.execute(text("SELECT id, seq FROM chains WHERE id > 0")).one()
        return row[0], row[1]


def cut_tail(database: Database) -> None:
    """Cut the newest event and put the head back, as if it had never been."""
    chain, seq = heads(database)
    with database.session(read_only=True) as session:
        before = session.scalar(select(Event.hash).where(Event.chain_id == chain, Event.seq == seq - 1))
    tamper(
        database,
        f"DELETE FROM events WHERE chain_id={chain} AND seq={seq}",
        f"UPDATE chains SET seq={seq - 1}, hash='{before}' WHERE id={chain}",
    )


def write_anew(database: Database) -> None:
    """Change an early event and compute every hash after it again, the head included."""
    chain, _ = heads(database)
    statements, before = [], ""
    with database.session(read_only=True) as session:
        columns = [column for column in Event.__table__.columns if column.name != "alg"]
        for row in session.execute(select(*columns).where(Event.chain_id == chain).order_by(Event.seq)).mappings():
            values = dict(row)
            if values["seq"] == 3:
                values["reason"] = "从来没有别的理由"
            before = event_hash(before, values)
            statements.append(f"UPDATE events SET hash='{before}' WHERE id={values['id']}")
    first = f"UPDATE events SET reason='从来没有别的理由' WHERE chain_id={chain} AND seq=3"
    tamper(database, first, *statements, f"UPDATE chains SET hash='{before}' WHERE id={chain}")


def test_record_that_grew_agrees_with_its_checkpoints(lived: Story, command: Command, instance: Path) -> None:
    assert command("verify", "--checkpoint").exit_code == 0
    lived.log()
    assert command("verify", "--checkpoint").exit_code == 0
    assert command("verify").exit_code == 0
    lines = (instance / "checkpoints.jsonl").read_text(encoding="utf-8").splitlines()
    first, second = (json.loads(line)["chains"] for line in lines)
    chain = str(heads(lived.cast.database)[0])
    assert second[chain]["seq"] == first[chain]["seq"] + 1
    assert first[chain]["entries"] > 0


def test_cut_tail_is_found_only_by_the_checkpoint(lived: Story, command: Command, instance: Path) -> None:
    lived.log()
    assert command("verify", "--checkpoint").exit_code == 0
    kept = (instance / "checkpoints.jsonl").read_text(encoding="utf-8")
    cut_tail(lived.cast.database)
    result = command("verify")
    assert (result.exit_code, "链尾被截断" in result.stderr) == (1, True)
    (instance / "checkpoints.jsonl").unlink()
    assert command("verify").exit_code == 0, "the chain alone does not show it"
    elsewhere = instance / "elsewhere.jsonl"
    elsewhere.write_text(kept, encoding="utf-8")
    assert "链尾被截断" in command("verify", "--against", str(elsewhere)).stderr


def test_record_written_anew_is_found_only_by_the_checkpoint(lived: Story, command: Command, instance: Path) -> None:
    assert command("verify", "--checkpoint").exit_code == 0
    write_anew(lived.cast.database)
    result = command("verify")
    assert (result.exit_code, "此前的事件被改写" in result.stderr) == (1, True)
    (instance / "checkpoints.jsonl").unlink()
    assert command("verify").exit_code == 0, "the chain alone does not show it"


def test_checkpoint_nobody_signed_is_refused(command: Command, instance: Path) -> None:
    assert command("verify", "--checkpoint").exit_code == 0
    file = instance / "checkpoints.jsonl"
    row = json.loads(file.read_text(encoding="utf-8"))
    next(iter(row["chains"].values()))["points"] = "0.00"
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")
    result = command("verify")
    assert (result.exit_code, "签名不符" in result.stderr) == (1, True)
    file.write_text("改坏了\n", encoding="utf-8")
    result = command("verify")
    assert (result.exit_code, "第 1 行不是检查点" in result.stderr) == (1, True)


def test_no_checkpoint_is_taken_of_a_broken_record(lived: Story, command: Command, instance: Path) -> None:
    tamper(lived.cast.database, "UPDATE totals SET confirmed=confirmed+1 WHERE unit_id=3")
    assert command("verify", "--checkpoint").exit_code == 1
    assert not (instance / "checkpoints.jsonl").exists()
