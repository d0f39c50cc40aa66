"""Addresses of the API that belong to conversations."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from conversations.api import calls, channels, comments, many, templates, viewsets

router = SimpleRouter(use_regex_path=False)
router.register("calls", calls.CallViewSet, basename="call")
router.register("channels", channels.ChannelViewSet, basename="channel")
router.register("conversations", viewsets.ConversationViewSet, basename="conversation")
router.register("inbound-events", viewsets.InboundEventViewSet, basename="inbound-event")
router.register("templates", templates.TemplateViewSet, basename="template")
router.register("deliveries", viewsets.DeliveryViewSet, basename="delivery")

STATES = ("closure", "reopening", "waiting", "snooze")

urlpatterns = [
    path("conversations/bulk/", many.BulkViewSet.as_view({"post": "create"})),
    path("conversations/bulk/<uuid:pk>/", many.BulkViewSet.as_view({"get": "retrieve"})),
    path("conversations/bulk/<uuid:pk>/undoing/", many.BulkViewSet.as_view({"post": "undoing"})),
    path("conversations/merges/", many.MergeViewSet.as_view({"get": "list"})),
    path("conversations/merges/<uuid:pk>/", many.MergeViewSet.as_view({"get": "retrieve"})),
    path("conversations/merges/<uuid:pk>/undoing/", many.MergeViewSet.as_view({"post": "undoing"})),
    *router.urls,
    path("conversations/<uuid:conversation_id>/merging/", many.MergeViewSet.as_view({"post": "merge"})),
    path("conversations/<uuid:conversation_id>/splitting/", many.MergeViewSet.as_view({"post": "split"})),
    path("conversations/<uuid:conversation_id>/way/", many.MergeViewSet.as_view({"post": "way"})),
    *[
        path(f"conversations/<uuid:pk>/{state}/", viewsets.ConversationViewSet.as_view({"post": state}))
        for state in STATES
    ],
    path(
        "conversations/<uuid:conversation_id>/messages/",
        viewsets.MessageViewSet.as_view({"get": "list", "post": "create"}),
    ),
    path(
        "conversations/<uuid:conversation_id>/messages/<uuid:pk>/",
        viewsets.MessageViewSet.as_view({"get": "retrieve"}),
    ),
    path(
        "conversations/<uuid:conversation_id>/messages/<uuid:pk>/reaction/",
        viewsets.MessageViewSet.as_view({"put": "reaction"}),
    ),
    path(
        "conversations/<uuid:conversation_id>/messages/<uuid:pk>/comment-replies/",
        comments.CommentViewSet.as_view({"post": "create"}),
    ),
    path(
        "conversations/<uuid:conversation_id>/messages/<uuid:pk>/comment-visibility/",
        comments.CommentViewSet.as_view({"put": "update"}),
    ),
    path("conversations/<uuid:conversation_id>/notes/", viewsets.NoteViewSet.as_view({"post": "create"})),
    path("channels/<uuid:pk>/check/", channels.ChannelViewSet.as_view({"post": "check"})),
    path("channels/<uuid:pk>/identity-secret/", channels.ChannelViewSet.as_view({"post": "identity_secret"})),
    path("inbound-events/<uuid:pk>/replay/", viewsets.InboundEventViewSet.as_view({"post": "replay"})),
    path("deliveries/<uuid:pk>/resend/", viewsets.DeliveryViewSet.as_view({"post": "resend"})),
]
