import re
from html.parser import HTMLParser

import pytest

from conversations.channels.email import markup

SAFE_TAGS = set(markup._TAGS)
VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.y/a.js></SCRIPT>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<img src='javascript:alert(1)'>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<img srcset='https://x.y/a.png 2x'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='cid:x'>x</a>",
    "<a href='/b/tienda/logout/'>x</a>",
    "<a href='puente-remote:https%3A%2F%2Fx'>x</a>",
    "<base href='https://x.y/'>",
    "<meta http-equiv=refresh content='0;url=https://x.y'>",
    "<link rel=stylesheet href='https://x.y/a.css'>",
    "<style>body{display:none}</style>",
    "<style>@import 'https://x.y/a.css';</style>",
    "<form action='https://x.y'><input name=a><button>x</button></form>",
    "<iframe src='https://x.y'></iframe>",
    "<object data='https://x.y'></object><embed src='https://x.y'>",
    "<div style='background:url(https://x.y/a.png)'>x</div>",
    "<div style='position:fixed;top:0'>x</div>",
    "<table background='https://x.y/a.png'><tr><td>x</td></tr></table>",
    "<video poster='https://x.y/a.png'><source src='https://x.y/a.mp4'></video>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
    "<p title='<img src=x onerror=alert(1)>'>x</p>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<template><img src=x onerror=alert(1)></template>",
    "<img/src='x'/onerror=alert(1)>",
    "<<img src=x onerror=alert(1)//<",
    "<a id=x name=y class=z target=_top href='https://x.y' onclick=alert(1)>x</a>",
]


class Reader(HTMLParser):
    """Collects tags and attributes of what a browser would be given."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("img", "br", "hr", "col", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("vector", VECTORS)
def test_sanitise_leaves_nothing_that_runs_or_fetches(vector: str) -> None:
    reader = Reader(markup.sanitise(f"<p>{vector}</p>{vector}"))
    assert reader.open == []
    for tag, attributes in reader.found:
        assert tag in SAFE_TAGS
        assert not [name for name in attributes if name.startswith("on") or name in ("id", "class", "name")]
        assert re.match(r"https?://|mailto:|tel:", attributes.get("href") or "https://")
        assert re.match(r"cid:|puente-remote:|data:image/png", attributes.get("src") or "cid:")
        assert not re.search(r"url|position|expression", attributes.get("style") or "")


def test_sanitise_keeps_what_people_write() -> None:
    html = (
        '<p style="color:red;text-align:center">Hola</p>'
        '<table width="100%"><tbody><tr><td colspan="2">1</td></tr></tbody></table>'
    )
    assert markup.sanitise(html) == html
    assert markup.sanitise('<a href="mailto:a@b.mx">x</a>') == (
        '<a href="mailto:a@b.mx" target="_blank" rel="noopener noreferrer nofollow">x</a>'
    )


def test_images_are_marked_and_rewritten() -> None:
    html = markup.sanitise(
        '<img src="cid:a%40b"><img src="https://x.y/a.png?b=1&amp;c=2"><img src="//x.y/b.png">'
        '<img src="data:image/png;base64,AAAA"><img src="c.png">'
    )
    assert html == (
        '<img src="cid:a%40b"><img src="puente-remote:https%3A%2F%2Fx.y%2Fa.png%3Fb%3D1%26c%3D2">'
        '<img src="puente-remote:https%3A%2F%2Fx.y%2Fb.png"><img src="data:image/png;base64,AAAA"><img>'
    )
    assert markup.content_ids(html) == {"a@b"}
    shown = markup.rewrite_images(
        html, inline={"a@b": '/f/1"x'}.get, remote={"https://x.y/a.png?b=1&c=2": "/proxy/1"}.get
    )
    assert shown == (
        '<img src="/f/1&quot;x"><img src="/proxy/1"><img><img src="data:image/png;base64,AAAA"><img>'
    )


def test_text_of_html_reads_well() -> None:
    html = (
        "<p>1. uno</p><p>- dos + 3 * x_y</p><blockquote>antes<br>ya</blockquote><table><tr><td>a<td>b</table>"
    )
    assert markup.to_text(markup.sanitise(html)) == "1. uno\n\n- dos + 3 * x_y\n\n> antes\n> ya\n\na b"
    assert markup.to_text('<a href="https://x.mx">ver</a>') == "[ver](https://x.mx)"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 300_000,
        "<blockquote>x" * 100_000,
        "".join(f"<p><b title={number}>x" for number in range(50_000)),
        "<div a='>' " + " ".join(f"a{number}" for number in range(150_000)) + ">",
        "<a b='" * 100_000,
        "<" * 1_000_000,
    ],
)
def test_html_built_to_choke_a_parser_stays_small(html: str) -> None:
    safe = markup.sanitise(html)
    assert len(safe) <= 2 * markup.MAX_HTML_CHARS
    assert len(markup.to_text(safe)) <= markup.MAX_HTML_CHARS
