from django.urls import path

from conversations.channels.web import files, stream, views

urlpatterns = [
    path("w/<uuid:channel_id>/config/", views.config, name="web-config"),
    path("w/<uuid:channel_id>/session/", views.session, name="web-session"),
    path("w/<uuid:channel_id>/messages/", views.messages_of_visitor, name="web-messages"),
    path("w/<uuid:channel_id>/events/", stream.events, name="web-events"),
    path("w/<uuid:channel_id>/typing/", views.typing, name="web-typing"),
    path("w/<uuid:channel_id>/read/", views.read, name="web-read"),
    path("w/<uuid:channel_id>/rating/", views.rating, name="web-rating"),
    path("w/<uuid:channel_id>/files/", views.upload, name="web-upload"),
    path("w/<uuid:channel_id>/files/<str:token>/", files.open_file, name="web-file"),
]
