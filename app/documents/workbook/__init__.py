"""Reading workbooks that strangers hand in."""

from app.documents.workbook.reading import LIMITS, Limits, UnreadableWorkbook, read_sheet

__all__ = ["LIMITS", "Limits", "UnreadableWorkbook", "read_sheet"]
