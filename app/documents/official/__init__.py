"""Official papers by GB/T 9704-2012: plain facts → a paper → PDF or Word. No database, no web."""

from app.documents.official.bulletins import BulletinFacts, BulletinSection, bulletin
from app.documents.official.case_papers import (
    CheckFacts,
    ClosureFacts,
    MeasureFacts,
    NoticeFacts,
    VerificationFacts,
    closure_application,
    rectification_notice,
    verification_record,
)
from app.documents.official.faces import NoTypeface
from app.documents.official.paper import (
    Block,
    Heading,
    OfficialPaper,
    Paragraph,
    Table,
    document_number,
    official_dates,
    say_date,
)
from app.documents.official.slips import SlipFacts, slip_paper
from app.documents.official.stationery import BrokenTemplate
from app.documents.official.talk_papers import (
    CommitmentFacts,
    InterviewFacts,
    RecordFacts,
    interview_notice,
    interview_record,
)
from app.documents.official.typeset import render_pdf
from app.documents.official.word import render_docx

__all__ = [
    "Block",
    "BrokenTemplate",
    "BulletinFacts",
    "BulletinSection",
    "CheckFacts",
    "ClosureFacts",
    "CommitmentFacts",
    "Heading",
    "InterviewFacts",
    "MeasureFacts",
    "NoTypeface",
    "NoticeFacts",
    "OfficialPaper",
    "Paragraph",
    "RecordFacts",
    "SlipFacts",
    "Table",
    "VerificationFacts",
    "bulletin",
    "closure_application",
    "document_number",
    "interview_notice",
    "interview_record",
    "official_dates",
    "rectification_notice",
    "render_docx",
    "render_pdf",
    "say_date",
    "slip_paper",
    "verification_record",
]
