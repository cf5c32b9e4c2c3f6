"""Forms built from what a move needs: one WTForms field for each need, values as the workflow takes them."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    MultipleFileField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation

from app.web.keys import SEND_ANEW, sent_before
from app.web.widgets import Box, Choice, Day, Line, Number, Text
from app.workflows import Attempt, Need, Transition

LONGEST_LINE, LONGEST_TEXT = 200, 20_000
NOT_OFFERED = "所选的有一项现在不能选。请从列出的选项中重新勾选。"
ONE_OF, SOME_OF = ("unit", "part", "person", "measure"), ("units", "parts", "entries")  # offered from the record
MADE: dict[int, tuple[Transition, type[Form]]] = {}  # the rows of the tables are made once and stay
Choices = Callable[[Attempt, Need], list[tuple[str, str]]]


class MultiCheckboxField(SelectMultipleField):
    """Several of a list, each with its own box."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = Box()

    def __init__(self, label: str | None = None, validators: Any = None, **more: Any) -> None:
        super().__init__(label, validators, invalid_choice_message=NOT_OFFERED, **more)  # type: ignore[call-arg]


class ChineseNumber(IntegerField):
    """A whole number; what is none is said once, whatever else is asked of the number."""

    widget = Number()

    def pre_validate(self, form: Any) -> None:
        """Ask nothing more of what is no number."""
        if self.process_errors:
            raise StopValidation


class ChineseDate(DateField):
    """A date as browsers send it; says in Chinese what is wrong and keeps what was typed."""

    widget = Day()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date, or say why not."""
        typed = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not typed:
            return
        try:
            self.data = date.fromisoformat(typed.replace("/", "-"))
        except ValueError as error:
            raise ValueError(f"“{typed[:20]}”不是有效日期，请按 2026-03-20 的样子填写。") from error


class ChineseForm(Form):
    """A form whose own messages are Chinese."""

    class Meta:
        """Tell WTForms which of its translations to use."""

        locales = ("zh",)

    def validate(self, extra_validators: Any = None) -> bool:
        """Say what is wrong; a form that was done before and came back changed is never valid."""
        is_valid = super().validate(extra_validators)
        if sent_before():
            self.form_errors.append(SEND_ANEW)
            return False
        return is_valid


class MeasureForm(ChineseForm):
    """One measure of a plan."""

    text = TextAreaField("措施内容", widget=Text(), validators=[Optional(), Length(max=2000, message="最多 2000 字。")])
    person = StringField("责任人", widget=Line(), validators=[Optional(), Length(max=60, message="最多 60 字。")])
    due_on = ChineseDate("完成时限", [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Say at its place what is missing of a measure of which something is written."""
        is_valid = super().validate(extra_validators)
        if all(_is_blank(part.data) and not part.errors for part in self):
            return is_valid
        for part in self:
            if _is_blank(part.data) and not part.errors:
                part.errors, is_valid = [f"请填写{part.label.text}。"], False
        return is_valid


class CommitmentForm(MeasureForm):
    """One commitment of an interview."""

    text = TextAreaField("承诺事项", widget=Text(), validators=[Optional(), Length(max=2000, message="最多 2000 字。")])


def _is_blank(value: Any) -> bool:
    return not (value.strip() if isinstance(value, str) else value)


def form_class(attempt: Attempt, choices: Choices) -> type[Form]:
    """Make the form class for an attempt's needs: once where it offers nothing that is read from the record."""
    transition = attempt.transition
    made = MADE.get(id(transition))
    if made is None or made[0] is not transition:
        fields = {need.name: _field(attempt, need, choices) for need in transition.needs}
        made = (transition, type("MoveForm", (ChineseForm,), fields))
        if not any(need.kind in (*ONE_OF, *SOME_OF) for need in transition.needs):
            MADE[id(transition)] = made
    return made[1]


def offer(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return values and their words as a select field takes them."""
    return [SelectChoice(value, words) for value, words in pairs]


def values_of(form: Form, needs: Iterable[Need]) -> dict[str, Any]:
    """Return the form's values as the workflow takes them; files are the page's business."""
    values: dict[str, Any] = {}
    for need in needs:
        if need.kind == "files":
            continue
        data = form[need.name].data
        if need.kind in (*ONE_OF, "case"):
            data = int(data) if data and str(data).isdecimal() else None
        elif need.kind in SOME_OF:
            data = [int(item) for item in data or [] if str(item).isdecimal()]
        elif need.kind == "measures":
            data = [row for row in data if not all(map(_is_blank, row.values()))]
        elif isinstance(data, str):
            data = data.strip() or None
        if data is not None:
            values[need.name] = data
    return values


def _field(attempt: Attempt, need: Need, choices: Choices) -> Any:
    checks: list[Any] = [Optional()]
    if need.required and need.kind not in (*SOME_OF, "measures", "files", "bool"):
        checks = [InputRequired(f"请选择或填写{need.label}。")]
    if need.kind in ("line", "text"):
        checks = [DataRequired(f"请填写{need.label}。")] if need.required else checks  # blanks are nothing written
        longest = need.longest or (LONGEST_LINE if need.kind == "line" else LONGEST_TEXT)
        checks.append(Length(max=longest, message=f"最多 {longest} 字。"))
    words: dict[str, Any] = {"label": need.label, "description": need.hint, "validators": checks}
    if need.kind in ("choice", *ONE_OF):
        offered = list(need.choices.items()) or choices(attempt, need)
        listed = offer([("", "请选择"), *offered])
        return SelectField(choices=listed, validate_choice=True, widget=Choice(), **words)
    if need.kind in SOME_OF:
        return MultiCheckboxField(choices=offer(choices(attempt, need)), **words)
    if need.kind == "measures":
        row = CommitmentForm if need.name == "commitments" else MeasureForm
        return FieldList(FormField(row), label=need.label, description=need.hint, min_entries=3, max_entries=30)
    made, widget = SIMPLE[need.kind]
    return made(widget=widget, **words)


SIMPLE: dict[str, tuple[Any, Any]] = {
    "line": (StringField, Line()),
    "text": (TextAreaField, Text()),
    "date": (ChineseDate, Day()),
    "number": (ChineseNumber, Number()),
    "bool": (BooleanField, Box()),
    "case": (StringField, Line()),
    "files": (MultipleFileField, None),
}
