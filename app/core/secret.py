"""The secret that signs what leaves the house: made once, kept in the data folder, readable by its owner alone."""

import os
import secrets
from pathlib import Path

SHORTEST = 32


def load_secret(path: Path) -> str:
    """Return the secret in the file; make one with mode 0600 when there is none yet (safe when two start at once)."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return _read(path)


def _read(path: Path) -> str:
    secret = path.read_text(encoding="ascii").strip()
    if len(secret) < SHORTEST:
        raise RuntimeError(f"{path} 中的密钥不完整，请删除该文件后重新启动。")
    return secret
