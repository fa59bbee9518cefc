"""The WSGI entry: ``granian --interface wsgi daily8.conf.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daily8.conf.settings")

application = get_wsgi_application()

from daily8 import wiring  # noqa: E402 - it needs Django set up

wiring.logs()
