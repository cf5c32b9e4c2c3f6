"""A file as stored: what is known of it once it lies, hashed and under a generated name, in the data folder."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One stored file. `name` is the original name (data, never a path), `stored_name` the generated one, size in bytes."""

    name: str
    stored_name: str
    media_type: str
    size: int
    sha256: str
