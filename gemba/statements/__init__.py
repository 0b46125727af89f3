"""Statements whose SQL is written once a process.

Django writes the SQL of a queryset anew each time it is asked: three tenths of a millisecond and more, several times
what the database needs to answer by primary key. What every page asks (who is this, which regulation is in force, how
many notices wait) is therefore written once and asked again with other values::

    @written
    def _active(pk: int) -> QuerySet[User]:
        return User.objects.filter(pk=pk, is_active=True)

    users = _active(pk=7)  # a list

See docs/decisions/0008-statements-written-once.md.
"""

from gemba.statements.written import CannotBeWritten, written

__all__ = ["CannotBeWritten", "written"]
