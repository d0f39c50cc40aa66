"""The agents' screens."""

from django.urls import path

from conversations.workspace.stream import stream
from conversations.workspace.views import (
    files,
    inbox,
    mailbox,
    parked,
    settings,
    signs,
    sorting,
    start,
    writing,
)

app_name = "conversations"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/rows/", inbox.rows, name="rows"),
    path("inbox/palette/", start.palette, name="palette"),
    path("inbox/new/", start.new, name="new"),
    path("inbox/new/<uuid:customer_id>/", start.start, name="start"),
    path("inbox/<uuid:conversation_id>/", inbox.thread, name="thread"),
    path("inbox/<uuid:conversation_id>/earlier/", inbox.earlier, name="earlier"),
    path("inbox/<uuid:conversation_id>/updates/", inbox.updates, name="updates"),
    path("inbox/<uuid:conversation_id>/replies/", writing.replies, name="replies"),
    path("inbox/<uuid:conversation_id>/notes/", writing.notes, name="notes"),
    path("inbox/<uuid:conversation_id>/draft/", writing.draft, name="draft"),
    path("inbox/<uuid:conversation_id>/canned/", writing.canned_choices, name="canned-choices"),
    path("inbox/<uuid:conversation_id>/presence/", signs.present, name="presence"),
    path("inbox/<uuid:conversation_id>/assignment/", sorting.assignment, name="assignment"),
    path("inbox/<uuid:conversation_id>/team/", sorting.team, name="team"),
    path("inbox/<uuid:conversation_id>/priority/", sorting.priority, name="priority"),
    path("inbox/<uuid:conversation_id>/labels/", sorting.labels, name="labels"),
    path("inbox/<uuid:conversation_id>/closure/", sorting.closure, name="closure"),
    path("inbox/<uuid:conversation_id>/reopening/", sorting.reopening, name="reopening"),
    path("inbox/<uuid:conversation_id>/snooze/", sorting.snooze, name="snooze"),
    path("deliveries/<uuid:delivery_id>/resend/", parked.resending, name="resend"),
    path("messages/<uuid:message_id>/html/", files.message_html, name="message-html"),
    path("attachments/<uuid:attachment_id>/", files.attachment, name="attachment"),
    path("images/", files.image, name="image"),
    path("events/", stream, name="events"),
    path("parked/", parked.parked, name="parked"),
    path("parked/<uuid:event_id>/", parked.parked_event, name="parked-event"),
    path("parked/<uuid:event_id>/replay/", parked.replaying, name="replay"),
    path("settings/canned-replies/", settings.canned_replies, name="canned-replies"),
    path(
        "settings/canned-replies/restoration/",
        settings.canned_reply_restoration,
        name="canned-reply-restoration",
    ),
    path("settings/canned-replies/new/", settings.canned_reply_new, name="canned-reply-new"),
    path("settings/canned-replies/<uuid:reply_id>/", settings.canned_reply, name="canned-reply"),
    path(
        "settings/canned-replies/<uuid:reply_id>/removal/",
        settings.canned_reply_removal,
        name="canned-reply-removal",
    ),
    path("settings/channels/", settings.channels, name="channels"),
    path("settings/channels/<uuid:channel_id>/", settings.channel, name="channel"),
    path("settings/channels/<uuid:channel_id>/token/", settings.channel_token, name="channel-token"),
    path("settings/channels/<uuid:channel_id>/mailbox/", mailbox.mailbox, name="channel-mailbox"),
    path("settings/channels/<uuid:channel_id>/mailbox/trial/", mailbox.trial, name="channel-mailbox-trial"),
    path(
        "settings/channels/<uuid:channel_id>/mailbox/removal/",
        mailbox.removal,
        name="channel-mailbox-removal",
    ),
    path("settings/channels/<uuid:channel_id>/mailbox/grant/", mailbox.grant, name="channel-mailbox-grant"),
    path(
        "settings/channels/<uuid:channel_id>/mailbox/permission/<slug:vendor>/",
        mailbox.permission,
        name="channel-mailbox-permission",
    ),
    path("settings/channels/<uuid:channel_id>/provider/", mailbox.provider, name="channel-provider"),
]
