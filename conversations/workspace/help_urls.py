"""The public help centre of a business."""

from django.urls import path

from conversations.workspace.views import help_centre

app_name = "help"
urlpatterns = [
    path("<slug:shop>/", help_centre.home, name="home"),
    path("<slug:shop>/colours.css", help_centre.colours, name="colours"),
    path("<slug:shop>/sitemap.xml", help_centre.sitemap, name="sitemap"),
    path("<slug:shop>/<uuid:article_id>/", help_centre.answer, name="answer-short"),
    path("<slug:shop>/<uuid:article_id>/<slug:words>/", help_centre.answer, name="answer"),
]
