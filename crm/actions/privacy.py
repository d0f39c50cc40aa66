"""Privacy notices, and what people ask by the rights the law gives them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm import privacy_clocks, visibility
from crm.actions.follow_ups import complete_follow_up, open_follow_up
from crm.models import Customer, FollowUp, PrivacyNotice, PrivacyRequest
from tenants import audit
from tenants.actors import Actor
from tenants.kit import events
from tenants.kit.text import clean, one_line
from tenants.models import Membership, Tenant
from tenants.permissions import Role, Sees
from tenants.refusals import Conflicting, Refused

LONGEST_NOTICE = 40_000
LONGEST_TEXT = 5_000
LONGEST_ANSWER = 10_000
LARGEST_FILE = 20 * 1024 * 1024  # bytes
OLDEST = timedelta(days=730)  # a request that arrived, to be written down
REMINDED = 5  # days before the last one
LANGUAGES = ("es", "pt-br", "en")
State = PrivacyRequest.State


class InvalidNotice(Refused):
    """A notice that cannot be shown to anybody."""


class InvalidRequest(Refused):
    """A request that lacks what is needed to answer it."""


class RequestClosed(Conflicting):
    """It was answered or refused before."""


class IdentityUnknown(Conflicting):
    """Nobody has checked yet that he who asks is who he says."""


# --- notices ---


@transaction.atomic
def save_notice(*, texts: dict[str, str], by: Actor) -> PrivacyNotice:
    """Keep the words of the next version, as a draft. Raises `InvalidNotice`."""
    kept = {code: clean(texts.get(code, ""), LONGEST_NOTICE).strip() for code in LANGUAGES}
    kept = {code: text for code, text in kept.items() if text}
    own = Tenant.objects.get().language
    if own not in kept:
        raise InvalidNotice(_("Write it at least in the language of the business."), own)
    last = PrivacyNotice.objects.exclude(published_at=None).aggregate(last=Max("version"))["last"] or 0
    draft: PrivacyNotice
    draft, _created = PrivacyNotice.objects.get_or_create(published_at=None, defaults={"version": last + 1})
    draft.texts = kept
    draft.save(update_fields=["texts"])
    return draft


@transaction.atomic
def publish_notice(*, notice: PrivacyNotice, by: Actor) -> PrivacyNotice:
    """From now on this version holds, and never changes. Raises `InvalidNotice`."""
    notice = PrivacyNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if notice.published_at:
        raise InvalidNotice(_("This version is published and never changes. Write a new one."))
    notice.published_at, notice.published_by_label = timezone.now(), by.label[:150]
    notice.save(update_fields=["published_at", "published_by_label"])
    audit.record("privacy_notice.published", target=notice, by=by, version=notice.version)
    return notice


def current_notice() -> PrivacyNotice | None:
    """The version that holds now."""
    found: PrivacyNotice | None = (
        PrivacyNotice.objects.exclude(published_at=None).order_by("-version").first()
    )
    return found


def notice_address(tenant: Tenant) -> str:
    """Where everybody reads the notice that holds; "" where there is none."""
    return settings.BASE_URL + reverse("privacy:notice", args=[tenant.slug]) if current_notice() else ""


def first_words(tenant: Tenant) -> dict[str, str]:
    """Something to begin with in every language: to be read and completed by somebody who knows the law."""
    context = {"business": tenant.name, "address": f"{settings.BASE_URL}/privacy/{tenant.slug}/request/"}
    return {code: render_to_string(f"crm/privacy_words/{code}.txt", context).strip() for code in LANGUAGES}


# --- requests ---


def requests_visible_to(actor: Actor) -> QuerySet[PrivacyRequest]:
    """All of them; for narrowed members those of customers they see, and those they answer for."""
    found: QuerySet[PrivacyRequest] = PrivacyRequest.objects.all()
    if actor.sees == Sees.ALL:
        return found
    seen = visibility.narrow_customers(Customer.objects.filter(merged_into=None), actor).values("pk")
    return found.filter(Q(customer__in=seen) | Q(responsible_id=actor.membership_id))


@transaction.atomic
def receive_request(
    *,
    right: str,
    name: str,
    contact: str,
    by: Actor,
    text: str = "",
    source: str = PrivacyRequest.Source.AGENT,
    customer: Customer | None = None,
    received_at: datetime | None = None,
    responsible: Membership | None = None,
) -> PrivacyRequest:
    """Write down that somebody asks; the law's clock runs from when it came. Raises `InvalidRequest`."""
    name, contact = one_line(name, 150), one_line(contact, 255)
    if right not in PrivacyRequest.Right:
        raise InvalidRequest(_("There is no such right."), "right")
    if not name:
        raise InvalidRequest(_("Say who asks."), "name")
    if not contact:
        raise InvalidRequest(_("Say where to answer."), "contact")
    now = timezone.now()
    received_at = received_at or now
    if received_at > now + timedelta(minutes=5):
        raise InvalidRequest(_("This is in the future."), "received_at")
    if received_at < now - OLDEST:
        raise InvalidRequest(_("This is longer ago than any clock runs."), "received_at")
    tenant = Tenant.objects.get()
    request: PrivacyRequest = PrivacyRequest.objects.create(
        right=right,
        name=name,
        contact=contact,
        text=clean(text, LONGEST_TEXT).strip(),
        source=source,
        customer=customer,
        country=tenant.country,
        received_at=received_at,
        answer_by=_answer_by(tenant, right, received_at),
        responsible=responsible,
    )
    audit.record("privacy_request.received", target=request, by=by, right=str(right), source=str(source))
    _tell(request)
    return request


def _answer_by(tenant: Tenant, right: str, received_at: datetime) -> date:
    start = received_at.astimezone(tenant.zone).date()
    clock = privacy_clocks.clock_of(tenant.country, right, start)
    return privacy_clocks.last_day(
        start, clock.days, working=clock.working, country=tenant.country, region=tenant.region
    )


def clock_of(request: PrivacyRequest, tenant: Tenant) -> privacy_clocks.Clock:
    """The law's clock of a request."""
    start = request.received_at.astimezone(tenant.zone).date()
    return privacy_clocks.clock_of(request.country, request.right, start)


def days_left(request: PrivacyRequest, tenant: Tenant) -> int:
    """How many days are left of the clock that runs: to answer, else to carry out."""
    until = request.answer_by if request.is_open else (request.carry_out_by or request.answer_by)
    today = timezone.now().astimezone(tenant.zone).date()
    clock = clock_of(request, tenant)
    return privacy_clocks.days_left(
        today, until, working=clock.working, country=request.country, region=tenant.region
    )


def _locked(request: PrivacyRequest, *, is_open: bool = True) -> PrivacyRequest:
    found = PrivacyRequest.objects.select_for_update(of=("self",))
    locked: PrivacyRequest = found.select_related("customer", "responsible__user").get(pk=request.pk)
    if is_open and not locked.is_open:
        raise RequestClosed(_("This request was answered before."))
    return locked


@transaction.atomic
def ask_identity(*, request: PrivacyRequest, by: Actor) -> PrivacyRequest:
    """He who asks must show who he is first. Raises `RequestClosed`."""
    request = _locked(request)
    if request.state == State.RECEIVED:
        _change(request, by, "privacy_request.checking", state=State.CHECKING)
    return request


@transaction.atomic
def confirm_identity(
    *, request: PrivacyRequest, note: str, by: Actor, customer: Customer | None = None
) -> PrivacyRequest:
    """He is who he says, and how that was seen; whose data it is.

    Raises `RequestClosed`, `InvalidRequest`.
    """
    request = _locked(request)
    note = one_line(note, 500)
    if not note:
        raise InvalidRequest(_("Say how the identity was checked."), "note")
    _change(
        request,
        by,
        "privacy_request.identity_checked",
        state=State.WORKING,
        customer=customer or request.customer,
        identity_note=note,
        identity_checked_at=timezone.now(),
        identity_checked_by_label=by.label[:150],
    )
    return request


@transaction.atomic
def hand_request(*, request: PrivacyRequest, responsible: Membership | None, by: Actor) -> PrivacyRequest:
    """Somebody answers for it. Raises `RequestClosed`."""
    request = _locked(request)
    _change(request, by, "privacy_request.handed", responsible=responsible)
    return request


@transaction.atomic
def answer_request(
    *, request: PrivacyRequest, answer: str, by: Actor, file: Any = None, file_name: str = ""
) -> PrivacyRequest:
    """What was answered, with a file or without; where the law has a second clock, it starts.

    Raises `RequestClosed`, `IdentityUnknown`, `InvalidRequest`.
    """
    request = _locked(request)
    if request.identity_checked_at is None:
        raise IdentityUnknown(_("Check first that the person is who they say: data of others may go out."))
    answer = clean(answer, LONGEST_ANSWER).strip()
    if not answer:
        raise InvalidRequest(_("Write what was answered."), "answer")
    if file is not None and file.size > LARGEST_FILE:
        raise InvalidRequest(_("The file is larger than 20 MB."), "file")
    if file is not None:
        request.answer_file.save("answer", ContentFile(file.read()), save=False)
        request.answer_file_name = one_line(file_name, 200) or "answer"
    _change(
        request,
        by,
        "privacy_request.answered",
        state=State.ANSWERED,
        answer=answer,
        answer_file=request.answer_file,
        answer_file_name=request.answer_file_name,
        closed_at=timezone.now(),
        carry_out_by=_carry_out_by(request),
    )
    _settle_work(request, by)
    return request


def _carry_out_by(request: PrivacyRequest) -> date | None:
    tenant = Tenant.objects.get()
    clock = clock_of(request, tenant)
    if not clock.carry_out:
        return None
    today = timezone.now().astimezone(tenant.zone).date()
    return privacy_clocks.last_day(
        today, clock.carry_out, working=clock.working, country=request.country, region=tenant.region
    )


@transaction.atomic
def refuse_request(*, request: PrivacyRequest, ground: str, answer: str, by: Actor) -> PrivacyRequest:
    """Refuse with the law's own reason and in words. Raises `RequestClosed`, `InvalidRequest`."""
    request = _locked(request)
    if ground not in PrivacyRequest.Ground:
        raise InvalidRequest(_("Choose the legal reason."), "ground")
    answer = clean(answer, LONGEST_ANSWER).strip()
    if not answer:
        raise InvalidRequest(_("Write what was answered."), "answer")
    _change(
        request,
        by,
        "privacy_request.refused",
        state=State.REFUSED,
        ground=ground,
        answer=answer,
        closed_at=timezone.now(),
    )
    _settle_work(request, by)
    return request


@transaction.atomic
def carry_out_request(*, request: PrivacyRequest, by: Actor) -> PrivacyRequest:
    """What was granted is done; done before, it stays. Raises `InvalidRequest`."""
    request = _locked(request, is_open=False)
    if request.state != State.ANSWERED:
        raise InvalidRequest(_("Answer the request first."))
    if request.carried_out_at is None:
        _change(request, by, "privacy_request.carried_out", carried_out_at=timezone.now())
    return request


def _change(request: PrivacyRequest, by: Actor, action: str, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(request, name, value)
    request.save(update_fields=list(changes))
    audit.record(action, target=request, by=by, right=request.right)
    _tell(request)


def _tell(request: PrivacyRequest) -> None:
    events.publish("privacy_request", {"id": str(request.pk)})


def _settle_work(request: PrivacyRequest, by: Actor) -> None:
    for work in FollowUp.objects.filter(source_id=request.pk, done_at=None):
        complete_follow_up(follow_up=work, by=by)


# --- before it is too late ---


def remind_from(request: PrivacyRequest, tenant: Tenant) -> bool:
    """Whether its last days have begun."""
    return days_left(request, tenant) <= REMINDED


@transaction.atomic
def remind(*, request: PrivacyRequest) -> bool:
    """Tell who answers for it that it is nearly due: once, by mail and, where the customer is known, by a
    follow-up. False when there is nothing to tell.
    """
    request = _locked(request, is_open=False)
    tenant = Tenant.objects.get()
    if not request.is_open or request.reminded_at or not remind_from(request, tenant):
        return False
    who = request.responsible or _owner()
    request.reminded_at = timezone.now()
    request.save(update_fields=["reminded_at"])
    with translation.override((who and who.user.language) or tenant.language):
        if request.customer and who:
            _open_work(request, who)
        if who:
            _mail(request, who, tenant)
    return True


def _owner() -> Membership | None:
    found: Membership | None = (
        Membership.objects.filter(role=Role.OWNER, is_active=True)
        .select_related("user")
        .order_by("pk")
        .first()
    )
    return found


def _open_work(request: PrivacyRequest, who: Membership) -> None:
    assert request.customer is not None
    open_follow_up(
        customer=request.customer,
        title=_("Answer privacy request %(reference)s") % {"reference": request.reference},
        due_at=timezone.now(),
        source_id=request.pk,
        assignee=who,
        by=Actor.system(),
    )


def _mail(request: PrivacyRequest, who: Membership, tenant: Tenant) -> None:
    context = {"request": request, "business": tenant.name, "left": days_left(request, tenant)}
    EmailMessage(
        subject=one_line(render_to_string("crm/mail/privacy_reminder_subject.txt", context), 150),
        body=render_to_string("crm/mail/privacy_reminder.txt", context),
        to=[who.user.email],
    ).send()
