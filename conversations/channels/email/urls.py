from django.urls import path

from conversations.channels.email import views

urlpatterns = [
    path("oauth/mail/", views.permission_given, name="mail-permission"),
    path("hooks/email/<uuid:channel_id>/", views.receive_email, name="email-hook"),
    path("hooks/email/<uuid:channel_id>/<slug:provider>/", views.receive_webhook, name="email-webhook"),
    # Mailgun sends the mail as it was sent to addresses that end in "mime".
    path(
        "hooks/email/<uuid:channel_id>/<slug:provider>/mime", views.receive_webhook, name="email-webhook-mime"
    ),
]
