"""Teams and members."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.actions import teams as actions
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet, only
from tenants.models import Membership, Team
from tenants.permissions import Permission, Role, Sees


class MemberOut(Lean):
    """A person in the business."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField(source="user.email")
    role = serializers.ChoiceField(choices=Role.choices)
    sees = serializers.ChoiceField(choices=Sees.choices)
    is_available = serializers.BooleanField()
    is_active = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class TeamOut(Lean):
    """People who share a queue."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    member_ids = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    def get_member_ids(self, team: Team) -> list[UUID]:
        return [link.membership_id for link in team.links.all()]


class TeamIn(Body):
    """A team as it should be; `member_ids`, when given, are exactly those in it."""

    name = serializers.CharField(max_length=80)
    member_ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=1_000)


class MemberViewSet(Listing, Reading, TenantViewSet):
    """The people of the business. They are invited and changed on its pages."""

    serializer_class = MemberOut
    required_scopes = {"GET": Permission.MEMBERS_READ}

    def get_queryset(self) -> QuerySet[Membership]:
        return Membership.objects.all()


class TeamViewSet(Listing, Reading, TenantViewSet):
    """The teams of the business."""

    serializer_class = TeamOut
    required_scopes = {
        "GET": Permission.MEMBERS_READ,
        "POST": Permission.TEAMS_WRITE,
        "PATCH": Permission.TEAMS_WRITE,
        "DELETE": Permission.TEAMS_WRITE,
    }

    def get_queryset(self) -> QuerySet[Team]:
        return Team.objects.prefetch_related("links")

    def _change(self, *, partial: bool = False) -> dict[str, Any]:
        body = self.body(TeamIn, partial=partial)
        if "member_ids" in body:
            body["members"] = only(Membership, body.pop("member_ids"), "member_ids")
        return body

    @extend_schema(request=TeamIn, responses={201: TeamOut})
    def create(self, request: Request) -> Response:
        """A new team."""
        team = actions.create_team(**self._change(), by=self.actor)
        return self.answer(self.find(team.id), 201)

    @extend_schema(request=TeamIn, responses=TeamOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Another name, or other people in it."""
        actions.update_team(team=self.find(pk), **self._change(partial=True), by=self.actor)
        return self.answer(self.find(pk))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Dissolve it; its conversations stay, without a team."""
        actions.delete_team(team=self.find(pk), by=self.actor)
        return Response(status=204)
