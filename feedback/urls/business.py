"""Results of surveys."""

from django.urls import path

from feedback.views import results

app_name = "feedback"
urlpatterns = [
    path("", results.results, name="results"),
    path("survey/", results.survey, name="survey"),
]
