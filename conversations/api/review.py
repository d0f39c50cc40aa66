"""What people teach the bot: decisions to review, questions without an answer, rehearsals of drafts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import django_filters as filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import rehearsals as rehearsal_queries
from conversations import review as queries
from conversations import unanswered as unanswered_queries
from conversations.actions import rehearsal, review, unanswered
from conversations.api.bot import FiredOut
from conversations.models import (
    Article,
    ArticleVersion,
    Category,
    Decision,
    RehearsalExample,
    RehearsalRun,
    UnansweredGroup,
    UnansweredRun,
)
from tenants.api.serializers import Body, Lean
from tenants.api.views import TenantViewSet, only
from tenants.permissions import Permission
from tenants.queries import own

WRITE = Permission.KNOWLEDGE_WRITE
SCOPES = {"GET": WRITE, "POST": WRITE}


class TeachingViewSet(TenantViewSet):
    """Whoever teaches the bot reads what customers wrote: he needs to be allowed both."""

    required_scopes = SCOPES

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.actor.can(Permission.CONVERSATIONS_READ):
            raise PermissionDenied(_("This key also needs the scope conversations:read."))


# --- reviews ---


class ThoughtOut(Lean):
    """An answer the bot thought of."""

    article_id = serializers.UUIDField(allow_null=True)
    fact = serializers.CharField(help_text="A live fact, where it is no article.")
    question = serializers.CharField()
    answer = serializers.CharField()
    probability = serializers.FloatField()


class ReviewOut(Lean):
    """A decision of the bot, with what it rests on."""

    id = serializers.UUIDField()
    conversation_id = serializers.UUIDField()
    message_id = serializers.UUIDField()
    text = serializers.CharField(help_text="What the customer wrote.")
    said = serializers.CharField(help_text="What the bot answered.")
    action = serializers.ChoiceField(choices=Decision.Action.choices)
    doubt = serializers.ChoiceField(choices=Decision.Doubt.choices)
    review = serializers.ChoiceField(choices=Decision.Review.choices)
    probability = serializers.FloatField(allow_null=True)
    language = serializers.CharField()
    category = serializers.CharField()
    urgency = serializers.CharField()
    mood = serializers.CharField()
    helped = serializers.BooleanField(allow_null=True)
    rules = FiredOut(many=True)
    candidates = ThoughtOut(many=True)
    created_at = serializers.DateTimeField()
    reviewed_at = serializers.DateTimeField(allow_null=True)


class VerdictIn(Body):
    """What is to be said of a decision."""

    verdict = serializers.ChoiceField(
        choices=[("right", "right"), ("wrong", "wrong"), ("better", "better")],
        help_text="better needs article_id, or question and answer.",
    )
    article_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="The answer that was right: it learns the wording."
    )
    phrasing = serializers.CharField(
        max_length=300, required=False, allow_blank=True,
        help_text="The wording it learns; the customer's own, without names and numbers, by default.",
    )  # fmt: skip
    question = serializers.CharField(max_length=300, required=False, allow_blank=True)
    answer = serializers.CharField(max_length=4_000, required=False, allow_blank=True)
    publish = serializers.BooleanField(default=False, help_text="False keeps a draft.")


class ReviewFilter(filters.FilterSet):
    """Decisions by why they wait."""

    doubt = filters.ChoiceFilter(choices=Decision.Doubt.choices)

    class Meta:
        model = Decision
        fields: list[str] = []


class ReviewViewSet(TeachingViewSet):
    """Decisions of the bot that wait for a person."""

    serializer_class = ReviewOut
    filterset_class = ReviewFilter
    ordering = queries.ORDER

    def get_queryset(self) -> QuerySet[Decision]:
        return queries.seen_by(self.actor).select_related(
            "message__conversation__customer", "reply", "version"
        )

    def list(self, request: Request) -> Response:
        """What waits to be reviewed, the newest first."""
        waiting = self.get_queryset().filter(review=Decision.Review.DUE)
        page = list(self.paginate_queryset(self.filter_queryset(waiting)) or ())
        shape = ReviewOut(_shown(page), many=True, context=self.get_serializer_context())
        return self.get_paginated_response(shape.data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """One decision, reviewed or not."""
        return self._said(self.find(pk))

    @extend_schema(request=VerdictIn, responses=ReviewOut)
    def judge(self, request: Request, pk: UUID) -> Response:
        """Say right, wrong or better. The same again changes nothing; 409 after another verdict."""
        decision, given = self.find(pk), self.body(VerdictIn)
        named = [given["article_id"]] if given.get("article_id") else []
        articles = only(Article, named, "article_id")
        if given["verdict"] == Decision.Review.BETTER:
            self._better(decision, given, articles)
        else:
            review.judge(decision=decision, verdict=given["verdict"], by=self.actor)
        return self._said(self.find(pk))

    @extend_schema(request=None, responses=ReviewOut)
    def undoing(self, request: Request, pk: UUID) -> Response:
        """Take a verdict back; what was drafted for it goes, where nobody changed it since."""
        review.take_back(decision=self.find(pk), by=self.actor)
        return self._said(self.find(pk))

    def _better(self, decision: Decision, given: dict[str, Any], articles: Sequence[Article]) -> None:
        wording = given.get("phrasing") or queries.wording_of(decision.message)
        if articles:
            review.add_wording(
                decision=decision, article=articles[0], phrasing=wording, by=self.actor,
                publish=given["publish"],
            )  # fmt: skip
            return
        question = given.get("question") or wording
        review.write_answer(
            decision=decision, by=self.actor, publish=given["publish"],
            question=question,
            answer=given.get("answer", ""),
            phrasings=[wording] if wording and wording != question else [],
            language=queries.article_language(decision.language, own().language),
            category=decision.category if decision.category in Category.values else Category.GENERAL.value,
        )  # fmt: skip

    def _said(self, decision: Decision) -> Response:
        return self.answer(_shown([decision])[0])


def _shown(decisions: list[Decision]) -> list[dict[str, Any]]:
    """As `ReviewOut` reads it: two queries for however many."""
    evidence = queries.evidence(decisions)
    plain = ("id", "conversation_id", "message_id", "action", "doubt", "review", "probability", "language",
             "category", "urgency", "mood", "helped", "created_at", "reviewed_at")  # fmt: skip
    return [
        {
            **{name: getattr(one, name) for name in plain},
            "text": one.message.text,
            "said": one.reply.text if one.reply else "",
            "rules": [
                {"rule": fired.get("rule", ""), "words": fired.get("words", "")}
                for fired in evidence[one.pk].rules
            ],
            "candidates": [_thought(thought) for thought in evidence[one.pk].thoughts],
        }
        for one in decisions
    ]


def _thought(thought: queries.Thought) -> dict[str, Any]:
    version = thought.version
    return {
        "article_id": version.article_id if version else None,
        "fact": thought.fact,
        "question": version.question if version else "",
        "answer": version.answer if version else "",
        "probability": thought.probability,
    }


# --- questions without an answer ---


class SampleOut(Lean):
    """How a customer put it."""

    message_id = serializers.UUIDField(source="pk")
    conversation_id = serializers.UUIDField()
    text = serializers.CharField()


class GroupOut(Lean):
    """Questions that ask the same."""

    id = serializers.UUIDField()
    count = serializers.IntegerField(help_text="How often it was asked.")
    people = serializers.IntegerField(help_text="By how many customers.")
    language = serializers.CharField()
    category = serializers.CharField()
    settled = serializers.ChoiceField(choices=UnansweredGroup.Settled.choices)
    article_id = serializers.UUIDField(allow_null=True, help_text="The draft that was made of it.")
    examples = SampleOut(many=True)
    draft = serializers.CharField(help_text="From what a colleague answered, without personal data.")
    check_draft = serializers.BooleanField(help_text="Something was left out of it: read it.")


class GatheringOut(Lean):
    """A gathering of what was not answered."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=UnansweredRun.State.choices)
    days = serializers.IntegerField()
    found = serializers.IntegerField(help_text="Messages of those days.")
    read = serializers.IntegerField(help_text="Messages that were compared: the latest.")
    singles = serializers.IntegerField(help_text="Questions asked only once.")
    by_words = serializers.BooleanField(help_text="Compared by words, not by meaning.")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class GatheringIn(Body):
    """Of how many days."""

    days = serializers.ChoiceField(
        choices=[(days, str(days)) for days in unanswered_queries.DAYS], default=30
    )


class AnswerDraftIn(Body):
    """What the draft says; by default what customers asked and a colleague answered."""

    question = serializers.CharField(max_length=300, required=False, allow_blank=True)
    answer = serializers.CharField(max_length=4_000, required=False, allow_blank=True)


class UnansweredViewSet(TeachingViewSet):
    """Questions the bot had no answer for, gathered by meaning."""

    serializer_class = GroupOut
    ordering = unanswered_queries.ORDER

    def get_queryset(self) -> QuerySet[UnansweredGroup]:
        return unanswered_queries.groups_seen_by(self.actor)

    def list(self, request: Request) -> Response:
        """Groups of the last gathering that nobody settled, the largest first."""
        run = unanswered_queries.latest()
        found = self.get_queryset().none()
        if run is not None:
            found = unanswered_queries.open_groups(run, self.actor)
        rows = list(self.paginate_queryset(found) or ())
        shape = GroupOut(self._shown(rows), many=True, context=self.get_serializer_context())
        return self.get_paginated_response(shape.data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """One group."""
        return self.answer(self._shown([self.find(pk)])[0])

    @extend_schema(request=GatheringIn, responses={202: GatheringOut})
    def gather(self, request: Request) -> Response:
        """Let them be gathered anew; the gathering under way is answered as it is."""
        run = unanswered.gather(days=int(self.body(GatheringIn)["days"]), by=self.actor)
        return self.answer(run, 202, GatheringOut)

    @extend_schema(request=None, responses=GatheringOut)
    def gathering(self, request: Request, pk: UUID) -> Response:
        """How far a gathering is."""
        return self.answer(self.find(pk, UnansweredRun.objects.all()), shape=GatheringOut)

    @extend_schema(request=AnswerDraftIn, responses=GroupOut)
    def draft(self, request: Request, pk: UUID) -> Response:
        """Make a draft of a group. The same again changes nothing."""
        unanswered.draft(group=self.find(pk), by=self.actor, **self.body(AnswerDraftIn))
        return self.retrieve(request, pk)

    @extend_schema(request=None, responses=GroupOut)
    def dismissal(self, request: Request, pk: UUID) -> Response:
        """Leave such questions to people."""
        unanswered.dismiss(group=self.find(pk), by=self.actor)
        return self.retrieve(request, pk)

    @extend_schema(request=None, responses=GroupOut)
    def reopening(self, request: Request, pk: UUID) -> Response:
        """Take a dismissal back."""
        unanswered.reopen(group=self.find(pk), by=self.actor)
        return self.retrieve(request, pk)

    def _shown(self, groups: Any) -> Any:
        return [
            {
                **{name: getattr(one.group, name) for name in ("id", "language", "category", "settled")},
                "article_id": one.group.article_id,
                "count": one.count,
                "people": one.people,
                "examples": one.examples,
                "draft": one.draft.text if one.draft else "",
                "check_draft": bool(one.draft and one.draft.took_out),
            }
            for one in unanswered_queries.gathered(groups, self.actor)
        ]


# --- rehearsals ---


@extend_schema_field({"type": "object"})
class Counts(serializers.JSONField):
    """Numbers by name."""


class SideOut(Lean):
    """What the bot does with a message, as it is or with the other answers."""

    action = serializers.CharField(help_text="answer, ask, hand_off, or person where one has it already.")
    article = serializers.CharField(help_text="The article's id, or fact: and its kind.")
    question = serializers.CharField()
    answer = serializers.CharField()
    reason = serializers.CharField(help_text="Of a hand-off.")


class RehearsedOut(Lean):
    """A message whose answer would be another."""

    change = serializers.ChoiceField(choices=RehearsalExample.Change.choices)
    message_id = serializers.UUIDField()
    conversation_id = serializers.UUIDField()
    text = serializers.CharField()
    before = SideOut()
    after = SideOut()


class RehearsalOut(Lean):
    """The last 30 days put to the bot again, with other answers."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=RehearsalRun.State.choices)
    versions = serializers.ListField(child=serializers.UUIDField(), source="version_ids")
    since = serializers.DateTimeField()
    found = serializers.IntegerField(help_text="Conversations of those days.")
    total = serializers.IntegerField(help_text="Conversations that are played; fewer are a sample.")
    done = serializers.IntegerField(source="place")
    messages = serializers.SerializerMethodField()
    now = serializers.SerializerMethodField()
    draft = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()
    by_draft = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.IntegerField())
    def get_messages(self, run: RehearsalRun) -> int:
        return int(run.counts.get("messages", 0))

    @extend_schema_field(Counts(help_text="answer, ask, hand_off, person, looped: as the bot is."))
    def get_now(self, run: RehearsalRun) -> dict[str, int]:
        return dict(run.counts.get("now", {}))

    @extend_schema_field(Counts(help_text="The same with the other answers."))
    def get_draft(self, run: RehearsalRun) -> dict[str, int]:
        return dict(run.counts.get("draft", {}))

    @extend_schema_field(Counts(help_text="How many messages would end otherwise, by how."))
    def get_changes(self, run: RehearsalRun) -> dict[str, int]:
        return dict(run.counts.get("changes", {}))

    @extend_schema_field(serializers.IntegerField())
    def get_by_draft(self, run: RehearsalRun) -> int:
        return int(run.counts.get("by_draft", 0))


class RehearsalIn(Body):
    """What is tried; all drafts where nothing is named."""

    articles = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=rehearsal.MOST_VERSIONS,
        help_text="Their drafts; of an archived one what it said.",
    )  # fmt: skip
    versions = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=rehearsal.MOST_VERSIONS,
        help_text="Ids of versions, such as an earlier one.",
    )  # fmt: skip


class RehearsalViewSet(TeachingViewSet):
    """Rehearsals of other answers. Nothing is sent."""

    serializer_class = RehearsalOut
    ordering = rehearsal_queries.ORDER

    def get_queryset(self) -> QuerySet[RehearsalRun]:
        return rehearsal_queries.seen_by(self.actor)

    def list(self, request: Request) -> Response:
        """Those of the last 30 days, the newest first."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        shape = RehearsalOut(rows, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(shape.data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """One: how far it is, and what would change."""
        return self.answer(self.find(pk))

    @extend_schema(request=RehearsalIn, responses={202: RehearsalOut})
    def create(self, request: Request) -> Response:
        """Begin one; the same under way is answered as it is."""
        given = self.body(RehearsalIn)
        run = rehearsal.rehearse(
            by=self.actor,
            chosen=only(Article, given.get("articles", []), "articles"),
            versions=only(ArticleVersion, given.get("versions", []), "versions"),
        )
        return self.answer(run, 202)

    @extend_schema(responses=RehearsedOut(many=True))
    def examples(self, request: Request, pk: UUID) -> Response:
        """Some messages of each change, before and after: at most 20 of each."""
        found = [
            {
                "change": one.change,
                "message_id": one.message_id,
                "conversation_id": one.message.conversation_id,
                "text": one.message.text,
                "before": _side(one.before),
                "after": _side(one.after),
            }
            for changed in rehearsal_queries.changes(self.find(pk), self.actor)
            for one in changed.examples
        ]
        return Response(RehearsedOut(found, many=True).data)

    @extend_schema(request=None, responses=RehearsalOut)
    def publication(self, request: Request, pk: UUID) -> Response:
        """Publish what was rehearsed. 409 where it was changed since."""
        rehearsal.publish(run=self.find(pk), by=self.actor)
        return self.retrieve(request, pk)

    @extend_schema(request=None, responses=RehearsalOut)
    def discarding(self, request: Request, pk: UUID) -> Response:
        """Discard the drafts that were rehearsed; what is published stays."""
        rehearsal.discard(run=self.find(pk), by=self.actor)
        return self.retrieve(request, pk)


def _side(kept: dict[str, Any]) -> dict[str, Any]:
    return {name: kept.get(name, "") for name in ("action", "article", "question", "answer", "reason")}
