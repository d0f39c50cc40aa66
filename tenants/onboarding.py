"""The first ten minutes of a business: steps that notice by themselves that they are done.

Apps above register theirs when they start. A step is done, put aside, or still to do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tenants.models import AuditEvent, Invite, Membership, Tenant


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: words, where to do it, and how to notice that it is done."""

    key: str
    title: Any
    help: Any
    action: Any
    url_name: str
    order: int
    is_done: Callable[[Tenant], bool]


@dataclass(frozen=True, slots=True)
class Progress:
    """A step and how it stands."""

    step: Step
    is_done: bool
    is_dismissed: bool

    @property
    def is_open(self) -> bool:
        return not self.is_done and not self.is_dismissed


@dataclass(frozen=True, slots=True)
class Checklist:
    """All steps of a business."""

    steps: list[Progress]

    @property
    def finished(self) -> int:
        return sum(not progress.is_open for progress in self.steps)

    @property
    def is_over(self) -> bool:
        return self.finished == len(self.steps)

    @property
    def next(self) -> Step | None:
        return next((progress.step for progress in self.steps if progress.is_open), None)


_steps: dict[str, Step] = {}


def register(step: Step) -> None:
    """Add a step; the same key again replaces it."""
    _steps[step.key] = step


def known(key: str) -> bool:
    """Whether there is such a step."""
    return key in _steps


def checklist_of(tenant: Tenant) -> Checklist:
    """How the business stands; what was put aside is not asked about."""
    return Checklist(
        [
            Progress(
                step=step,
                is_done=step.key not in tenant.dismissed and step.is_done(tenant),
                is_dismissed=step.key in tenant.dismissed,
            )
            for step in sorted(_steps.values(), key=lambda step: step.order)
        ]
    )


def profile_was_looked_at(tenant: Tenant) -> bool:
    """Somebody saved the profile or the hours, if only to confirm them."""
    return AuditEvent.objects.filter(action__in=["business.updated", "special_day.set"]).exists()


def has_colleague(tenant: Tenant) -> bool:
    """A second person is in, or asked to come."""
    return Membership.objects.count() > 1 or Invite.objects.filter(revoked_at=None).exists()
