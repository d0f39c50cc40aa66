"""Addresses of the API that belong to the business itself."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from tenants.api import viewsets
from tenants.api.business import BusinessViewSet

router = SimpleRouter(use_regex_path=False)
router.register("members", viewsets.MemberViewSet, basename="member")
router.register("teams", viewsets.TeamViewSet, basename="team")

urlpatterns = [
    path("business/", BusinessViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    *router.urls,
]
