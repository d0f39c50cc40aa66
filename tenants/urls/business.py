"""Settings of a business and its people."""

from django.urls import path

from tenants.views import api_keys, audit, business, people, start, teams

app_name = "tenants"
urlpatterns = [
    path("", start.home, name="home"),
    path("start/", start.start, name="start"),
    path("start/card/", start.card, name="start-card"),
    path("start/<slug:step>/dismissal/", start.dismissal, name="start-dismissal"),
    path("settings/", business.settings, name="settings"),
    path("settings/business/", business.business, name="business"),
    path("settings/hours/", business.opening_hours, name="hours"),
    path("settings/hours/holidays/", business.holidays, name="holidays"),
    path("settings/hours/special-days/", business.special_day_new, name="special-day-new"),
    path("settings/hours/special-days/<uuid:special_day_id>/", business.special_day, name="special-day"),
    path(
        "settings/hours/special-days/<uuid:special_day_id>/deletion/",
        business.special_day_deletion,
        name="special-day-deletion",
    ),
    path("settings/people/", people.people, name="people"),
    path("settings/people/invites/", people.invite_new, name="invite-new"),
    path(
        "settings/people/invites/<uuid:invite_id>/resending/",
        people.invite_resending,
        name="invite-resending",
    ),
    path(
        "settings/people/invites/<uuid:invite_id>/revocation/",
        people.invite_revocation,
        name="invite-revocation",
    ),
    path("settings/people/<uuid:membership_id>/", people.member, name="member"),
    path(
        "settings/people/<uuid:membership_id>/deactivation/",
        people.member_deactivation,
        name="member-deactivation",
    ),
    path(
        "settings/people/<uuid:membership_id>/reactivation/",
        people.member_reactivation,
        name="member-reactivation",
    ),
    path("settings/teams/", teams.teams, name="teams"),
    path("settings/teams/new/", teams.team_new, name="team-new"),
    path("settings/teams/<uuid:team_id>/", teams.team, name="team"),
    path("settings/teams/<uuid:team_id>/deletion/", teams.team_deletion, name="team-deletion"),
    path("settings/keys/", api_keys.keys, name="keys"),
    path("settings/keys/<uuid:key_id>/revocation/", api_keys.key_revocation, name="key-revocation"),
    path("settings/audit/", audit.audit, name="audit"),
]
