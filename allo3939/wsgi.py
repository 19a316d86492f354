"""Django's WSGI application; `allo3939.asgi` serves it behind the push stream."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allo3939.settings")
application = get_wsgi_application()
