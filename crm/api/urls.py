"""Addresses of the API that belong to customers."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from crm.api import (
    attributes,
    bulk,
    consents,
    imports,
    likenesses,
    preferences,
    privacy_urls,
    products,
    records,
    saved_views,
    segments,
    viewsets,
)

router = SimpleRouter(use_regex_path=False)
router.register("customers", viewsets.CustomerViewSet, basename="customer")
router.register("orders", viewsets.OrderViewSet, basename="order")
router.register("appointments", records.AppointmentViewSet, basename="appointment")
router.register("payments", records.PaymentViewSet, basename="payment")
router.register("activities", records.ActivityViewSet, basename="activity")
router.register("cases", viewsets.CaseViewSet, basename="case")
router.register("follow-ups", viewsets.FollowUpViewSet, basename="follow-up")
router.register("attributes", attributes.AttributeViewSet, basename="attribute")
router.register("segments", segments.SegmentViewSet, basename="segment")
router.register("suppressions", consents.SuppressionViewSet, basename="suppression")
router.register("exclusion-lists", consents.ExclusionListViewSet, basename="exclusion-list")
router.register("imports", imports.ImportViewSet, basename="import")
router.register("exports", imports.ExportViewSet, basename="export")
router.register("products", products.ProductViewSet, basename="product")
router.register("labels", viewsets.LabelViewSet, basename="label")
router.register("customer-views", saved_views.SavedViewViewSet, basename="customer-view")

LIST: dict[str, Any] = {"get": "list"}
LIST_AND_ADD: dict[str, Any] = {"get": "list", "post": "create"}

urlpatterns = [
    path("products/import/", products.ProductViewSet.as_view({"post": "bring"})),
    path("customers/bulk/", bulk.CustomerRunViewSet.as_view({"post": "create"})),
    path("customers/bulk/<uuid:pk>/", bulk.CustomerRunViewSet.as_view({"get": "retrieve"})),
    path("customers/bulk/<uuid:pk>/undoing/", bulk.CustomerRunViewSet.as_view({"post": "undoing"})),
    path("customers/bulk/<uuid:pk>/cancelling/", bulk.CustomerRunViewSet.as_view({"post": "cancelling"})),
    path("customers/merges/", likenesses.CustomerMergeViewSet.as_view({"get": "list", "post": "create"})),
    path("customers/merges/<uuid:pk>/undoing/", likenesses.CustomerMergeViewSet.as_view({"post": "undoing"})),
    path("customers/likenesses/", likenesses.LikenessViewSet.as_view(LIST)),
    path(
        "customers/likenesses/looking/",
        likenesses.LikenessViewSet.as_view({"get": "looking", "post": "looking_again"}),
    ),
    path("customers/likenesses/certain/", likenesses.LikenessViewSet.as_view({"post": "certain"})),
    path("customers/likenesses/<uuid:pk>/same/", likenesses.LikenessViewSet.as_view({"post": "same"})),
    path(
        "customers/likenesses/<uuid:pk>/different/",
        likenesses.LikenessViewSet.as_view({"post": "different", "delete": "asking"}),
    ),
    path("imports/<uuid:pk>/reading/", imports.ImportViewSet.as_view({"post": "reading"})),
    path("imports/<uuid:pk>/columns/", imports.ImportViewSet.as_view({"post": "columns"})),
    path("imports/<uuid:pk>/start/", imports.ImportViewSet.as_view({"post": "start"})),
    path("imports/<uuid:pk>/cancellation/", imports.ImportViewSet.as_view({"post": "cancellation"})),
    path("imports/<uuid:pk>/undoing/", imports.ImportViewSet.as_view({"post": "undoing"})),
    path("imports/<uuid:pk>/problems/", imports.ImportViewSet.as_view({"get": "problems"})),
    path("exports/<uuid:pk>/file/", imports.ExportViewSet.as_view({"get": "file"})),
    path("segments/preview/", segments.PreviewViewSet.as_view({"post": "create"})),
    path("segments/<uuid:pk>/customers/", segments.SegmentViewSet.as_view({"get": "customers"})),
    path("segments/<uuid:pk>/why/<uuid:customer_id>/", segments.SegmentViewSet.as_view({"get": "why"})),
    path("segments/<uuid:pk>/changes/", segments.SegmentViewSet.as_view({"get": "changes"})),
    path("segments/<uuid:pk>/members/", segments.SegmentViewSet.as_view({"post": "members"})),
    path("segments/<uuid:pk>/members/removal/", segments.SegmentViewSet.as_view({"post": "removal"})),
    *router.urls,
    *privacy_urls.urlpatterns,
    path("customers/<uuid:customer_id>/identities/", viewsets.IdentityViewSet.as_view(LIST_AND_ADD)),
    path(
        "customers/<uuid:customer_id>/identities/<uuid:pk>/",
        viewsets.IdentityViewSet.as_view({"delete": "destroy"}),
    ),
    path(
        "customers/<uuid:customer_id>/consents/",
        consents.CustomerConsentViewSet.as_view({"get": "list", "put": "update"}),
    ),
    path(
        "customers/<uuid:customer_id>/preference-link/renewal/",
        consents.PreferenceLinkViewSet.as_view({"post": "renewal"}),
    ),
    path("consents/events/", consents.ConsentEventViewSet.as_view(LIST)),
    path(
        "exclusion-lists/<uuid:pk>/restoration/",
        consents.ExclusionListViewSet.as_view({"post": "restoration"}),
    ),
    path(
        "exclusion-lists/<uuid:exclusion_list_id>/versions/",
        consents.ExclusionVersionViewSet.as_view(LIST_AND_ADD),
    ),
    path(
        "exclusion-lists/<uuid:exclusion_list_id>/versions/<uuid:pk>/",
        consents.ExclusionVersionViewSet.as_view({"get": "retrieve"}),
    ),
    path(
        "exclusion-lists/<uuid:exclusion_list_id>/versions/<uuid:pk>/cancelling/",
        consents.ExclusionVersionViewSet.as_view({"post": "cancelling"}),
    ),
    path("customers/<uuid:customer_id>/timeline/", viewsets.TimelineViewSet.as_view(LIST)),
    path("customers/<uuid:customer_id>/notes/", viewsets.NoteViewSet.as_view(LIST_AND_ADD)),
    path(
        "customers/<uuid:customer_id>/notes/<uuid:pk>/", viewsets.NoteViewSet.as_view({"delete": "destroy"})
    ),
    path(
        "customers/<uuid:customer_id>/labels/",
        viewsets.CustomerLabelViewSet.as_view({**LIST_AND_ADD, "put": "update"}),
    ),
    path(
        "customers/<uuid:customer_id>/labels/<uuid:pk>/",
        viewsets.CustomerLabelViewSet.as_view({"delete": "destroy"}),
    ),
    path("customers/<uuid:customer_id>/preferences/", preferences.PreferenceViewSet.as_view(LIST_AND_ADD)),
    path(
        "customers/<uuid:customer_id>/preferences/<uuid:pk>/",
        preferences.PreferenceViewSet.as_view(
            {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
        ),
    ),
    path(
        "customers/<uuid:customer_id>/preferences/<uuid:pk>/confirmation/",
        preferences.PreferenceViewSet.as_view({"post": "confirmation"}),
    ),
    path("attributes/<uuid:pk>/conversion/", attributes.AttributeViewSet.as_view({"post": "conversion"})),
    path("cases/<uuid:pk>/resolution/", viewsets.CaseViewSet.as_view({"post": "resolution"})),
    path("cases/<uuid:pk>/reopening/", viewsets.CaseViewSet.as_view({"post": "reopening"})),
    path(
        "customers/<uuid:customer_id>/relations/",
        records.RelationViewSet.as_view({"get": "list", "post": "create"}),
    ),
    path(
        "customers/<uuid:customer_id>/relations/<uuid:pk>/",
        records.RelationViewSet.as_view({"delete": "destroy"}),
    ),
    path("follow-ups/<uuid:pk>/completion/", viewsets.FollowUpViewSet.as_view({"post": "completion"})),
    path("follow-ups/<uuid:pk>/reopening/", viewsets.FollowUpViewSet.as_view({"post": "reopening"})),
]
