"""The site's addresses with the interface among them, whatever else the site's own list holds."""

from __future__ import annotations

from django.urls import include, path

from daily8.conf import urls as site

urlpatterns = [path("api/v1/", include("daily8.api.urls")), *site.urlpatterns]
handler400, handler403 = site.handler400, site.handler403
handler404, handler500 = site.handler404, site.handler500
