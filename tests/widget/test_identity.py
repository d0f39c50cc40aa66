"""What the page may ask of the chat: who the visitor is, that he has logged out, to open."""

from playwright.sync_api import expect

from tests.widget.driver import Widget

ANA = {"id": "c-7", "email": "ana@example.com", "expires": 1_790_000_000, "signature": "f00"}
BOB = ANA | {"id": "c-8", "email": "bob@example.com"}


def call(widget: Widget, *words: object) -> None:
    widget.page.evaluate("words => window.puente(...words)", list(words))


def warnings(widget: Widget) -> list[str]:
    """What the console says from now on."""
    said: list[str] = []
    widget.page.on(
        "console", lambda message: said.append(message.text) if message.type == "warning" else None
    )
    return said


def test_identity_goes_to_the_server_unchanged_and_spares_the_questions(widget: Widget) -> None:
    chat = widget.place.chat
    chat.config["prechat"] = [
        {"name": "name", "label": "Name?", "type": "text", "required": True, "autocomplete": "name"}
    ]
    chat.known = True
    call(widget.visit(), "identify", ANA)
    widget.wait(lambda: len(chat.sessions) == 1)
    assert chat.sessions == [{"identity": ANA}]
    widget.open().write("Hi").shows("Hi")


def test_calls_made_before_the_script_came_are_kept(widget: Widget) -> None:
    widget.page.add_init_script(
        "window.puente = function () { (puente.q = puente.q || []).push(arguments) };"
        f"puente('identify', {{id: '{ANA['id']}', signature: 'f00', expires: 1}})"
    )
    widget.visit()
    widget.wait(lambda: len(widget.place.chat.sessions) == 1)
    assert widget.place.chat.sessions[0]["identity"] == {"id": "c-7", "signature": "f00", "expires": 1}


def test_wrong_signature_is_told_in_the_console_and_nowhere_else(widget: Widget) -> None:
    widget.place.chat.problem = "The signature does not fit."
    said = warnings(widget)
    call(widget.open(), "identify", ANA)
    widget.wait(lambda: said == ["Puente: identify is ignored: The signature does not fit."], lambda: said)
    widget.write("Hi").shows("Hi")


def test_log_out_forgets_everything_of_the_visitor(widget: Widget) -> None:
    chat = widget.place.chat
    call(widget.open(), "identify", ANA)
    widget.write("My secret").shows("My secret")
    widget.wait(lambda: widget.states() == ["Sent"], widget.states)
    call(widget, "logout")
    widget.shows()
    assert widget.page.evaluate("() => Object.keys(localStorage).filter(key => !key.endsWith('seen'))") == []
    chat.messages.clear()
    widget.write("Another person").shows("Another person")
    widget.wait(lambda: widget.states() == ["Sent"], widget.states)
    assert chat.sessions[-1].keys().isdisjoint({"identity", "token"})


def test_another_person_at_the_same_browser_begins_anew(widget: Widget) -> None:
    chat = widget.place.chat
    call(widget.open(), "identify", ANA)
    widget.write("My secret").shows("My secret")
    widget.wait(lambda: widget.states() == ["Sent"], widget.states)
    chat.messages.clear()
    call(widget, "identify", BOB)
    widget.wait(lambda: chat.sessions[-1] == {"identity": BOB}, lambda: chat.sessions)
    widget.shows()


def test_page_opens_the_chat_and_hears_of_what_there_is_not(widget: Widget) -> None:
    said = warnings(widget)
    call(widget.visit(), "open")
    expect(widget.panel).to_be_visible()
    call(widget, "dance")
    widget.wait(lambda: said == ['Puente: there is no "dance".'], lambda: said)


def test_message_that_waited_says_for_how_long(widget: Widget) -> None:
    chat = widget.place.chat
    chat.plan = ["500"] * 9
    widget.open().write("Written on the train")
    expect(widget.page.locator(".loud")).to_be_visible()
    widget.page.evaluate(
        "() => { const key = Object.keys(localStorage).find((one) => one.includes(':out:'));"
        " const item = JSON.parse(localStorage[key]); item.at -= 5400 * 1000;"
        " localStorage[key] = JSON.stringify(item) }"
    )
    chat.plan = []
    widget.visit()
    widget.wait(lambda: chat.texts() == ["Written on the train"])
    assert 5_400 <= chat.received[-1]["age"] < 5_460
    assert "age" not in chat.received[0]
