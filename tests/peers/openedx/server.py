"""The campus as a process: `python -m tests.peers.openedx.server FOLDER`, by the interpreter of `.venv-xblock`.

Settings are those the package reads, with edx-platform's values where it has one; the database is SQLite in FOLDER.
When it is ready it prints its origin as one line.
"""

# mypy: disable-error-code="import-not-found, misc"
# Django lives in the other environment only, so that its classes are Any.

import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application


class Server(ThreadingMixIn, WSGIServer):
    """A thread for each request."""

    daemon_threads = True


class QuietHandler(WSGIRequestHandler):
    """Answers requests without a line for each."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the signature is Python's
        """Say nothing."""


def configure(folder: Path, origin: str) -> None:
    """Django with the package in it."""
    settings.configure(
        SECRET_KEY="only-for-tests",
        ALLOWED_HOSTS=["localhost"],
        USE_TZ=True,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "campus.db"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "rest_framework",
            "lti_consumer.apps.LTIConsumerApp",
        ],
        MIDDLEWARE=["edx_django_utils.cache.middleware.RequestCacheMiddleware"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        ROOT_URLCONF="tests.peers.openedx.pages",
        LMS_ROOT_URL=origin,
        LTI_BASE=origin,
        PLATFORM_NAME="NorthfieldX",
        LOGGING={
            "version": 1,
            "disable_existing_loggers": False,
            "handlers": {"errors": {"class": "logging.StreamHandler"}},
            "root": {"handlers": ["errors"], "level": "WARNING"},
        },
        USAGE_ID_PATTERN=r"(?P<usage_id>(?:i4x://?[^/]+/[^/]+/[^/]+/[^@]+(?:@[^/]+)?)|(?:[^/]+))",
    )
    django.setup()


def main() -> None:
    """Serve until somebody ends the process."""
    server = Server(("127.0.0.1", 0), QuietHandler)
    origin = f"http://localhost:{server.server_port}"
    configure(Path(sys.argv[1]), origin)

    from tests.peers.openedx import campus  # it needs Django's settings

    campus.attach()
    call_command("migrate", verbosity=0)
    campus.add_people()
    server.set_app(get_wsgi_application())
    sys.stdout.write(origin + "\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
