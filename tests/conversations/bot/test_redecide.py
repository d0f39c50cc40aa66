"""What other rules would have made of kept decisions: pure."""

from dataclasses import replace

from conversations.bot.redecide import Change, Kept, Set, compare
from conversations.bot.rules import Rules

OLD = Set(Rules(), countries=("MX",))
ASKED = Kept("a", "¿Hacen envíos a Tepic?", "ask", is_unsure=True)
AGAIN = Kept("b", "hacen envios a tepic??", "hand_off", (("repeated", "hacen envios a tepic??"),))


def with_rules(**changes: object) -> Set:
    """The rules as they come, some changed."""
    return replace(OLD, rules=replace(Rules(), **changes))


def test_same_rules_change_nothing() -> None:
    assert compare([ASKED, AGAIN], OLD, OLD) is None


def test_rule_that_is_relaxed_leaves_it_with_the_bot() -> None:
    new = with_rules(repeated=3)
    assert compare([ASKED, AGAIN], OLD, new) == Change(
        AGAIN, is_more=False, rule="repeated", words=AGAIN.text
    )
    both = replace(AGAIN, fired=(*AGAIN.fired, ("unsure", AGAIN.text)))
    assert compare([ASKED, both], OLD, new) is None


def test_thanks_in_the_same_words_are_no_repetition() -> None:
    first = Kept("a", "¿Hacen envíos?", "answer", is_sure=True, topic="t")
    thanks = Kept("b", "sí, gracias", "ask", is_sure=True)
    assert compare([first, thanks, first, thanks], with_rules(repeated=None), with_rules(repeated=3)) is None


def test_third_question_in_a_row_is_not_asked_whatever_the_rule() -> None:
    old, new = with_rules(unsure=3), with_rules(unsure=None)
    over = replace(AGAIN, text="lo de mi primo", fired=(("unsure", "lo de mi primo"),))
    other = replace(ASKED, text="la cosa esa verde")
    assert compare([ASKED, other, over], old, new) is None
    assert compare([other, over], old, new) == Change(over, is_more=False, rule="unsure", words=over.text)


def test_answer_that_was_given_is_not_given_again_whatever_the_rule() -> None:
    first = Kept("a", "¿Hacen envíos?", "answer", is_sure=True, topic="t")
    again = replace(AGAIN, text="hacen envíos???", topic="t", is_sure=True)
    assert compare([first, again], OLD, with_rules(repeated=3)) is None


def test_rule_that_is_tightened_brings_a_person_sooner() -> None:
    found = compare([ASKED, AGAIN], OLD, with_rules(unsure=1))
    assert found == Change(ASKED, is_more=True, rule="unsure", words=ASKED.text)


def test_wish_complaint_and_balance_stay_whatever_the_rules() -> None:
    off = with_rules(repeated=None, unsure=None, mood=False, delicate=False, appointment_today=False)
    for fired in ((("asked", "con alguien"),), (("complaint", "x"),), (("unsure", ""),), ()):
        assert compare([replace(AGAIN, fired=fired)], OLD, off) is None


def test_labels_orders_and_words_of_the_business_are_asked_anew() -> None:
    said = Kept("c", "quiero un casco para mi niño, cuanto seria del tanque", "answer", is_sure=True,
                labels=frozenset({"vip"}), worth=900)  # fmt: skip
    assert compare([said], OLD, OLD) is None
    tried = [
        (with_rules(vip_labels=("vip",)), "vip"),
        (with_rules(high_value=900.0), "high_value"),
        (with_rules(high_value=901.0), ""),
        (with_rules(delicate_words=("tanque",)), "delicate"),
        (replace(OLD, words=("casco",)), "words"),
        (replace(OLD, words=("motocicleta",)), ""),
    ]
    for new, rule in tried:
        found = compare([said], OLD, new)
        assert (found.rule if found else "") == rule
