"""Say by the exit status whether the database has nobody in it yet (0: empty), so that the demo is loaded only once."""

import sys

from sqlalchemy import select

from app.people.models import Unit
from wsgi import app

if __name__ == "__main__":
    with app.extensions["database"].session(read_only=True) as session:
        sys.exit(session.scalar(select(Unit.id).limit(1)) is not None)
