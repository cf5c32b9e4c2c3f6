"""Widgets that write their attributes quickly: WTForms formats each attribute on its own, which a page of forms feels."""

from typing import Any

from markupsafe import Markup, escape
from wtforms import widgets
from wtforms.widgets.core import clean_key  # type: ignore[attr-defined]


def attributes(**values: Any) -> Markup:
    """Return HTML attributes in the order of their names, as `wtforms.widgets.html_params` does."""
    written = []
    for name, value in sorted(values.items()):
        key = clean_key(name)
        if value is True:
            written.append(key)
        elif value is not False:
            written.append(f'{key}="{escape(value)}"')
    return Markup(" ".join(written))  # noqa: S704 - every value was escaped


class Line(widgets.TextInput):
    """A line of text."""

    html_params = staticmethod(attributes)


class Text(widgets.TextArea):
    """A text of several lines."""

    html_params = staticmethod(attributes)


class Day(widgets.DateInput):
    """A date."""

    html_params = staticmethod(attributes)


class Number(widgets.NumberInput):
    """A whole number."""

    html_params = staticmethod(attributes)


class Box(widgets.CheckboxInput):
    """A box to tick."""

    html_params = staticmethod(attributes)


class Choice(widgets.Select):
    """One of a list."""

    @classmethod
    def render_option(cls, choice: Any, **kwargs: Any) -> Markup:  # type: ignore[override]
        """Write one option."""
        given = {"value": choice.value, **(choice.render_kw or {}), **kwargs, "selected": bool(choice.selected)}
        words = escape(choice.label or choice.value)
        return Markup(f"<option {attributes(**given)}>{words}</option>")  # noqa: S704 - written and escaped above
