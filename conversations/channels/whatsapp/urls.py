from django.urls import path

from conversations.channels.whatsapp import views

urlpatterns = [
    path("hooks/whatsapp/", views.app_hook, name="whatsapp-app-hook"),
    path("hooks/whatsapp/<uuid:channel_id>/", views.channel_hook, name="whatsapp-hook"),
]
