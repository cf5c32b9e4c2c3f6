"""Settings that lead nowhere are said in one Chinese sentence by every command, before anything else happens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ADDRESS, FOLDER = "数据库地址 DUKAO_DATABASE_URL 不对", "数据文件夹 DUKAO_INSTANCE=/etc/passwd 不能使用"
WRONG = [
    ("verify", {"DUKAO_DATABASE_URL": "nonsense"}, ADDRESS),
    ("daily", {"DUKAO_DATABASE_URL": "foo://someone:secret@x"}, ADDRESS),
    ("daily", {"DUKAO_DATABASE_URL": "postgresql://x:port/y"}, ADDRESS),
    ("verify", {"DUKAO_INSTANCE": "/etc/passwd"}, FOLDER),
]


@pytest.mark.parametrize(("command", "wrong", "said"), WRONG)
def test_setting_that_leads_nowhere_is_said(tmp_path: Path, command: str, wrong: dict[str, str], said: str) -> None:
    settings = {**os.environ, "DUKAO_INSTANCE": str(tmp_path), **wrong}
    ended = subprocess.run(
        [sys.executable, "-m", "flask", command], cwd=ROOT, env=settings, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"错误：{said}")
    assert len(ended.stderr.splitlines()) == 1
    assert "secret" not in ended.stderr
