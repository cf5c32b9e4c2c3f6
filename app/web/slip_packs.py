"""单据种类: the pack an authority uses and the others beside it, every fact of theirs in words; switched and renamed here."""

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.ledgers.scores import RuleBook, load_book
from app.ledgers.slips import DEFAULT_PACK, SlipPack, SlipSetting, SlipType, shipped_packs
from app.ledgers.slips.words import INTERVIEW_KINDS
from app.people import Role, visible
from app.web.case_looks import home_authority
from app.web.role_words import words_at
from app.web.shell import desk
from app.web.slip_costs import points_words
from app.web.slip_looks import COLOURS
from app.workflows import choose_pack

PREFIX = "names-"


def packs_data(errors: dict[str, str] | None = None) -> dict[str, Any]:
    """Return every pack, the one in use first; with errors, the form of the pack that was sent stands as typed."""
    setting = _setting()
    in_use = setting.pack if setting else DEFAULT_PACK
    packs = sorted(shipped_packs().values(), key=lambda pack: pack.code != in_use)
    book = load_book(desk().session, _authority())
    may_choose = _authority() in desk().actor.authorities(Role.SUPERVISOR)
    return {
        "packs": [_pack(pack, setting, in_use, errors or {}, book) for pack in packs],
        "version": setting.version if setting else 1,
        "may_choose": may_choose,
        "errors": list((errors or {}).values()),
    }


def take_choice() -> Response:
    """Use the pack chosen, with the names typed; lead back to the page."""
    names = {name.removeprefix(PREFIX): value for name, value in request.form.items() if name.startswith(PREFIX)}
    typed = request.form.get("version", "")
    version = int(typed) if typed.isdecimal() else None
    choose_pack(desk().context, _authority(), request.form.get("pack", ""), names, version)
    flash("已保存。以后拟稿的单据按新的样式，已有单据不变。", "done")
    return redirect(url_for("slips.packs"), 303)


def _authority() -> int:
    return min(desk().actor.authorities(Role.SUPERVISOR), default=home_authority(desk().actor))


def _setting() -> SlipSetting | None:
    query = visible(SlipSetting, desk().actor).where(SlipSetting.authority_id == _authority())
    return desk().session.scalars(query).first()


def _pack(
    pack: SlipPack, setting: SlipSetting | None, in_use: str, errors: dict[str, str], book: RuleBook
) -> dict[str, Any]:
    is_used = pack.code == in_use
    own = setting.names if setting else {}
    was_sent = bool(errors) and request.form.get("pack") == pack.code
    return {
        "code": pack.code,
        "name": pack.name,
        "is_used": is_used,
        "order": " → ".join(f"{own.get(k.code) or k.name}（{k.colour}）" for k in pack.types if k.level),
        "types": [_type(kind, own, errors if was_sent else {}, book) for kind in pack.types],
    }


def _type(kind: SlipType, own: dict[str, Any], errors: dict[str, str], book: RuleBook) -> dict[str, Any]:
    field = PREFIX + kind.code
    typed = request.form.get(field, "") if errors else own.get(kind.code, "")
    return {
        "field": field,
        "typed": typed,
        "error": errors.get(field, ""),
        "shipped": kind.name,
        "type": {
            "name": own.get(kind.code) or kind.name,
            "colour": kind.colour,
            "look": COLOURS.get(kind.colour, "plain"),
        },
        "facts": [
            ("次序", f"第 {kind.level} 级" if kind.level else "不在逐级之内"),
            ("颜色", kind.colour),
            ("语气", kind.tone),
            ("由谁签发", words_at(_authority(), kind.signers, "或")),
            ("自动拟稿", f"逾期第 {kind.from_late_day} 个工作日" if kind.from_late_day else "不自动拟稿"),
            ("签收期限", f"{kind.receipt_days} 个工作日"),
            ("回复期限", f"{kind.reply_days} 个工作日" if kind.reply_days else "不要求回复"),
            ("抄送", words_at(_authority(), kind.copy_to) or "不抄送"),
            ("直接发出", _direct(kind)),
            ("计分", points_words(book, kind.score_key, desk().moment.day)),
            ("约谈建议", INTERVIEW_KINDS.get(kind.interview, "无")),
            ("编号", f"{kind.number_word}〔{desk().moment.day.year}〕1号"),
        ],
    }


def _direct(kind: SlipType) -> str:
    if not kind.may_be_direct:
        return "不可以"
    return "可以，越级须说明理由" if kind.level else "可以"
