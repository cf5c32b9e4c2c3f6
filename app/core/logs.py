"""Logs: one line of JSON for each event, with the fields it was given and no secrets."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

FIELDS = "dukao_fields"


class JsonLine(logging.Formatter):
    """Write a record as one line: when, how grave, which event, and its fields; an exception as one field."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "event": record.getMessage(), "by": record.name}
        line |= getattr(record, FIELDS, {})
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_event(name: str, event: str, level: int = logging.INFO, **fields: object) -> None:
    """Log one event of the part of the house that is named."""
    logging.getLogger(name).log(level, event, extra={FIELDS: fields})


def write_logs(stream: TextIO | None = None) -> None:
    """Send every log of this process to the stream (stderr unless told), line by line."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLine())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
