"""Addresses of documents, their templates and files."""

from django.urls import path

from gemba.documents.views import attaching, making, register, templates

app_name = "documents"
urlpatterns = [
    path("", register.index, name="list"),
    path("export/", register.export, name="export"),
    path("verify/", register.verify, name="verify"),
    path("<int:pk>/", register.card, name="document"),
    path("<int:pk>/<slug:form>/download/", register.download, name="download"),
    path("<int:pk>/annul/", register.annul, name="annul"),
    path("new/", making.choose, name="new"),
    path("notes/new/", making.new_note, name="new_note"),
    path("notes/<int:pk>/", making.note, name="note"),
    path("make/<str:code>/<int:subject_id>/", making.make, name="make"),
    path("make/<str:code>/<int:subject_id>/<slug:form>/", making.preview, name="preview"),
    path("templates/", templates.index, name="templates"),
    path("templates/<str:code>/", templates.kind, name="template"),
    path("templates/<str:code>/standard/", templates.standard_file, name="standard_file"),
    path("templates/<str:code>/return/", templates.use_standard, name="use_standard"),
    path("trials/<int:pk>/", templates.trial, name="trial"),
    path("trials/<int:pk>/file/", templates.file, name="template_file"),
    path("trials/<int:pk>/sample/<slug:form>/", templates.sample, name="sample"),
    path("trials/<int:pk>/accept/", templates.accept, name="accept_template"),
    path("files/<int:pk>/", attaching.download, name="file"),
    path("files/<int:pk>/remove/", attaching.remove, name="remove_file"),
    path("files/<str:kind>/<int:subject_id>/", attaching.files, name="files"),
]
