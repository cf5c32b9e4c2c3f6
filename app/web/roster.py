"""批量导入: units, accounts and mandates of a county from a workbook: preview, then the same plan applied; codes once."""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.core.errors import Absent, Invalid, Refused
from app.documents.roster import read_roster, write_codes, write_template
from app.ledgers.roster import STATUS_WORDS, Line, Plan
from app.people import Person, Role, within
from app.web.people import Answer, codes_page
from app.web.people_pages import keeps_accounts, tabs
from app.web.policy import only, route
from app.web.shell import close_desk, desk
from app.workflows import Applied, apply_roster, judge_roster, reissue_codes, tables_of

blueprint = Blueprint("roster", __name__)
KEEPERS, ADMIN = only(Role.ADMIN, Role.SECURITY), only(Role.ADMIN)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIXES = (".xlsx", ".xls")
TONES = {"new": "good", "changed": "active", "unchanged": "ended", "wrong": "bad"}
MOST_SHOWN = 300


@route(blueprint, "/people/import", KEEPERS)
def start() -> str:
    """Show how to import, and take a file."""
    return _start_page()


@route(blueprint, "/people/import/template", KEEPERS)
def template() -> Response:
    """Hand out the template."""
    return _download(write_template(), "花名册模板.xlsx")


@route(blueprint, "/people/import", KEEPERS, ("POST",))
def upload() -> Answer:
    """Keep the file for a preview; one that cannot be read is refused with words."""
    file = request.files.get("file")
    suffix = Path(file.filename or "").suffix.lower() if file else ""
    if file is None or suffix not in SUFFIXES:
        return _start_page("请选择按模板填写的 Excel 文件（xlsx 或 xls）。"), 422
    _forget()
    token = secrets.token_urlsafe(18)
    path = _folder() / f"{token}{suffix}"
    file.save(path)
    session["roster"] = {"token": token, "path": path.name, "name": str(file.filename)[:200]}
    try:
        _judge(token)
    except Invalid as error:
        _forget()
        return _start_page(str(error)), 422
    return redirect(url_for("roster.preview", token=token), 303)


@route(blueprint, "/people/import/<token>", KEEPERS)
def preview(token: str) -> str:
    """Show what each row would do; nothing is written."""
    return _preview_page(token, _judge(token))


@route(blueprint, "/people/import/<token>/apply", KEEPERS, ("POST",))
def apply(token: str) -> Answer:
    """Apply the plan that was previewed, in one transaction; codes come back once, as a page or as a workbook."""
    plan = _judge(token)
    if plan.digest != request.form.get("digest"):
        raise Refused("预检以后情况有变化（有人改过单位或账号）。请返回重新预检，核对后再导入。")
    done = apply_roster(desk().session, desk().actor, desk().moment, plan, _authority())
    _forget()
    return _hand_out(done, f"已导入：写入 {done.written} 行。")


@route(blueprint, "/people/codes", ADMIN, ("POST",))
def reissue() -> Answer:
    """Make new codes for every account that has no password yet: the list was lost or has run out."""
    codes = reissue_codes(desk().session, desk().actor, desk().moment)
    return _hand_out(Applied(len(codes), codes), "没有需要代码的账号。")


def _hand_out(done: Applied, said: str) -> Answer:
    if not done.codes:
        flash(said, "done")
        return redirect(url_for("people.units"), 303)
    if request.form.get("codes") == "workbook":
        return _download(write_codes(done.codes), "一次性代码.xlsx")
    return codes_page(done.codes)


def _judge(token: str) -> Plan:
    """Read the kept file and judge it anew; Absent for a token that is not this browser's."""
    close_desk()  # reading a workbook takes its time; nobody should wait for our transaction meanwhile
    kept = session.get("roster") or {}
    path = _folder() / str(kept.get("path"))
    if kept.get("token") != token or not path.is_file():
        raise Absent
    sheets = read_roster(path, path.name, tables_of(desk().actor))
    return judge_roster(desk().session, desk().actor, desk().moment, sheets, _authority())


def _authority() -> int:
    grant = desk().actor.grant(Role.ADMIN, Role.SECURITY)
    if grant is None or grant.authority_id is None:
        raise Absent
    return grant.authority_id


def _folder() -> Path:
    folder: Path = current_app.config["DUKAO"].instance / "roster"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _forget() -> None:
    """Remove the kept file: it is full of people."""
    kept = session.pop("roster", None)
    if kept:
        (_folder() / kept["path"]).unlink(missing_ok=True)


def _download(content: bytes, name: str) -> Response:
    response = Response(content, mimetype=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response


def _start_page(said: str = "") -> str:
    without = select(func.count()).select_from(Person).where(within(Person, desk().actor))
    waiting = without.where(Person.password_hash.is_(None), Person.disabled_at.is_(None))
    return render_template(
        "people/import.html",
        tabs=tabs("roster.start"),
        sheets="、".join(f"“{table.sheet}”" for table in tables_of(desk().actor)),
        said=said,
        waiting=desk().session.scalar(waiting) if keeps_accounts() else 0,
    )


def _preview_page(token: str, plan: Plan) -> str:
    tables = [
        {"sheet": table.sheet, "lines": [_line(line) for line in _worth_showing(plan.of(table))]}
        for table in tables_of(desk().actor)
    ]
    counts = [(STATUS_WORDS[status], plan.count(status), tone) for status, tone in TONES.items()]
    return render_template(
        "people/preview.html",
        tables=[table for table in tables if table["lines"]],
        counts=counts,
        digest=plan.digest,
        token=token,
        name=session["roster"]["name"],
        to_write=plan.count("new") + plan.count("changed"),
        makes_codes=any(line.row.table.name == "persons" and line.status == "new" for line in plan.lines),
    )


def _worth_showing(lines: list[Line]) -> list[Line]:
    """Return the rows that a person should look at, wrong ones first; of very many unchanged ones not all."""
    return sorted(lines, key=lambda line: ("wrong", "changed", "new", "unchanged").index(line.status))[:MOST_SHOWN]


def _line(line: Line) -> dict[str, Any]:
    return {
        "number": line.row.number,
        "name": line.name or "—",
        "status": (STATUS_WORDS[line.status], TONES[line.status]),
        "problems": [(problem.column, problem.reason) for problem in line.problems],
        "changes": line.changes if line.status == "changed" else [],
        "cells": "，".join(filter(None, (line.row.text(column.name) for column in line.row.table.columns[1:]))),
    }
