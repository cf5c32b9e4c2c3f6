"""What tells who a citizen is leaves a text: numbers by their form, names by the contact that came with it."""

import pytest

from app.ledgers.cases import joined, names_in, withhold


@pytest.mark.parametrize(
    ("said", "kept", "found"),
    [
        ("来电13912345678反映", "来电［电话已隐去］反映", ("13912345678",)),
        ("来电１３９１２３４５６７８反映", "来电［电话已隐去］反映", ("１３９１２３４５６７８",)),
        ("电话139-1234-5678。", "电话［电话已隐去］。", ("139-1234-5678",)),
        ("电话139.1234.5678。", "电话［电话已隐去］。", ("139.1234.5678",)),
        ("电话+86.139.1234.5678", "电话［电话已隐去］", ("+86.139.1234.5678",)),
        ("电话１３９．１２３４．５６７８", "电话［电话已隐去］", ("１３９．１２３４．５６７８",)),
        ("电话+86 139 1234 5678", "电话［电话已隐去］", ("+86 139 1234 5678",)),
        ("座机0571-88123456转2", "座机［电话已隐去］转2", ("0571-88123456",)),
        ("证件330106199001011234，", "证件［证件号已隐去］，", ("330106199001011234",)),
        ("证件33010619900101123x", "证件［证件号已隐去］", ("33010619900101123x",)),
    ],
)
def test_numbers_are_known_by_their_form(said: str, kept: str, found: tuple[str, ...]) -> None:
    assert withhold(said) == (kept, found)


@pytest.mark.parametrize(
    "said",
    [
        "2026年3月2日投入12345678900元",
        "热线20260302123413912号",
        "督提〔2026〕13912号",
        "330106199013011234不是日期",
        "编号A13912345678",
        "面积139.12345678亩",
        "版本2.139.1234.5678",
        "长139.1234.567米",
        "第1391234号",
    ],
)
def test_what_only_looks_like_a_number_of_a_person_stays(said: str) -> None:
    assert withhold(said) == (said, ())


def test_names_come_from_the_contact_and_addresses_and_titles_are_none() -> None:
    contact = "联系人：赵铁柱，电话13912345678，东山镇老街12号；王女士、匿名、欧阳震华"
    assert names_in(contact) == ("赵铁柱", "欧阳震华")
    assert names_in("来电人李四 匿名群众 本人") == ("李四",)
    assert withhold("赵铁柱反映，赵铁柱家门口积水", ("赵铁柱",)) == ("［隐名］反映，［隐名］家门口积水", ("赵铁柱",))


def test_a_contact_takes_up_what_was_found_once() -> None:
    assert joined("赵铁柱 13912345678", ("13912345678", "0571-88123456")) == "赵铁柱 13912345678；0571-88123456"
    assert joined("", ("13912345678",)) == "13912345678"
