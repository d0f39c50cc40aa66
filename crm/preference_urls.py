"""Where a customer says what he wants to get: pages that a link opens, without log-in."""

from django.urls import path

from crm.views import preferences

app_name = "preferences"
urlpatterns = [
    path("confirm/<str:token>/", preferences.confirmation, name="confirmation"),
    path("<str:token>/", preferences.centre, name="centre"),
    path("<str:token>/<str:medium>/<str:purpose>/", preferences.one_click, name="one-click"),
]
