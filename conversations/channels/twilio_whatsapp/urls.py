from django.urls import path

from conversations.channels.twilio_whatsapp import views

urlpatterns = [
    path("hooks/twilio-whatsapp/<uuid:channel_id>/", views.hook, name="twilio_whatsapp-hook"),
    path("hooks/twilio-whatsapp/<uuid:channel_id>/status/", views.status, name="twilio_whatsapp-any-status"),
    path(
        "hooks/twilio-whatsapp/<uuid:channel_id>/status/<uuid:delivery_id>/",
        views.status,
        name="twilio_whatsapp-status",
    ),
]
