"""Questions nobody wrote an answer for: gathered by a worker, drafted or left to people by somebody."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import review as reviews
from conversations import unanswered
from conversations.actions import articles, bells, review, slow_runs
from conversations.actions.failures import in_short, whereabouts
from conversations.models import (
    Article,
    ArticleVersion,
    Category,
    Decision,
    Message,
    UnansweredGroup,
    UnansweredMessage,
    UnansweredRun,
)
from tenants import audit
from tenants.actors import Actor
from tenants.models import Tenant
from tenants.queries import own
from tenants.refusals import Conflicting, Refused
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.bot")
State, Settled = UnansweredRun.State, UnansweredGroup.Settled
MOST = 5_000  # messages that are compared, the latest
MOST_GROUPS = 200
LEAST = 2  # messages that make a group
LEASE = timedelta(minutes=5)
MOST_REPLIES = 50  # of a group, of which the most typical is taken


class InvalidDays(Refused):
    """Days nobody gathers."""


class SettledAlready(Conflicting):
    """Somebody else drafted or dismissed it meanwhile."""


@transaction.atomic
def gather(*, days: int, by: Actor) -> UnansweredRun:
    """Let a worker gather what was not answered in the last days; one at a time.

    Raises `InvalidDays`.
    """
    if days not in unanswered.DAYS:
        raise InvalidDays(_("Choose 30 or 90 days."), "days")
    Tenant.objects.select_for_update(of=("self",)).get()
    running = UnansweredRun.objects.filter(state__in=[State.WAITING, State.RUNNING]).order_by("-id").first()
    if running is not None:
        return running  # type: ignore[no-any-return]
    run: UnansweredRun = UnansweredRun.objects.create(
        days=days, membership=by.membership, by_label=by.label[:150], due_at=timezone.now()
    )
    audit.record("unanswered.gathered", target=run, by=by, days=days)
    bells.gather_unanswered(run.pk)
    return run


def work(tenant_id: UUID | str, run_id: UUID | str) -> None:
    """A worker's turn: compare, and keep the groups in one transaction. Harmless twice and when killed."""
    with tenant_scope(tenant_id):
        attempt = slow_runs.claim(UnansweredRun, run_id, LEASE)
        if attempt is None:
            return
        run, rows = attempt, _read(attempt.days)
    try:
        found = _compare(rows)
        with tenant_scope(tenant_id):
            _keep(run, rows, found)
    except Exception as error:  # noqa: BLE001 -- the sweeper tries again; the page says so in the end
        log.error("not gathered", run=str(run_id), error=in_short(error), at=whereabouts(error))


def _read(days: int) -> list[dict[str, Any]]:
    """What the bot was not sure of, the latest first; how many there were stands in the first row."""
    since = timezone.now() - timedelta(days=days)
    unsure = Decision.objects.filter(
        created_at__gte=since,
        doubt=Decision.Doubt.UNSURE,
        review__in=[Decision.Review.DUE, Decision.Review.WRONG],
    ).exclude(message__text="")
    found = list(
        unsure.order_by("-created_at", "-id").values(
            "message_id",
            "language",
            "category",
            text=F("message__text"),
            customer_id=F("conversation__customer_id"),
        )[:MOST]
    )
    if found:
        found[0]["found"] = unsure.count() if len(found) == MOST else len(found)
    return found


def _compare(rows: list[dict[str, Any]]) -> tuple[list[tuple[int, ...]], bool]:
    """The groups, by places in the rows, and whether words alone told them."""
    from conversations.bot import encoder, grouping  # noqa: PLC0415 -- numpy, which only workers need

    model = encoder.shared() if settings.BOT_ENCODER else None
    usual = "es"
    texts, languages = [row["text"] for row in rows], [row["language"] or usual for row in rows]
    return [one.members for one in grouping.group(texts, languages, model)], model is None


def _keep(run: UnansweredRun, rows: list[dict[str, Any]], found: tuple[list[tuple[int, ...]], bool]) -> None:
    """Write the groups down, unless another worker did; what was gathered before goes."""
    groups, by_words = found
    locked = slow_runs.mine(run)
    if locked is None:
        return
    there = set(
        Message.objects.filter(pk__in=[row["message_id"] for row in rows]).values_list("pk", flat=True)
    )
    kept = [[place for place in members if rows[place]["message_id"] in there] for members in groups]
    kept = [members for members in kept if members]
    large = [members for members in kept if len(members) >= LEAST][:MOST_GROUPS]
    for place, members in enumerate(large):
        _keep_group(locked, place, [rows[one] for one in members])
    locked.found = rows[0]["found"] if rows else 0
    locked.read = sum(len(members) for members in kept)
    locked.singles = sum(len(members) < LEAST for members in kept)
    locked.by_words = by_words
    slow_runs.finish(locked)
    UnansweredRun.objects.filter(pk__lt=locked.pk).delete()


def _keep_group(run: UnansweredRun, place: int, rows: list[dict[str, Any]]) -> None:
    group = UnansweredGroup.objects.create(
        run=run,
        place=place,
        count=len(rows),
        people=len({row["customer_id"] for row in rows}),
        language=_most_common(row["language"] for row in rows),
        category=_most_common(row["category"] for row in rows),
        reply=_typical_reply([row["message_id"] for row in rows]),
    )
    UnansweredMessage.objects.bulk_create(
        [UnansweredMessage(group=group, message_id=row["message_id"], place=n) for n, row in enumerate(rows)],
        batch_size=1_000,
    )


def _most_common(values: Any) -> str:
    counted = Counter(value for value in values if value)
    return min(counted, key=lambda value: (-counted[value], value)) if counted else ""


def _typical_reply(message_ids: list[UUID]) -> Message | None:
    """Of what colleagues answered to these messages, what is nearest to all of it."""
    from conversations.bot import encoder, grouping  # noqa: PLC0415 -- numpy, which only workers need

    asked = Message.objects.filter(pk__in=message_ids[:MOST_REPLIES])
    replies = [reply for message in asked.order_by("id") if (reply := unanswered.reply_after(message))]
    replies = list({reply.pk: reply for reply in replies}.values())
    if not replies:
        return None
    model = encoder.shared() if settings.BOT_ENCODER else None
    return replies[grouping.most_central([one.text for one in replies], ["es"] * len(replies), model)]


# --- settling a group ---


@transaction.atomic
def draft(
    *, group: UnansweredGroup, by: Actor, question: str = "", answer: str = "", category: str = ""
) -> Article:
    """Make a draft of a group: the most typical message asks, the others are wordings.

    Without an answer it is what a colleague answered. Twice is once. Raises `SettledAlready`,
    `InvalidArticle`.
    """
    group = _lock(group)
    if group.settled == Settled.DRAFTED and group.article is not None:
        return group.article
    _check_open(group)
    shown = unanswered.gathered([group], by)[0]
    said = unanswered.wordings(shown.examples)
    article = articles.write_article(
        by=by,
        source=ArticleVersion.Source.LEARNED,
        question=question.strip() or (said[0] if said else ""),
        phrasings=said if question.strip() else said[1:],
        answer=answer.strip() or (shown.draft.text if shown.draft else ""),
        language=reviews.article_language(group.language, own().language),
        category=category or (group.category if group.category in Category.values else Category.GENERAL),
    )
    group.article = article
    _settle(group, Settled.DRAFTED, Decision.Review.BETTER, by)
    return article


@transaction.atomic
def dismiss(*, group: UnansweredGroup, by: Actor) -> UnansweredGroup:
    """Leave such questions to people. Twice is once. Raises `SettledAlready`."""
    group = _lock(group)
    if group.settled != Settled.DISMISSED:
        _check_open(group)
        _settle(group, Settled.DISMISSED, Decision.Review.RIGHT, by)
    return group


@transaction.atomic
def reopen(*, group: UnansweredGroup, by: Actor) -> UnansweredGroup:
    """Take a dismissal back: its decisions wait again, but those that somebody judged since."""
    group = _lock(group)
    if group.settled != Settled.DISMISSED:
        return group
    same = Decision.objects.filter(
        message__in=_message_ids(group, by), review=Decision.Review.RIGHT, reviewed_at=group.settled_at
    )
    same.update(review=Decision.Review.DUE, reviewed_at=None, reviewed_by=None)
    group.settled, group.settled_at = Settled.NO, None
    group.save(update_fields=["settled", "settled_at"])
    audit.record("unanswered.reopened", target=group, by=by, count=group.count)
    return group


def _lock(group: UnansweredGroup) -> UnansweredGroup:
    found: UnansweredGroup = UnansweredGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
    return found


def _check_open(group: UnansweredGroup) -> None:
    if group.settled != Settled.NO:
        raise SettledAlready(_("Somebody settled this meanwhile."))


def _message_ids(group: UnansweredGroup, by: Actor) -> list[UUID]:
    return list(unanswered.members_seen_by(by).filter(group=group).values_list("message_id", flat=True))


def _settle(group: UnansweredGroup, settled: str, verdict: str, by: Actor) -> None:
    group.settled, group.settled_at = settled, timezone.now()
    group.save(update_fields=["settled", "settled_at", "article"])
    review.settle_many(message_ids=_message_ids(group, by), verdict=verdict, by=by, at=group.settled_at)
    audit.record(f"unanswered.{settled}", target=group, by=by, count=group.count)
