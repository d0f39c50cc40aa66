"""What every guard shares: a violation, and exceptions that carry their reason."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Violation(NamedTuple):
    """What breaks a rule: the subject as it stands in an allowlist, and what is wrong with it."""

    subject: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.wrong}"


def unexcused(violations: Iterable[Violation], excused: Mapping[str, str]) -> list[str]:
    """The violations of subjects that have no excuse, and the excuses that excuse nothing any more."""
    violations = list(violations)
    subjects = {violation.subject for violation in violations}
    open_ones = [str(violation) for violation in violations if violation.subject not in excused]
    stale = [f"{subject}: its excuse is stale, remove it" for subject in excused if subject not in subjects]
    without = [
        f"{subject}: its excuse gives no reason" for subject, reason in excused.items() if not reason.strip()
    ]
    return [*open_ones, *stale, *without]
