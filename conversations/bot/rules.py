"""When a person comes first, as a business reads and sets it: each rule is a sentence with its numbers.

The wish for a person and the escalation words are no rules: nobody can switch them off.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from conversations.bot import lexicon

MOST_IN_ROW = 2
"""Questions the bot asks one after the other, whatever the rules; instead of one more, a person looks."""
SINKS = -2
"""How far a mood has to fall within an episode."""
FRUSTRATED = 0.6
DELICATE = (
    "accidente", "alergia", "alergico", "embarazada", "intoxicacion", "intoxicado", "sangrado", "hospital",
    "fraude", "estafa", "robo", "fallecio", "fallecimiento", "menor de edad", "acoso", "discriminacion",
    "datos personales",
    "acidente", "gravida", "alergica", "intoxicacao", "sangramento", "golpe", "faleceu", "falecimento",
    "assedio", "discriminacao", "dados pessoais",
    "accident", "allergy", "allergic", "pregnant", "poisoning", "bleeding", "fraud", "scam", "passed away",
    "harassment", "discrimination", "personal data",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that applies, and the words it was read from."""

    rule: str
    words: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What the business set. None or an empty tuple switches a rule off."""

    repeated: int | None = 2
    """Hand over when the same is asked this many times."""
    unsure: int | None = 2
    """Hand over at this many unsure turns in a row."""
    mood: bool = True
    """Hand over when the mood sinks, or patience wears thin."""
    vip_labels: tuple[str, ...] = ()
    """Hand over at once for customers with one of these labels (identifiers)."""
    high_value: float | None = None
    """Hand over at once when an order of late is worth at least this."""
    delicate: bool = True
    """Hand over when something delicate is spoken of."""
    delicate_words: tuple[str, ...] = ()
    """The business's own, besides DELICATE."""
    appointment_today: bool = True
    """At the first doubt of who has an appointment today."""

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Rules":
        """From what `Bot.rules` keeps; what is not there is as it comes."""
        known = {name: value for name, value in kept.items() if name in cls.__dataclass_fields__}
        for name in ("vip_labels", "delicate_words"):
            if name in known:
                known[name] = tuple(known[name])
        return cls(**known)

    def kept(self) -> dict[str, Any]:
        """For `Bot.rules`."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules look at."""

    text: str = ""
    plain: str = ""
    is_sure: bool = False
    unsure_before: int = 0
    heard: tuple[str, ...] = field(default=())
    given: tuple[str, ...] = field(default=())
    topic: str = ""
    """The likeliest answer, if likely at all."""
    moods: tuple[int, ...] = field(default=())
    frustration: float = 0.0
    is_vip: bool = False
    worth: float = 0.0
    has_appointment_today: bool = False


def fired(rules: Rules, now: Situation) -> list[Fired]:
    """Which rules apply, the weightiest first."""
    found: list[Fired] = []
    if now.is_vip:
        found.append(Fired("vip", ""))
    if rules.high_value is not None and now.worth >= rules.high_value:
        found.append(Fired("high_value", f"{now.worth:.0f}"))
    if rules.delicate and (words := delicate_words(now.text, rules.delicate_words)):
        found.append(Fired("delicate", words))
    if rules.mood and _sinks(now):
        found.append(Fired("mood", now.text[:100]))
    if rules.repeated is not None and _repeats(rules.repeated, now):
        found.append(Fired("repeated", now.text[:100]))
    if not now.is_sure:
        if rules.unsure is not None and now.unsure_before + 1 >= rules.unsure:
            found.append(Fired("unsure", now.text[:100]))
        elif rules.appointment_today and now.has_appointment_today:
            found.append(Fired("appointment_today", ""))
    return found


def delicate_words(text: str, own: tuple[str, ...] = ()) -> str:
    """What is delicate in a text, as typed; slips of the finger forgiven."""
    hits = lexicon.only((*DELICATE, *own)).find(text)
    return ", ".join(hit.typed for hit in hits)


def _sinks(now: Situation) -> bool:
    if now.frustration >= FRUSTRATED and now.moods and now.moods[-1] < 0:
        return True
    return len(now.moods) > 1 and now.moods[-1] < 0 and sum(now.moods[-2:]) <= SINKS


def _repeats(times: int, now: Situation) -> bool:
    same = sum(alike(now.plain, before) for before in now.heard)
    if same + 1 >= times and same:
        return True
    return bool(now.topic) and now.is_sure and now.given.count(now.topic) + 1 >= times


def alike(one: str, other: str) -> bool:
    """Whether two questions, in bare words, ask the same."""
    ours, theirs = set(one.split()), set(other.split())
    if len(ours) < 2 or len(theirs) < 2:
        return False
    return len(ours & theirs) / len(ours | theirs) >= 0.7
