"""What a WSGI server and the flask command load."""

import os

from app import create_app, refuse_unprotected

app = create_app()
if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
    refuse_unprotected(app)
