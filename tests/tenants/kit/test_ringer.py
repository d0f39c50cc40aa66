import threading

from tenants.kit.ringer import Ringer


def test_each_bell_is_rung_once_for_all_who_ask_while_a_round_lasts() -> None:
    ringer, rung, begun, go_on = Ringer(), [], threading.Event(), threading.Event()

    def first() -> None:
        rung.append("first")
        begun.set()
        go_on.wait(5)

    ringer.ask("first", first)
    assert begun.wait(5)
    for _number in range(3):
        ringer.ask("second", lambda: rung.append("second"))
    assert ringer.settle(0) is False
    go_on.set()
    assert ringer.settle(5) is True
    assert rung == ["first", "second"]


def test_what_is_asked_while_its_bell_rings_is_rung_again() -> None:
    ringer, rung = Ringer(), []

    def ring() -> None:
        rung.append(1)
        if len(rung) == 1:
            ringer.ask("bell", ring)

    ringer.ask("bell", ring)
    assert ringer.settle(5) is True
    assert rung == [1, 1]


def test_nothing_asked_is_settled() -> None:
    assert Ringer().settle(0) is True
