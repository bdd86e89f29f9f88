"""A Django project whose packages are configured by JSON: INTEROP_SITE names a file

    {"settings": {...}, "django": {...}, "database": {...}}

"settings" are the ones Jeton reads too: SECRET_KEY, SIMPLE_JWT or JWT_AUTH, and perhaps INSTALLED_APPS, REST_FRAMEWORK,
PASSWORD_HASHERS, AUTH_PASSWORD_VALIDATORS and Jeton's own PASSWORD_ITERATIONS and JWT_DIALECT. "django" are further settings, for Django alone.
"""
import json
import os
import re
import sys
from pathlib import Path

from django.conf import global_settings
from django.utils.dateparse import parse_duration

_site = json.loads(Path(os.environ["INTEROP_SITE"]).read_text("utf-8"))
_shared = dict(_site["settings"])
_own = _site.get("django") or {}


def _with_durations(settings):
    """JSON has no timedelta: a number of seconds, or text as Django reads it."""
    names = re.compile(r"_(LIFETIME|DELTA)$")
    return {name: parse_duration(str(value)) if names.search(name) else value for name, value in settings.items()}


if "JWT_AUTH" in _shared:
    JWT_AUTH = _with_durations(_shared["JWT_AUTH"])
    AUTHENTICATION = "rest_framework_jwt.authentication.JSONWebTokenAuthentication"
    _applications = ["rest_framework_jwt"]
    _blacklist = [] if _shared.get("JWT_DIALECT") == "djangorestframework-jwt" else ["rest_framework_jwt.blacklist"]
else:
    SIMPLE_JWT = _with_durations(_shared.get("SIMPLE_JWT", {}))
    AUTHENTICATION = "rest_framework_simplejwt.authentication.JWTAuthentication"
    _applications = []
    _blacklist = ["rest_framework_simplejwt.token_blacklist"]

SECRET_KEY = _shared["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "urls"
USE_TZ = True
TIME_ZONE = "UTC"
DATABASES = {"default": _site["database"]}
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "rest_framework",
    *(["people"] if "AUTH_USER_MODEL" in _own else []),
    *_applications,
    *_shared.get("INSTALLED_APPS", _blacklist),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": [AUTHENTICATION], **_shared.get("REST_FRAMEWORK", {})}

# A site that wants another cost than Django's subclasses the hasher, as Django's documentation says.
PASSWORD_ITERATIONS = _shared.get("PASSWORD_ITERATIONS")
PASSWORD_HASHERS = [
    "hashers.PBKDF2" if name.endswith(".PBKDF2PasswordHasher") and PASSWORD_ITERATIONS else name
    for name in _shared.get("PASSWORD_HASHERS", global_settings.PASSWORD_HASHERS)
]
if "AUTH_PASSWORD_VALIDATORS" in _shared:
    AUTH_PASSWORD_VALIDATORS = _shared["AUTH_PASSWORD_VALIDATORS"]

# Jeton's own setting, for which a site has views of its own: those that the tests of workers/auth know too.
REGISTRATION = _shared.get("REGISTRATION", {})
sys.path.append(str(Path(__file__).parents[2] / "auth" / "testdata"))

globals().update(_own)
