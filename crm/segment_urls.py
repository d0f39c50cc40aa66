"""Segments, and what of them stands on a customer's page."""

from django.urls import path

from crm.views import segments

urlpatterns = [
    path("segments/", segments.segments, name="segments"),
    path("segments/new/", segments.segment_new, name="segment-new"),
    path("segments/preview/", segments.segment_preview, name="segment-preview"),
    path("segments/lists/new/", segments.list_new, name="segment-list-new"),
    path("segments/<uuid:segment_id>/", segments.segment, name="segment"),
    path("segments/<uuid:segment_id>/rule/", segments.segment_rule, name="segment-rule"),
    path("segments/<uuid:segment_id>/changes/", segments.segment_changes, name="segment-changes"),
    path("segments/<uuid:segment_id>/copy/", segments.segment_copy, name="segment-copy"),
    path("segments/<uuid:segment_id>/archival/", segments.segment_archival, name="segment-archival"),
    path("segments/<uuid:segment_id>/restoration/", segments.segment_restoration, name="segment-restoration"),
    path("segments/<uuid:segment_id>/members/<uuid:customer_id>/", segments.member, name="segment-member"),
    path("<uuid:customer_id>/segments/", segments.of_customer, name="customer-segments"),
    path("<uuid:customer_id>/segments/choice/", segments.member_choice, name="segment-member-choice"),
]
