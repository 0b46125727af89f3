"""The page frame, components, guards and the HTMX helper; nothing here knows the domain.

A page: a view marked by `guards`, answered by `pages.page(request, "module/name.html", {…})`; its template extends
"ui/base.html" (or "ui/bare.html" for everybody) and takes macros from "ui/components.html", "ui/forms.html",
"ui/tables.html", "ui/boards.html" and "ui/charts.html". A part that HTMX swaps is a block named as the element it
stands in: `<div id="rows">{% block rows %}…{% endblock %}</div>`, asked for by `target="rows"` of a macro. All
macros, in every state: /ui/gallery/. No inline style and no inline script: the security policy forbids both.
"""
