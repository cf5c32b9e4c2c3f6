"""What a WSGI server and the flask command load."""

import os
import sys

from app import create_app, refuse_unprotected
from app.core.loaded import keep_loaded

IS_COMMAND = os.environ.get("FLASK_RUN_FROM_CLI") == "true"
try:
    app = create_app()
except RuntimeError as error:
    if not IS_COMMAND:
        raise
    sys.exit(f"错误：{error}")
if not IS_COMMAND:
    refuse_unprotected(app)
    keep_loaded()
