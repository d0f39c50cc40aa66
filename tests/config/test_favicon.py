"""The icon of browser tabs, also at the address that browsers guess."""

from django.contrib.staticfiles import finders
from django.test import Client


def test_guessed_address_leads_to_the_icon() -> None:
    response = Client().get("/favicon.ico")
    assert (response.status_code, response.headers["Location"]) == (302, "/static/img/favicon.ico")
    assert Client().post("/favicon.ico").status_code == 405


def test_icon_holds_three_sizes() -> None:
    path = finders.find("img/favicon.ico")
    assert isinstance(path, str)
    with open(path, "rb") as file:
        head = file.read(54)
    assert (head[:6], [head[6 + 16 * n] for n in range(3)]) == (b"\0\0\1\0\3\0", [16, 32, 48])


def test_pages_name_their_icons(db: None) -> None:
    page = Client().get("/login/").text
    assert [f"/static/img/{name}" in page for name in ("favicon.ico", "favicon.svg", "touch-icon.png")] == [
        True
    ] * 3
