"""Passwords: hashing, the two profiles, what is too easy, and one-time codes."""

from datetime import date, timedelta

import pytest

from app.core.clock import Moment
from app.people import (
    Person,
    hash_password,
    is_code,
    is_outdated,
    is_password,
    normal_username,
    password_fault,
    password_profile,
    set_code,
)

ASVS, DJBH3 = password_profile("asvs"), password_profile("djbh3")
NOON = Moment.on(date(2026, 3, 2), 12)


def test_hash_is_argon2id_with_the_costs_of_the_house() -> None:
    hashed = hash_password("一句 谁也 猜不到 的话")
    assert hashed.startswith("$argon2id$")
    assert "m=19456,t=2,p=1" in hashed
    assert is_password(hashed, "一句 谁也 猜不到 的话")
    assert not is_password(hashed, "一句 谁也 猜不到 的话。")
    assert not is_outdated(hashed)


def test_account_without_password_accepts_none() -> None:
    assert not is_password(None, "")
    assert not is_password(None, "an account that does not exist")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "P@ssw0rd2026!",
        "admin@123456",
        "Qwertyuiop123",
        "1qaz2wsx3edc4rfv",
        "woaizhongguo1314",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "123456789012",
        "2026-03-01 2026",
        "liuxiaohong2026",
        "dukao-dukao-2026",
        "Zhengfu@2026#",
    ],
)
def test_guessable_password_is_refused(password: str) -> None:
    assert "猜到" in (password_fault(password, ASVS, ("liuxiaohong", "刘小红", "dukao")) or "")


@pytest.mark.parametrize("password", ["correct horse battery", "梧桐树下三只慢吞吞的蓝乌龟", "Kx7#mQz2vL9t"])
def test_long_unusual_password_passes_without_rules_of_composition(password: str) -> None:
    assert password_fault(password, ASVS) is None


def test_asvs_asks_for_twelve_characters_and_says_how_many_there_are() -> None:
    assert password_fault("Kx7#mQz2vL9", ASVS) == "至少 12 个字符，现在是 11 个。可以用几个不相干的词连成一句。"
    assert "最多 128" in (password_fault("x7#Q" * 40, ASVS) or "")


def test_djbh3_asks_for_three_of_four_classes() -> None:
    assert password_fault("kx7mqz2v", DJBH3) == "须含小写字母、大写字母、数字、符号四类中的至少 3 类。"
    assert password_fault("Kx7mqz2v", DJBH3) is None
    assert "至少 8" in (password_fault("Kx7#mq", DJBH3) or "")
    assert (DJBH3.days, DJBH3.history) == (90, 5)
    assert ASVS.days is None


def test_unknown_profile_is_an_error() -> None:
    with pytest.raises(KeyError):
        password_profile("none")


def test_code_works_however_it_is_typed_until_it_expires() -> None:
    person = Person(username="x", name="x", password_hash="old")
    code = set_code(person, NOON.at, is_first=False)
    assert person.password_hash is None
    assert code not in (person.reset_hash or "")
    assert is_code(person, code.lower().replace("-", " "), NOON.at + timedelta(hours=23, minutes=59))
    assert not is_code(person, code, NOON.at + timedelta(hours=24))
    assert not is_code(person, code[:-1], NOON.at)
    assert not is_code(Person(username="y", name="y"), "", NOON.at)


def test_first_code_lasts_a_week() -> None:
    person = Person(username="x", name="x")
    code = set_code(person, NOON.at, is_first=True)
    assert is_code(person, code, NOON.at + timedelta(days=6, hours=23))
    assert not is_code(person, code, NOON.at + timedelta(days=7))


def test_username_has_one_spelling() -> None:
    assert normal_username(" Ｚhang San ") == "zhangsan"
