"""What the tests of passwords start from."""

import pytest


@pytest.fixture(autouse=True)
def hashing() -> None:
    """Hash passwords at the cost of the house."""
