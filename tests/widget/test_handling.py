"""Pre-chat questions, keyboard, screen readers, phones, hostile texts and hosts."""

import gzip
import re
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from config.slim import slim
from tests.widget.driver import Widget
from tests.widget.standin import CHANNEL, WIDGET, Place, example


def asking(place: Place) -> None:
    place.chat.config["prechat"] = example("GET config/?lang=es")["prechat"]


def axe_findings(page: Page) -> list[str]:
    # The shop around it is a bare stage and not what is looked at.
    found = Axe().run(page, context="puente-chat").response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


def test_script_is_under_15_kb_gzipped() -> None:
    assert len(gzip.compress(slim(), 9, mtime=0)) < 15_000


def test_served_script_is_the_source_without_its_comments() -> None:
    whole = [line.strip() for line in WIDGET.read_text().splitlines()]
    left = [line for line in slim().decode().split("\n") if line]
    lines = [line if line in left else line.partition(" // ")[0] for line in whole]
    assert [line for line in lines if line in left] == left
    assert not any(line.startswith(("//", "/*")) or "; // " in line for line in left)


def test_every_text_used_is_in_the_protocol_and_the_other_way_round() -> None:
    source = WIDGET.read_text()
    chosen = {"open", "close", "sent", "read", "sending", "waiting", "failed"}
    used = set(re.findall(r'\bt\("(\w+)"', source)) | chosen
    assert used == set(example("GET config/?lang=es")["texts"])


def test_missing_texts_fall_back_to_english_words(page: Page, place: Place) -> None:
    place.chat.config["texts"] = {}
    page.goto(place.url)
    page.get_by_role("button", name="open").click()
    expect(page.get_by_role("button", name="send")).to_be_visible()


def test_prechat_asks_once_and_its_answers_go_with_the_first_message(widget: Widget) -> None:
    asking(widget.place)
    widget.visit().open()
    page = widget.page
    expect(page.get_by_label("¿Cómo te llamas?")).to_be_focused()
    expect(widget.text).to_be_hidden()
    page.get_by_label("Tu correo (optional)").fill("not an address")
    page.get_by_role("button", name="Start chat").click()
    expect(page.get_by_label("¿Cómo te llamas?")).to_be_focused()
    wrong = "Please check this answer."
    assert page.locator(".error").all_text_contents() == [wrong, wrong, "", ""]
    assert axe_findings(page) == []
    page.get_by_label("¿Cómo te llamas?").fill("  Ana ")
    page.get_by_label("Tu correo").fill("ana@example.com")
    page.get_by_label("¿De qué se trata?").select_option("order")
    page.get_by_role("button", name="Start chat").click()
    expect(widget.text).to_be_focused()
    widget.write("one").write("two")
    widget.wait(lambda: widget.place.chat.texts() == ["one", "two"])
    answers = [body.get("answers") for body in widget.place.chat.received]
    assert answers == [{"name": "Ana", "email": "ana@example.com", "phone": "", "reason": "order"}, None]
    widget.visit().shows("one", "two")
    expect(page.get_by_label("¿Cómo te llamas?")).to_have_count(0)


def test_prechat_is_skipped_when_the_visitor_is_known(page: Page, place: Place) -> None:
    asking(place)
    place.chat.known = True
    place.chat.visitor_tokens.add("old")
    page.goto(place.url)
    page.evaluate(
        "([key, token]) => { localStorage[key] = JSON.stringify(token) }", [f"puente:{CHANNEL}:token", "old"]
    )
    widget = Widget(page, place).visit().open()
    expect(widget.text).to_be_focused()
    assert place.chat.sessions == [{"token": "old"}]


def test_keyboard_opens_writes_and_closes(widget: Widget) -> None:
    page = widget.page
    widget.launcher.focus()
    page.keyboard.press("Enter")
    expect(widget.text).to_be_focused()
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    widget.shows("one\ntwo")
    expect(widget.text).to_have_value("")
    expect(widget.text).to_be_focused()
    page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()
    expect(widget.launcher).to_be_focused()


def test_tab_order_follows_what_is_seen(widget: Widget) -> None:
    page = widget.page
    widget.open().text.fill("x")
    widget.launcher.focus()
    order = []
    for _ in range(6):
        page.keyboard.press("Tab")
        order.append(widget.focused())
    assert order == ["round", "log", "round", "textarea", "go", "a"]


def test_tab_goes_round_on_a_phone_where_the_panel_is_modal(widget: Widget) -> None:
    page = widget.page
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    widget.open()
    box = widget.panel.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(widget.panel).to_have_attribute("aria-modal", "true")
    expect(widget.launcher).to_be_hidden()
    seen = set()
    for _ in range(8):
        page.keyboard.press("Tab")
        seen.add(widget.focused())
    assert seen == {"round", "log", "textarea", "a"}
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(widget.panel).to_have_attribute("aria-modal", "false")


def test_shortcuts_of_the_page_stay_silent_while_writing(widget: Widget) -> None:
    widget.page.evaluate(
        "() => { window.heard = []; addEventListener('keydown', (event) => heard.push(event.key)) }"
    )
    widget.open().text.press_sequentially("j/?")
    assert widget.page.evaluate("() => heard") == []


def test_composing_enter_does_not_send(widget: Widget) -> None:
    widget.open().text.fill("にほん")
    widget.text.evaluate(
        "(node) => node.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    expect(widget.text).to_have_value("にほん")
    assert widget.bubbles() == []


def test_dialog_and_log_are_named_and_polite(widget: Widget) -> None:
    widget.open()
    expect(widget.panel).to_have_accessible_name("Bicicletas Guadalajara")
    expect(widget.panel).to_have_accessible_description("Te responde una persona. Hoy hasta las 19:00.")
    log = widget.page.get_by_role("log", name="Conversation")
    expect(log).to_have_attribute("aria-live", "polite")


def test_new_message_does_not_move_the_focus(widget: Widget) -> None:
    widget.open().write("Hi").shows("Hi")
    widget.wait(lambda: len(widget.place.chat.streams) == 1)
    widget.page.get_by_role("link", name="Other").focus()
    widget.place.chat.say("Hello")
    widget.shows("Hi", "Hello")
    expect(widget.page.get_by_role("link", name="Other")).to_be_focused()


LOOKS = list(product(["light", "dark"], [390, 1280], ["#0b6e4f", "#ffd400"]))
QUICK = [("light", 390, "#ffd400"), ("dark", 1280, "#0b6e4f")]  # the others: `make test-slow`


@pytest.mark.parametrize(
    ("scheme", "width", "color"),
    [pytest.param(*look, marks=[] if look in QUICK else pytest.mark.slow) for look in LOOKS],
)
def test_axe_finds_nothing(browser: Browser, place: Place, scheme: str, width: int, color: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, locale="en-US", reduced_motion="reduce"
    )
    try:
        widget = Widget(context.new_page(), place)
        chat = place.chat
        chat.config["color"] = color
        widget.visit()
        assert axe_findings(widget.page) == []
        widget.open().write("Hi https://example.com/").shows("Hi https://example.com/")
        widget.wait(lambda: len(chat.streams) == 1)
        chat.say(
            "Hello", attachments=[{"name": "bill.pdf", "url": "/f", "size": 4821, "type": "application/pdf"}]
        )
        chat.say("It is closed.", "", **{"from": "system"})
        chat.say("I am the machine.", "Puentito", **{"from": "bot"})
        chat.ask_rating()
        widget.page.get_by_role("button", name="3 of 5").click()
        chat.plan = ["422"]
        widget.write("refused")
        expect(widget.page.locator(".loud")).to_be_visible()
        chat.publish("typing", {"name": "Laura", "on": True})
        expect(widget.page.locator(".typing")).to_be_visible()
        assert axe_findings(widget.page) == []
    finally:
        context.close()


HOSTILE = [
    '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>',
    "{{constructor.constructor('window.hacked=1')()}} ${window.hacked=1}",
    "👩‍👩‍👧‍👦 ¡Olé! 🏳️‍🌈",
    "مرحبا بالعالم \u202eoops",
    "a" * 3000,
    "{n} {name} {max}",
    "line\n\n\nline",
]


def test_hostile_texts_stay_texts_both_ways(widget: Widget) -> None:
    widget.open()
    for text in HOSTILE:
        widget.write(text)
    widget.shows(*HOSTILE)
    widget.wait(lambda: widget.place.chat.texts() == HOSTILE and len(widget.place.chat.streams) == 1)
    for text in HOSTILE:
        widget.place.chat.say(text, name=text[:80])
    widget.shows(*HOSTILE, *HOSTILE)
    assert widget.page.evaluate("() => window.hacked") is None
    inside = "(tag) => document.querySelector('puente-chat').shadowRoot.querySelectorAll(tag).length"
    assert widget.page.evaluate(inside, "img, script") == 0
    assert widget.page.locator(".log").evaluate("(log) => log.scrollWidth - log.clientWidth") == 0
    assert widget.complaints == []


def test_addresses_become_links_and_nothing_else_does(widget: Widget) -> None:
    widget.open()
    text = (
        "See https://a.example/x?q=1, (http://b.example/y). "
        "Not javascript:alert(1) nor http://, but https://w.example/a_(b)"
    )
    widget.write(text).shows(text)
    links = widget.page.locator(".own a").evaluate_all(
        "(all) => all.map((one) => [one.textContent, one.href])"
    )
    assert links == [
        ["https://a.example/x?q=1", "https://a.example/x?q=1"],
        ["http://b.example/y", "http://b.example/y"],
        ["https://w.example/a_(b)", "https://w.example/a_(b)"],
    ]


def test_too_long_text_is_kept_and_not_sent(widget: Widget) -> None:
    widget.open().text.fill("ñ" * 10_000)
    expect(widget.page.get_by_text("Too long: 10000 of 4000 characters.")).to_be_visible()
    expect(widget.page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    widget.text.press("Enter")
    assert widget.bubbles() == []
    widget.write("🚲" * 4000).shows("🚲" * 4000)


def test_draft_and_open_panel_follow_the_visitor_to_the_next_page(widget: Widget) -> None:
    widget.open().text.fill("half a tho")
    widget.page.goto(widget.place.url + "other")
    expect(widget.panel).to_be_visible()
    expect(widget.text).to_have_value("half a tho")
    assert widget.focused() == ""


def test_any_element_of_the_page_can_open_the_chat(widget: Widget) -> None:
    widget.page.get_by_role("link", name="Ask us").click()
    expect(widget.panel).to_be_visible()
    assert widget.page.url == widget.place.url


def test_strict_policy_and_loud_styles_of_the_page_do_no_harm(widget: Widget) -> None:
    widget.open()
    style = "(node) => [getComputedStyle(node).color, getComputedStyle(node).fontSize]"
    assert widget.page.locator("h2").evaluate(style) == ["rgb(29, 35, 32)", "16px"]
    assert widget.complaints == []


def test_snippet_twice_makes_one_chat(page: Page, place: Place) -> None:
    place.shop.copies = 2
    Widget(page, place).visit()
    page.wait_for_timeout(200)
    assert page.locator("puente-chat").count() == 1


def test_position_theme_and_colour_of_the_snippet(browser: Browser, place: Place) -> None:
    place.shop.attributes = (
        'data-position="left" data-theme="dark" data-color="#ffd400" data-language="pt-BR"'
    )
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    try:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        widget = Widget(page, place).visit().open()
        assert f"{place.chat_url}/w/{CHANNEL}/config/?lang=pt-BR" in asked
        box = widget.panel.bounding_box()
        assert box is not None
        assert box["x"] == 20
        look = "(node) => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]"
        assert widget.panel.evaluate(look)[0] == "rgb(25, 28, 27)"
        assert widget.launcher.evaluate(look) == ["rgb(255, 212, 0)", "rgb(0, 0, 0)"]
    finally:
        context.close()


def test_reduced_motion_stills_everything(browser: Browser, place: Place) -> None:
    context = browser.new_context(reduced_motion="reduce")
    try:
        widget = Widget(context.new_page(), place).visit().open()
        assert widget.panel.evaluate("(node) => getComputedStyle(node).animationName") == "none"
    finally:
        context.close()
