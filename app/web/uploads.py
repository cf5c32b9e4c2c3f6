"""Files that come with a form: stored, hashed and checked before the move begins."""

from flask import current_app, request

from app.core.errors import Invalid
from app.ledgers.cases import StoredFile, store

MOST_FILES = 20


def take_files(name: str) -> list[StoredFile]:
    """Store the files of a form field and return what is known of them; Invalid names the file that is refused."""
    given = [file for file in request.files.getlist(name) if file and file.filename]
    if len(given) > MOST_FILES:
        raise Invalid({name: f"一次最多上传 {MOST_FILES} 个文件，现选了 {len(given)} 个。"})
    folder = current_app.config["DUKAO"].instance / "evidence"
    try:
        return [store(folder, file.stream, str(file.filename)) for file in given]
    except Invalid as error:
        raise Invalid({name: str(error)}) from error
