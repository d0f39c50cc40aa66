"""Who comes first and where a customer stands: pure."""

from datetime import UTC, datetime, timedelta

import pytest

from conversations.bot.balance import (
    PRESETS,
    Advice,
    Balance,
    Bought,
    Circumstances,
    History,
    Mode,
    Numbers,
    Row,
    Stage,
    advise,
    mode,
    stage_of,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def order(status: str, days: float, *, changed: float | None = None) -> Bought:
    """An order placed so many days ago."""
    at = NOW - timedelta(days=days)
    return Bought("W-1", status, at, NOW - timedelta(days=days if changed is None else changed))


@pytest.mark.parametrize(
    ("orders", "talks", "stage", "why"),
    [
        ([], 1, Stage.DISCOVERY, "new"),
        ([], 2, Stage.ENQUIRY, "talked_before"),
        ([order("placed", 2)], 1, Stage.PURCHASE, "placed"),
        ([order("placed", 20)], 1, Stage.DISCOVERY, "new"),
        ([order("shipped", 40)], 1, Stage.AFTER_SALE, "under_way"),
        ([order("delivered", 60, changed=5)], 1, Stage.AFTER_SALE, "just_over"),
        ([order("refunded", 60, changed=5)], 1, Stage.AFTER_SALE, "just_over"),
        ([order("delivered", 60), order("delivered", 90)], 1, Stage.ENQUIRY, "bought_before"),
        ([order("delivered", days) for days in (60, 90, 300)], 1, Stage.LOYALTY, "loyal"),
        ([order("delivered", days) for days in (400, 500, 600)], 1, Stage.ENQUIRY, "bought_before"),
        ([order("cancelled", days) for days in (60, 90, 300)], 1, Stage.DISCOVERY, "new"),
        ([order("delivered", 3), order("placed", 5)], 1, Stage.PURCHASE, "placed"),
    ],
)
def test_stage_is_read_from_the_history(orders: list[Bought], talks: int, stage: Stage, why: str) -> None:
    found = stage_of(History(tuple(orders), talks), NOW)
    assert (found.stage, found.why) == (stage, why)


def test_open_case_is_what_counts_most() -> None:
    found = stage_of(History((order("placed", 2),), 1, "Fisura en el cuadro"), NOW)
    assert (found.stage, found.values) == (Stage.AFTER_SALE, {"subject": "Fisura en el cuadro"})


def test_first_line_that_fits_says_who_comes_first() -> None:
    balance = Balance(
        Mode.HYBRID,
        (
            Row(Mode.PERSON, category="complaint", channel_kind="whatsapp"),
            Row(Mode.AUTOMATION, stage="discovery"),
            Row(Mode.PERSON, label="vip"),
            Row(Mode.PERSON, worth=1_000.0),
        ),
    )
    assert Balance.of(balance.kept()) == balance
    asked = [
        Circumstances(category="complaint", channel_kind="whatsapp", stage="discovery"),
        Circumstances(category="complaint", channel_kind="web", stage="discovery"),
        Circumstances(labels=frozenset({"vip"})),
        Circumstances(worth=1_000),
        Circumstances(worth=999),
    ]
    assert [mode(balance, one) for one in asked] == [
        (Mode.PERSON, 0), (Mode.AUTOMATION, 1), (Mode.PERSON, 2), (Mode.PERSON, 3), (Mode.HYBRID, None),
    ]  # fmt: skip
    assert balance.asks("stage")
    assert not Balance().asks("stage", "label", "worth")


def test_complaints_meet_a_person_first_in_every_trade() -> None:
    for preset in PRESETS.values():
        assert mode(preset, Circumstances(category="complaint"))[0] is Mode.PERSON
        assert Balance.of(preset.kept()) == preset


def test_numbers_speak_only_when_there_are_enough_and_they_say_something_else() -> None:
    few = Numbers("support", heard=29, handed_over=29)
    handed = Numbers("support", heard=40, handed_over=30)
    helped = Numbers("sales", heard=90, handed_over=10, answered=60, helped=38, not_helped=2)
    useless = Numbers("general", heard=90, answered=60, helped=18, not_helped=22)
    hybrid = Balance(Mode.HYBRID)
    assert advise([few], hybrid) == []
    assert advise([handed, helped, useless], hybrid) == [
        Advice(Row(Mode.PERSON, category="support"), "handed_over", 75, 40),
        Advice(Row(Mode.AUTOMATION, category="sales"), "helped", 95, 40),
    ]
    told = Balance(Mode.AUTOMATION, (Row(Mode.PERSON, category="support"),))
    assert [one.row.category for one in advise([handed, helped, useless], told)] == ["general"]
