"""Asking, and keeping the answer."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conversations import consent
from conversations.actions.messages import add_event, mark_rated, send_system
from conversations.models import Conversation, Episode, Message
from crm import timeline
from crm.actions.follow_ups import open_follow_up
from crm.models import Customer, FollowUp, Purpose, TimelineEntry
from feedback.models import Invitation, Response, Survey
from tenants import audit, doors
from tenants.actors import Actor
from tenants.models import DirectoryEntry, Tenant

OPEN_FOR = timedelta(days=14)
BAD = 2  # a rating up to this opens a follow-up
CALL_WITHIN = timedelta(hours=24)
SCALE = [1, 2, 3, 4, 5]


def current_survey() -> Survey:
    """The business's survey after an interaction, made on first use."""
    survey, _created = Survey.objects.get_or_create(
        kind=Survey.Kind.CSAT, defaults={"tenant_id": Tenant.objects.get().pk}
    )
    return survey


@transaction.atomic
def invite(*, conversation: Conversation, episode: Episode, by: Actor) -> Invitation | None:
    """Ask the customer how it was, on the channel where it happened; None where asking would be wrong.

    Asked is who wrote and got an answer in this episode, once an episode, not again within the
    business's cool-down, and not of what was weeks ago.
    """
    survey = current_survey()
    # Of two conversations that end at once, one asks.
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=conversation.customer_id)
    now = timezone.now()
    since = now - timedelta(days=survey.cooldown_days)
    by_people = Message.objects.filter(episode=episode).exclude(author_kind=Message.Author.SYSTEM)
    spoken = set(by_people.values_list("kind", flat=True).distinct())
    if (
        not survey.is_active
        or conversation.last_message_at < now - OPEN_FOR
        or not {Message.Kind.INBOUND, Message.Kind.OUTBOUND} <= spoken
        or not conversation.channel.is_active
        or not consent.may_send(conversation.way, Purpose.SURVEY).allowed
        or Invitation.objects.filter(customer=customer, created_at__gt=since).exists()
        or Invitation.objects.filter(survey=survey, episode=episode).exists()
    ):
        return None
    tenant = Tenant.objects.get()
    invitation = Invitation.objects.create(
        survey=survey,
        customer=customer,
        conversation=conversation,
        episode=episode,
        agent=by.membership or conversation.assignee,
        channel_kind=conversation.channel.kind,
        language=customer.language or tenant.language,
        expires_at=timezone.now() + OPEN_FOR,
    )
    _send(invitation, tenant)
    return invitation


def _send(invitation: Invitation, tenant: Tenant) -> None:
    token = doors.new_secret()
    doors.register(
        DirectoryEntry.Kind.RATING,
        doors.fingerprint(token),
        tenant_id=tenant.pk,
        target_id=invitation.pk,
        expires_at=invitation.expires_at,
    )
    url = settings.BASE_URL + reverse("rating:rate", args=[token])
    with translation.override(invitation.language):
        question = question_of(invitation.survey)
        rating = {
            "invitation": str(invitation.pk),
            "token": token,
            "url": url,
            "question": question,
            "scale": SCALE,
            "answered": None,
            "commented": False,
        }
        send_system(
            conversation=invitation.conversation,
            text=_letter(question, url),
            data={"rating": rating},
            purpose=Purpose.SURVEY,
        )


def question_of(survey: Survey) -> str:
    """The business's question, or ours in the active language."""
    return survey.question or _("How was our service?")


def score_name(score: int) -> str:
    """A rating in words, in the active language."""
    return {1: _("Very bad"), 2: _("Bad"), 3: _("So-so"), 4: _("Good"), 5: _("Very good")}[score]


def _letter(question: str, url: str) -> str:
    """The same question for channels that only carry text: one link per answer."""
    links = "\n".join(f"{score_name(score)}: {url}?score={score}" for score in reversed(SCALE))
    return f"{question}\n\n{links}"


@transaction.atomic
def respond(*, invitation: Invitation, score: int, comment: str | None = None) -> Response:
    """Keep the customer's rating, in his history and on the conversation; a low one becomes a follow-up.

    He may change his mind until the invitation expires. `comment` None leaves an earlier one. The score
    must be 1 to 5.
    """
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    response = Response.objects.filter(invitation=invitation).first()
    changed = response is None or response.score != score
    response = response or Response(
        invitation=invitation,
        customer=invitation.customer,
        agent=invitation.agent,
        channel_kind=invitation.channel_kind,
        created_at=timezone.now(),
    )
    response.score = score
    response.comment = response.comment if comment is None else comment
    response.save()
    _tell(response, changed=changed)
    if score <= BAD:
        _open_follow_up(response)
    return response


def _tell(response: Response, *, changed: bool) -> None:
    """Write it into the customer's history, the conversation and the message that asked."""
    invitation = response.invitation
    data = {"score": response.score, "comment": response.comment}
    timeline.record(
        customer=response.customer,
        kind=TimelineEntry.Kind.SURVEY,
        happened_at=response.created_at,
        object_id=response.pk,
        context_id=invitation.conversation_id,
        channel=response.channel_kind,
        actor_label=response.customer.name,
        data=data,
    )
    TimelineEntry.objects.filter(
        customer=response.customer, kind=TimelineEntry.Kind.SURVEY, object_id=response.pk
    ).update(data=data)
    if changed:
        add_event(invitation.conversation, "rated", Actor.system(), score=response.score)
    mark_rated(
        conversation=invitation.conversation,
        invitation_id=invitation.pk,
        score=response.score,
        commented=bool(response.comment),
    )


def _open_follow_up(response: Response) -> FollowUp:
    invitation = response.invitation
    tenant = Tenant.objects.get()
    with translation.override(tenant.language):
        title = _("Call %(name)s: rated %(score)s of 5") % {
            "name": response.customer.name or _("a customer"),
            "score": response.score,
        }
    return open_follow_up(
        customer=response.customer,
        title=title,
        due_at=timezone.now() + CALL_WITHIN,
        by=Actor.system(),
        reason=FollowUp.Reason.BAD_RATING,
        source_id=response.pk,
        context_id=invitation.conversation_id,
        assignee=invitation.agent or invitation.conversation.assignee,
    )


@transaction.atomic
def update_survey(*, survey: Survey, by: Actor, **changes: object) -> Survey:
    """Change what is asked, how often, or whether at all."""
    for name, value in changes.items():
        setattr(survey, name, value)
    survey.save()
    audit.record("survey.updated", target=survey, by=by, fields=sorted(changes))
    return survey
