"""Addresses of the API that belong to the business itself."""

from rest_framework.routers import SimpleRouter

from tenants.api import viewsets

router = SimpleRouter(use_regex_path=False)
router.register("members", viewsets.MemberViewSet, basename="member")
router.register("teams", viewsets.TeamViewSet, basename="team")

urlpatterns = router.urls
