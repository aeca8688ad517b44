"""The WSGI entry point that the web server calls."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdop.settings")

application = get_wsgi_application()

# Every page is loaded now, and not while the first person who asks for one waits.
import_module(settings.ROOT_URLCONF)
