"""What the bot does next: a message and what is known in, one step with its evidence out. It sends nothing.

The order is fixed: a person who is wanted, words that escalate, the business's rules, then an answer.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from conversations.bot import cues, normalise, small_talk
from conversations.bot.balance import Mode
from conversations.bot.calibrate import ASKS
from conversations.bot.rules import MOST_IN_ROW, Fired, Rules, Situation, alike, fired
from conversations.bot.small_talk import NO
from conversations.bot.understand import Candidate, Understanding
from conversations.bot.wishes import Wish

MOST_HEARD = 20
"""Questions kept to notice a repeated one."""
CHOICES = 3
COURTESIES = frozenset({"how", "here", "glad", "hesitate"})
"""Texts that answer a greeting, thanks or a hesitation: they press nobody for anything."""
PERSON = "person"
"""The identifier of the button that asks for a person."""
LACKS = NO | frozenset((
    "ni", "sin", "olvide", "perdi", "nem", "sem", "esqueci", "dont", "cant", "forgot", "lost", "without",
))  # fmt: skip
MOST_OF_A_NO = 10  # words
PLACES = (
    "1 uno una primero primera primeiro primeira um one first",
    "2 dos segundo segunda dois duas two second",
    "3 tres tercero tercera terceiro terceira three third",
)
ORDINALS = {word: place for place, words in enumerate(PLACES) for word in words.split()}
CHECKS = frozenset(
    f"{kind}_{asks}" for kind in ("order", "appointment", "payment") for asks in ("number", "owner")
)
"""What `pending` is while it asks who somebody is, before it tells him what is a customer's."""
MOODS = {"positive": 1, "neutral": 0, "negative": -1, "angry": -2}


class Action(StrEnum):
    """What the bot does; `Decision.Action` has the same names."""

    ANSWER = "answer"
    CHOICES = "choices"
    ASK = "ask"
    HAND_OFF = "hand_off"


@dataclass
class Dialogue:
    """What the bot keeps in mind between two messages of an episode."""

    greeted: bool = False
    pending: str = ""
    """What it asked last: `helped`, `choices`, a key of what is collected, or nothing."""
    choices: list[str] = field(default_factory=list)
    in_row: int = 0
    """Questions asked one after the other; what is said out of courtesy between them does not count."""
    offered: list[str] = field(default_factory=list)
    """What was offered to choose from, and what was checked, since the last answer that was given."""
    unsure: int = 0
    """Turns in a row in which it was not sure."""
    said: list[str] = field(default_factory=list)
    """Sentences it has said: none is said twice."""
    given: list[str] = field(default_factory=list)
    """Answers it has given, by identifier."""
    heard: list[str] = field(default_factory=list)
    moods: list[int] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    """[{question, answer}], for the card."""
    language: str = ""

    @property
    def checks(self) -> str:
        """What it asked last to know who somebody is, one of CHECKS."""
        return self.pending if self.pending in CHECKS else ""

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Dialogue":
        """From what `Turn.state` keeps; what it does not know is dropped."""
        return cls(**{name: value for name, value in state.items() if name in cls.__dataclass_fields__})

    def kept(self) -> dict[str, Any]:
        """For `Turn.state`."""
        return asdict(self)


@dataclass(frozen=True)
class Heard:
    """One message, or several that came together."""

    text: str
    understood: Understanding | None
    """None where there is nothing to read: a voice note, a sticker, a picture."""
    media: str = ""
    pressed: str = ""
    """The identifier of the button or list entry that was pressed."""


@dataclass(frozen=True)
class Setting:
    """What is known of the customer and wanted by the business."""

    mode: Mode = Mode.AUTOMATION
    rules: Rules = field(default_factory=Rules)
    is_vip: bool = False
    worth: float = 0.0
    """The customer's largest order of late, in the business's currency."""
    has_appointment_today: bool = False
    facts: frozenset[str] = frozenset()
    """Live facts there is something to say on: `hours`, `order` …"""
    hand_off_harmless: bool = False


@dataclass(frozen=True)
class Step:
    """What to do, and why."""

    action: Action
    say: tuple[str, ...] = ()
    """Keys of says.TEXTS, in order."""
    entry: str = ""
    """The answer to give: an article's version, or `fact:` and its kind."""
    choices: tuple[Candidate, ...] = ()
    reason: str = ""
    """Of a hand-off: a key of reasons.SENTENCES."""
    fired: tuple[Fired, ...] = ()
    probability: float | None = None
    unsure: bool = False
    helped: bool | None = None
    """What the customer says of the answer before."""
    doubts: bool = False
    """Whether people are to look at the answer before, though he said nothing of it."""

    @property
    def is_question(self) -> bool:
        """Whether it asks for what the bot needs to go on."""
        asks = self.action is Action.ASK and COURTESIES.isdisjoint(self.say)
        return asks or self.action is Action.CHOICES


@dataclass(frozen=True)
class Check:
    """What is asked of somebody before he is told what is a customer's."""

    pending: str = ""
    """One of CHECKS; "" where nothing is left to ask, and a person looks."""
    says: str = ""
    number: str = ""
    """He gave it now; it is kept among `facts` as `fact`."""
    fact: str = "order"
    is_refused: bool = False
    """Whether what he gave showed nothing: once it is asked for again, then a person looks."""


def check(dialogue: Dialogue, heard: Heard, asked: Check) -> Step:
    """Ask who somebody is; where he could not show it, once more from the beginning, then give him to people.

    Changes `dialogue` as `decide` does.
    """
    about = f"check:{asked.pending.partition('_')[0]}"
    if not dialogue.checks and about not in dialogue.offered:  # he asks for something of his: a new row
        dialogue.in_row = 0
    step = Step(Action.ASK, (asked.says,), unsure=asked.is_refused)
    failed = dialogue.unsure if dialogue.checks else 0
    if not asked.pending:
        step = _over("identity", Fired("identity", heard.text[:100]))
    elif asked.is_refused and failed:
        step = _over("unsure", Fired("unsure", heard.text[:100]))
    elif dialogue.in_row >= MOST_IN_ROW:
        step = _over("identity", Fired("identity", heard.text[:100]))
    _remember(dialogue, heard, step)
    dialogue.unsure = dialogue.unsure or failed
    if step.action is Action.ASK:
        dialogue.pending, dialogue.offered = asked.pending, [*dialogue.offered, about]
    if asked.number:
        dialogue.facts = {**dialogue.facts, asked.fact: asked.number}
    return step


def decide(dialogue: Dialogue, heard: Heard, setting: Setting) -> Step:
    """The next step. Changes `dialogue` as if the step were taken."""
    step = _bounded(dialogue, heard, _decided(dialogue, heard, setting))
    step = _judging(dialogue, heard, step)
    _remember(dialogue, heard, step)
    return step


def _bounded(dialogue: Dialogue, heard: Heard, step: Step) -> Step:
    """The step, or a person in place of one question too many.

    Who asks something else, so that other answers are offered than before, begins a new row.
    """
    if not step.is_question or dialogue.in_row < MOST_IN_ROW:
        return step
    if step.choices and set(dialogue.offered).isdisjoint(one.entry.id for one in step.choices):
        dialogue.in_row = 0
        return step
    return _over("unsure", Fired("unsure", heard.text[:100]), probability=step.probability)


def _judging(dialogue: Dialogue, heard: Heard, step: Step, given: str = "") -> Step:
    """The step with what the message says of the answer before, whatever else it leads to.

    `given` is the answer that would be given again.
    """
    if dialogue.pending != "helped" or step.helped is not None:
        return step
    if _verdict(dialogue, heard) is False:
        return replace(step, helped=False)
    if any(one.rule == "repeated" for one in step.fired) and _asks_again(dialogue, heard, given):
        return replace(step, doubts=True)
    return step


def _asks_again(dialogue: Dialogue, heard: Heard, given: str) -> bool:
    """Whether he asks what was answered last, not what was answered before that."""
    about = given or (_topic(dialogue, heard) if heard.understood else "")
    same_words = bool(dialogue.heard) and alike(_key(heard.text), dialogue.heard[-1])
    return same_words or about in dialogue.given[-1:]


def _decided(dialogue: Dialogue, heard: Heard, setting: Setting) -> Step:
    if heard.pressed == PERSON:
        return _over("asked", Fired("asked", heard.text))
    if heard.understood is None:
        return _unread(dialogue)
    understood = heard.understood
    first = _person_first(understood, setting)
    if first:
        return first
    if applying := fired(setting.rules, _situation(dialogue, heard, setting)):
        return _over(applying[0].rule, *applying)
    if setting.mode is Mode.PERSON:
        return _over("person_first")
    return _answered(dialogue, heard, setting)


def _person_first(understood: Understanding, setting: Setting) -> Step | None:
    if understood.wish is not Wish.NO:
        return _over("asked", Fired("asked", understood.wish_words or understood.text[:100]))
    meant = [hit for hit in understood.hits if not hit.harmless or setting.hand_off_harmless]
    if meant:
        return _over("words", *(Fired("words", hit.typed) for hit in meant))
    if understood.escalates and not understood.hits:
        return _over("complaint", Fired("complaint", understood.text[:100]))
    return None


def _situation(dialogue: Dialogue, heard: Heard, setting: Setting) -> Situation:
    understood = heard.understood
    assert understood is not None
    sure = understood.answer is not None or bool(heard.pressed)
    return Situation(
        text=heard.text,
        plain="" if _asks_nothing(dialogue, heard) else _key(heard.text),
        is_sure=sure or _asks_nothing(dialogue, heard),
        unsure_before=dialogue.unsure,
        heard=tuple(dialogue.heard),
        given=tuple(dialogue.given),
        topic=_topic(dialogue, heard),
        moods=(*dialogue.moods, _mood(understood)),
        frustration=understood.frustration,
        is_vip=setting.is_vip,
        worth=setting.worth,
        has_appointment_today=setting.has_appointment_today,
    )


def _topic(dialogue: Dialogue, heard: Heard) -> str:
    """What is asked for again where it was answered: a live fact says something else of another day."""
    assert heard.understood is not None
    about = heard.understood.topic
    is_again = about is not None and not about.is_live and not heard.pressed
    return about.id if about and is_again and not _asks_nothing(dialogue, heard) else ""


def _unread(dialogue: Dialogue) -> Step:
    """Nothing to read in it: once it is asked for in words, then a person looks."""
    if dialogue.unsure:
        return _over("unreadable", Fired("unreadable", ""))
    return Step(Action.ASK, ("media",), unsure=True)


def _answered(dialogue: Dialogue, heard: Heard, setting: Setting) -> Step:
    understood = heard.understood
    assert understood is not None
    if chosen := _chosen(dialogue, heard):
        return Step(Action.ANSWER, entry=chosen, probability=1.0)
    if (helped := _verdict(dialogue, heard)) is not None:
        return _opinion(heard, helped=helped)
    if _shows(dialogue, heard):
        return Step(Action.ANSWER, entry=f"fact:{dialogue.checks.partition('_')[0]}", probability=1.0)
    if sure := understood.answer:
        return Step(Action.ANSWER, entry=sure.entry.id, probability=sure.probability)
    if dialogue.checks and _has_none(heard):
        return _over("identity", Fired("identity", heard.text[:100]))
    return _small_talk(dialogue, heard, understood) or _doubtful(understood, setting)


def _opinion(heard: Heard, *, helped: bool) -> Step:
    if helped:
        return Step(Action.ASK, ("glad",), helped=True)
    return _over("not_helped", Fired("not_helped", heard.text[:100]), helped=False)


def _small_talk(dialogue: Dialogue, heard: Heard, understood: Understanding) -> Step | None:
    if _greets(heard, understood):
        return Step(Action.ASK, ("how",) if not dialogue.greeted else ("here",))
    if cues.hesitates(heard.text, understood.language.code):
        return Step(Action.ASK, ("hesitate",))
    return None


def _doubtful(understood: Understanding, setting: Setting) -> Step:
    likely = understood.candidates[0].probability if understood.candidates else 0.0
    if setting.mode is Mode.HYBRID:
        return _over("unsure", Fired("unsure", ""), probability=likely)
    if likely >= ASKS:
        offered = understood.candidates[:CHOICES]
        return Step(Action.CHOICES, ("choices",), choices=offered, probability=likely, unsure=True)
    return Step(Action.ASK, ("unsure",), probability=likely, unsure=True)


def _chosen(dialogue: Dialogue, heard: Heard) -> str:
    """Which of the offered answers is meant: by the button, a number, or nothing else."""
    if heard.pressed in dialogue.choices:
        return heard.pressed
    if dialogue.pending != "choices":
        return ""
    words = [word for word in _key(heard.text).split() if word not in {"la", "el", "o", "a", "opcion", "the"}]
    place = ORDINALS.get(words[0]) if len(words) == 1 else None
    return dialogue.choices[place] if place is not None and place < len(dialogue.choices) else ""


def _shows(dialogue: Dialogue, heard: Heard) -> bool:
    """Whether he gives what he was asked for to know who he is: a number, or an address."""
    given = any(char.isdigit() or char == "@" for char in heard.text)
    return bool(dialogue.checks) and given and not heard.pressed


def _has_none(heard: Heard) -> bool:
    """Whether he says that he has not got what he was asked for: "no lo tengo", "perdí el folio"."""
    words = _key(heard.text).split()
    return len(words) <= MOST_OF_A_NO and not LACKS.isdisjoint(words)


def _verdict(dialogue: Dialogue, heard: Heard) -> bool | None:
    """What he says of the answer before; None where there was none, or where he asks something."""
    if dialogue.pending != "helped" or heard.understood is None:
        return None
    said = small_talk.opinion(heard.text, heard.understood.language.code)
    asks = heard.understood.answer is not None and not _greets(heard, heard.understood)
    return None if said and asks and not heard.pressed else said


def _greets(heard: Heard, understood: Understanding) -> bool:
    spoken = understood.language.code
    return cues.greets(heard.text, spoken) or small_talk.is_small_talk(heard.text, spoken)


def _asks_nothing(dialogue: Dialogue, heard: Heard) -> bool:
    """A greeting, thanks, an opinion of the answer, the choice of one, what was asked for, a hesitation."""
    if _shows(dialogue, heard) or _chosen(dialogue, heard) or _verdict(dialogue, heard) is not None:
        return True
    understood = heard.understood
    assert understood is not None
    return _greets(heard, understood) or cues.hesitates(heard.text, understood.language.code)


def repeats(dialogue: Dialogue, heard: Heard, step: Step) -> Step:
    """In place of an answer that was given word for word before: it did not help, so a person looks."""
    over = _over("repeated", Fired("repeated", heard.text[:100]), probability=step.probability)
    over = _judging(dialogue, heard, over, step.entry)
    _remember(dialogue, heard, over)
    return over


def wordless(heard: Heard, step: Step) -> Step:
    """In place of a step for which no words are left: thanks are answered by nothing, else a person looks."""
    understood = heard.understood
    if understood is None:
        return _over("unreadable", Fired("unreadable", ""))
    thanks = small_talk.opinion(heard.text, understood.language.code) and not step.is_question
    return step if thanks else _over("unsure", Fired("unsure", heard.text[:100]))


def _over(reason: str, *why: Fired, helped: bool | None = None, probability: float | None = None) -> Step:
    return Step(Action.HAND_OFF, reason=reason, fired=why, helped=helped, probability=probability)


def _remember(dialogue: Dialogue, heard: Heard, step: Step) -> None:
    if heard.understood is not None:
        dialogue.language = heard.understood.language.code
        dialogue.moods = [*dialogue.moods, _mood(heard.understood)][-MOST_HEARD:]
        if not heard.pressed and not _asks_nothing(dialogue, heard):
            dialogue.heard = [*dialogue.heard, _key(heard.text)][-MOST_HEARD:]
    dialogue.unsure = dialogue.unsure + 1 if step.unsure else 0
    dialogue.choices = [one.entry.id for one in step.choices]
    dialogue.pending = {Action.ANSWER: "helped", Action.CHOICES: "choices"}.get(step.action, "")
    if step.is_question:
        dialogue.in_row += 1
        dialogue.offered = [*dialogue.offered, *dialogue.choices]
    elif step.action is not Action.ASK:
        dialogue.in_row, dialogue.offered = 0, []
    if step.action is Action.ANSWER:
        dialogue.given = [*dialogue.given, step.entry]


def _mood(understood: Understanding) -> int:
    return MOODS.get(understood.mood, 0) if understood.mood_sure else 0


def _key(text: str) -> str:
    return " ".join(normalise.tokens(text))
