"""What changed rules would have made of messages the bot has decided on: from what was kept, without a model.

A rule that stays as it is fires where it fired; one that changed is asked again. How frustrated somebody
was is not kept: where the rule of the mood is switched on anew, only the moods before and now speak.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from conversations.bot import lexicon, normalise, small_talk
from conversations.bot.rules import MOST_IN_ROW, Rules, Situation, fired

FIELDS = {
    "repeated": ("repeated",),
    "unsure": ("unsure",),
    "mood": ("mood",),
    "vip": ("vip_labels",),
    "high_value": ("high_value",),
    "delicate": ("delicate", "delicate_words"),
    "appointment_today": ("appointment_today",),
}
"""By which settings each rule goes."""
WORDS = "words"
OVER = "hand_off"


@dataclass(frozen=True, slots=True)
class Set:
    """All that says when a person comes first."""

    rules: Rules = field(default_factory=Rules)
    words: tuple[str, ...] = ()
    hand_off_harmless: bool = False
    countries: tuple[str, ...] | None = None

    def differs(self, other: "Set") -> frozenset[str]:
        """Names of the rules that are not the same in both."""
        changed = {
            rule
            for rule, names in FIELDS.items()
            if any(getattr(self.rules, name) != getattr(other.rules, name) for name in names)
        }
        if (self.words, self.hand_off_harmless) != (other.words, other.hand_off_harmless):
            changed.add(WORDS)
        return frozenset(changed)


_OFF: dict[str, Any] = {
    "repeated": None, "unsure": None, "mood": False, "vip_labels": (), "high_value": None,
    "delicate": False, "appointment_today": False,
}  # fmt: skip


def _only(rules: Rules, changed: frozenset[str]) -> Rules:
    """The rules with those that stay as they are switched off: they are not asked again."""
    same = [FIELDS[rule][0] for rule in FIELDS if rule not in changed]
    return replace(rules, **{name: _OFF[name] for name in same})


@dataclass(frozen=True, slots=True)
class Kept:
    """One decision, as it was kept, with what rules ask about."""

    id: object
    text: str
    action: str
    fired: tuple[tuple[str, str], ...] = ()
    """Rules and the words they fired on."""
    is_sure: bool = False
    is_unsure: bool = False
    topic: str = ""
    mood: int = 0
    language: str = "es"
    labels: frozenset[str] = frozenset()
    worth: float = 0.0
    has_appointment_today: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Where a conversation would have gone another way: to a person (`more`), or on with the bot."""

    at: Kept
    is_more: bool
    rule: str
    words: str = ""


def compare(turn: Sequence[Kept], old: Set, new: Set) -> Change | None:
    """The first place in a turn of the bot at which the new rules say something else; None for nowhere."""
    changed = old.differs(new)
    asked = replace(new, rules=_only(new.rules, changed))
    heard: list[str] = []
    given: list[str] = []
    moods: list[int] = []
    unsure = 0
    for one in turn:
        asks = "repeated" in changed and not small_talk.is_small_talk(one.text, one.language)
        key = " ".join(normalise.tokens(one.text)) if asks else ""
        now = Situation(
            text=one.text,
            plain=key,
            is_sure=one.is_sure,
            unsure_before=unsure,
            heard=tuple(heard),
            given=tuple(given),
            topic=one.topic,
            moods=(*moods, one.mood),
            is_vip=not one.labels.isdisjoint(new.rules.vip_labels),
            worth=one.worth,
            has_appointment_today=one.has_appointment_today,
        )
        over = (
            [hit for hit in one.fired if _stays(hit, one, given, unsure, changed)]
            if one.action == OVER
            else []
        )
        would = over or _asked_again(now, asked, changed)
        if one.action == OVER:
            first = one.fired[0] if one.fired else ("", "")
            stays = would or not one.fired
            return None if stays else Change(one, is_more=False, rule=first[0], words=first[1])
        if would:
            return Change(one, is_more=True, rule=would[0][0], words=would[0][1])
        unsure = unsure + 1 if one.is_unsure else 0
        moods.append(one.mood)
        if len(key.split()) > 1:
            heard.append(key)
        if one.action == "answer" and one.topic:
            given.append(one.topic)
    return None


def _stays(hit: tuple[str, str], one: Kept, given: list[str], unsure: int, changed: frozenset[str]) -> bool:
    """Whether it fires still. Unsure without words comes from the balance; no answer is given twice,
    and no third question asked in a row.
    """
    rule = hit[0]
    if rule not in changed or hit == ("unsure", ""):
        return True
    return one.topic in given if rule == "repeated" else rule == "unsure" and unsure >= MOST_IN_ROW


def _asked_again(now: Situation, new: Set, changed: Iterable[str]) -> list[tuple[str, str]]:
    found = []
    if WORDS in changed:
        hits = lexicon.lexicon(new.countries, new.words).find(now.text)
        found += [(WORDS, hit.typed) for hit in hits if not hit.harmless or new.hand_off_harmless]
    return found + [(one.rule, one.words) for one in fired(new.rules, now)]
