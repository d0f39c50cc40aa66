"""What a business shows to everybody: its privacy notice, and the form by which people ask for their data."""

from django.urls import path

from crm.views import privacy_public as views

app_name = "privacy"
urlpatterns = [
    path("<slug:shop>/", views.notice, name="notice"),
    path("<slug:shop>/request/", views.ask, name="ask"),
    path("<slug:shop>/<int:version>/", views.version, name="version"),
]
