"""The screens of what is written to many, below /b/<slug>/: each part has its own list."""

from conversations.campaigns import campaign_urls, confirmation_urls, journey_urls, template_urls

urlpatterns = [
    *campaign_urls.urlpatterns,
    *confirmation_urls.urlpatterns,
    *journey_urls.urlpatterns,
    *template_urls.urlpatterns,
]
