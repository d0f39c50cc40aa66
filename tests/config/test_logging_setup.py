"""Log lines, in a process of their own: they are set up once per process."""

import json
import os
import subprocess
import sys

import pytest

from config import logging_setup

SCRIPT = """
import logging, sys
import structlog
from config.logging_setup import configure
configure({"level": "INFO", "as_json": sys.argv[1] == "json"})
log = structlog.get_logger("puente.test")
with structlog.contextvars.bound_contextvars(request="r-1", tenant="t-1"):
    log.info("request", path="/b/bicis/", api_key="pk_123", Authorization="Bearer x")
    logging.getLogger("library").warning("said %s", "something")
log.debug("too quiet")
logging.getLogger("celery.beat").info("Scheduler: Sending due task")
logging.getLogger("django.request").error("Service Unavailable: /readyz")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("django.request").error("Internal Server Error: /x", exc_info=True)
"""


def lines(kind):
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, kind], env=os.environ, capture_output=True, text=True, check=True
    )
    assert run.stdout == ""
    return run.stderr.splitlines()


def test_json_lines_carry_request_and_business_and_hide_secrets():
    first, second, third = (json.loads(line) for line in lines("json"))
    del first["timestamp"], second["timestamp"]
    assert first == {
        "event": "request",
        "level": "info",
        "path": "/b/bicis/",
        "request": "r-1",
        "tenant": "t-1",
        "api_key": "[hidden]",
        "Authorization": "[hidden]",
    }
    assert second == {"event": "said something", "level": "warning", "request": "r-1", "tenant": "t-1"}
    assert "ZeroDivisionError" in third["exception"]


def test_plain_lines_read_well():
    first, second, *rest = lines("plain")
    assert first[8:] == (
        " [info     ] request Authorization=[hidden] api_key=[hidden] path=/b/bicis/ request=r-1 tenant=t-1"
    )
    assert second[8:] == " [warning  ] said something request=r-1 tenant=t-1"
    assert rest[-1] == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (7, "7"),
        ("a/b", "a/b"),
        ("", "''"),
        ("dos palabras", "'dos palabras'"),
        ("a=b", "'a=b'"),
        ("x\ny", r"'x\ny'"),
    ],
)
def test_each_value_stays_one_word_of_its_line(value: object, shown: str) -> None:
    event = {"timestamp": "12:00:00", "level": "info", "event": "request", "status": 200, "path": value}
    assert (
        logging_setup.as_words(None, "info", event) == f"12:00:00 [info     ] request path={shown} status=200"
    )


def test_traceback_stands_below_its_line() -> None:
    event = {"timestamp": "12:00:00", "level": "error", "event": "failed", "exception": "Traceback …\nboom"}
    assert logging_setup.as_words(None, "error", event) == "12:00:00 [error    ] failed\nTraceback …\nboom"
