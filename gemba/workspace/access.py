"""Who may: the calendar of terms and the search are for everybody of the municipality."""

from gemba.organisation.acts import Nature, declare
from gemba.organisation.roles import MUNICIPAL

declare("workspace.calendar", "Смотреть календарь сроков и подписаться на него", MUNICIPAL, Nature.READING)
declare("workspace.search", "Искать по округу", MUNICIPAL, Nature.READING)
