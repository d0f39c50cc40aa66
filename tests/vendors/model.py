"""A server of a language model that speaks OpenAI's chat completions, refuses what they refuse, and lies.

python -m tests.vendors.model --port 9999

It answers everybody with a sentence of its own then, for looking at screens.
"""

import argparse
import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.vendors.stand_in import Answer, Call, handler_of

PATH = "/v1/chat/completions"
Said = Callable[[dict[str, Any]], Answer | None]
USAGE = {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150}


def completion(text: Any, **changes: Any) -> Answer:
    """A chat completion as it should be, but for what is changed."""
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    body = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    return Answer(200, {**body, "usage": USAGE} | changes)


def refusal(status: int, message: str, code: str = "", headers: dict[str, str] | None = None) -> Answer:
    """A refusal in OpenAI's shape."""
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code or None}
    return Answer(status, {"error": error}, headers=headers or {})


class ModelServer:
    """Use as a context manager. `said` is what it answers: a text, an Answer, or what makes one of a body."""

    def __init__(self, said: str | Answer | Said = "Claro, con gusto.", *, port: int = 0) -> None:
        self.said = said
        self.key, self.model, self.limit_name = "sk-secreto-de-prueba", "modelo-1", "max_tokens"
        self.slowness = 0.0
        self.trickles = False
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(handler_of(outer._answer)):  # type: ignore[misc]
            def do_POST(self) -> None:
                if not outer.trickles:
                    return self._handle()
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not outer._over.wait(0.05):
                    self.wfile.write(b"x")
                self.close_connection = True

            def handle(self) -> None:
                with suppress(OSError):  # the caller went away
                    super().handle()

        return Handler

    def _answer(self, call: Call) -> Answer | None:
        if call.path != PATH:
            return refusal(404, f"Invalid URL (POST {call.path})")
        self.keys.append(call.headers.get("authorization", ""))
        body = json.loads(call.body)
        if refused := self._refused(body):
            return refused
        self.asked.append(body)
        if self.slowness:
            self._over.wait(self.slowness)
        if isinstance(self.said, str):
            return completion(self.said)
        return self.said if isinstance(self.said, Answer) else self.said(body)

    def _refused(self, body: dict[str, Any]) -> Answer | None:
        if self.key and self.keys[-1] != f"Bearer {self.key}":
            return refusal(401, f"Incorrect API key provided: {self.keys[-1]}", "invalid_api_key")
        if body.get("model") != self.model:
            return refusal(404, f"The model `{body.get('model')}` does not exist", "model_not_found")
        other = next(name for name in ("max_tokens", "max_completion_tokens") if name != self.limit_name)
        if other in body:
            return refusal(
                400, f"Unsupported parameter: '{other}' is not supported with this model. Use"
                f" '{self.limit_name}' instead.", "unsupported_parameter",
            )  # fmt: skip
        roles = [message["role"] for message in body["messages"]]
        if roles != ["system", "user"] or {"tools", "functions"} & set(body) or body.get("stream"):
            return refusal(400, "Conversation roles must alternate user/assistant, and no tools.")
        return None


def main() -> None:
    """Serve for looking at screens."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=9999)
    parser.add_argument(
        "--says", default="Hola, con gusto te ayudo. Lo reviso con el taller y te aviso por aquí."
    )
    asked = parser.parse_args()
    with ModelServer(asked.says, port=asked.port) as server:
        server.slowness = 1.5
        print(server.base_url, server.model, server.key, flush=True)
        while True:
            time.sleep(3_600)


if __name__ == "__main__":
    main()
