"""The words stories are written in: who says what, how many minutes after the last."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from conversations.channels.base import File

HOUR, DAY = 60, 24 * 60  # minutes


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens in a conversation, `after` minutes after the one before."""

    kind: str
    after: int
    text: str = ""
    by: str = ""
    file: Callable[[], File] | None = None
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def is_ours(self) -> bool:
        """Whether somebody of the business does it, who keeps opening hours."""
        return self.kind not in {"says", "rates", "bounces", "wakes"}


def says(text: str, after: int = 1, file: Callable[[], File] | None = None, html: str = "") -> Step:
    """The customer writes."""
    return Step("says", after, text, file=file, data={"html": html})


def comments(text: str, after: int = 1) -> Step:
    """The customer says it in public, below a post of the shop's."""
    return Step("says", after, text, data={"html": "", "post": "17918195224117851"})


def answers(text: str, after: int = 4, by: str = "", file: Callable[[], File] | None = None) -> Step:
    """The business answers: the assignee, or whoever `by` names."""
    return Step("answers", after, text, by, file=file)


def notes(text: str, after: int = 2, by: str = "") -> Step:
    """A private note."""
    return Step("notes", after, text, by)


def assigns(to: str, after: int = 1, by: str = "") -> Step:
    """The conversation is given to a colleague."""
    return Step("assigns", after, by=by, data={"to": to})


def moves(team: str, after: int = 1, by: str = "") -> Step:
    """The conversation is moved to a team."""
    return Step("moves", after, team, by)


def labels(*names: str, after: int = 1) -> Step:
    """The conversation gets these labels."""
    return Step("labels", after, data={"labels": list(names)})


def raises(priority: int, after: int = 1, by: str = "") -> Step:
    """The conversation gets more urgent."""
    return Step("raises", after, by=by, data={"priority": priority})


def waits(after: int = 1) -> Step:
    """It is the customer's turn."""
    return Step("waits", after)


def snoozes(days: int, hour: int = 10, after: int = 2) -> Step:
    """Put off until an hour of a day from today on."""
    return Step("snoozes", after, data={"days": days, "hour": hour})


def closes(after: int = 3) -> Step:
    """The conversation ends, and the customer is asked how it was."""
    return Step("closes", after)


def rates(score: int, comment: str = "", after: int = 35, settled: int = 0) -> Step:
    """The customer rates; a bad rating is settled so many minutes later, or waits for somebody still."""
    return Step("rates", after, comment, data={"score": score, "settled": settled})


def complains(subject: str, after: int = 1, kind: str = "complaint") -> Step:
    """A case is opened out of the conversation."""
    return Step("complains", after, subject, data={"kind": kind})


def resolves(resolution: str, after: int = 1) -> Step:
    """The case that the conversation opened is settled."""
    return Step("resolves", after, resolution)


def reminds(title: str, days: int, hour: int = 12, done: int = 0, after: int = 1, by: str = "") -> Step:
    """Somebody is to do something: `days` from today (before today: overdue), done after minutes if at all."""
    return Step("reminds", after, title, by, data={"days": days, "hour": hour, "done": done})


def bounces(reason: str, after: int = 1) -> Step:
    """The recipient's server refuses the last answer."""
    return Step("bounces", after, reason)


def interrupted(after: int = 0) -> Step:
    """Puente stopped while the last answer was handed over: nobody knows whether it arrived."""
    return Step("interrupted", after)


def drafts(text: str, after: int = 1, by: str = "") -> Step:
    """Somebody has begun to write and not sent it yet."""
    return Step("drafts", after, text, by)


@dataclass(frozen=True, slots=True)
class Story:
    """One conversation: with whom, where, since when, and what happens.

    Either `last` says how many minutes ago the last step happened, or `days` on which day of the past
    the first did. `agent` is who has it from the first answer on; nobody while it is empty.
    """

    who: str
    channel: str
    steps: tuple[Step, ...]
    subject: str = ""
    last: float | None = None
    days: float = 0
    agent: str = ""
    team: str = ""
    labels: tuple[str, ...] = ()
    priority: int = 1
    unread: bool = False
    page: str = ""
    words: dict[str, str] = field(default_factory=dict)


def story(who: str, channel: str, *steps: Step, **fields: Any) -> Story:
    """A story with its steps written one under the other."""
    return Story(who, channel, steps, **fields)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works in a demo business."""

    key: str
    name: str
    email: str
    role: str
    sees: str = "all"
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shopper:
    """A customer as he is written down."""

    name: str
    email: str = ""
    phone: str = ""
    company: str = ""
    since: float = 0  # days ago
    attributes: dict[str, Any] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    card: str = ""  # number in the point of sale
    confirmed: bool = True
    language: str = ""


@dataclass(frozen=True, slots=True)
class Bought:
    """An order that a story speaks of: what, when, and how far it has come."""

    who: str
    days: float
    way: str  # a key of catalogue.WAYS
    items: tuple[str, ...]
    until: str  # its last status


@dataclass(frozen=True, slots=True)
class Product:
    """Something on the price list."""

    name: str
    price: int
    kind: str
    sizes: tuple[str, ...] = ()
    note: str = ""
