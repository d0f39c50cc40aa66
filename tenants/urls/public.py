"""Addresses outside any business: home, businesses, invitations."""

from django.urls import path

from tenants.views import invites, login_links, public

app_name = "tenants_public"
urlpatterns = [
    path("", public.home, name="home"),
    path("b/", public.businesses, name="businesses"),
    path("b/new/", public.business_new, name="business-new"),
    path("me/", public.profile, name="profile"),
    path("me/language/", public.language, name="language"),
    path("invite/<str:token>/", invites.invite, name="invite"),
    path("login-link/<str:token>/", login_links.login_link, name="login-link"),
]
