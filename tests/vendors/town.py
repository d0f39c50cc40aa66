"""Every vendor at once, behind one door: for the simulator and for the kill tests."""

import threading
from collections.abc import Callable, Collection
from contextlib import ExitStack
from http.server import ThreadingHTTPServer

from tests.vendors.everyone import STAND_INS
from tests.vendors.stand_in import Answer, Call, StandIn, handler_of


class Town:
    """All stand-ins, running, and the variables that make the adapters of an installation call them."""

    def __init__(self, stack: ExitStack) -> None:
        self.vendors: dict[str, StandIn] = {
            kind: stack.enter_context(make()) for kind, make in STAND_INS.items()
        }
        door = serve(stack, _whoever_knows(self.vendors.values()))
        self.env = {"PUENTE_OUTBOUND_ALLOWED": "127.0.0.1/32"}
        for vendor in self.vendors.values():
            vendor.seen_as, vendor.is_simulated = door, True
            found = vendor.django_settings().items()
            self.env |= {f"PUENTE_{name}": value for name, value in found if isinstance(value, str)}


def _whoever_knows(vendors: Collection[StandIn]) -> Callable[[Call], Answer | None]:
    """One door for all vendors, some of which are called at the same address: whoever knows what is asked."""

    def answer(call: Call) -> Answer | None:
        said: Answer | None = None
        for vendor in sorted(vendors, key=lambda vendor: not vendor.knows(call)):
            try:
                said = vendor.in_mood() if vendor.knows_no_token else vendor.answer(call)
            except (KeyError, ValueError):
                continue  # nothing of his
            unsure = {404} if vendor.knows(call) else {400, 401, 404}
            if said is None or said.status not in unsure:
                break
        return said

    return answer


def serve(stack: ExitStack, answer: Callable[[Call], Answer | None]) -> str:
    """Answer on a free port of this machine; returns the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(answer))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    stack.callback(server.server_close)
    stack.callback(server.shutdown)
    return f"http://127.0.0.1:{server.server_address[1]}"
