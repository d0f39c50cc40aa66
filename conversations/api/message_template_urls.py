"""Addresses of the API about what is written to many."""

from django.urls import path

from conversations.api.message_templates import (
    MessageTemplateFileViewSet,
    MessageTemplateVersionViewSet,
    MessageTemplateViewSet,
)

ALL = "message-templates/"
ONE = f"{ALL}<uuid:pk>/"
FILES = f"{ALL}<uuid:message_template_id>/files/"

urlpatterns = [
    path(ALL, MessageTemplateViewSet.as_view({"get": "list", "post": "create"})),
    path(f"{ALL}names/", MessageTemplateViewSet.as_view({"get": "names"})),
    path(
        ONE,
        MessageTemplateViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
    path(f"{ONE}restoration/", MessageTemplateViewSet.as_view({"post": "restoration"})),
    path(f"{ONE}copy/", MessageTemplateViewSet.as_view({"post": "copy"})),
    path(f"{ONE}roll-back/", MessageTemplateViewSet.as_view({"post": "roll_back"})),
    path(f"{ONE}preview/", MessageTemplateViewSet.as_view({"post": "preview"})),
    path(f"{ONE}test-sends/", MessageTemplateViewSet.as_view({"post": "test_sends"})),
    path(
        f"{ALL}<uuid:message_template_id>/versions/", MessageTemplateVersionViewSet.as_view({"get": "list"})
    ),
    path(FILES, MessageTemplateFileViewSet.as_view({"get": "list", "post": "create"})),
    path(f"{FILES}<uuid:pk>/", MessageTemplateFileViewSet.as_view({"get": "retrieve"})),
    path(f"{FILES}<uuid:pk>/content/", MessageTemplateFileViewSet.as_view({"get": "content"})),
]
