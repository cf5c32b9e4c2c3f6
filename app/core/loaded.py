"""What a process has loaded stays: its collector need not walk through it again and again."""

import gc


def keep_loaded() -> None:
    """Leave everything loaded until now out of the walks of the collector; once, when a long-lived process is ready."""
    gc.collect()
    gc.freeze()
