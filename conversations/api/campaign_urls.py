"""Addresses of the API about campaigns."""

from django.urls import path

from conversations.api.campaign_looks import CampaignLookViewSet
from conversations.api.campaigns import (
    CampaignRecipientViewSet,
    CampaignStateViewSet,
    CampaignViewSet,
    ForeseenViewSet,
)

ALL = "campaigns/"
ONE = f"{ALL}<uuid:pk>/"
STEPS = (
    "submission",
    "approval",
    "withdrawal",
    "start",
    "pause",
    "resumption",
    "cancellation",
    "settlement",
)
urlpatterns = [
    path(ALL, CampaignViewSet.as_view({"get": "list", "post": "create"})),
    path(ONE, CampaignViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"})),
    path(f"{ONE}copy/", CampaignViewSet.as_view({"post": "copy"})),
    path(f"{ONE}check/", CampaignViewSet.as_view({"get": "check"})),
    path(f"{ONE}preview/", CampaignLookViewSet.as_view({"post": "preview"})),
    path(f"{ONE}reading/", CampaignLookViewSet.as_view({"get": "reading", "post": "read"})),
    path(f"{ONE}results/", CampaignViewSet.as_view({"get": "results"})),
    path(f"{ONE}test-sends/", CampaignViewSet.as_view({"post": "test_sends"})),
    *[path(f"{ONE}{step}/", CampaignStateViewSet.as_view({"post": step})) for step in STEPS],
    path(f"{ALL}<uuid:campaign_id>/recipients/", CampaignRecipientViewSet.as_view({"get": "list"})),
    path(f"{ALL}<uuid:campaign_id>/foreseen/", ForeseenViewSet.as_view({"get": "list"})),
]
