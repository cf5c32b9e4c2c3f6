"""Drafting rules: from the shipped pack, an earlier version or a file, edited as text; every fault is named."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from flask import request, url_for
from sqlalchemy import func, select
from wtforms import FileField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from app.core.errors import Invalid
from app.ledgers.scores import RuleSet, pack_text
from app.people import Role, visible
from app.web.fields import ChineseDate, ChineseForm, ChineseNumber
from app.web.score_looks import EARLIEST, LATEST
from app.web.score_rules import rule_set_seen
from app.web.shell import desk
from app.workflows import RULE_SET, fire, new_rule_set

PACK = Path(__file__).parents[2] / "packs" / "rules" / "default.toml"
LONGEST, SHIPPED = 200_000, "标准规则包"


class DraftForm(ChineseForm):
    """A draft: the year it is for, from when it holds, why, and the rules as text or as a file."""

    year = ChineseNumber(
        "考核年度",
        [InputRequired("请填写考核年度。"), NumberRange(EARLIEST, LATEST, f"年度在 {EARLIEST} 至 {LATEST} 之间。")],
    )
    effective_on = ChineseDate(
        "生效日期",
        [InputRequired("请填写生效日期。")],
        description="年度首版可从 1 月 1 日起；已有批准的版本时，不得早于批准当天。",
    )
    reason = TextAreaField(
        "起草理由",
        [InputRequired("请填写起草理由。"), Length(max=2000, message="最多 2000 字。")],
        description="批准后随规则通知各单位。",
    )
    file = FileField("规则文件（TOML）", description="可选。选了文件就以文件为准，下面的文本不用改。")
    body = TextAreaField("规则文本", [Length(max=LONGEST, message="文本过长。")])


def blank_draft() -> DraftForm:
    """Return the form filled with the version to start from."""
    start, day = request.args.get("start", ""), desk().moment.day
    text, year, reason = PACK.read_text(encoding="utf-8"), day.year, ""
    if start.isdecimal():
        row = rule_set_seen(int(start))
        text, year = pack_text(json.loads(row.body)), max(row.year, day.year)
        reason = f"在 {row.year} 年第 {row.number} 版基础上修改："
    is_first = year > day.year or not _has_approved(year)
    effective_on = date(year, 1, 1) if is_first else day
    return DraftForm(data={"year": year, "effective_on": effective_on, "reason": reason, "body": text})


def draft_page(form: DraftForm) -> dict[str, Any]:
    """Return what the page of a draft shows: the form, and what one can start from."""
    rows = desk().session.scalars(
        visible(RuleSet, desk().actor).where(RuleSet.state != "discarded").order_by(RuleSet.id.desc()).limit(20)
    )
    starts = [(SHIPPED, url_for("scores.drafts"))]
    starts += [(f"{row.year} 年第 {row.number} 版", url_for("scores.drafts", start=row.id)) for row in rows]
    return {"form": form, "starts": starts}


def take_draft(form: DraftForm) -> RuleSet:
    """Draft the rules of the form; Invalid names what is wrong at its field."""
    if not form.validate():
        raise Invalid({name: "；".join(str(said) for said in errors) for name, errors in form.errors.items() if name})
    text = _text_of(form)
    year, effective_on = form.year.data or 0, form.effective_on.data or date.min
    row = new_rule_set(desk().context, authority_drafted(), year, text, effective_on)
    made: RuleSet = fire(desk().context, RULE_SET, "draft", row, {"reason": (form.reason.data or "").strip()}).row
    return made


def authority_drafted() -> int:
    """Return the authority that the assessor drafts for."""
    return min(desk().actor.authorities(Role.ASSESSOR))


def _text_of(form: DraftForm) -> str:
    """Return the file's text, or the typed one; a file's text stays in the form to be corrected."""
    given = request.files.get("file")
    if given is None or not given.filename:
        return form.body.data or ""
    content = given.stream.read(LONGEST + 1)
    if len(content) > LONGEST:
        raise Invalid({"file": f"文件超过 {LONGEST // 1000} KB，不像是规则包。"})
    try:
        form.body.data = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid({"file": "文件不是 UTF-8 编码的文本，请另存为 UTF-8 后再选。"}) from error
    return str(form.body.data)


def _has_approved(year: int) -> bool:
    same = RuleSet.authority_id == authority_drafted(), RuleSet.year == year, RuleSet.state == "approved"
    return bool(desk().session.scalar(select(func.count()).select_from(RuleSet).where(*same)))
