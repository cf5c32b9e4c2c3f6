"""Dates as an operator types them."""

from datetime import date

import click


class CivilDate(click.ParamType[date]):
    """A date as 2026-02-09."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the date or fail in Chinese."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}”不是有效日期，应写成 2026-02-09。", param, ctx)


DATE = CivilDate()
