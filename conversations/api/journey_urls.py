"""Addresses of the API about journeys."""

from django.urls import path

from conversations.api.held import HeldSendingViewSet, HeldViewSet, JourneyGoingOnViewSet
from conversations.api.journeys import JourneyPlaceViewSet, JourneySwitchViewSet, JourneyViewSet

ALL = "journeys/"
ONE = f"{ALL}<uuid:pk>/"
PLACES = f"{ALL}<uuid:journey_id>/places/"

urlpatterns = [
    path(ALL, JourneyViewSet.as_view({"get": "list", "post": "create"})),
    path(ONE, JourneyViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"})),
    path(f"{ONE}restoration/", JourneyViewSet.as_view({"post": "restoration"})),
    path(f"{ONE}switching/", JourneySwitchViewSet.as_view({"put": "update"})),
    path(PLACES, JourneyPlaceViewSet.as_view({"get": "list"})),
    path(f"{PLACES}<uuid:pk>/", JourneyPlaceViewSet.as_view({"get": "retrieve"})),
    path(f"{PLACES}<uuid:pk>/end/", JourneyPlaceViewSet.as_view({"post": "end"})),
    path(f"{PLACES}<uuid:pk>/going-on/", JourneyGoingOnViewSet.as_view({"post": "create"})),
    path("held-messages/", HeldViewSet.as_view({"get": "retrieve"})),
    path("held-messages/withdrawal/", HeldViewSet.as_view({"post": "withdrawal"})),
    path("held-messages/sending/", HeldSendingViewSet.as_view({"post": "create"})),
]
