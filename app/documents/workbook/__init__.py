"""Reading workbooks that strangers hand in, and writing ledgers as their offices lay them out."""

from app.documents.workbook.reading import LIMITS, Limits, UnreadableWorkbook, read_sheet
from app.documents.workbook.writing import Face, Written, write_ledger

__all__ = ["LIMITS", "Face", "Limits", "UnreadableWorkbook", "Written", "read_sheet", "write_ledger"]
