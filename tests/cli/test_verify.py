"""`flask verify` passes what holds and names the first row that does not, whatever the tables' owner did."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.db import Database
from app.core.protect import protect
from tests.cli.conftest import Command
from tests.databases import as_owner
from tests.story import Story


def tamper(database: Database, *statements: str) -> None:
    """Do as the owner of the tables what the application cannot: protections away, change, protections back."""
    with as_owner(database) as owner, owner.begin() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type='trigger'")).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        else:
            for table in ("events", "score_entries", "evidence", "rule_sets"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            assert connection.execute(text(statement)).rowcount > 0, "nothing was tampered with"
        if not is_sqlite:
            for table in ("events", "score_entries", "evidence", "rule_sets"):
                connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        protect(connection, None if is_sqlite else database.engine.url.username)


@pytest.mark.usefixtures("whole")
def test_what_holds_passes_line_by_line(command: Command) -> None:
    result = command("verify")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert all(line.startswith("通过") for line in lines)
    words = [line.split()[1].partition("（")[0] for line in lines]
    assert words == [
        "保护措施",
        "事件链",
        "得分记录",
        "累计得分",
        "考核规则",
        "佐证登记",
        "检索和计数",
        "检查点",
        "佐证文件",
    ]


TAMPERINGS = {
    "an event's reason": ("UPDATE events SET reason='改过' WHERE id=3", "事件链", "第 3 条"),
    "an event's day": ("UPDATE events SET day='2026-01-01' WHERE id=5", "事件链", "第 5 条"),
    "a lost event": ("DELETE FROM events WHERE id=(SELECT max(id) FROM events WHERE kind='part.attach')", "事件链", ""),
    "an entry's points": ("UPDATE score_entries SET points=-1 WHERE id=2", "得分记录", "得分记录 2："),
    "an entry's unit": ("UPDATE score_entries SET unit_id=6 WHERE id=1", "得分记录", "得分记录 1："),
    "an entry's year": ("UPDATE score_entries SET year=2025 WHERE id=2", "得分记录", "得分记录 2："),
    "an entry's words": ("UPDATE score_entries SET calculation='无' WHERE id=3", "得分记录", "得分记录 3："),
    "when an entry was posted": (
        "UPDATE score_entries SET posted_at='2026-01-01 00:00:00+00' WHERE id=3",
        "得分记录",
        "得分记录 3：",
    ),
    "a standing confirmed in silence": (
        "UPDATE standings SET state='confirmed' WHERE entry_id=(SELECT max(entry_id) FROM standings WHERE state='proposed')",
        "得分记录",
        "是否确认",
    ),
    "a standing reversed without a contra": (
        "UPDATE standings SET state='reversed' WHERE entry_id=(SELECT max(entry_id) FROM standings WHERE state='proposed')",
        "得分记录",
        "是否冲销",
    ),
    "a lost standing": (
        "DELETE FROM standings WHERE entry_id=(SELECT max(entry_id) FROM standings)",
        "得分记录",
        "没有登记状态",
    ),
    "a total": ("UPDATE totals SET confirmed=confirmed+1 WHERE unit_id=3", "累计得分", "单位 3 的 2026 年"),
    "a total of nothing": (
        "INSERT INTO totals (unit_id, year, authority_id, confirmed, proposed) VALUES (6, 2026, 1, -100, 0)",
        "累计得分",
        "单位 6 的 2026 年",
    ),
    "a rule": ("UPDATE rule_sets SET body=replace(body, '-0.50', '-0.40') WHERE id=1", "考核规则", "考核规则 1"),
    "an evidence's name": ("UPDATE evidence SET name='别的.jpg' WHERE id=2", "佐证登记", "佐证材料 2"),
    "evidence that leads elsewhere": ("UPDATE evidence SET stored_name='x.jpg' WHERE id=2", "佐证文件", "佐证材料 2"),
    "lost evidence": ("DELETE FROM evidence WHERE id=3", "佐证登记", ""),
}


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_and_the_row_named(lived: Story, command: Command, name: str) -> None:
    statement, check, named = TAMPERINGS[name]
    tamper(lived.cast.database, statement)
    result = command("verify")
    assert result.exit_code == 1
    wrong = [line for line in result.stdout.splitlines() if line.startswith("不符")]
    assert any(check in line and named in line for line in wrong), result.stdout
    assert "第一处：" in result.stderr


@pytest.mark.usefixtures("whole")
def test_lost_protection_is_named(lived: Story, command: Command) -> None:
    with as_owner(lived.cast.database) as owner, owner.begin() as connection:
        on = "" if connection.dialect.name == "sqlite" else " ON score_entries"
        connection.execute(text(f"DROP TRIGGER protect_score_entries_delete{on}"))
    result = command("verify")
    assert (result.exit_code, "protect_score_entries_delete" in result.stderr) == (1, True)


def test_changed_file_is_named(command: Command, whole: list[Path]) -> None:
    whole[1].write_bytes(b"y" + whole[1].read_bytes()[1:])
    result = command("verify")
    assert (result.exit_code, f"文件 {whole[1].name} 的内容与登记的哈希不符" in result.stderr) == (1, True)


def test_lost_file_is_named(command: Command, whole: list[Path]) -> None:
    whole[2].unlink()
    result = command("verify")
    assert (result.exit_code, f"文件 {whole[2].name} 不见了" in result.stderr) == (1, True)
