"""Journeys, at /b/<slug>/journeys/."""

from django.urls import path

from conversations.campaigns.views import held
from conversations.campaigns.views import journeys as views

ONE = "journeys/<uuid:journey_id>/"
urlpatterns = [
    path("journeys/", views.journeys, name="journeys"),
    path("journeys/new/", views.journey_new, name="journey-new"),
    path(ONE, views.journey, name="journey"),
    path(f"{ONE}people/", views.journey_people, name="journey-people"),
    path(f"{ONE}switching/", views.journey_switching, name="journey-switching"),
    path(f"{ONE}archiving/", views.journey_archiving, name="journey-archiving"),
    path(f"{ONE}restoration/", views.journey_restoration, name="journey-restoration"),
    path(f"{ONE}people/<uuid:journey_place_id>/end/", views.journey_end, name="journey-end"),
    path(
        f"{ONE}people/<uuid:journey_place_id>/going-on/",
        held.journey_going_on,
        name="journey-going-on",
    ),
]
