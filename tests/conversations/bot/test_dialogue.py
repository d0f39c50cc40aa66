"""What the bot does next, from understandings made by hand: no encoder, no database."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from conversations.bot.balance import Mode
from conversations.bot.dialogue import (
    PERSON,
    Action,
    Check,
    Dialogue,
    Heard,
    Setting,
    Step,
    check,
    decide,
    repeats,
)
from conversations.bot.language import Language
from conversations.bot.lexicon import Hit
from conversations.bot.lexicon_words import Kind
from conversations.bot.retrieve import Entry
from conversations.bot.rules import Rules
from conversations.bot.understand import Candidate, Understanding
from conversations.bot.wishes import Wish

NOTHING = Understanding(
    text="", language=Language("es", 1.0, read=True), category="general", categories={}, urgency="normal",
    urgencies={}, mood="neutral", moods={}, mood_sure=True, confusion=0.0, frustration=0.0, wish=Wish.NO,
    wish_words="", wish_probability=0.0, hits=(), complaint=0.0, escalates=False,
)  # fmt: skip
PATIENT = Rules(unsure=None)
RETURNS = Hit("devolucion", Kind.RETURN, "devoluciones", harmless=True)


def likely(*names: str, at: float = 0.4) -> tuple[Candidate, ...]:
    """Answers that may be meant, all as likely."""
    return tuple(Candidate(Entry(name, (name,), f"Answer {name}."), at) for name in names)


def heard(text: str, *, sure: str = "", pressed: str = "", **seen: Any) -> Heard:
    """A message, understood as said; `sure` is the answer that is surely meant."""
    if sure:
        seen["candidates"] = likely(sure, at=0.95)
    return Heard(text, replace(NOTHING, text=text, **seen), pressed=pressed)


@dataclass
class Talk:
    """A conversation with the bot."""

    setting: Setting = field(default_factory=Setting)
    dialogue: Dialogue = field(default_factory=Dialogue)

    def hears(self, text: str, **seen: Any) -> Step:
        return decide(self.dialogue, heard(text, **seen), self.setting)


def rules(**changes: Any) -> Talk:
    """A conversation under rules of which some are changed."""
    return Talk(Setting(rules=replace(Rules(), **changes)))


@pytest.mark.parametrize("thanks", ["sí gracias", "muchas gracias", "Sí, muchas gracias por la ayuda"])
def test_who_thanks_twice_in_the_same_words_is_not_asking_again(thanks: str) -> None:
    talk = Talk()
    steps = [
        talk.hears("¿a qué hora abren?", sure="hours"),
        talk.hears(thanks, candidates=likely("hours", "place")),
        talk.hears("¿dónde están ustedes?", sure="place"),
        talk.hears(thanks, candidates=likely("hours", "place")),
    ]
    assert [(step.action, step.helped) for step in steps] == [(Action.ANSWER, None), (Action.ASK, True)] * 2


def test_greetings_in_the_same_words_are_not_asking_again() -> None:
    talk = Talk()
    for _time in range(4):
        assert talk.hears("hola, buenas tardes").action is Action.ASK
    assert talk.dialogue.heard == []
    assert talk.hears("¿a qué hora abren?", sure="hours").action is Action.ANSWER


def test_the_same_question_in_the_same_words_is_for_a_person() -> None:
    talk = Talk(Setting(rules=PATIENT))
    assert talk.hears("¿hacen envíos a Tepic?").action is Action.ASK
    assert talk.hears("hacen envios a tepic").reason == "repeated"
    talk = Talk()
    talk.hears("¿a qué hora abren?", sure="hours")
    assert talk.hears("y los sábados a qué hora", sure="hours").reason == "repeated"


def test_thanks_before_a_question_do_not_hide_it() -> None:
    talk = Talk()
    talk.hears("¿a qué hora abren?", sure="hours")
    step = talk.hears("ok y hacen envios", sure="shipping")
    assert (step.action, step.entry, step.helped) == (Action.ANSWER, "shipping", None)


def test_instead_of_a_third_question_in_a_row_a_person_looks() -> None:
    talk = Talk(Setting(rules=PATIENT))
    steps = [talk.hears(text) for text in ("lo del otro día", "hola?", "la cosa esa verde", "para mi primo")]
    assert [step.say or step.reason for step in steps] == [("unsure",), ("how",), ("unsure",), "unsure"]
    assert steps[-1].action is Action.HAND_OFF
    talk = Talk(Setting(rules=replace(PATIENT, unsure=10)))
    same = likely("price", "time")
    steps = [talk.hears(text, candidates=same) for text in ("lo del envío", "el envío ese", "un envío")]
    assert [step.action for step in steps] == [Action.CHOICES, Action.CHOICES, Action.HAND_OFF]


def test_who_asks_something_else_begins_a_new_row() -> None:
    talk = rules(unsure=None, repeated=None)
    talk.hears("lo del envío", candidates=likely("price", "time"))
    talk.hears("la cosa esa verde")
    assert talk.hears("lo de pagar", candidates=likely("cash", "card")).action is Action.CHOICES
    assert talk.hears("o lo del envío", candidates=likely("price", "time")).action is Action.CHOICES
    assert talk.hears("o lo de pagar", candidates=likely("cash", "card")).reason == "unsure"
    talk = Talk(Setting(rules=PATIENT))
    for text in ("lo del otro día", "la cosa esa verde"):
        talk.hears(text)
    talk.hears("¿a qué hora abren?", sure="hours")
    assert (talk.dialogue.in_row, talk.hears("lo de mi primo").action) == (0, Action.ASK)


def test_who_somebody_is_is_asked_in_two_questions() -> None:
    asked = [
        Check("order_number", "identity"), Check("order_owner", "identity_owner", "W-1043"),
        Check("order_number", "identity_wrong", is_refused=True),
    ]  # fmt: skip
    for before in ((), ("lo del otro día", "la cosa esa verde")):
        talk = rules(unsure=None)
        for text in before:
            talk.hears(text)
        steps = [check(talk.dialogue, heard(text), one) for text, one in zip("abc", asked, strict=True)]
        assert [step.action for step in steps] == [Action.ASK, Action.ASK, Action.HAND_OFF]
        assert (steps[-1].reason, talk.dialogue.facts) == ("identity", {"order": "W-1043"})


def test_contradiction_in_a_whole_sentence_is_no_help() -> None:
    for text in ("no, eso no es lo que pregunté", "eso no me sirve, no respondiste", "no"):
        talk = Talk()
        talk.hears("¿a qué hora abren?", sure="hours")
        step = talk.hears(text)
        assert (step.reason, step.helped) == ("not_helped", False), text
        assert Talk().hears(text).helped is None, text


def test_contradiction_is_kept_whatever_else_it_leads_to() -> None:
    for seen, reason in (
        ({"wish": Wish.INDIRECT}, "asked"),
        ({"escalates": True}, "complaint"),
        ({"mood": "angry", "frustration": 0.8}, "mood"),
    ):
        talk = Talk()
        talk.hears("¿a qué hora abren?", sure="hours")
        step = talk.hears("no, eso no es lo que pregunté", **seen)
        assert (step.reason, step.helped) == (reason, False)


def test_who_asks_again_what_was_just_answered_doubts_the_answer() -> None:
    talk = Talk()
    talk.hears("¿a qué hora abren?", sure="hours")
    step = talk.hears("¿a qué hora abren?", sure="hours")
    assert (step.reason, step.helped, step.doubts) == ("repeated", None, True)
    talk = Talk()
    talk.hears("¿a qué hora abren?", sure="hours")
    talk.hears("¿dónde están ustedes?", sure="place")
    step = talk.hears("¿a qué hora abren?", sure="hours")
    assert (step.reason, step.doubts) == ("repeated", False)
    for entry, doubts in (("place", True), ("hours", False)):
        talk = Talk()
        talk.hears("¿dónde están ustedes?", sure="place")
        message = heard("¿y cómo llego en camión?", sure=entry)
        over = repeats(talk.dialogue, message, Step(Action.ANSWER, entry=entry))
        assert (over.reason, over.doubts) == ("repeated", doubts)


@pytest.mark.parametrize(
    ("text", "language"),
    [("lo voy a pensar", "es"), ("mmm está muy caro", "es"), ("vou pensar", "pt"), ("let me think", "en")],
)
def test_who_hesitates_is_offered_a_person(text: str, language: str) -> None:
    step = Talk().hears(text, language=Language(language, 1.0, read=True))
    assert (step.action, step.say) == (Action.ASK, ("hesitate",))


@pytest.mark.parametrize(
    ("text", "say", "reason", "helped"),
    [
        ("sí", ("glad",), "", True),
        ("valeu", ("glad",), "", True),
        ("thanks!", ("glad",), "", True),
        ("no", (), "not_helped", False),
        ("nop, nada", (), "not_helped", False),
        ("não", (), "not_helped", False),
        ("¿no?", ("unsure",), "", None),
    ],
)
def test_what_he_says_of_an_answer(text: str, say: tuple[str, ...], reason: str, helped: bool | None) -> None:
    talk = Talk()
    talk.hears("¿a qué hora abren?", sure="hours")
    step = talk.hears(text)
    assert (step.say, step.reason, step.helped) == (say, reason, helped)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("1", "a"), ("la segunda", "b"), ("opción 2", "b"), ("o terceiro", "c"), ("the third", "c"),
        ("tres", "c"), ("4", ""), ("1 o 2", ""),
    ],
)  # fmt: skip
def test_choice_by_number_or_ordinal(text: str, entry: str) -> None:
    talk = Talk()
    talk.hears("lo del envío", candidates=likely("a", "b", "c"))
    assert talk.hears(text).entry == entry
    assert Talk().hears(text).entry == ""


def test_choice_by_button() -> None:
    talk = Talk()
    talk.hears("lo del envío", candidates=likely("a", "b", "c"))
    step = talk.hears("¿Cuánto tarda?", pressed="b")
    assert (step.action, step.entry, step.probability) == (Action.ANSWER, "b", 1.0)


def test_word_in_a_question_about_the_policy_is_as_the_business_wants() -> None:
    step = Talk().hears("¿política de devoluciones?", sure="returns", hits=(RETURNS,))
    assert (step.action, step.entry) == (Action.ANSWER, "returns")
    over = Talk(Setting(hand_off_harmless=True)).hears("¿devoluciones?", sure="returns", hits=(RETURNS,))
    assert (over.reason, [one.words for one in over.fired]) == ("words", ["devoluciones"])
    meant = replace(RETURNS, harmless=False)
    assert Talk().hears("quiero mi devolución", sure="returns", hits=(meant,)).reason == "words"


@pytest.mark.parametrize(
    ("moods", "frustration", "is_over"),
    [
        (["neutral", "negative"], 0.0, False),
        (["negative", "negative"], 0.0, True),
        (["angry"], 0.0, False),
        (["positive", "angry"], 0.0, False),
        (["neutral", "angry"], 0.0, True),
        (["negative", "neutral"], 0.9, False),
        (["negative"], 0.6, True),
        (["negative"], 0.5, False),
    ],
)
def test_mood_that_sinks_brings_a_person(moods: list[str], frustration: float, is_over: bool) -> None:
    for switched_on in (True, False):
        talk = rules(mood=switched_on)
        for number, mood in enumerate(moods):
            now = frustration if number == len(moods) - 1 else 0.0
            step = talk.hears(f"pregunta {number}", sure=f"a{number}", mood=mood, frustration=now)
        assert (step.reason == "mood") is (is_over and switched_on)


def test_mood_that_is_not_sure_counts_for_nothing() -> None:
    talk = Talk()
    for number in range(3):
        step = talk.hears(f"qué lindo {number}", sure=f"a{number}", mood="angry", mood_sure=False)
    assert step.action is Action.ANSWER


@pytest.mark.parametrize(
    ("changes", "sure", "reason"),
    [
        ({"is_vip": True}, "hours", "vip"),
        ({"worth": 900.0, "rules": Rules(high_value=900.0)}, "hours", "high_value"),
        ({"worth": 899.0, "rules": Rules(high_value=900.0)}, "hours", ""),
        ({"has_appointment_today": True}, "hours", ""),
        ({"has_appointment_today": True}, "", "appointment_today"),
        ({"has_appointment_today": True, "rules": Rules(appointment_today=False)}, "", ""),
        ({"mode": Mode.PERSON}, "hours", "person_first"),
        ({"mode": Mode.HYBRID}, "hours", ""),
        ({"mode": Mode.HYBRID}, "", "unsure"),
    ],
)
def test_what_is_known_of_him_decides_who_comes_first(
    changes: dict[str, Any], sure: str, reason: str
) -> None:
    assert Talk(Setting(**changes)).hears("¿a qué hora abren?", sure=sure).reason == reason


def test_wish_comes_before_words_and_words_before_rules() -> None:
    talk = Talk(Setting(is_vip=True))
    meant = (replace(RETURNS, harmless=False),)
    assert talk.hears("una persona, devoluciones", hits=meant, wish=Wish.DIRECT).reason == "asked"
    assert talk.hears("devoluciones", hits=meant, escalates=True).reason == "words"
    assert talk.hears("me trataron mal", escalates=True).reason == "complaint"
    assert talk.hears("tengo alergia").fired[0].rule == "vip"
    assert [one.rule for one in talk.hears("tengo una alergia").fired][:2] == ["vip", "delicate"]


def test_what_cannot_be_read_is_asked_for_once() -> None:
    dialogue, voice = Dialogue(), Heard("", None, media="voice")
    assert decide(dialogue, voice, Setting()).say == ("media",)
    assert decide(dialogue, voice, Setting()).reason == "unreadable"
    assert decide(Dialogue(), replace(voice, pressed=PERSON), Setting()).reason == "asked"
