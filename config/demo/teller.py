"""Plays stories: each step becomes the rows that the action of the same meaning would have written."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from config.demo.bot import Scenes
from config.demo.messengers import MESSENGERS
from config.demo.registry import put_address
from config.demo.script import Step, Story
from config.demo.stage import Stage
from conversations.actions.deliveries import UNKNOWN
from conversations.actions.messages import EXCERPT
from conversations.actions.threads import reference_hash
from conversations.channels.email import outgoing
from conversations.channels.email.markup import sanitise
from conversations.channels.registry import adapter_for
from conversations.models import (
    Attachment,
    Conversation,
    ConversationLabel,
    Delivery,
    Draft,
    Episode,
    Message,
    ThreadReference,
    Turn,
)
from crm.models import Case, Customer, FollowUp, Identity, TimelineEntry
from feedback.actions.surveys import BAD, CALL_WITHIN, OPEN_FOR, SCALE, question_of, score_name
from feedback.models import Invitation, Response, Survey
from tenants import doors
from tenants.kit.filetypes import PICTURES
from tenants.kit.text import one_line
from tenants.models import Membership

Kind = TimelineEntry.Kind
Status = Conversation.Status
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@dataclass
class Telling:
    """A story as far as it has been told."""

    story: Story
    customer: Customer
    identity: Identity
    conversation: Conversation
    episode: Episode
    at: datetime
    answer: Message | None = None
    delivery: Delivery | None = None
    case: Case | None = None
    asked: Message | None = None
    invitation: Invitation | None = None
    heard: Message | None = None
    turn: Turn | None = None


class Teller(Scenes):
    """Tells stories on one stage."""

    def __init__(self, stage: Stage, survey: Survey) -> None:
        self.stage = stage
        self.clock = stage.clock
        self.rows = stage.rows
        self.survey = survey
        self.links: list[tuple[str, Invitation]] = []  # rating links that still work, with their secrets

    def tell(self, story: Story) -> None:
        """Play one story from its first step to its last."""
        moments = self._moments(story)
        telling = self._begin(story, moments[0])
        for number, (step, at) in enumerate(zip(story.steps, moments, strict=True)):
            telling.at = at
            getattr(self, f"_{step.kind}")(telling, step, at)
            if number == 0:
                self._hand_over(telling)
        self._end(telling)

    def _moments(self, story: Story) -> list[datetime]:
        """When each step happens. What we do waits for opening hours, unless it is of today."""
        if story.last is not None:
            before = sum(step.after for step in story.steps[1:])
            at = self.clock.ago(story.last + before)
        else:
            at = self.clock.opening(story.days)
        found = [at]
        for step in story.steps[1:]:
            following = at + MINUTE * step.after + SECOND * self.clock.random.randint(1, 20)
            if story.last is None and step.is_ours:
                following = self.clock.working(following)
            latest = self.clock.ago(1)
            at = following if following < latest else max(at + SECOND, min(at + MINUTE * step.after, latest))
            found.append(at)
        return found

    def _begin(self, story: Story, at: datetime) -> Telling:
        customer = self.stage.customers[story.who]
        identity = self._identity(customer, story.channel, at)
        conversation = Conversation(
            id=self.clock.id_at(at),
            channel=self.stage.channels[story.channel],
            customer=customer,
            identity=identity,
            subject=self._filled(story.subject, story, at),
            priority=story.priority,
            team=self.stage.teams.get(story.team),
        )
        self.rows.add(conversation)
        for name in story.labels:
            self._label(conversation, name, at)
        return Telling(story, customer, identity, conversation, self._episode(conversation, at), at)

    def _identity(self, customer: Customer, channel: str, at: datetime) -> Identity:
        known = self.stage.addresses.get((customer.pk, channel))
        if known is not None:
            return known
        if channel in MESSENGERS:
            return self._messenger_address(customer, MESSENGERS[channel].identity, at)
        visitor = str(UUID(int=self.clock.random.getrandbits(128), version=4))
        return put_address(self.stage, customer, "web", visitor, visitor, at, verified=True)

    def _messenger_address(self, customer: Customer, kind: str, at: datetime) -> Identity:
        """His phone number where the messenger goes by numbers, else a number of the messenger's own."""
        known = self.stage.addresses.get((customer.pk, kind))
        if known is not None:
            return known
        phone = self.stage.addresses.get((customer.pk, "phone"))
        if kind == "whatsapp" and phone is not None:
            return put_address(self.stage, customer, kind, phone.value, phone.display, at, verified=True)
        number = str(self.clock.random.randint(10**9, 10**10))
        return put_address(self.stage, customer, kind, number, number, at, verified=True)

    def _episode(self, conversation: Conversation, at: datetime) -> Episode:
        conversation.episode_count += 1
        return self.rows.add(
            Episode(
                id=self.clock.id_at(at),
                conversation=conversation,
                number=conversation.episode_count,
                opened_at=at,
            )
        )

    def _label(self, conversation: Conversation, name: str, at: datetime) -> None:
        self.rows.add(
            ConversationLabel(
                id=self.clock.id_at(at), conversation=conversation, label=self.stage.labels[name]
            )
        )

    def _hand_over(self, telling: Telling) -> None:
        """Some take a conversation before they answer, and what nobody has answered is somebody's too."""
        agent = self.stage.members.get(telling.story.agent)
        steps = telling.story.steps
        answered = any(step.kind == "answers" for step in steps)
        assigned = any(step.kind in {"assigns", "passes"} for step in steps)
        if agent and not assigned and (not answered or self.clock.random.random() < 0.4):
            at = telling.at + 25 * SECOND
            telling.conversation.assignee = agent
            self._record(telling, "assigned", at, agent, to=agent.user.name)

    def _end(self, telling: Telling) -> None:
        conversation, story = telling.conversation, telling.story
        written = conversation.last_inbound_at
        if conversation.assignee and written and not story.unread:
            conversation.seen_at = min(written + MINUTE, self.clock.now)

    def _filled(self, text: str, story: Story, at: datetime) -> str:
        return text.format(
            saludo=self.stage.greeting(at), nombre=story.who.removeprefix("Don ").split()[0], **story.words
        )

    def _member(self, telling: Telling, step: Step) -> Membership:
        """Who does it: whoever the step names, else who has the conversation."""
        return self.stage.members[step.by or telling.story.agent]

    # --- what people say ---

    def _says(self, telling: Telling, step: Step, at: datetime) -> None:
        conversation = telling.conversation
        self._wake(telling, at)
        text = self._filled(step.text, telling.story, at)
        message = Message(
            kind=Message.Kind.INBOUND,
            author_kind=Message.Author.CUSTOMER,
            author_label=telling.customer.name,
            text=text,
            html=sanitise(self._filled(step.data["html"], telling.story, at)) if step.data["html"] else "",
            subject=conversation.subject if telling.story.channel == "email" else "",
            quoted=self._quoted(telling),
        )
        self._as_it_came(telling, message)
        if post := step.data.get("post"):
            message.data = {"kind": "comment", "comment": {"id": message.provider_id, "post": post}}
        self._put(telling, message, step, at)
        conversation.waiting_since = conversation.waiting_since or at
        conversation.last_inbound_at = at
        telling.heard = message
        if window := adapter_for(telling.story.channel).capabilities.window:
            conversation.window_ends_at = at if post else at + window  # in public nothing is opened
        self._show(telling, message)
        if at >= telling.customer.last_contact_at:
            telling.customer.last_contact_at = at
            telling.customer.last_contact_channel = telling.story.channel
        if telling.story.channel == "web":
            self._was_read(telling, at)
        self._remember_message(telling, message, Kind.MESSAGE_IN)

    def _as_it_came(self, telling: Telling, message: Message) -> None:
        """What the channel knows of a message besides its text."""
        random = self.clock.random
        if telling.story.channel == "web":
            message.client_id = UUID(int=random.getrandbits(128), version=4)
            message.provider_id = f"{telling.identity.value}:{message.client_id}"
            page = f"{self.stage.site}{telling.story.page or '/'}"
            message.data = {
                "page": {"url": page, "title": self.stage.tenant.name},
                "answers": {"name": telling.customer.name},
            }
            return
        message.provider_at = telling.at
        if telling.story.channel in MESSENGERS:
            message.provider_id = f"{random.getrandbits(128):032x}"
            return
        message_id = f"{random.getrandbits(96):x}@{telling.identity.value.rpartition('@')[2]}"
        message.provider_id = f"{random.getrandbits(256):064x}"
        message.data = {"message_id": message_id, "automatic": False}
        self.rows.add(
            ThreadReference(
                id=self.clock.id_at(telling.at),
                channel=telling.conversation.channel,
                conversation=telling.conversation,
                reference=reference_hash(message_id),
            )
        )

    def _quoted(self, telling: Telling) -> str:
        """A mail program puts below what is answered."""
        if telling.story.channel != "email" or telling.answer is None:
            return ""
        lines = "\n".join(f"> {line}".rstrip() for line in telling.answer.text.splitlines())
        sent = telling.answer.created_at.astimezone(self.clock.calendar.zone)
        verb = {"es": "escribió", "pt-br": "escreveu"}[self.stage.tenant.language]
        return f"{sent:%d/%m/%Y %H:%M}, {self.stage.tenant.name} {verb}:\n{lines}"

    def _wake(self, telling: Telling, at: datetime) -> None:
        """A closed conversation reopens within the business's window and begins anew after it."""
        conversation, episode = telling.conversation, telling.episode
        if conversation.closed_at is not None:
            if at - conversation.closed_at <= timedelta(hours=self.stage.tenant.reopen_hours):
                episode.closed_at = episode.closed_by = None
                episode.reopened_count += 1
            else:
                telling.episode = self._episode(conversation, at)
            conversation.closed_at = None
        conversation.status = Status.OPEN
        conversation.snoozed_until = None

    def _answers(self, telling: Telling, step: Step, at: datetime) -> None:
        conversation, member = telling.conversation, self._member(telling, step)
        message = Message(
            kind=Message.Kind.OUTBOUND,
            author_kind=Message.Author.MEMBER,
            author=member,
            author_label=member.user.name,
            text=self._filled(step.text, telling.story, at),
        )
        self._put(telling, message, step, at)
        telling.answer, telling.delivery = message, self._send(telling, message)
        telling.episode.first_answer_at = telling.episode.first_answer_at or at
        conversation.status = Status.WAITING
        conversation.waiting_since = None
        conversation.assignee = conversation.assignee or member
        self._show(telling, message)
        self._remember_message(telling, message, Kind.MESSAGE_OUT)

    def _notes(self, telling: Telling, step: Step, at: datetime) -> None:
        member = self._member(telling, step)
        note = Message(
            kind=Message.Kind.NOTE,
            author_kind=Message.Author.MEMBER,
            author=member,
            author_label=member.user.name,
            text=step.text,
        )
        self._put(telling, note, step, at)

    def _drafts(self, telling: Telling, step: Step, at: datetime) -> None:
        member = self._member(telling, step)
        self.rows.add(
            Draft(
                id=self.clock.id_at(at), conversation=telling.conversation, membership=member, body=step.text
            )
        )

    def _put(self, telling: Telling, message: Message, step: Step, at: datetime) -> None:
        message.id = self.clock.id_at(at)
        message.conversation = telling.conversation
        message.episode = telling.episode
        message.created_at = at
        message.has_attachments = step.file is not None
        self.rows.add(message)
        if step.file:
            file = step.file()
            attachment = Attachment(
                id=self.clock.id_at(at),
                message=message,
                name=file.name,
                content_type=file.content_type,
                size=len(file.content),
                due_at=timezone.now() if file.content_type in PICTURES else None,  # for its thumbnail
            )
            attachment.file.save(file.name, ContentFile(file.content), save=False)
            self.rows.add(attachment)

    def _show(self, telling: Telling, message: Message) -> None:
        conversation = telling.conversation
        conversation.preview = one_line(message.text, 160) or "📎"
        conversation.preview_is_ours = message.kind == Message.Kind.OUTBOUND
        conversation.last_message_at = message.created_at

    def _remember_message(self, telling: Telling, message: Message, kind: str) -> None:
        self.stage.remember(
            telling.customer,
            kind,
            message.created_at,
            {"text": one_line(message.text, EXCERPT), "subject": telling.conversation.subject},
            object_id=message.pk,
            context_id=telling.conversation.pk,
            channel=telling.story.channel,
            actor=message.author_label,
        )

    # --- how answers travel ---

    def _send(self, telling: Telling, message: Message) -> Delivery:
        is_mail = telling.story.channel == "email"
        delivery = Delivery(
            id=self.clock.id_at(message.created_at),
            message=message,
            channel=telling.conversation.channel,
            status=Delivery.Status.SENT,
            due_at=message.created_at,
            settled_at=message.created_at + (2 * SECOND if is_mail else 0 * SECOND),
        )
        if is_mail:
            delivery.attempts = 1
            delivery.attempt_id = self.clock.id_at(message.created_at)
            delivery.calling_at = message.created_at + SECOND
            delivery.provider_id = outgoing.message_id(delivery.pk, telling.conversation.channel.address)
        return self.rows.add(delivery)

    def _was_read(self, telling: Telling, at: datetime) -> None:
        """Who writes in the chat has what we wrote on screen."""
        if telling.delivery and telling.delivery.status == Delivery.Status.SENT:
            telling.delivery.status = Delivery.Status.READ
            telling.delivery.settled_at = at

    def _bounces(self, telling: Telling, step: Step, at: datetime) -> None:
        assert telling.delivery is not None
        delivery = telling.delivery
        delivery.status, delivery.reason, delivery.settled_at = Delivery.Status.FAILED, step.text, at
        telling.conversation.status = Status.OPEN
        self._event(telling, "delivery_failed", at, None, reason=step.text, address=telling.identity.value)

    def _interrupted(self, telling: Telling, step: Step, at: datetime) -> None:
        assert telling.delivery is not None
        telling.delivery.status, telling.delivery.reason = Delivery.Status.UNKNOWN, UNKNOWN
        telling.delivery.provider_id = ""

    # --- what happens to a conversation ---

    def _event(
        self, telling: Telling, what: str, at: datetime, by: Membership | None, **details: Any
    ) -> None:
        """A line in the conversation, as `add_event` writes it."""
        self.rows.add(
            Message(
                id=self.clock.id_at(at),
                conversation=telling.conversation,
                episode=telling.episode,
                kind=Message.Kind.EVENT,
                author_kind=Message.Author.MEMBER if by else Message.Author.SYSTEM,
                author=by,
                author_label=by.user.name if by else "Puente",
                data={"event": what, **details},
                created_at=at,
            )
        )

    def _record(self, telling: Telling, what: str, at: datetime, by: Membership, **details: Any) -> None:
        self._event(telling, what, at, by, **details)
        self.stage.audit(f"conversation.{what}", at, telling.conversation, by, **details)

    def _assigns(self, telling: Telling, step: Step, at: datetime) -> None:
        to = self.stage.members[step.data["to"]]
        telling.conversation.assignee = to
        self._record(telling, "assigned", at, self._member(telling, step), to=to.user.name)

    def _moves(self, telling: Telling, step: Step, at: datetime) -> None:
        telling.conversation.team = self.stage.teams[step.text]
        self._record(telling, "team_changed", at, self._member(telling, step), team=step.text)

    def _raises(self, telling: Telling, step: Step, at: datetime) -> None:
        telling.conversation.priority = step.data["priority"]
        self._record(telling, "priority_changed", at, self._member(telling, step), **step.data)

    def _labels(self, telling: Telling, step: Step, at: datetime) -> None:
        for name in step.data["labels"]:
            self._label(telling.conversation, name, at)
        names = sorted({*telling.story.labels, *step.data["labels"]})
        self._record(telling, "labelled", at, self._member(telling, step), labels=names)

    def _waits(self, telling: Telling, step: Step, at: datetime) -> None:
        telling.conversation.status = Status.WAITING
        self._record(telling, "waiting", at, self._member(telling, step), until="")

    def _snoozes(self, telling: Telling, step: Step, at: datetime) -> None:
        until = self.clock.at_time(step.data["days"], step.data["hour"])
        telling.conversation.status = Status.SNOOZED
        telling.conversation.snoozed_until = until
        self._record(telling, "snoozed", at, self._member(telling, step), until=until.isoformat())

    def _closes(self, telling: Telling, step: Step, at: datetime) -> None:
        conversation, episode, member = telling.conversation, telling.episode, self._member(telling, step)
        episode.closed_at, episode.closed_by = at, member
        conversation.status, conversation.closed_at = Status.CLOSED, at
        conversation.waiting_since = conversation.snoozed_until = None
        self.stage.remember(
            telling.customer,
            Kind.CONVERSATION_CLOSED,
            at,
            object_id=episode.pk,
            context_id=conversation.pk,
            channel=telling.story.channel,
            actor=member.user.name,
        )
        self._record(telling, "closed", at, member)
        if episode.first_answer_at and (telling.invitation is None or self._may_ask_again(telling, at)):
            self._ask(telling, at + SECOND)

    def _may_ask_again(self, telling: Telling, at: datetime) -> bool:
        """Once an episode, and not again within the business's cool-down."""
        assert telling.invitation is not None and telling.asked is not None
        cooled = at - telling.asked.created_at > timedelta(days=self.survey.cooldown_days)
        return cooled and telling.invitation.episode_id != telling.episode.pk

    # --- how it was ---

    def _ask(self, telling: Telling, at: datetime) -> None:
        """The question after closing, as `feedback.actions.surveys.invite` sends it."""
        invitation = self.rows.add(
            Invitation(
                id=self.clock.id_at(at),
                survey=self.survey,
                customer=telling.customer,
                conversation=telling.conversation,
                episode=telling.episode,
                agent=telling.conversation.assignee,
                channel_kind=telling.story.channel,
                language=telling.customer.language or self.stage.tenant.language,
                expires_at=at + OPEN_FOR,
            )
        )
        secret = doors.new_secret()
        url = settings.BASE_URL + reverse("rating:rate", args=[secret])
        question = question_of(self.survey)
        links = "\n".join(f"{score_name(score)}: {url}?score={score}" for score in reversed(SCALE))
        asked = Message(
            kind=Message.Kind.OUTBOUND,
            author_kind=Message.Author.SYSTEM,
            author_label="Puente",
            text=f"{question}\n\n{links}",
            data={
                "rating": {
                    "invitation": str(invitation.pk),
                    "token": secret,
                    "url": url,
                    "question": question,
                    "scale": SCALE,
                    "answered": None,
                    "commented": False,
                }
            },
        )
        self._put(telling, asked, Step("asks", 0), at)
        self._send(telling, asked)
        telling.asked, telling.invitation = asked, invitation
        if invitation.expires_at > self.clock.now:
            self.links.append((secret, invitation))

    def _rates(self, telling: Telling, step: Step, at: datetime) -> None:
        """The customer's answer, as `feedback.actions.surveys.respond` keeps it."""
        assert telling.asked is not None and telling.invitation is not None
        score, invitation = step.data["score"], telling.invitation
        response = self.rows.add(
            Response(
                id=self.clock.id_at(at),
                invitation=invitation,
                customer=telling.customer,
                agent=invitation.agent,
                channel_kind=invitation.channel_kind,
                score=score,
                comment=step.text,
            )
        )
        telling.asked.data["rating"] |= {"answered": score, "commented": bool(step.text)}
        self.stage.remember(
            telling.customer,
            Kind.SURVEY,
            at,
            {"score": score, "comment": step.text},
            object_id=response.pk,
            context_id=telling.conversation.pk,
            channel=telling.story.channel,
            actor=telling.customer.name,
        )
        self._event(telling, "rated", at, None, score=score)
        if score <= BAD:
            words = {
                "es": "Llamar a {name}: calificó {score} de 5",
                "pt-br": "Ligar para {name}: nota {score} de 5",
            }
            title = words[self.stage.tenant.language].format(name=telling.customer.name, score=score)
            self._follow_up(
                telling,
                at,
                title,
                at + CALL_WITHIN,
                None,
                done=step.data["settled"],
                reason=FollowUp.Reason.BAD_RATING,
                source_id=response.pk,
                assignee=invitation.agent,
            )

    # --- what it leads to ---

    def _reminds(self, telling: Telling, step: Step, at: datetime) -> None:
        member = self._member(telling, step)
        due_at = self.clock.at_time(step.data["days"], step.data["hour"])
        self._follow_up(telling, at, step.text, due_at, member, done=step.data["done"], assignee=member)

    def _follow_up(
        self,
        telling: Telling,
        at: datetime,
        title: str,
        due_at: datetime,
        by: Membership | None,
        *,
        done: int,
        **fields: Any,
    ) -> None:
        follow_up = FollowUp(
            id=self.clock.id_at(at),
            customer=telling.customer,
            title=title,
            context_id=telling.conversation.pk,
            due_at=due_at,
            **fields,
        )
        events = [("opened", at, by)]
        if done:
            follow_up.done_at = min(at + MINUTE * done, self.clock.ago(1))
            follow_up.done_by = follow_up.assignee
            events.append(("done", follow_up.done_at, follow_up.assignee))
        self.rows.add(follow_up)
        for event, moment, actor in events:
            self.stage.remember(
                telling.customer,
                Kind.FOLLOW_UP,
                moment,
                {"title": title, "reason": follow_up.reason, "event": event},
                object_id=follow_up.pk,
                context_id=telling.conversation.pk,
                actor=actor.user.name if actor else "Puente",
            )

    def _complains(self, telling: Telling, step: Step, at: datetime) -> None:
        member = self._member(telling, step)
        telling.case = self.rows.add(
            Case(
                id=self.clock.id_at(at),
                customer=telling.customer,
                kind=step.data["kind"],
                subject=step.text,
                context_id=telling.conversation.pk,
                opened_by=member,
                opened_at=at,
            )
        )
        self.stage.audit("case.opened", at, telling.case, member, kind=telling.case.kind)
        self._remember_case(telling, telling.case, at, member, event="opened")

    def _resolves(self, telling: Telling, step: Step, at: datetime) -> None:
        assert telling.case is not None
        member = self._member(telling, step)
        telling.case.resolved_at, telling.case.resolution = at, step.text
        self.stage.audit("case.resolved", at, telling.case, member)
        self._remember_case(telling, telling.case, at, member, event="resolved", resolution=step.text)

    def _remember_case(self, telling: Telling, case: Case, at: datetime, by: Membership, **data: str) -> None:
        self.stage.remember(
            telling.customer,
            Kind.CASE,
            at,
            {"kind": case.kind, "subject": case.subject, **data},
            object_id=case.pk,
            context_id=telling.conversation.pk,
            actor=by.user.name,
        )
