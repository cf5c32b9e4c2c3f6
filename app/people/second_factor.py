"""The second factor: time-based one-time passwords (RFC 6238), each good once."""

from datetime import datetime

import pyotp

ISSUER = "督考"
SECONDS = 30


def new_secret() -> str:
    """Return a fresh shared secret."""
    return pyotp.random_base32()


def secret_address(secret: str, username: str) -> str:
    """Return the address by which an authenticator takes the secret over."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def matching_step(secret: str, typed: str, at: datetime, used: int | None = None) -> int | None:
    """Return the step of time a password belongs to, one before or after now allowed; None when wrong or used before."""
    plain, totp = "".join(typed.split()), pyotp.TOTP(secret)
    now = int(at.timestamp()) // SECONDS
    for step in (now - 1, now, now + 1):
        if pyotp.utils.strings_equal(totp.generate_otp(step), plain) and (used is None or step > used):
            return step
    return None
