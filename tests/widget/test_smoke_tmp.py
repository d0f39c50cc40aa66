from tests.widget.driver import Widget
from playwright.sync_api import expect

def test_a(widget: Widget) -> None:
    widget.open().write("hello").shows("hello")
    widget.wait(lambda: widget.states()==["Sent"], widget.states)
    widget.place.chat.say("hi")
    widget.shows("hello","hi")
    assert widget.complaints==[]
