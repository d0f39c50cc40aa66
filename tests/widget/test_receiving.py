"""What comes back is shown once, in order, also when streams break."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.driver import Widget
from tests.widget.standin import Place


def talking(widget: Widget) -> Widget:
    """Open, with a first message sent and come back, and the stream up."""
    widget.open().write("Hi").shows("Hi")
    widget.wait(lambda: len(widget.place.chat.streams) == 1)
    widget.wait(lambda: widget.kept_to_send() == 0)
    return widget


def test_repeated_events_show_once(widget: Widget) -> None:
    widget.place.chat.repeat_events = 3
    talking(widget)
    widget.place.chat.say("Hello")
    widget.place.chat.publish("resync", {})
    widget.page.wait_for_timeout(400)
    widget.shows("Hi", "Hello")


def test_reload_remembers_the_visitor_and_the_conversation(widget: Widget) -> None:
    talking(widget)
    widget.place.chat.say("Hello")
    widget.shows("Hi", "Hello")
    widget.visit().shows("Hi", "Hello")
    expect(widget.panel).to_be_visible()
    assert widget.place.chat.sessions == [{}, {"token": "visitor-1"}]
    assert widget.focused() == ""


def test_message_missed_by_a_broken_stream_is_read_afterwards(widget: Widget) -> None:
    chat = talking(widget).place.chat
    chat.hang_up()
    widget.wait(lambda: chat.streams == [])
    chat.say("While you were away")
    widget.shows("Hi", "While you were away")


def test_stream_resumes_after_the_last_event(widget: Widget) -> None:
    chat = talking(widget).place.chat
    asked: list[str] = []
    widget.page.on("request", lambda request: asked.append(request.url))
    chat.say("one")
    widget.shows("Hi", "one")
    last = chat.events
    chat.hang_up()
    widget.wait(lambda: any(f"/events/?since={last}" in url for url in asked), lambda: asked)


def test_token_is_in_no_address(widget: Widget) -> None:
    asked: list[str] = []
    widget.page.on("request", lambda request: asked.append(request.url))
    talking(widget).visit().shows("Hi")
    assert [url for url in asked if "visitor-1" in url] == []


def test_polling_takes_over_where_streams_fail(widget: Widget) -> None:
    chat = widget.place.chat
    chat.stream_plan = "refuse"
    chat.config["poll_seconds"] = 1
    widget.visit().open().write("Hi").shows("Hi")
    widget.wait(lambda: chat.stream_tries >= 3, seconds=15)
    chat.say("By polling")
    widget.shows("Hi", "By polling")
    assert chat.stream_tries == 3


def test_unread_badge_and_title_until_opened(widget: Widget) -> None:
    chat = talking(widget).place.chat
    widget.page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()
    chat.say("one")
    chat.say("two")
    expect(widget.badge).to_have_text("2")
    expect(widget.page).to_have_title("(2) Shop")
    expect(widget.launcher).to_have_accessible_name("Open chat New messages: 2")
    expect(widget.page.locator(".said, .veiled[role=status]")).to_have_text("New messages: 2")
    widget.launcher.click()
    expect(widget.badge).to_be_hidden()
    expect(widget.page).to_have_title("Shop")
    widget.wait(lambda: ("read/", {"upto": chat.messages[-1]["id"]}) in chat.small)


def test_unread_is_known_after_reload_and_closed_panel_listens_while_live(widget: Widget) -> None:
    chat = talking(widget).place.chat
    widget.page.keyboard.press("Escape")
    widget.page.goto("about:blank")
    chat.say("one")
    chat.live = True
    widget.visit()
    expect(widget.badge).to_have_text("1")
    widget.wait(lambda: len(chat.streams) == 1)
    chat.say("two")
    expect(widget.badge).to_have_text("2")


def test_closed_panel_keeps_no_stream_when_nothing_is_going_on(widget: Widget) -> None:
    chat = talking(widget).place.chat
    widget.page.keyboard.press("Escape")
    widget.page.goto("about:blank")
    widget.wait(lambda: chat.streams == [])
    before = chat.stream_tries
    widget.visit()
    widget.page.wait_for_timeout(500)
    assert chat.stream_tries == before


def test_reading_in_one_tab_clears_the_badge_of_the_other(context: BrowserContext, place: Place) -> None:
    one, two = Widget(context.new_page(), place).visit(), Widget(context.new_page(), place).visit()
    one.open().write("Hi").shows("Hi")
    one.page.keyboard.press("Escape")
    one.wait(lambda: len(place.chat.streams) == 1)
    place.chat.say("Hello")
    for tab in (one, two):
        expect(tab.badge).to_have_text("1")
    two.page.bring_to_front()
    two.open()
    expect(one.badge).to_be_hidden()


def test_typing_is_shown_and_told(widget: Widget) -> None:
    chat = talking(widget).place.chat
    chat.publish("typing", {"name": "Laura", "on": True})
    expect(widget.page.get_by_text("Laura is typing…")).to_be_visible()
    chat.say("Here you are")
    expect(widget.page.get_by_text("Laura is typing…")).to_have_count(0)
    widget.text.press_sequentially("abc")
    widget.wait(lambda: chat.small.count(("typing/", {})) == 1)
    widget.text.press_sequentially("def")
    assert chat.small.count(("typing/", {})) == 1


def test_read_receipt_changes_the_state(widget: Widget) -> None:
    chat = talking(widget).place.chat
    chat.publish("read", {"upto": chat.messages[0]["id"]})
    widget.wait(lambda: widget.states() == ["Read"], widget.states)


def test_presence_is_always_visible_and_follows_the_server(widget: Widget) -> None:
    chat = talking(widget).place.chat
    line = widget.page.locator(".presence")
    expect(line).to_have_text("Te responde una persona. Hoy hasta las 19:00.")
    chat.publish("status", {"presence": {"online": False, "text": "Back tomorrow at 9:00."}})
    expect(line).to_have_text("Back tomorrow at 9:00.")
    expect(line).not_to_have_class("presence on")


def test_long_history_comes_in_pages_and_the_place_is_kept(widget: Widget) -> None:
    chat = talking(widget).place.chat
    for number in range(119):
        chat.say(f"n{number}", announce=False, at=f"2026-01-02T10:{number // 60:02}:{number % 60:02}Z")
    widget.visit()
    widget.wait(lambda: len(widget.bubbles()) == 50, widget.bubbles)
    for expected in (100, 120):
        widget.page.get_by_role("button", name="Earlier messages").click()
        widget.wait(lambda count=expected: len(widget.bubbles()) == count)  # type: ignore[misc]
    expect(widget.page.get_by_role("button", name="Earlier messages")).to_have_count(0)
    assert widget.page.locator(".log").evaluate("(log) => log.scrollTop") > 100


def test_many_new_messages_after_a_gap_are_all_read(widget: Widget) -> None:
    chat = talking(widget).place.chat
    chat.page_size = 10
    for number in range(35):
        chat.say(f"n{number}", announce=False)
    chat.publish("resync", {})
    widget.shows("Hi", *[f"n{number}" for number in range(35)])


def test_server_that_always_promises_more_is_not_asked_for_ever(widget: Widget) -> None:
    chat = talking(widget).place.chat
    widget.page.wait_for_timeout(300)
    chat.always_more = True
    before = chat.reads
    chat.publish("resync", {})
    widget.wait(lambda: chat.reads > before)
    widget.page.wait_for_timeout(300)
    assert chat.reads == before + 1


def test_reader_further_up_is_not_pulled_down(widget: Widget) -> None:
    chat = talking(widget).place.chat
    for number in range(40):
        chat.say(f"line {number}")
    widget.wait(lambda: len(widget.bubbles()) == 41)
    log = widget.page.locator(".log")
    log.evaluate("(node) => { node.scrollTop = 0 }")
    widget.page.wait_for_timeout(100)
    chat.say("new one")
    jump = widget.page.locator(".jump")
    expect(jump).to_have_text("New messages: 1")
    assert log.evaluate("(node) => node.scrollTop") == 0
    jump.click()
    expect(jump).to_be_hidden()
    assert log.evaluate("(node) => node.scrollHeight - node.scrollTop - node.clientHeight") < 2


def test_day_names_and_groups(widget: Widget) -> None:
    chat = talking(widget).place.chat
    chat.say("old", at="2025-03-04T17:05:40Z")
    chat.say("now")
    widget.shows("old", "Hi", "now")
    days = widget.page.locator(".day").all_text_contents()
    assert days == ["Tuesday, March 4", "Today"]


def test_attachments_are_links_only_to_the_web(widget: Widget) -> None:
    chat = talking(widget).place.chat
    chat.say("files", attachments=[
        {"name": "bill.pdf", "url": "/files/1", "size": 48211, "type": "application/pdf"},
        {"name": "evil", "url": "javascript:alert(1)", "size": 1, "type": "text/html"},
    ])  # fmt: skip
    widget.shows("Hi", "files")
    files = widget.page.locator(".file")
    assert files.all_inner_texts() == ["bill.pdf\n48 kB", "evil\n1 kB"]
    addresses = files.evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    assert addresses == [f"{widget.place.chat_url}/files/1", None]
    assert files.first.get_attribute("rel") == "noopener noreferrer nofollow ugc"


def test_rating_takes_one_tap_then_an_optional_comment(widget: Widget) -> None:
    chat = talking(widget).place.chat
    chat.ask_rating()
    widget.page.get_by_role("button", name="4 of 5").click()
    widget.wait(lambda: ("rating/", {"token": "rate-1", "score": 4}) in chat.small, lambda: chat.small)
    expect(widget.page.get_by_text("Thank you!")).to_be_visible()
    assert widget.page.locator(".lit").count() == 4
    comment = widget.page.get_by_label("Would you tell us more? (optional)")
    comment.fill("Very kind")
    widget.page.get_by_role("button", name="Send comment").click()
    widget.wait(lambda: ("rating/", {"token": "rate-1", "score": 4, "comment": "Very kind"}) in chat.small)
    expect(comment).to_be_hidden()
    widget.visit()
    expect(widget.page.locator(".lit")).to_have_count(4)
    expect(widget.page.get_by_label("Would you tell us more? (optional)")).to_be_hidden()


def test_half_written_comment_stays_when_messages_arrive(widget: Widget) -> None:
    chat = talking(widget).place.chat
    chat.ask_rating()
    widget.page.get_by_role("button", name="2 of 5").click()
    comment = widget.page.get_by_label("Would you tell us more? (optional)")
    comment.fill("half a sen")
    chat.say("One more thing")
    widget.wait(lambda: "One more thing" in widget.bubbles())
    expect(comment).to_have_value("half a sen")
    expect(comment).to_be_focused()


def test_rating_that_failed_is_taken_back_and_said(widget: Widget) -> None:
    chat = talking(widget).place.chat
    chat.ask_rating()
    star = widget.page.get_by_role("button", name="5 of 5")
    expect(star).to_be_visible()
    chat.messages[-1]["rating"] = None
    star.click()
    expect(widget.page.get_by_text("No such question.")).to_be_visible()
    expect(widget.page.locator(".lit")).to_have_count(0)


def test_origin_not_admitted_shows_nothing(page: Page, place: Place) -> None:
    place.chat.origins = {"https://elsewhere.example"}
    page.goto(place.url)
    page.wait_for_timeout(500)
    assert page.locator("puente-chat").count() == 0
    assert page.get_by_role("heading", name="Shop").is_visible()


def test_buttons_of_the_last_message_are_pressed_and_gone(widget: Widget) -> None:
    chat = talking(widget).place.chat
    ways = [{"id": "yes", "title": "Yes, thanks"}, {"id": "person", "title": "Talk to a person"}]
    chat.say("Anything else?", buttons=ways)
    chat.say("Did that help?", buttons=ways)
    shown = widget.panel.locator(".ways button")
    expect(shown).to_have_text(["Yes, thanks", "Talk to a person"])
    with widget.page.expect_request("**/messages/") as sent:
        shown.nth(1).click()
    body = sent.value.post_data_json
    assert (body["text"], body["choice"]) == ("Talk to a person", "person")
    widget.shows("Hi", "Anything else?", "Did that help?", "Talk to a person")
    expect(shown).to_have_count(0)
    assert "log" in widget.focused()
