"""Every way in which a text tells who a citizen is, one by one and in any surroundings; sums and numbers of documents stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ledgers.cases import names_told, withhold, withhold_in_reference
from app.ledgers.cases.traces import FORMS, has_luhn

BANK = "6222021234567890128"
SAID = {
    "email": ("邮箱zhao_tz@qq.com。", "邮箱［邮箱已隐去］。", "zhao_tz@qq.com"),
    "card": ("证件330106199001011234，", "证件［证件号已隐去］，", "330106199001011234"),
    "old card": ("身份证号330106900101123，", "身份证号［证件号已隐去］，", "330106900101123"),
    "bank card": (f"打到{BANK}上", "打到［银行卡号已隐去］上", BANK),
    "bank account": ("银行卡6222021234567890123。", "银行卡［银行卡号已隐去］。", "6222021234567890123"),
    "passport": ("护照E12345678，", "护照［证件号已隐去］，", "E12345678"),
    "qq": ("ＱＱ号：１２３４５６７８", "ＱＱ号：［QQ号已隐去］", "１２３４５６７８"),
    "mobile": ("来电13912345678反映", "来电［电话已隐去］反映", "13912345678"),
    "spoken": ("电话一三八一二三四五六七八", "电话［电话已隐去］", "一三八一二三四五六七八"),
    "wechat": ("加微信 zhao_tz88，", "加微信 ［微信号已隐去］，", "zhao_tz88"),
    "landline": ("（0571）88123456转2", "［电话已隐去］转2", "（0571）88123456"),
    "teller": ("反映人：赵铁柱，男", "反映人：［隐名］，男", "赵铁柱"),
    "to be asked": ("联系人：欧阳震华（村民）", "联系人：［隐名］（村民）", "欧阳震华"),
}
UNITS = (
    "元",
    "万元",
    "余元",
    ".50元",
    "平方米",
    "㎡",
    "立方米",
    "亩",
    "吨",
    "公里",
    "米。",
    "千瓦时",
    "人次",
    "（元）",
)
AROUND = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from("，。：；（）\n"), max_size=12
)


def test_each_form_of_the_table_is_tried_here() -> None:
    assert [form.name for form in FORMS] == list(SAID)


@pytest.mark.parametrize("name", SAID)
def test_each_form_is_taken_out(name: str) -> None:
    said, kept, found = SAID[name]
    assert withhold(said) == (kept, (found,))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("卡号6222 0212 3456 7890 128。", "卡号［银行卡号已隐去］。"),
        ("QQ邮箱12345678@qq.com", "QQ邮箱［邮箱已隐去］"),
        ("VX：zhaotiezhu", "VX：［微信号已隐去］"),
        ("微信同号，微信12345678", "微信同号，微信［微信号已隐去］"),
        ("联系电话：88123456", "联系电话：［电话已隐去］"),
        ("电话057188123456", "电话［电话已隐去］"),
        ("信访人李女士反映，李女士多次来访", "信访人［隐名］反映，［隐名］多次来访"),
        ("来电人张三丰称路灯不亮", "来电人［隐名］称路灯不亮"),
        ("举报人: 王先生", "举报人: ［隐名］"),
        ("联系人：赵 磊 电话", "联系人：［隐名］ 电话"),
        ("联系人：张三丰电话13912345678", "联系人：［隐名］电话［电话已隐去］"),
        ("投诉人姓名：阿里木·买买提，", "投诉人姓名：［隐名］，"),
        ("反映人：张三、李四和王女士（村民）", "反映人：［隐名］、［隐名］和［隐名］（村民）"),
        ("投诉人张三（女）", "投诉人［隐名］（女）"),
        ("投诉人姓名张三", "投诉人姓名［隐名］"),
        ("联系人 张三 电话", "联系人 ［隐名］ 电话"),
        ("电话（0571）8812 3456", "电话［电话已隐去］"),
        ("拨打13912345678元旦前有人接", "拨打［电话已隐去］元旦前有人接"),
        ("13912345678元旦前有人接", "［电话已隐去］元旦前有人接"),
        ("银行账号6217 0012 3456 7890 123", "银行账号［银行卡号已隐去］"),
        ("农行卡号：6228480000000000001", "农行卡号：［银行卡号已隐去］"),
        ("报告人：彭国建", "报告人：［隐名］"),
        ("联系人：赵 铁柱", "联系人：［隐名］"),
        ("联系人：赵　铁柱，电话", "联系人：［隐名］，电话"),
        ("反映人：赵 铁柱反映路灯不亮", "反映人：［隐名］反映路灯不亮"),
        ("反映群众：猪八戒", "反映群众：［隐名］"),
        ("投诉人 沙和尚", "投诉人 ［隐名］"),
        ("投诉人　沙和尚，路灯不亮", "投诉人　［隐名］，路灯不亮"),
        ("来电号码: 0871-6531 2345", "来电号码: ［电话已隐去］"),
        ("手机：幺三八 一二三四 五六七八", "手机：［电话已隐去］"),
        ("护照号码：EA1234567", "护照号码：［证件号已隐去］"),
    ],
)
def test_further_ways_to_say_it(said: str, kept: str) -> None:
    assert withhold(said).text == kept


@pytest.mark.parametrize(
    "said",
    [
        "总投资13900000000元",
        "总投资约13900000000，分三期",
        "占地13800000000平方米",
        "工单编号13912345678",
        "银行流水6222021234567890128",
        "统一社会信用代码6222021234567890128",
        "卡号6222021234567890129",
        "关注微信公众号 yunling2026",
        "微信 Android 版打不开",
        "来电20260302已登记",
        "反映人：匿名",
        "联系人：群众",
        "举报人高度关注此事",
        "信访人数13人",
        "反映人：群众、村委会",
        "请回复至duchashi@yunling.gov.cn",
        "编号A13912345678",
        "长1234-5678-9012米",
        "银行账户1380000000000元",
        "收款账号合同编号6222021234567890123",
        "二〇二六年三月二日",
        "一二三四五六七，七六五四三二一",
        "投诉人 已联系",
        "投诉人 电话",
        "反映人 联系电话 住址",
        "反映人 诉求：修路",
        "反映群众多次来访",
        "联系人：王 电话",
        "护照办理窗口排队",
    ],
)
def test_what_tells_of_nobody_stays(said: str) -> None:
    assert withhold(said) == (said, ())


@given(before=AROUND, number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), after=AROUND)
def test_number_of_a_telephone_leaves_whatever_stands_around_it(before: str, number: str, after: str) -> None:
    called = withhold(f"{before}电话：{number}{after}")
    assert number not in called.text
    assert number in called.found
    assert called.text.replace("［电话已隐去］", number, 1) == f"{before}电话：{number}{after}" or len(called.found) > 1


@given(number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), unit=st.sampled_from(UNITS), wide=st.booleans())
def test_sum_of_eleven_digits_stays(number: str, unit: str, wide: bool) -> None:
    said = number.translate({48 + one: 0xFF10 + one for one in range(10)}) if wide else number
    assert withhold(f"项目投入{said}{unit}") == (f"项目投入{said}{unit}", ())


@given(digits=st.from_regex(r"[3-69][0-9]{14,17}", fullmatch=True))
def test_of_ten_last_digits_one_makes_a_card_of_a_bank(digits: str) -> None:
    right = [last for last in "0123456789" if has_luhn(digits + last)]
    assert len(right) == 1
    assert withhold(f"转到{digits}{right[0]}").text in ("转到［银行卡号已隐去］", "转到［证件号已隐去］")


@given(AROUND, AROUND, AROUND)
def test_what_was_taken_out_once_is_not_found_again(first: str, second: str, third: str) -> None:
    said = f"{first}反映人：赵铁柱{second}QQ12345678，{third}zhao@163.com"
    kept = withhold(said)
    assert withhold(kept.text) == (kept.text, ())
    assert {"12345678", "zhao@163.com"} <= set(kept.found)


def test_letter_of_an_office_keeps_its_own_mail_and_whom_to_ask_there() -> None:
    said = "联系人：王建国，QQ：12345678，邮箱duchashi@163.com；来电人李女士已答复"
    assert withhold(said, known="").text == said.replace("李女士", "［隐名］")
    assert withhold(said, known="王建国 12345678").text.startswith(
        "联系人：［隐名］，QQ：［QQ号已隐去］，邮箱duchashi@163.com"
    )


def test_names_of_officials_stay_where_they_are_asked_for_and_their_numbers_leave() -> None:
    assert withhold("联系人：王建国 13912345678", None).text == "联系人：王建国 ［电话已隐去］"


def test_names_are_told_by_what_stands_before_them() -> None:
    assert names_told(("反映人：赵铁柱，路灯不亮", "联系人：王建国", "来电人李女士反映")) == ("赵铁柱", "李女士")


def test_number_of_a_source_keeps_what_may_be_a_number_of_a_document() -> None:
    assert withhold_in_reference(f"网上信访 {BANK}").found == ()
