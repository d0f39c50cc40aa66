"""Logs: one line each, on standard error, with the business and the request or task they belong to.

Code logs with `structlog.get_logger("puente.…")`; libraries that use the standard logging come out the same.
"""

import logging
import logging.config
import re
import sys
from functools import cache
from typing import Any

import structlog
from celery.signals import setup_logging
from structlog.typing import EventDict, Processor, WrappedLogger

SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie", "api_key")
BREAKS = re.compile(r"[\s=\"']|^$")  # in values, so that each stays one word
QUIET = {  # loggers that would say something every few seconds
    "celery.beat": "WARNING",
    "celery.app.trace": "WARNING",
    "celery.worker.strategy": "WARNING",
    "axes": "WARNING",
    "flufl.bounce": "WARNING",
}


def configure(options: dict[str, Any]) -> None:
    """Set up logging for this process. In: {"level": "INFO", "as_json": False}, Django's LOGGING."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso" if options["as_json"] else "%H:%M:%S", utc=True),
        hide_secrets,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        *renderers(as_json=options["as_json"]),
                    ],
                }
            },
            "filters": {"told_already": {"()": lambda: told_already}},
            "handlers": {
                "stream": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["told_already"]}
            },
            "root": {"handlers": ["stream"], "level": options["level"]},
            "loggers": {name: {"level": level} for name, level in QUIET.items()},
        }
    )
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # nobody shows them
    logging.captureWarnings(True)
    setup_logging.connect(leave_logging_alone)


def renderers(*, as_json: bool) -> list[Processor]:
    """How a line looks: words for people, JSON for machines; tracebacks in both."""
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    if not sys.stderr.isatty():
        return [structlog.processors.format_exc_info, as_words]
    return [
        structlog.dev.ConsoleRenderer(
            colors=True, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
        )
    ]


def as_words(logger: WrappedLogger, method: str, event: EventDict) -> str:
    """A line as the coloured one reads, at a fraction of its cost: every request writes one."""
    told = event.pop("exception", "")
    head = f"{event.pop('timestamp', '')} [{event.pop('level', ''):<9}] {event.pop('event', '')}"
    line = " ".join([head, *[f"{name}={_word(event[name])}" for name in sorted(event)]])
    return f"{line}\n{told}" if told else line


def _word(value: object) -> str:
    text = str(value)
    return text if text.isprintable() and not BREAKS.search(text) else repr(text)


def hide_secrets(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Blank out values whose name says they are secret, whoever logged them."""
    for name in event:
        if is_secret(name):
            event[name] = "[hidden]"
    return event


@cache
def is_secret(name: str) -> bool:
    """Whether a name says so; names are few, lines are many."""
    return any(word in name.lower() for word in SECRET_WORDS)


def told_already(record: logging.LogRecord) -> bool:
    """Drop Django's line about a bad status: our own request line has it. Its tracebacks stay."""
    return record.name != "django.request" or bool(record.exc_info)


def leave_logging_alone(**_: Any) -> None:
    """A receiver of Celery's setup_logging: having one keeps Celery from configuring its own."""
