"""What tells who a citizen is: taken out of the texts that units read before they are put on record. Pure.

Telephone and identity numbers are known by their form, names by the contact that came with the text. What is taken out goes
to the contact of the source, which stays outside the chain of events and is shown only on a deliberate, recorded look.
"""

import re
from typing import NamedTuple

HIDDEN = {"mobile": "［电话已隐去］", "line": "［电话已隐去］", "card": "［证件号已隐去］", "name": "［隐名］"}
CARD = r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx]"
MOBILE = r"(?:\+?86[-. ]?)?1[3-9]\d(?:[- ]?\d{4}[- ]?|\.\d{4}\.)\d{4}"
LANDLINE = r"0\d{2,3}-\d{7,8}"
NUMBERS = re.compile(
    rf"(?<![0-9A-Za-z])(?P<card>{CARD})(?![0-9A-Za-z])"
    rf"|(?<![0-9A-Za-z.])(?:(?P<mobile>{MOBILE})|(?P<line>{LANDLINE}))(?![0-9A-Za-z])",
    re.ASCII,
)
THREE = re.compile(r"\d{3}")  # every such number has three digits in a row; most texts have none
NARROW = str.maketrans("０１２３４５６７８９－＋Ｘｘ—–．", "0123456789-+Xx--.")
SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦"
    "申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单"
    "包司柏宁柯阮桂闵解强柴华车冉房边"
)
NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
BETWEEN = re.compile(r"[^\u4e00-\u9fff]+|联系人|反映人|来电人|投诉人|举报人|姓名|电话|手机|住址|地址")
NO_NAME = re.compile(r"[县市区镇乡村组街路巷号社户楼栋某]|先生|女士|小姐|同志|师傅|老师")
FEWEST = 2


class Withheld(NamedTuple):
    """A text as it is put on record, and what was taken out of it."""

    text: str
    found: tuple[str, ...]


def withhold(text: str, names: tuple[str, ...] = (), known: str | None = None) -> Withheld:
    """Take telephone and identity numbers and the names out of a text.

    `known` is given for what an office writes to a unit: a landline then leaves only if it stands in there, since an
    office prints its own.
    """
    has_digits = THREE.search(text)
    if not (has_digits or names):
        return Withheld(text, ())
    found: list[str] = []
    pieces, last = [], 0
    for match in NUMBERS.finditer(text.translate(NARROW)) if has_digits else ():
        kind = match.lastgroup or "mobile"
        if kind == "line" and known is not None and match.group() not in known.translate(NARROW):
            continue
        pieces += [text[last : match.start()], HIDDEN[kind]]
        found.append(text[match.start() : match.end()])
        last = match.end()
    kept = "".join([*pieces, text[last:]]) if found else text
    for name in names:
        if name in kept:
            kept = kept.replace(name, HIDDEN["name"])
            found.append(name)
    return Withheld(kept, tuple(dict.fromkeys(found)))


def withhold_in_reference(reference: str) -> Withheld:
    """Take mobile and identity numbers out of a source's own number; one that is nothing else is an order's number."""
    number = reference.strip().translate(NARROW)
    return Withheld(reference, ()) if number.isascii() and number.isalnum() else withhold(reference, known="")


def names_in(contact: str) -> tuple[str, ...]:
    """Return the names of persons in a contact: two to four characters with a surname, no address and no title."""
    words = [word for word in BETWEEN.split(contact) if NAME.fullmatch(word)]
    return tuple(dict.fromkeys(word for word in words if word[0] in SURNAMES and not NO_NAME.search(word)))


def joined(contact: str, found: tuple[str, ...]) -> str:
    """Return a contact with what was taken out of the texts, each once."""
    more = [words for words in found if words not in contact]
    return "；".join([*([contact] if contact else []), *more])
