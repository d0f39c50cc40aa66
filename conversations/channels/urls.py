"""Vendors' webhooks and the web chat's own endpoints: each channel's folder brings its addresses."""

from django.urls import include, path

from conversations.channels import media_out

app_name = "channels"
urlpatterns = [  # those that are called most come first: each line above costs them
    path("", include("conversations.channels.whatsapp.urls")),
    path("", include("conversations.channels.web.urls")),
    path("", include("conversations.channels.messenger.urls")),
    path("", include("conversations.channels.instagram.urls")),
    path("", include("conversations.channels.telegram.urls")),
    path("", include("conversations.channels.email.urls")),
    path("", include("conversations.channels.sms.urls")),
    path("", include("conversations.channels.twilio_whatsapp.urls")),
    path("", include("conversations.channels.calls.urls")),
    path("media-out/<str:token>", media_out.open_file, name="media-out"),
]
