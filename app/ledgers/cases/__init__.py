"""Cases: one problem from feedback to closure, with everything on record about it."""

from app.ledgers.cases.alike import COPIES, Alike, find_alike
from app.ledgers.cases.books import LISTED, reports_by_id
from app.ledgers.cases.case_story import CaseStory, Part, Seen, case_story, find_case
from app.ledgers.cases.charges import Charge, in_hands_of
from app.ledgers.cases.children import (
    OpenChild,
    children_shown,
    open_children,
    parents_told,
    standing_for,
    tree_of,
    unfinished_children,
)
from app.ledgers.cases.contacts import contacts_of, note_reading
from app.ledgers.cases.dates import Deadline, Pause
from app.ledgers.cases.facts import Facts
from app.ledgers.cases.files import FILE_FACTS, WORKBOOKS, StoredFile, read_checked, store
from app.ledgers.cases.finders import MOST_COUNTED, Filters, LedgerRow, Page, Paging, ledger_conditions, ledger_page
from app.ledgers.cases.flags import Flag, Horizon, flags_of
from app.ledgers.cases.keeping import faults, rebuild
from app.ledgers.cases.kept_lanes import CaseLane, rebuild_lanes
from app.ledgers.cases.likeness import GROUNDS, Told, are_strangers
from app.ledgers.cases.models import NO_DEADLINE, Assignment, Case, CaseSource, Counter, Listing
from app.ledgers.cases.ordering import ORDERS, USUAL
from app.ledgers.cases.review import ReviewPage, ReviewRow, review_page
from app.ledgers.cases.scopes import is_office, own_parts
from app.ledgers.cases.tags import LONGEST_TAG, MOST_TAGS, CaseTag, read_tags, sees_tags, tags_in_use
from app.ledgers.cases.tallies import kept_counts, open_count
from app.ledgers.cases.texts import CaseChange, CaseText, Tally
from app.ledgers.cases.timeline import Happened
from app.ledgers.cases.unit_lists import (
    MOST_PRINTED,
    Asked,
    Duty,
    ListPage,
    who_answers,
)
from app.ledgers.cases.withholding import (
    NO_PLACE,
    Withheld,
    joined,
    names_in,
    names_told,
    refuse_persons,
    withhold,
    withhold_in_reference,
)
from app.ledgers.cases.work import Evidence, KeptFile, Measure, Plan, ProgressReport, Request, Verification

__all__ = [
    "COPIES",
    "FILE_FACTS",
    "GROUNDS",
    "LISTED",
    "LONGEST_TAG",
    "MOST_COUNTED",
    "MOST_PRINTED",
    "MOST_TAGS",
    "NO_DEADLINE",
    "NO_PLACE",
    "ORDERS",
    "USUAL",
    "WORKBOOKS",
    "Alike",
    "Asked",
    "Assignment",
    "Case",
    "CaseChange",
    "CaseLane",
    "CaseSource",
    "CaseStory",
    "CaseTag",
    "CaseText",
    "Charge",
    "Counter",
    "Deadline",
    "Duty",
    "Evidence",
    "Facts",
    "Filters",
    "Flag",
    "Happened",
    "Horizon",
    "KeptFile",
    "LedgerRow",
    "ListPage",
    "Listing",
    "Measure",
    "OpenChild",
    "Page",
    "Paging",
    "Part",
    "Pause",
    "Plan",
    "ProgressReport",
    "Request",
    "ReviewPage",
    "ReviewRow",
    "Seen",
    "StoredFile",
    "Tally",
    "Told",
    "Verification",
    "Withheld",
    "are_strangers",
    "case_story",
    "children_shown",
    "contacts_of",
    "faults",
    "find_alike",
    "find_case",
    "flags_of",
    "in_hands_of",
    "is_office",
    "joined",
    "kept_counts",
    "ledger_conditions",
    "ledger_page",
    "names_in",
    "names_told",
    "note_reading",
    "open_children",
    "open_count",
    "own_parts",
    "parents_told",
    "read_checked",
    "read_tags",
    "rebuild",
    "rebuild_lanes",
    "refuse_persons",
    "reports_by_id",
    "review_page",
    "sees_tags",
    "standing_for",
    "store",
    "tags_in_use",
    "tree_of",
    "unfinished_children",
    "who_answers",
    "withhold",
    "withhold_in_reference",
]
