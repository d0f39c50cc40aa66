"""Nothing a visitor writes is lost or doubled, whatever the line and the server do."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.driver import Widget
from tests.widget.standin import Place


def ids(place: Place) -> list[str]:
    return [body["client_id"] for body in place.chat.received]


def all_sent(widget: Widget, count: int) -> None:
    widget.wait(lambda: widget.states() == ["Sent"] * count, widget.states)


def test_message_reaches_the_server_with_where_it_was_written(widget: Widget) -> None:
    widget.open().write("Do you have 29 inch tubes?").shows("Do you have 29 inch tubes?")
    all_sent(widget, 1)
    assert widget.place.chat.texts() == ["Do you have 29 inch tubes?"]
    body = widget.place.chat.received[0]
    assert body["page"] == {"url": widget.place.url, "title": "Shop", "referrer": ""}
    assert sorted(body) == ["client_id", "page", "text"]
    assert widget.complaints == []


def test_visitor_gets_no_identifier_before_writing(widget: Widget) -> None:
    widget.open()
    widget.page.wait_for_timeout(300)
    assert widget.place.chat.sessions == []
    assert widget.page.evaluate("() => localStorage.length") == 0
    widget.write("Hi").shows("Hi")
    all_sent(widget, 1)
    assert widget.place.chat.sessions == [{}]


def test_answer_arrives_live_with_the_agents_name(widget: Widget) -> None:
    widget.open().write("Hi").shows("Hi")
    widget.wait(lambda: len(widget.place.chat.streams) == 1)
    widget.place.chat.say("Hello, Laura here.")
    widget.shows("Hi", "Hello, Laura here.")
    assert widget.page.locator(".agent .name").all_text_contents() == ["Laura"]


def test_dropped_answer_is_sent_again_with_the_same_id(widget: Widget) -> None:
    widget.place.chat.plan = ["accept-drop", "accept-drop"]
    widget.place.chat.echo = False
    widget.place.chat.stream_plan = "cut"
    widget.open().write("Only once").shows("Only once")
    widget.wait(lambda: widget.place.chat.plan == [] and widget.states() == ["Sent"], widget.states)
    assert len(set(ids(widget.place))) == 1
    assert len(ids(widget.place)) >= 2
    assert widget.place.chat.texts() == ["Only once"]
    widget.shows("Only once")


def test_order_is_kept_through_failures(widget: Widget) -> None:
    widget.place.chat.plan = ["500", "drop", "slow", "500"]
    widget.open().write("one").write("two").write("three")
    all_sent(widget, 3)
    assert widget.place.chat.texts() == ["one", "two", "three"]
    widget.shows("one", "two", "three")


def test_failed_attempt_is_shown_and_tried_again_on_tap(widget: Widget) -> None:
    widget.place.chat.plan = ["500", "500"]
    widget.open().write("Patience")
    widget.page.get_by_role("button", name="Not sent yet. Try now").click()
    widget.wait(lambda: len(widget.place.chat.received) >= 2)
    all_sent(widget, 1)
    assert widget.place.chat.texts() == ["Patience"]


def test_too_many_requests_waits_as_told(widget: Widget) -> None:
    widget.place.chat.plan = ["429"]
    widget.open().write("first").write("second")
    expect(widget.page.get_by_role("button", name="Not sent yet. Try now").first).to_be_visible()
    widget.page.wait_for_timeout(400)
    assert len(widget.place.chat.received) == 1
    all_sent(widget, 2)
    assert widget.place.chat.texts() == ["first", "second"]


def test_refused_message_shows_the_reason_and_lets_the_next_one_pass(widget: Widget) -> None:
    widget.place.chat.plan = ["422"]
    widget.open().write("bad").write("good")
    widget.wait(lambda: widget.place.chat.texts() == ["good"])
    expect(widget.page.locator(".loud")).to_have_text("We cannot take this. Not sent. Try again")
    widget.page.get_by_role("button", name="Not sent. Try again").click()
    widget.wait(lambda: widget.place.chat.texts() == ["good", "bad"])
    all_sent(widget, 2)


def test_offline_message_leaves_when_the_line_is_back(widget: Widget, context: BrowserContext) -> None:
    widget.open()
    context.set_offline(True)
    expect(widget.page.get_by_text("No connection. We send it as soon as it is back.")).to_be_visible()
    widget.write("one").write("two").shows("one", "two")
    widget.page.wait_for_timeout(300)
    assert widget.place.chat.received == []
    context.set_offline(False)
    all_sent(widget, 2)
    assert widget.place.chat.texts() == ["one", "two"]


def test_waiting_message_survives_leaving_the_page(widget: Widget) -> None:
    widget.place.chat.plan = ["500"] * 3
    widget.open().write("Keep me")
    expect(widget.page.locator(".loud")).to_be_visible()
    widget.page.goto("about:blank")
    widget.place.chat.plan = []
    widget.visit()
    widget.wait(lambda: widget.place.chat.texts() == ["Keep me"])
    widget.shows("Keep me")
    assert len(set(ids(widget.place))) == 1


def test_accepted_but_not_yet_listed_message_stays_on_screen_after_reload(widget: Widget) -> None:
    chat = widget.place.chat
    widget.open().write("Hi")
    all_sent(widget, 1)
    chat.echo = False
    chat.accept = lambda body: None  # type: ignore[method-assign] -- the server's own work is late
    widget.write("Late")
    all_sent(widget, 2)
    widget.visit().shows("Hi", "Late")
    assert widget.states() == ["Sent", "Sent"]


def test_day_old_message_waits_for_the_visitors_word(widget: Widget) -> None:
    widget.place.chat.plan = ["500"] * 5
    widget.open().write("Yesterday's question")
    expect(widget.page.locator(".loud")).to_be_visible()
    widget.page.evaluate(
        "() => { const key = Object.keys(localStorage).find((one) => one.includes(':out:'));"
        " const item = JSON.parse(localStorage[key]); item.at -= 25 * 3600 * 1000;"
        " localStorage[key] = JSON.stringify(item) }"
    )
    before = len(widget.place.chat.received)
    widget.place.chat.plan = []
    widget.visit()
    expect(widget.page.get_by_role("button", name="Not sent. Try again")).to_be_visible()
    assert len(widget.place.chat.received) == before
    widget.page.get_by_role("button", name="Not sent. Try again").click()
    widget.wait(lambda: widget.place.chat.texts() == ["Yesterday's question"])


def test_refused_token_is_replaced_and_the_message_sent(widget: Widget) -> None:
    widget.open().write("one")
    all_sent(widget, 1)
    widget.place.chat.visitor_tokens.clear()
    widget.write("two")
    widget.wait(lambda: widget.place.chat.texts() == ["one", "two"])
    assert len(widget.place.chat.sessions) == 2


def test_two_tabs_share_queue_stream_and_reading(context: BrowserContext, place: Place) -> None:
    one = Widget(context.new_page(), place).visit().open().write("from one").shows("from one")
    one.wait(lambda: len(place.chat.streams) == 1)
    two = Widget(context.new_page(), place).visit().open().shows("from one")
    place.chat.plan = ["500", "500"]
    one.write("a")
    two.write("b")
    one.wait(lambda: sorted(place.chat.texts()) == ["a", "b", "from one"], place.chat.texts)
    assert place.chat.texts() == ["from one", "a", "b"]
    assert place.chat.sessions == [{}, {"token": "visitor-1"}]
    assert len(place.chat.streams) == 1
    place.chat.say("to both")
    for tab in (one, two):
        tab.shows("from one", "a", "b", "to both")
    one.page.close()
    two.wait(lambda: len(place.chat.streams) == 1 and place.chat.stream_tries >= 2, seconds=15)
    place.chat.say("and still")
    two.shows("from one", "a", "b", "to both", "and still")


def test_many_messages_from_two_tabs_are_each_sent_once(context: BrowserContext, place: Place) -> None:
    tabs = [Widget(context.new_page(), place).visit().open() for _ in range(2)]
    place.chat.plan = ["accept-drop", "500", "accept-drop", "ok", "drop", "accept-drop"]
    for number in range(4):
        for name, tab in zip("ab", tabs, strict=True):
            tab.write(f"{name}{number}")
    tabs[0].wait(lambda: len(place.chat.texts()) == 8, place.chat.texts, seconds=25)
    tabs[0].page.wait_for_timeout(500)
    assert place.chat.sessions == [{}]
    assert sorted(place.chat.texts()) == sorted(f"{name}{number}" for name in "ab" for number in range(4))
    for name in "ab":
        mine = [text for text in place.chat.texts() if text[0] == name]
        assert mine == [f"{name}{number}" for number in range(4)]
    for tab in tabs:
        tab.wait(lambda tab=tab: tab.bubbles() == place.chat.texts(), tab.bubbles)  # type: ignore[misc]


def test_without_storage_the_chat_works_in_memory(page: Page, place: Place) -> None:
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    widget = Widget(page, place).visit()
    place.chat.plan = ["500"]
    widget.open().write("one").write("two").shows("one", "two")
    all_sent(widget, 2)
    assert place.chat.texts() == ["one", "two"]
    assert widget.complaints == []


def test_full_storage_still_sends(page: Page, place: Place) -> None:
    page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"
    )
    widget = Widget(page, place).visit()
    widget.open().write("one").shows("one")
    all_sent(widget, 1)
    place.chat.say("hello")
    widget.shows("one", "hello")


def test_plain_http_page_without_locks_works(page: Page) -> None:
    place = Place("shop.test")
    try:
        widget = Widget(page, place).visit()
        assert page.evaluate("() => [isSecureContext, !!navigator.locks]") == [False, False]
        place.chat.plan = ["500"]
        widget.open().write("one").write("two")
        all_sent(widget, 2)
        place.chat.say("hello")
        widget.shows("one", "two", "hello")
    finally:
        place.close()
