"""What is answered: the home page, the search, the calendar of terms and its feed."""

from gemba.workspace.views.calendar import calendar, export
from gemba.workspace.views.feed import feed, renew_feed, revoke_feed, subscription
from gemba.workspace.views.home import home
from gemba.workspace.views.search import search

__all__ = ["calendar", "export", "feed", "home", "renew_feed", "revoke_feed", "search", "subscription"]
