"""Small counts in every run, the promised figures with DUKAO_LONG=1 (half on each database); chance with a printed seed."""

import os
from random import Random, SystemRandom

import pytest

LONG = os.environ.get("DUKAO_LONG") == "1"
USUAL_SEED = 20260302
LONG_SECONDS = 3600


def figures(short: int, long: int) -> pytest.MarkDecorator:
    """Give a test its `count`: few in every run, as many as promised, and an hour for them, in the long run."""
    promised = pytest.param(long, marks=(pytest.mark.long, pytest.mark.timeout(LONG_SECONDS)))
    return pytest.mark.parametrize("count", [short, promised])


def dice() -> Random:
    """Return chance whose seed is printed; DUKAO_SEED repeats a run, the long run rolls anew."""
    given = os.environ.get("DUKAO_SEED")
    seed = int(given) if given else SystemRandom().randrange(2**32) if LONG else USUAL_SEED
    print(f"DUKAO_SEED={seed}")
    return Random(seed)
