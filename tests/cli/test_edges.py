"""Settings that lead nowhere are said in one Chinese sentence by every command, before anything else happens."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ADDRESS, FOLDER = "数据库地址 DUKAO_DATABASE_URL 不对", "数据文件夹 DUKAO_INSTANCE=/etc/passwd 不能使用"
WRONG = [
    ({"DUKAO_DATABASE_URL": "nonsense"}, ADDRESS),
    ({"DUKAO_DATABASE_URL": "foo://someone:secret@x"}, ADDRESS),
    ({"DUKAO_DATABASE_URL": "postgresql://x:port/y"}, ADDRESS),
    ({"DUKAO_INSTANCE": "/etc/passwd"}, FOLDER),
]


def is_one_sentence(words: str, said: str) -> bool:
    """Say whether the words are one line that says it and tells no password."""
    return words.startswith(f"错误：{said}") and len(words.splitlines()) == 1 and "secret" not in words


@pytest.mark.parametrize(("wrong", "said"), WRONG)
def test_setting_that_leads_nowhere_is_said_by_what_every_command_loads(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    wrong: dict[str, str],
    said: str,
) -> None:
    for name, value in {"DUKAO_INSTANCE": str(tmp_path), "FLASK_RUN_FROM_CLI": "true", **wrong}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "wsgi.py"))
    assert is_one_sentence(str(ended.value.code), said)
    assert capsys.readouterr() == ("", "")


def test_command_says_it_alone_and_fails(tmp_path: Path) -> None:
    wrong, said = WRONG[1]
    settings = {**os.environ, "DUKAO_INSTANCE": str(tmp_path), **wrong}
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "daily"], cwd=ROOT, env=settings, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert is_one_sentence(ended.stderr, said)
