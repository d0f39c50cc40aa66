"""The place where a mail provider gives tokens (RFC 6749 §4.1.3 and §6, RFC 7636), checking what is sent."""

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

CLIENT_ID, CLIENT_SECRET = "client-1", "client-secret"


class TokenServer:
    """`give` is what it hands out; `refuses` and `broken` let it say no or nothing of use."""

    def __init__(self) -> None:
        self.challenge = self.redirect_uri = ""
        self.code, self.refresh = "code-1", "refresh-1"
        self.give: dict[str, Any] = {"access_token": "token-1", "refresh_token": "refresh-1"}
        self.lives = 3600
        self.refuses = ""
        self.broken = False
        self.asked: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                form = dict(parse_qsl(self.rfile.read(length).decode()))
                status, answer = outer.answer(form)
                content = b"<html>" if outer.broken else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_words: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/token"

    def __enter__(self) -> "TokenServer":
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def visited(self, url: str) -> str:
        """A person opens the address he was led to and says yes; returns the state to come back with."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        self.challenge, self.redirect_uri = asked["code_challenge"], asked["redirect_uri"]
        return asked["state"]

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Judge a request for a token."""
        self.asked.append(form)
        if self.refuses:
            return 400, {"error": self.refuses}
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        if form["grant_type"] == "authorization_code":
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            right = (self.code, self.redirect_uri, self.challenge)
            if (form["code"], form["redirect_uri"], challenge) != right:
                return 400, {"error": "invalid_grant"}
        elif form["refresh_token"] != self.refresh:
            return 400, {"error": "invalid_grant"}
        self.refresh = self.give.get("refresh_token", self.refresh)
        return 200, {"token_type": "Bearer", "expires_in": self.lives, **self.give}
