"""What the business knows: its answers, their versions, many at once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import django_filters as filters
from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import knowledge, wordings
from conversations.actions import article_import, articles
from conversations.models import Article, ArticleVersion, Category
from crm.api import row_imports
from crm.api.row_imports import RowImportIn, RowImportOut, RowOutcomeOut, Rows
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, TenantViewSet
from tenants.decorators import get_or_404
from tenants.models import Tenant
from tenants.permissions import Permission

READ, WRITE = Permission.KNOWLEDGE_READ, Permission.KNOWLEDGE_WRITE
Source = ArticleVersion.Source


class ButtonOut(Lean):
    """A button under an answer."""

    title = serializers.CharField()


class VersionOut(Lean):
    """What an article said, says, or is to say."""

    version = serializers.IntegerField(source="number", help_text="1 is the first of the article.")
    state = serializers.ChoiceField(choices=ArticleVersion.State.choices)
    question = serializers.CharField()
    phrasings = serializers.ListField(child=serializers.CharField())
    answer = serializers.CharField()
    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    category = serializers.ChoiceField(choices=Category.choices)
    channel_kinds = serializers.ListField(child=serializers.CharField(), help_text="Empty: every kind.")
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True, help_text="That day included.")
    buttons = serializers.SerializerMethodField()
    is_public = serializers.BooleanField(help_text="Whether the help centre shows it.")
    file_ids = serializers.ListField(
        child=serializers.UUIDField(), help_text="Files that go with it, of /knowledge/{id}/files/."
    )
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]
    author = serializers.CharField(source="author_label")
    created_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True, help_text="The last time it was.")

    @extend_schema_field(ButtonOut(many=True))
    def get_buttons(self, version: ArticleVersion) -> list[dict[str, str]]:
        return list(version.buttons)


class ArticleOut(Lean):
    """A piece of knowledge: what it answers, and what is to be published next."""

    id = serializers.UUIDField()
    published = VersionOut(allow_null=True)
    draft = VersionOut(allow_null=True)
    archived_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ContentIn(Body):
    """What is said; `Content` checks it."""

    question = serializers.CharField(max_length=1_000, allow_blank=True)
    phrasings = serializers.ListField(
        child=serializers.CharField(max_length=1_000, allow_blank=True), required=False, max_length=100,
        help_text="Other ways customers ask it: three or more.",
    )  # fmt: skip
    answer = serializers.CharField(max_length=20_000, allow_blank=True)
    language = serializers.CharField(max_length=20, required=False, help_text="es, pt-br or en.")
    category = serializers.CharField(max_length=20, required=False)
    channel_kinds = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=50
    )
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_until = serializers.DateField(required=False, allow_null=True)
    buttons = serializers.ListField(
        child=serializers.JSONField(), required=False, max_length=20, help_text='[{"title": …}], at most 3.'
    )
    is_public = serializers.BooleanField(required=False, help_text="False keeps it out of the help centre.")
    publish = serializers.BooleanField(default=True, help_text="False keeps a draft.")


class ContentChange(ContentIn):
    """What to change, onto the draft if there is one; what is not given stays."""

    question = serializers.CharField(max_length=1_000, required=False, allow_blank=True)
    answer = serializers.CharField(max_length=20_000, required=False, allow_blank=True)


class ProposalsAsked(Body):
    """What is about to be answered."""

    question = serializers.CharField(max_length=1_000)
    language = serializers.CharField(max_length=20, required=False, help_text="es, pt-br or en.")


class ProposalOut(Lean):
    """How a customer put it, without what is only his."""

    text = serializers.CharField()
    message_id = serializers.UUIDField(source="message.pk")
    conversation_id = serializers.UUIDField(source="message.conversation_id")
    said_at = serializers.DateTimeField(source="message.created_at")


class ProposalsOut(serializers.Serializer[Any]):
    """Up to eight."""

    data = ProposalOut(many=True)  # type: ignore[assignment]


class RollBackIn(Body):
    """Which version."""

    version = serializers.IntegerField(min_value=1, max_value=2_000_000_000)


class KnowledgeImportIn(RowImportIn):
    """Many at once."""

    rows = Rows(help_text="The fields of an article each; a known question in its language is changed.")
    publish = serializers.BooleanField(default=True, help_text="False keeps drafts.")


class OutcomeOut(RowOutcomeOut):
    """What became of a row, or would."""

    article_id = serializers.UUIDField(source="object_id", allow_null=True)


class KnowledgeImportOut(RowImportOut):
    """What became of all rows."""

    results = OutcomeOut(many=True)


class KnowledgeFilter(filters.FilterSet):
    """Articles by what they say and where they stand. Archived ones only by `state=archived`."""

    q = filters.CharFilter(label="Words in question, phrasings or answer; accents do not count.")
    state = filters.ChoiceFilter(choices=[(state, state) for state in knowledge.STATES])
    category = filters.ChoiceFilter(choices=Category.choices)
    language = filters.ChoiceFilter(choices=settings.LANGUAGES)
    channel_kind = filters.CharFilter(label="For this kind of channel, or for every kind.")

    class Meta:
        model = Article
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Article]) -> QuerySet[Article]:
        given = {name: (value or "")[:200] for name, value in self.form.cleaned_data.items()}
        return knowledge.articles(knowledge.Narrow(**given))


class KnowledgeViewSet(TenantViewSet):
    """The answers of the business."""

    serializer_class = ArticleOut
    filterset_class = KnowledgeFilter
    required_scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE, "DELETE": WRITE}

    def get_queryset(self) -> QuerySet[Article]:
        return Article.objects.all()

    def list(self, request: Request) -> Response:
        """A page, the newest first; archived ones only when asked for."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        rows = knowledge.with_versions(page or ())
        shape = ArticleOut(rows, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(shape.data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """One, by its id."""
        return self._said(self.find(pk))

    @extend_schema(request=ContentIn, responses={201: ArticleOut})
    def create(self, request: Request) -> Response:
        """Write one and publish it, or keep it as a draft. Without a language it is the business's."""
        given = self.body(ContentIn)
        given.setdefault("language", Tenant.objects.get().language)
        return self._said(articles.write_article(by=self.actor, source=Source.API, **given), 201)

    @extend_schema(request=ContentChange, responses=ArticleOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change one and publish it, or keep the change as its draft. A draft goes out with it."""
        given = self.body(ContentChange)
        return self._said(
            articles.write_article(article=self.find(pk), by=self.actor, source=Source.API, **given)
        )

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Archive it: it answers nothing any more, and its versions are kept."""
        articles.archive_article(article=self.find(pk), by=self.actor)
        return Response(status=204)

    @extend_schema(request=None, responses=ArticleOut)
    def restoration(self, request: Request, pk: UUID) -> Response:
        """Bring it back from the archive."""
        return self._said(articles.restore_article(article=self.find(pk), by=self.actor))

    @extend_schema(request=None, responses=ArticleOut)
    def publish(self, request: Request, pk: UUID) -> Response:
        """Publish its draft. 409 without one."""
        return self._said(articles.publish_articles(articles=[self.find(pk)], by=self.actor)[0])

    @extend_schema(request=None, responses={204: None})
    def discard(self, request: Request, pk: UUID) -> Response:
        """Take its draft away; an article that was never published goes with it."""
        articles.discard_draft(article=self.find(pk), by=self.actor)
        return Response(status=204)

    @extend_schema(request=RollBackIn, responses=ArticleOut)
    def roll_back(self, request: Request, pk: UUID) -> Response:
        """Publish an earlier version again. 409 for one that never was published."""
        number = self.body(RollBackIn)["version"]
        return self._said(articles.roll_back(article=self.find(pk), number=number, by=self.actor))

    @extend_schema(request=KnowledgeImportIn, responses=KnowledgeImportOut)
    def bring(self, request: Request) -> Response:
        """Write up to 1,000 rows, or say what would become of them."""
        done = article_import.import_articles(
            by=self.actor, source=Source.API, **self.body(KnowledgeImportIn)
        )
        return row_imports.answer(done, OutcomeOut)

    def _said(self, article: Article, status: int = 200) -> Response:
        return self.answer(knowledge.with_versions([article])[0], status)


class ProposalViewSet(TenantViewSet):
    """What customers wrote, as wordings of an answer. They are added by changing the answer."""

    serializer_class = ProposalOut
    required_scopes = {"GET": WRITE}

    def get_queryset(self) -> QuerySet[Article]:
        return Article.objects.all()

    @extend_schema(parameters=[ProposalsAsked], responses=ProposalsOut)
    def list(self, request: Request) -> Response:
        """What was not answered and sounds like a question. Needs conversations:read, too."""
        asked = ProposalsAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return self._said(wordings.proposals(self.actor, **asked.validated_data))

    @extend_schema(responses=ProposalsOut)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """What was lately decided for this answer, and is no wording of it. Needs conversations:read, too."""
        article = knowledge.with_versions([self.find(pk)])[0]
        says = article.draft or article.published
        known = [says.question, *says.phrasings] if says else []
        return self._said(wordings.proposals(self.actor, article=article, known=known))

    def _said(self, found: Sequence[wordings.Proposal]) -> Response:
        return Response({"data": ProposalOut(found, many=True).data})


class VersionViewSet(Listing, TenantViewSet):
    """All versions of one article, the newest first."""

    serializer_class = VersionOut
    required_scopes = {"GET": READ}

    def get_queryset(self) -> QuerySet[ArticleVersion]:
        article = get_or_404(Article.objects.all(), self.kwargs["article_id"])
        found: QuerySet[ArticleVersion] = article.versions.order_by()
        return found
