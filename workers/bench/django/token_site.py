"""A Django site that does nothing but serve djangorestframework-simplejwt's endpoints, with no middleware at all.

    python token_site.py    makes its database, with one user
    gunicorn token_site:application

The environment names the database (TOKEN_SITE_DATABASE), the settings as a JSON file (TOKEN_SITE_SETTINGS) and, for the first command,
the user's password (TOKEN_SITE_PASSWORD).
"""

import json
import os
from datetime import timedelta

import django
from django.conf import settings

with open(os.environ["TOKEN_SITE_SETTINGS"], encoding="utf-8") as file:
    SETTINGS = json.load(file)

LIFETIMES = ("ACCESS_TOKEN_LIFETIME", "REFRESH_TOKEN_LIFETIME")

settings.configure(
    SECRET_KEY=SETTINGS["SECRET_KEY"],
    DEBUG=False,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="token_site",
    MIDDLEWARE=[],
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "rest_framework_simplejwt.token_blacklist",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["TOKEN_SITE_DATABASE"], "CONN_MAX_AGE": None}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    SIMPLE_JWT={
        name: timedelta(seconds=value) if name in LIFETIMES else value for name, value in SETTINGS["SIMPLE_JWT"].items()
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework_simplejwt import views  # noqa: E402

urlpatterns = [
    path("api/token/", views.TokenObtainPairView.as_view()),
    path("api/token/refresh/", views.TokenRefreshView.as_view()),
    path("api/token/verify/", views.TokenVerifyView.as_view()),
]
application = get_wsgi_application()

if __name__ == "__main__":
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    User.objects.create_user("alice", password=os.environ["TOKEN_SITE_PASSWORD"])
