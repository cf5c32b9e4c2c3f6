"""Evidence files in the data folder: checked, hashed while written, under generated names; the original name is data."""

import hashlib
import os
import secrets
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from app.core.errors import Invalid

LARGEST = 20 * 1024 * 1024
CHUNK = 256 * 1024
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    "webp": ("image/webp", (b"RIFF",)),
    "pdf": ("application/pdf", (b"%PDF-",)),
    "docx": (f"{OFFICE}wordprocessingml.document", (ZIP,)),
    "xlsx": (f"{OFFICE}spreadsheetml.sheet", (ZIP,)),
    "pptx": (f"{OFFICE}presentationml.presentation", (ZIP,)),
    "doc": ("application/msword", (OLE,)),
    "xls": ("application/vnd.ms-excel", (OLE,)),
    "txt": ("text/plain", ()),
    "mp4": ("video/mp4", ()),
}
INNER = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}


# what the event of a move says of each file that came with it
FILE_FACTS = ("name", "media_type", "size", "sha256")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One stored file. `name` is the original name (data, never a path), `stored_name` the generated one, size in bytes."""

    name: str
    stored_name: str
    media_type: str
    size: int
    sha256: str


WORKBOOKS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "xlsx": (f"{OFFICE}spreadsheetml.sheet", ()),
    "xls": ("application/vnd.ms-excel", ()),
    "csv": ("text/csv", ()),
}


def store(
    folder: Path, stream: IO[bytes], name: str, kinds: Mapping[str, tuple[str, tuple[bytes, ...]]] = KINDS
) -> StoredFile:
    """Store a stream: write temporary, hash while streaming, fsync, rename. Invalid (key `files`) says why it is refused.

    `kinds` are the endings accepted; what has no magic there (WORKBOOKS) is looked into by a reader of its own.
    """
    shown = _clean_name(name)
    ending = shown.rpartition(".")[2].lower()
    if ending not in kinds:
        raise Invalid({"files": f"不能上传“{shown}”：只接受 {'、'.join(sorted(kinds))} 文件。"})
    folder.mkdir(parents=True, exist_ok=True)
    stored_name = f"{secrets.token_hex(16)}.{ending}"
    temporary = folder / f".{stored_name}.part"
    try:
        size, digest = _write(temporary, stream, shown)
        _check_content(temporary, ending, kinds[ending][1], shown)
        os.rename(temporary, folder / stored_name)
        _sync_folder(folder)
    finally:
        temporary.unlink(missing_ok=True)
    return StoredFile(shown, stored_name, kinds[ending][0], size, digest)


def read_checked(folder: Path, stored_name: str, sha256: str) -> bytes | None:
    """Return the file's bytes if they are still what was stored, None when the file is gone or was changed."""
    path = folder / PurePosixPath(stored_name).name
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def _clean_name(name: str) -> str:
    base = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(char for char in base if char.isprintable()).strip()[-200:]
    return shown or "未命名"


def _write(path: Path, stream: IO[bytes], shown: str) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > LARGEST:
                raise Invalid({"files": f"“{shown}”超过 {LARGEST // 1024 // 1024} MB，请压缩后上传。"})
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise Invalid({"files": f"“{shown}”是空文件，请重新选择。"})
    return size, digest.hexdigest()


def _check_content(path: Path, ending: str, magics: tuple[bytes, ...], shown: str) -> None:
    with path.open("rb") as file:
        head = file.read(4096)
    wrong = Invalid({"files": f"“{shown}”的内容与后缀 .{ending} 不符，请确认文件没有损坏或改过后缀。"})
    if magics and not head.startswith(magics):
        raise wrong
    if ending == "mp4" and head[4:8] != b"ftyp":
        raise wrong
    if ending == "webp" and head[8:12] != b"WEBP":
        raise wrong
    if ending == "txt" and b"\x00" in head:
        raise wrong
    if magics and ending in INNER and not _is_office(path, INNER[ending]):
        raise wrong


def _is_office(path: Path, inner: str) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return "[Content_Types].xml" in names and any(name.startswith(inner) for name in names) and not macros


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
