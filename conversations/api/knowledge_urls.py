"""Addresses of the API about what the business knows; the router has the list and one answer."""

from django.urls import path

from conversations.api.article_files import ArticleFileViewSet
from conversations.api.help_centre import HelpCentreViewSet
from conversations.api.knowledge import KnowledgeViewSet, ProposalViewSet, VersionViewSet
from conversations.api.readings import ReadingViewSet

ONE = "knowledge/<uuid:pk>/"
FILES = "knowledge/<uuid:article_id>/files/"

urlpatterns = [
    path("help-centre/", HelpCentreViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path("knowledge/proposals/", ProposalViewSet.as_view({"get": "list"})),
    path(f"{ONE}proposals/", ProposalViewSet.as_view({"get": "retrieve"})),
    path("knowledge/import/", KnowledgeViewSet.as_view({"post": "bring"})),
    path("knowledge/readings/", ReadingViewSet.as_view({"get": "list", "post": "create"})),
    path("knowledge/readings/<uuid:pk>/", ReadingViewSet.as_view({"get": "retrieve"})),
    path("knowledge/readings/<uuid:pk>/keeping/", ReadingViewSet.as_view({"post": "keeping"})),
    path(f"{ONE}publish/", KnowledgeViewSet.as_view({"post": "publish"})),
    path(f"{ONE}draft/", KnowledgeViewSet.as_view({"delete": "discard"})),
    path(f"{ONE}restoration/", KnowledgeViewSet.as_view({"post": "restoration"})),
    path(f"{ONE}roll-back/", KnowledgeViewSet.as_view({"post": "roll_back"})),
    path("knowledge/<uuid:article_id>/versions/", VersionViewSet.as_view({"get": "list"})),
    path(FILES, ArticleFileViewSet.as_view({"get": "list", "post": "create"})),
    path(f"{FILES}<uuid:pk>/", ArticleFileViewSet.as_view({"get": "retrieve", "delete": "destroy"})),
    path(f"{FILES}<uuid:pk>/content/", ArticleFileViewSet.as_view({"get": "content"})),
]
