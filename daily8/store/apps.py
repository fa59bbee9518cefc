"""The Django application that owns every table of ours."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """The one application with tables."""

    name = "daily8.store"
    label = "store"
    verbose_name = "Daily8"
