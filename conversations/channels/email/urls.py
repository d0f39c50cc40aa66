from django.urls import path

from conversations.channels.email import views

urlpatterns = [path("hooks/email/<uuid:channel_id>/", views.receive_email, name="email-hook")]
