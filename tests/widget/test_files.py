"""What a visitor hands in, and the pictures he gets."""

import pytest
from playwright.sync_api import FilePayload, expect

from tests.widget.driver import Widget
from tests.widget.standin import PICTURE


def named(name: str, size: int = 0) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": PICTURE + b"\0" * size}


def choose(widget: Widget, *files: FilePayload) -> None:
    widget.page.locator("input[type=file]").set_input_files(list(files))


@pytest.fixture
def chat(widget: Widget) -> Widget:
    return widget.open()


def test_limits_are_said_before_anything_is_chosen(chat: Widget) -> None:
    expect(chat.page.get_by_role("button", name="Attach a file, up to 10 MB")).to_be_visible()
    accepted = chat.page.locator("input[type=file]").get_attribute("accept")
    assert accepted == "image/*,audio/*,video/*,.pdf,.txt"


def test_file_goes_with_the_message_and_is_shown_in_it(chat: Widget) -> None:
    choose(chat, named("ola ñ.png"))
    expect(chat.page.locator(".chip")).to_have_text("ola ñ.png")
    chat.write("Look").shows("Look")
    chat.wait(lambda: len(chat.place.chat.received) == 1)
    assert chat.place.chat.received[0]["files"] == ["file-0"]
    assert chat.place.chat.files["file-0"] == ("ola ñ.png", PICTURE)
    expect(chat.page.locator(".own .file")).to_have_text("ola ñ.png1 kB")
    expect(chat.page.locator(".chip")).to_have_count(0)
    assert chat.complaints == []


def test_file_alone_is_a_message(chat: Widget) -> None:
    go = chat.page.get_by_role("button", name="Send")
    expect(go).to_be_disabled()
    choose(chat, named("a.png"), named("b.png"))
    expect(go).to_be_enabled()
    go.click()
    chat.wait(lambda: chat.place.chat.texts() == [""])
    names = [chat.place.chat.files[key][0] for key in chat.place.chat.received[0]["files"]]
    assert names == ["a.png", "b.png"]


def test_removed_file_does_not_go(chat: Widget) -> None:
    choose(chat, named("a.png"), named("b.png"))
    chat.page.get_by_role("button", name="Remove a.png").click()
    expect(chat.page.locator(".chip")).to_have_text(["b.png"])
    expect(chat.text).to_be_focused()
    chat.write("Only b")
    chat.wait(lambda: chat.place.chat.texts() == ["Only b"])
    [kept] = chat.place.chat.received[0]["files"]
    assert chat.place.chat.files[kept][0] == "b.png"


def test_too_large_or_too_many_are_said_and_not_handed_in(chat: Widget) -> None:
    chat.place.chat.config["attachments"] = {"max_size": 1000, "max_files": 1, "accept": ""}
    chat.visit()
    choose(chat, named("huge.png", 1_000))
    expect(chat.page.locator(".line")).to_have_text("huge.png is too large: at most 0.001 MB.")
    choose(chat, named("a.png"), named("b.png"))
    expect(chat.page.locator(".line")).to_have_text("At most 1 files in one message.")
    chat.wait(lambda: len(chat.place.chat.files) == 1)
    expect(chat.page.locator(".chip")).to_have_text(["a.png"])


def test_refused_file_says_why_and_broken_line_can_be_tried_again(chat: Widget) -> None:
    chat.place.chat.file_plan = ["422", "drop", "drop", "drop"]  # browsers try a broken line again
    choose(chat, named("a.exe"))
    expect(chat.page.locator(".chip.error")).to_have_text("This kind of file cannot be sent here.")
    expect(chat.page.get_by_role("button", name="Send")).to_be_disabled()
    chat.page.get_by_role("button", name="Remove a.exe").click()
    choose(chat, named("b.png"))
    again = chat.page.get_by_role("button", name="b.png could not be handed in. Try again.")
    expect(again).to_be_visible()
    chat.place.chat.file_plan = []
    again.click()
    expect(chat.page.locator(".chip:not(.error)")).to_have_text(["b.png"])
    expect(chat.page.get_by_role("button", name="Send")).to_be_enabled()


def test_visitor_without_a_token_gets_one_and_a_refused_one_is_replaced(chat: Widget) -> None:
    choose(chat, named("a.png"))
    chat.wait(lambda: len(chat.place.chat.files) == 1)
    chat.place.chat.visitor_tokens.clear()
    choose(chat, named("b.png"))
    chat.wait(lambda: len(chat.place.chat.files) == 2)
    assert len(chat.place.chat.sessions) == 2


def test_questions_that_were_answered_are_not_asked_again_after_a_file(chat: Widget) -> None:
    asked = {"name": "name", "label": "Name?", "type": "text", "required": True, "autocomplete": "name"}
    chat.place.chat.config["prechat"] = [asked]
    chat.visit()
    chat.page.get_by_label("Name?").fill("Ana")
    chat.page.get_by_role("button", name="Start chat").click()
    choose(chat, named("a.png"))
    chat.wait(lambda: len(chat.place.chat.files) == 1)
    expect(chat.page.locator(".chip")).to_have_text("a.png")
    chat.write("Look")
    chat.wait(lambda: [body["answers"] for body in chat.place.chat.received] == [{"name": "Ana"}])


def test_picture_of_an_agent_is_drawn_and_opens_the_large_one(chat: Widget) -> None:
    chat.write("Hi").shows("Hi")
    chat.wait(lambda: len(chat.place.chat.streams) == 1)
    picture = {"name": "bike.png", "url": "/bike.png", "size": 9, "type": "image/png", "small": "/small.png"}
    broken = picture | {"name": "gone.png", "small": "/nowhere.png"}
    chat.place.chat.say("Here", attachments=[picture, broken])
    canvas = chat.page.get_by_role("img", name="bike.png")
    expect(canvas).to_be_visible()
    assert canvas.evaluate("node => [...node.getContext('2d').getImageData(1, 0, 1, 1).data]") == [
        255,
        0,
        0,
        255,
    ]
    links = chat.page.locator("a.file")
    assert links.nth(0).get_attribute("href") == f"{chat.place.chat_url}/bike.png"
    expect(links.nth(1)).to_have_text("gone.png1 kB")


def test_channel_without_files_offers_none(chat: Widget) -> None:
    chat.place.chat.config["attachments"] = False
    chat.visit()
    expect(chat.page.locator(".box .round")).to_be_hidden()
