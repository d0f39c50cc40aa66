"""What may be written down of an unexpected error.

PostgreSQL quotes the row it refused below the first line, and with it what the customer wrote.
"""

import traceback

from tenants.kit.text import one_line

FRAMES = 25  # the innermost


def in_short(error: BaseException) -> str:
    """Its kind and its first line."""
    return one_line(f"{type(error).__name__}: {str(error).partition('\n')[0]}", 300)


def whereabouts(error: BaseException) -> list[str]:
    """Where it was raised, the innermost call last: places, no values."""
    calls = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return [f"{call.filename}:{call.lineno} {call.name}" for call in calls]
