"""Addresses of the API that belong to feedback."""

from rest_framework.routers import SimpleRouter

from feedback.api.viewsets import ResponseViewSet

router = SimpleRouter(use_regex_path=False)
router.register("responses", ResponseViewSet, basename="response")
urlpatterns = router.urls
