"""The WSGI entry point: `granian --interface wsgi chuangwei.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangwei.config.settings")
application = get_wsgi_application()
