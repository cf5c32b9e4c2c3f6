"""Tell from the words of a row which kind of source it has and who discovered the problem."""

from app.ledgers.intake.cells import fold
from app.ledgers.intake.layouts import Layout, SourceRule
from app.ledgers.intake.readings import Doubt, RowReading


def tell_source(layout: Layout, reading: RowReading) -> None:
    """Set `source_kind` and `discovery` by the first rule of the layout that fits; what is only supposed is a doubt."""
    reading.values["source_kind"], reading.values["discovery"] = layout.source, layout.discovery
    said = reading.said.get("source", "")
    if not said or not layout.sources:
        return
    rule = next((rule for rule in layout.sources if _fits(rule, reading)), None)
    if rule is not None:
        reading.values["source_kind"], reading.values["discovery"] = rule.kind, rule.discovery
    why = "没有登记过的来源" if rule is None else rule.doubt
    if why:
        reading.doubts.append(Doubt(layout.label_of("source"), said, reading.text("discovery"), why))


def _fits(rule: SourceRule, reading: RowReading) -> bool:
    source = fold(reading.said.get("source", ""))
    if not any(word in source for word in rule.words):
        return False
    around = "\n".join(fold(reading.said.get(name, "")) for name in rule.also_in)
    return not rule.hints or any(hint in around for hint in rule.hints)
