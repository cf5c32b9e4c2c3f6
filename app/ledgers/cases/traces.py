"""By what a citizen can be known in a text: one table of named forms, each with the mark that takes its place. Pure.

A text is narrowed first (`narrowed`), which keeps every character at its place. The group `it` of a pattern is taken out.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

PHONE, NAME_MARK = "［电话已隐去］", "［隐名］"
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | str.maketrans("　—–￥", " --¥")
AROUND = 24  # characters before and after a number that tell what it counts
ZH = r"[\u4e00-\u9fff]"

SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦"
    "申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单"
    "包司柏宁柯阮桂闵解强柴华车冉房边"
)
NOBODY = re.compile(
    r"[县市区镇乡村组街路巷号社户楼栋某无未等]|群众|居民|业主|匿名|不详|本人|保密|员工|职工|家长|学生|老板|公司|单位|同上|多人|车主|游客"
)
_SURNAME = "(?:欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|[" + "".join(sorted(SURNAMES)) + "])"
_TITLED = rf"{_SURNAME}{ZH}{{0,2}}?(?:先生|女士|小姐|同志|师傅|老师|大爷|大妈|阿姨)"
_AFTER = "电话|手机|联系|住址|住在|家住|地址|身份证|来电|来信|反映|投诉|举报|称|表示|诉|说"
_FOLLOWED = rf"{_SURNAME}{ZH}{{1,2}}?(?=\s*(?:{_AFTER}|\(|\d{{3}}))"
_GAPPED = rf"{_SURNAME} {{1,2}}(?!{_AFTER}|姓名|性别){ZH}{{1,2}}?(?=\s*(?:{_AFTER})|(?!{ZH}))"  # 赵 铁柱
_ALONE = rf"(?:{_GAPPED}|{ZH}{{2,4}}(?:·{ZH}{{1,6}})*(?!{ZH})|{ZH} {{1,2}}{ZH}(?!{ZH}))"
_NO_NAME = (  # how what is said of a teller goes on after a blank
    "[已不多要对认未在再到因与和及并向就希同的是为应可拒现经将也又均都曾从被所其此该先后正]|满意|基本|签|撤|诉求|意见|情况|信息"
    "|姓名|性别|年龄|单位|内容|时间|日期|方式|态度|提|请|补|当|来|去|打|致|给|没|有|回|接|身|类|编|职|备|数|人|事|问|处|办|答|联|确"
)
_APART = rf"(?<= )(?!{_AFTER}|{_NO_NAME}){ZH}{{2,3}}(?![{ZH[1:-1]}:])"  # 投诉人 沙和尚
_NAME = rf"\s*(?P<colon>(?:姓名)?\s*:|姓名)?\s*(?P<it>{_TITLED}|{_FOLLOWED}|(?(colon){_ALONE}|{_APART}))"
_WHO = "来电|信访|举报|反映|投诉|上访|来访|来信|求助|诉求|申诉|咨询|留言|报料|爆料|报告"
_TELLERS = rf"(?:{_WHO})(?:人|(?:群众|市民)(?=(?:姓名)?\s*:))"

_FREE, _END = r"(?<![0-9A-Za-z.])", r"(?![0-9A-Za-z])"
_SAID_AS = r"(?:[:\s]|是|为)*"
_BIRTH = r"(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_SAID_DIGIT = "[〇零○一二三四五六七八九幺]"
_SPOKEN = rf"{_SAID_DIGIT}(?<!{_SAID_DIGIT}{{2}}){_SAID_DIGIT}{{2}}(?:[- 　]?{_SAID_DIGIT}){{4}}"
_CALLED = re.compile(r"(?:电话|手机|座机|固话|联系方式|联系|来电|致电|拨打|短信|tel)(?:号码?|[:\s(]|是|为)*$", re.I)
_FILED = re.compile(
    r"(?:工单|订单|运单|单号|编号|文号|案号|批号|流水|受理|合同|代码|条码|序列|车架)(?:号码?|[:\s#]|是|为)*$"
)
_SUM = re.compile(
    r"(?:投资|资金|金额|总额|价款|货款|贷款|工程款|欠款|面积|预算|合计|共计|总计|产值|税收|收入|支出|资产|负债|¥)(?:额|约|为|达|共|计|近|超|[:\s])*$"
)
_COUNTED = re.compile(
    r"(?:\.\d+)?\s*\(?(?:余|多)?(?:[万亿千百]?元(?![旦月宵件])|块钱|美元|人民币|平方|立方|㎡|m[²³23]|吨|公斤|千克|公里|千米|亩|公顷"
    rf"|千瓦|人次|人口|[米度克升户株棵件条](?!{ZH})|%)"
)


class Form(NamedTuple):
    """One way in which a text tells who a citizen is, or how to reach one.

    `holds` looks at what stands around a match. What `is_offices` an office may print of itself in a letter to a unit;
    `is_plain` says a person's wherever it stands, even in the number of a document.
    """

    name: str
    mark: str
    pattern: re.Pattern[str]
    holds: Callable[[re.Match[str]], bool] = bool
    is_offices: bool = False
    is_plain: bool = False
    is_name: bool = False


def narrowed(text: str) -> str:
    """Fold full-width marks; each character keeps its place."""
    return text.translate(NARROW)


def has_luhn(digits: str) -> bool:
    """Say whether the last digit is the check digit of the others, as on the cards of banks."""
    doubled = [int(one) * (2 if place % 2 else 1) for place, one in enumerate(reversed(digits))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0  # noqa: PLR2004 - a sum of two digits


def _before(found: re.Match[str]) -> str:
    return found.string[max(0, found.start("it") - AROUND) : found.start("it")]


def _counts_nothing(found: re.Match[str]) -> bool:
    """Say whether a number is neither a sum nor the number of a document."""
    before = _before(found)
    if _CALLED.search(before):
        return True
    after = found.string[found.end("it") : found.end("it") + AROUND]
    return not (_COUNTED.match(after) or _SUM.search(before) or _FILED.search(before))


def _is_card_of_bank(found: re.Match[str]) -> bool:
    return has_luhn(re.sub(r"\D", "", found["it"])) and _counts_nothing(found)


def _is_spoken(found: re.Match[str]) -> bool:
    """Say whether it is as long as a mobile number and begins so, or the text calls it a telephone number."""
    digits = re.sub("[- ]", "", found["it"])
    is_mobile = len(digits) == 11 and digits[0] in "一幺" and digits[1] in "三四五六七八九"  # noqa: PLR2004
    return is_mobile or _CALLED.search(_before(found)) is not None


def _is_landline(found: re.Match[str]) -> bool:
    """Say whether it has its area code apart, or the text calls it a telephone number."""
    return not found["it"].isdecimal() or _CALLED.search(_before(found)) is not None


def _is_account(found: re.Match[str]) -> bool:
    """Say whether it is more than a word of letters, or stands after 号 or a colon."""
    between = found.string[found.start() : found.start("it")]
    return not found["it"].isalpha() or "号" in between or ":" in between


def _is_private(found: re.Match[str]) -> bool:
    return not found["it"].lower().endswith("gov.cn")


def _is_somebody(found: re.Match[str]) -> bool:
    return not NOBODY.search(found["it"])


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII | re.IGNORECASE)


FORMS = (
    Form(
        "email",
        "［邮箱已隐去］",
        _form(
            r"(?<![\w.%+-])(?P<it>\w[\w.%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,10})(?![a-z0-9])"
        ),
        _is_private,
        is_offices=True,
    ),
    Form(
        "card",
        "［证件号已隐去］",
        _form(rf"(?<![0-9A-Z])(?P<it>[1-9]\d{{5}}{_BIRTH}\d{{3}}[0-9X]){_END}"),
        is_plain=True,
    ),
    Form(
        "old card", "［证件号已隐去］", _form(rf"身份证(?:号码?)?{_SAID_AS}(?P<it>[1-9]\d{{14}}){_END}"), is_plain=True
    ),
    Form(
        "bank card",
        "［银行卡号已隐去］",
        _form(rf"{_FREE}(?P<it>[3-69]\d{{3}}(?:[ -]?\d{{4}}){{3}}(?:[ -]?\d{{1,3}})?){_END}"),
        _is_card_of_bank,
    ),
    Form(
        "bank account",
        "［银行卡号已隐去］",
        _form(
            r"[行蓄记用资款人](?:卡|[账帐][号户])(?:号码?)?"
            rf"{_SAID_AS}(?P<it>\d(?:[ -]?\d){{11,20}}){_END}"
        ),
        _counts_nothing,
    ),
    Form(
        "passport",
        "［证件号已隐去］",
        _form(rf"[照证](?<=护照|乡证|胞证|行证)(?:号码?)?{_SAID_AS}(?P<it>[A-Z]{{1,2}}\d{{7,10}}){_END}"),
        is_plain=True,
    ),
    Form(
        "qq",
        "［QQ号已隐去］",
        _form(rf"(?:(?<![A-Z])QQ|扣扣)(?:号码?|群号?)?{_SAID_AS}(?P<it>[1-9]\d{{4,11}}){_END}"),
        is_offices=True,
    ),
    Form(
        "mobile",
        PHONE,
        _form(rf"{_FREE}(?P<it>(?:\+?86[-. ]?)?1[3-9]\d(?:[- ]?\d{{4}}[- ]?|\.\d{{4}}\.)\d{{4}}){_END}"),
        _counts_nothing,
        is_plain=True,
    ),
    Form(
        "spoken",
        PHONE,
        _form(rf"(?P<it>{_SPOKEN}(?:[- ]?{_SAID_DIGIT}){{0,5}})(?!{_SAID_DIGIT})"),
        _is_spoken,
        is_plain=True,
    ),
    Form(
        "wechat",
        "［微信号已隐去］",
        _form(
            rf"(?:[微薇]信|V信|(?<![A-Z])(?:VX|WX|WeChat))(?:号码?|账号|群号?)?{_SAID_AS}(?P<it>[A-Z][\w-]{{5,19}}|[1-9]\d{{5,11}})(?![\w-])"
        ),
        _is_account,
        is_offices=True,
    ),
    Form(
        "landline",
        PHONE,
        _form(
            rf"{_FREE}(?P<it>(?:\(0\d{{2,3}}\)[- ]?|0\d{{2,3}}[- ])(?:\d{{7,8}}|\d{{3,4}}[- ]\d{{4}})"
            rf"|(?!20\d\d[01])(?:0\d{{2,3}})?[2-8]\d{{6,7}}){_END}"
        ),
        _is_landline,
        is_offices=True,
    ),
    Form("teller", NAME_MARK, _form(_TELLERS + _NAME), _is_somebody, is_name=True),
    Form("to be asked", NAME_MARK, _form(f"联系人{_NAME}"), _is_somebody, is_offices=True, is_name=True),
)
FURTHER = _form(rf"[、和]\s*(?P<it>{_TITLED}|{_SURNAME}{ZH}{{1,3}}?(?!(?!和){ZH}))")  # 反映人：赵铁柱、李四
DIGITS = re.compile(r"\d{5}|\d{3}[-—–－.． 　]\d{4}")  # of any width; years, days and most sums are shorter
SPOKEN = re.compile(_SPOKEN)
WORDS = re.compile(  # no more than words side by side, which are looked for at once
    "|".join(f"{word}人" for word in ("联系", *_WHO.split("|")))
    + "|群众:|群众：|群众姓|市民:|市民：|市民姓|@|＠|微信|薇信|V信|v信|Ｖ信|VX|vx|Vx|ＶＸ|ｖｘ|WX|wx|Wx|WeChat|wechat|Wechat"
)


def may_tell(text: str) -> bool:
    """Say quickly whether a text may have one of the forms; most have none."""
    return not (DIGITS.search(text) is None and WORDS.search(text) is None and SPOKEN.search(text) is None)
