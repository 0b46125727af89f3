"""Short addresses for people without an account: printed on stands, so they never change."""

from django.urls import path

from gemba.proposals.views import quick

app_name = "quick"
urlpatterns = [
    path("s/<str:receipt>/", quick.receipt, name="receipt"),
    path("<str:token>/", quick.send, name="send"),
    path("<str:token>/list/", quick.stand, name="stand"),
    path("<str:token>/similar/", quick.similar, name="similar"),
]
