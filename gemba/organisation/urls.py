"""Addresses of the register, the accounts and the sign-in."""

from django.urls import path

from gemba.organisation.views import signing

app_name = "organisation"
urlpatterns = [
    path("sign-in/", signing.sign_in, name="sign_in"),
    path("sign-in/demo/<int:pk>/", signing.demo_sign_in, name="demo_sign_in"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("password/", signing.password, name="password"),
    path("account/", signing.account, name="account"),
]
