"""Judge the rows of a roster against the record: pure, so that the preview and the act say the same."""

from collections.abc import Sequence

from app.ledgers.intake.cells import fold, read_names, read_reference, read_text
from app.ledgers.roster.known import Record, RosterPerson, RosterUnit
from app.ledgers.roster.lines import Line, Plan, Row, blame_repeated, check_needed
from app.people import UNIT_KINDS, has_gap, is_phone, is_username, normal_username

KIND_WORDS = {label: kind for kind, label in UNIT_KINDS.items() if kind != "county"} | {
    **dict.fromkeys(("镇", "乡", "街道", "乡镇街道", "镇街"), "town"),
    **dict.fromkeys(("部门", "县直单位", "县直", "区直部门", "市直部门"), "department"),
    **dict.fromkeys(("科室", "内设机构"), "section"),
    **dict.fromkeys(("社区", "村居", "行政村"), "village"),
}
LONGEST = {"code": 40, "name": 120, "short_name": 60, "title": 60}


def plan_units(rows: Sequence[Row], record: Record) -> Plan:
    """Judge the sheet of units; units of the file itself may be parents, in any order."""
    lines = [Line(row, row.text("name")) for row in rows]
    by_code = {unit.code: unit for unit in record.units}
    for line in lines:
        check_needed(line)
        _read_unit(line, by_code, record)
    blame_repeated(lines, "code", lambda line: str(line.values["code"]))
    blame_repeated(lines, "name", lambda line: fold(line.name))
    for line in lines:
        if line.status != "wrong":
            _make_findable(line, record, by_code)
    for line in lines:
        if line.status != "wrong":
            _find_parent(line, record)
    _blame_orphans(lines, {unit.name: unit.parent_name for unit in record.units})
    for line in lines:
        _compare_unit(line, record, by_code)
    return Plan(tuple(lines))


def _read_unit(line: Line, by_code: dict[str, RosterUnit], record: Record) -> None:
    row = line.row
    line.values = {"code": read_reference(row.cells.get("code")), "name": line.name}
    line.values["short_name"] = row.text("short_name")
    line.values["aliases"] = read_names(row.cells.get("aliases"))
    for name in ("code", "name", "short_name"):
        if len(line.values[name]) > LONGEST[name]:
            line.blame(name, f"最多 {LONGEST[name]} 个字")
    known = by_code.get(line.values["code"]) or _named(record, line.name)
    said = fold(row.text("kind"))
    line.values["kind"] = KIND_WORDS.get(said, "county" if known and known.kind == "county" else "")
    if said and not line.values["kind"]:
        line.blame("kind", f"没有“{row.text('kind')}”这一类别，应为乡镇、县直部门、机构、股室或村")
    code = line.values["code"]
    if code and code not in by_code and code in record.taken_codes:
        line.blame("code", "这个编码已被别处使用")
    same = _named(record, line.name)
    if code in by_code and same is not None and same.code != code:
        line.blame("name", f"“{line.name}”是编码 {same.code} 的单位")


def _named(record: Record, name: str) -> RosterUnit | None:
    return next((unit for unit in record.units if unit.name == name), None)


def _make_findable(line: Line, record: Record, by_code: dict[str, RosterUnit]) -> None:
    values, aliases = line.values, line.values["aliases"]
    for alias in aliases:
        other, _ = record.find(alias)
        if other is not None and other.name != line.name and other.code != (values["code"] or None):
            line.blame("aliases", f"“{alias}”已经指{other.name}")
            return
    if known := by_code.get(values["code"]) or _named(record, line.name):
        record.add(known, line.name, values["short_name"], *aliases)
        return
    short = values["short_name"] or line.name
    record.add(RosterUnit(None, values["code"], line.name, short, values["kind"], "", aliases=frozenset(aliases)))


def _find_parent(line: Line, record: Record) -> None:
    said = line.row.text("parent")
    if not said:
        line.values["parent"] = None
        return
    parent, why = record.find(said)
    if parent is None:
        line.blame("parent", why)
    elif parent.name == line.name:
        line.blame("parent", "上级单位不能是它自己")
    else:
        line.values["parent"] = parent.name


def _blame_orphans(lines: list[Line], parents: dict[str, str]) -> None:
    """Blame units whose parent is only a wrong row, or that would hang in a ring. `parents` are those on record."""
    good = [line for line in lines if line.status != "wrong"]
    while True:
        above = parents | {line.name: line.values["parent"] or parents.get(line.name, "") for line in good}
        wrong = [line for line in good if not _has_ground(line.name, above)]
        for line in wrong:
            line.blame("parent", "上级单位那一行有误，或者互为上级")
        if not wrong:
            return
        good = [line for line in good if line.status != "wrong"]


def _has_ground(name: str, above: dict[str, str]) -> bool:
    seen: set[str] = set()
    while name:
        if name in seen or name not in above:
            return False
        seen.add(name)
        name = above[name]
    return True


def _compare_unit(line: Line, record: Record, by_code: dict[str, RosterUnit]) -> None:
    if line.status == "wrong":
        return
    known = by_code.get(line.values["code"]) or _named(record, line.name)
    if known is None:
        line.values["short_name"] = line.values["short_name"] or line.name[: LONGEST["short_name"]]
        line.settle(None)
        return
    for name, old in (("name", known.name), ("short_name", known.short_name), ("kind", known.kind)):
        new = line.values[name] or old
        if new != old:
            line.compare(name, UNIT_KINDS.get(old, old), UNIT_KINDS.get(new, new))
        line.values[name] = new
    parent = line.values["parent"]
    if parent is not None and parent != known.parent_name and not known.is_root:
        line.compare("parent", known.parent_name, parent)
    elif parent is None or known.is_root:
        line.values["parent"] = None
    if added := [name for name in line.values["aliases"] if name not in known.aliases]:
        line.compare("aliases", "、".join(sorted(known.aliases)), "、".join([*sorted(known.aliases), *added]))
    line.values["aliases"] = tuple(added)
    line.settle(known.id)


def plan_persons(rows: Sequence[Row], record: Record) -> Plan:
    """Judge the sheet of accounts; their units are on record or in the same file (after `plan_units`)."""
    known = {person.username: person for person in record.persons}
    lines = [Line(row, normal_username(read_reference(row.cells.get("username")))) for row in rows]
    for line in lines:
        check_needed(line)
        _read_person(line, record)
    blame_repeated(lines, "username", lambda line: line.name)
    for line in lines:
        _compare_person(line, known.get(line.name))
    return Plan(tuple(lines))


def _read_person(line: Line, record: Record) -> None:
    row = line.row
    values = {"username": line.name, "name": row.text("name"), "title": row.text("title")}
    line.values = {**values, "phone": read_reference(row.cells.get("phone"))}
    if line.name and not is_username(line.name):
        line.blame("username", "应为 2 至 60 个字母、数字或汉字，可含 . _ - @")
    elif has_gap(read_text(row.cells.get("username"))):
        line.blame("username", "中间不能有空格")
    for name in ("name", "title"):
        if len(line.values[name]) > LONGEST["title"]:
            line.blame(name, f"最多 {LONGEST['title']} 个字")
    if line.values["phone"] and not is_phone(line.values["phone"]):
        line.blame("phone", "只能有数字、空格、+ 和 -")
    if said := row.text("unit"):
        unit, why = record.find(said)
        line.values["unit"] = unit.name if unit else None
        if unit is None:
            line.blame("unit", why)


def _compare_person(line: Line, known: RosterPerson | None) -> None:
    if line.status == "wrong":
        return
    if known is None:
        line.settle(None)
        return
    if not known.is_kept:
        line.blame("username", "这个用户名已经有人使用")
        return
    old = {"name": known.name, "title": known.title, "phone": known.phone, "unit": known.unit_name}
    for name, was in old.items():
        if line.values[name] and line.values[name] != was:
            line.compare(name, was, line.values[name])
        line.values[name] = line.values[name] or was
    line.settle(known.id)
