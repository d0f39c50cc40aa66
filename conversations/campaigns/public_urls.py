"""The pictures of mails, outside every business's own pages."""

from django.urls import path

from conversations.campaigns.views import pictures

app_name = "pictures"
urlpatterns = [
    path("<slug:shop>/<uuid:picture_id>/<str:secret>/", pictures.picture, name="picture"),
]
