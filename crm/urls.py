"""Customers and their pages."""

from django.urls import include, path

from crm import segment_urls
from crm.views import (
    appointments,
    cases,
    consents,
    customers,
    follow_ups,
    labels,
    likenesses,
    listing,
    many,
    parts,
    records,
    suppressions,
)

app_name = "crm"
of_customers = [
    *segment_urls.urlpatterns,
    path("", listing.customers, name="customers"),
    path("count/", listing.count, name="customers-count"),
    path("filters/", listing.filter_form, name="customers-filters"),
    path("columns/", listing.column_form, name="customers-columns"),
    path("columns/choice/", listing.columns_choice, name="customers-columns-choice"),
    path("many/", many.many, name="many"),
    path("many/menu/", many.menu, name="many-menu"),
    path("many/<uuid:customer_run_id>/", many.run, name="many-run"),
    path("many/<uuid:customer_run_id>/undoing/", many.undoing, name="many-undoing"),
    path("many/<uuid:customer_run_id>/cancelling/", many.cancelling, name="many-cancelling"),
    path("views/new/", listing.view_new, name="view-new"),
    path("views/restoration/", listing.view_restoration, name="view-restoration"),
    path("views/<uuid:saved_view_id>/", listing.view, name="view"),
    path("views/<uuid:saved_view_id>/removal/", listing.view_removal, name="view-removal"),
    path("new/", customers.customer_new, name="customer-new"),
    path("consent/", consents.consent_settings, name="consent-settings"),
    path("suppressions/", suppressions.suppressed, name="suppressions"),
    path("suppressions/new/", suppressions.suppression_new, name="suppression-new"),
    path(
        "suppressions/<uuid:suppression_id>/removal/",
        suppressions.suppression_removal,
        name="suppression-removal",
    ),
    path(
        "suppressions/<uuid:suppression_id>/restoration/",
        suppressions.suppression_restoration,
        name="suppression-restoration",
    ),
    path("exclusion-lists/new/", suppressions.exclusion_list_new, name="exclusion-list-new"),
    path("exclusion-lists/<uuid:exclusion_list_id>/", suppressions.exclusion_list, name="exclusion-list"),
    path(
        "exclusion-lists/<uuid:exclusion_list_id>/versions/",
        suppressions.exclusion_version_new,
        name="exclusion-version-new",
    ),
    path(
        "exclusion-lists/<uuid:exclusion_list_id>/versions/<uuid:exclusion_version_id>/cancelling/",
        suppressions.exclusion_version_cancel,
        name="exclusion-version-cancel",
    ),
    path(
        "exclusion-lists/<uuid:exclusion_list_id>/removal/",
        suppressions.exclusion_list_removal,
        name="exclusion-list-removal",
    ),
    path(
        "exclusion-lists/<uuid:exclusion_list_id>/restoration/",
        suppressions.exclusion_list_restoration,
        name="exclusion-list-restoration",
    ),
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
    path("<uuid:customer_id>/consents/", consents.customer_consents, name="customer-consents"),
    path("<uuid:customer_id>/consents/words/", consents.consent_word, name="customer-consent-word"),
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
of_customers += [
    path("companies/", records.company, name="company"),
    path("<uuid:customer_id>/panel/records/", records.panel, name="customer-panel-records"),
    path("<uuid:customer_id>/relations/", records.relations, name="customer-relations"),
    path(
        "<uuid:customer_id>/relations/restoration/",
        records.relation_restoration,
        name="customer-relation-restoration",
    ),
    path(
        "<uuid:customer_id>/relations/<uuid:relation_id>/removal/",
        records.relation_removal,
        name="customer-relation-removal",
    ),
    path("<uuid:customer_id>/appointments/new/", records.appointment_new, name="appointment-new"),
    path("<uuid:customer_id>/appointments/<uuid:appointment_id>/", records.appointment, name="appointment"),
    path("<uuid:customer_id>/payments/new/", records.payment_new, name="payment-new"),
    path("<uuid:customer_id>/payments/<uuid:payment_id>/", records.payment, name="payment"),
]
urlpatterns = [
    path("customers/", include(of_customers)),
    path("customers/", include("crm.privacy_urls")),
    path("appointments/", appointments.appointments, name="appointments"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<uuid:case_id>/", cases.case, name="case"),
    path("cases/<uuid:case_id>/resolution/", cases.resolution, name="case-resolution"),
    path("cases/<uuid:case_id>/reopening/", cases.reopening, name="case-reopening"),
    path("cases/<uuid:case_id>/assignee/", cases.assignee, name="case-assignee"),
]
