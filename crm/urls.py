"""Customers and their pages."""

from django.urls import path

from crm.views import customers, follow_ups, labels, likenesses, parts

app_name = "crm"
urlpatterns = [
    path("", customers.customers, name="customers"),
    path("new/", customers.customer_new, name="customer-new"),
    path("labels/", labels.labels, name="labels"),
    path("labels/new/", labels.label_new, name="label-new"),
    path("labels/restoration/", labels.label_restoration, name="label-restoration"),
    path("labels/<uuid:label_id>/", labels.label, name="label"),
    path("labels/<uuid:label_id>/removal/", labels.label_removal, name="label-removal"),
    path("follow-ups/", follow_ups.follow_ups, name="follow-ups"),
    path(
        "follow-ups/<uuid:follow_up_id>/completion/",
        follow_ups.follow_up_completion,
        name="follow-up-completion",
    ),
    path(
        "follow-ups/<uuid:follow_up_id>/reopening/",
        follow_ups.follow_up_reopening,
        name="follow-up-reopening",
    ),
    path(
        "follow-ups/<uuid:follow_up_id>/assignee/", follow_ups.follow_up_assignee, name="follow-up-assignee"
    ),
    path("likenesses/<uuid:pair_id>/same/", likenesses.same, name="likeness-same"),
    path("likenesses/<uuid:pair_id>/different/", likenesses.different, name="likeness-different"),
    path("merges/<uuid:merge_id>/undoing/", likenesses.merge_undoing, name="merge-undoing"),
    path("<uuid:customer_id>/likenesses/", likenesses.likenesses, name="likenesses"),
    path("<uuid:customer_id>/", customers.customer, name="customer"),
    path("<uuid:customer_id>/panel/", customers.customer_panel, name="customer-panel"),
    path("<uuid:customer_id>/timeline/", customers.customer_timeline, name="customer-timeline"),
    path("<uuid:customer_id>/details/", customers.customer_details, name="customer-details"),
    path("<uuid:customer_id>/identities/", parts.identities, name="customer-identities"),
    path(
        "<uuid:customer_id>/identities/<uuid:identity_id>/removal/",
        parts.identity_removal,
        name="customer-identity-removal",
    ),
    path("<uuid:customer_id>/attributes/", parts.attributes, name="customer-attributes"),
    path("<uuid:customer_id>/labels/", parts.labels, name="customer-labels"),
    path("<uuid:customer_id>/notes/", parts.notes, name="customer-notes"),
    path("<uuid:customer_id>/notes/restoration/", parts.note_restoration, name="customer-note-restoration"),
    path(
        "<uuid:customer_id>/notes/<uuid:note_id>/removal/", parts.note_removal, name="customer-note-removal"
    ),
    path("<uuid:customer_id>/cases/", parts.cases, name="customer-cases"),
    path(
        "<uuid:customer_id>/cases/<uuid:case_id>/resolution/",
        parts.case_resolution,
        name="customer-case-resolution",
    ),
    path("<uuid:customer_id>/follow-ups/", parts.follow_ups, name="customer-follow-ups"),
]
