"""Addresses of the API where the bot is taught."""

from django.urls import path

from conversations.api.review import RehearsalViewSet, ReviewViewSet, UnansweredViewSet

urlpatterns = [
    path("bot/reviews/", ReviewViewSet.as_view({"get": "list"})),
    path("bot/reviews/<uuid:pk>/", ReviewViewSet.as_view({"get": "retrieve", "post": "judge"})),
    path("bot/reviews/<uuid:pk>/undoing/", ReviewViewSet.as_view({"post": "undoing"})),
    path("bot/unanswered/", UnansweredViewSet.as_view({"get": "list", "post": "gather"})),
    path("bot/unanswered/gatherings/<uuid:pk>/", UnansweredViewSet.as_view({"get": "gathering"})),
    path("bot/unanswered/<uuid:pk>/", UnansweredViewSet.as_view({"get": "retrieve"})),
    path("bot/unanswered/<uuid:pk>/draft/", UnansweredViewSet.as_view({"post": "draft"})),
    path("bot/unanswered/<uuid:pk>/dismissal/", UnansweredViewSet.as_view({"post": "dismissal"})),
    path("bot/unanswered/<uuid:pk>/reopening/", UnansweredViewSet.as_view({"post": "reopening"})),
    path("bot/rehearsals/", RehearsalViewSet.as_view({"get": "list", "post": "create"})),
    path("bot/rehearsals/<uuid:pk>/", RehearsalViewSet.as_view({"get": "retrieve"})),
    path("bot/rehearsals/<uuid:pk>/examples/", RehearsalViewSet.as_view({"get": "examples"})),
    path("bot/rehearsals/<uuid:pk>/publication/", RehearsalViewSet.as_view({"post": "publication"})),
    path("bot/rehearsals/<uuid:pk>/discarding/", RehearsalViewSet.as_view({"post": "discarding"})),
]
