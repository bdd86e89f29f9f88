"""What the command jeton_settings makes of a site."""

import datetime
import io
import json
import os
import re
import tempfile
import unittest
from contextlib import redirect_stderr

import django
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import include, path, re_path

STATE = tempfile.TemporaryDirectory()
unittest.addModuleCleanup(STATE.cleanup)
os.environ["SITE_STATE"] = STATE.name
os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings"
django.setup()

from django.contrib.auth.base_user import AbstractBaseUser  # noqa: E402
from django.contrib.auth.hashers import PBKDF2PasswordHasher  # noqa: E402
from django.db import models  # noqa: E402
from django.test import override_settings  # noqa: E402
from rest_framework_simplejwt import views  # noqa: E402

from handover.management.commands import jeton_settings  # noqa: E402
from handover.management.commands.jeton_settings import collect, plain, token_views  # noqa: E402


class OtherLogin(views.TokenObtainPairView):
    pass


class Member(AbstractBaseUser):
    """Users of a site with a model of its own."""

    email = models.EmailField(unique=True, db_column="mail")
    USERNAME_FIELD = "email"

    class Meta:
        app_label = "notes"
        db_table = "accounts_member"


OBTAIN = "rest_framework_simplejwt.views.TokenObtainPairView"
REFRESH = "rest_framework_simplejwt.views.TokenRefreshView"


def listen(call, *arguments):
    """Returns what a function returns, and what it says on standard error."""
    said = io.StringIO()
    with redirect_stderr(said):
        return call(*arguments), said.getvalue()


class JetonSettings(unittest.TestCase):
    def test_paths(self):
        found = dict(
            token_views(
                [
                    path("auth/", include([path("login", views.TokenObtainPairView.as_view()), re_path(r"^again/$", views.TokenRefreshView.as_view())])),
                    path("other/<int:number>/", lambda request, number: None),
                ]
            )
        )
        self.assertEqual(found, {OBTAIN: "/auth/login", REFRESH: "/auth/again/"})

    def test_a_view_of_ones_own(self):
        found, said = listen(lambda: list(token_views([path("login/", OtherLogin.as_view())])))
        self.assertEqual(found, [(OBTAIN, "/login/")])
        self.assertIn("OtherLogin", said)

    def test_a_path_that_varies(self):
        for pattern in (path("<str:tenant>/login/", views.TokenObtainPairView.as_view()), re_path(r"^v[12]/login/$", views.TokenObtainPairView.as_view())):
            found, said = listen(lambda: list(token_views([pattern])))
            self.assertEqual(found, [])
            self.assertIn("stays with Django", said)

    def test_dialects(self):
        for names, dialect in [(jeton_settings.SIMPLEJWT, "simplejwt"), (jeton_settings.DRFJWT, "drf-jwt"), (jeton_settings.DJANGORESTFRAMEWORK_JWT, "djangorestframework-jwt")]:
            self.assertEqual(listen(jeton_settings.dialect_of, dict.fromkeys(names)), (dialect, ""))
        found, said = listen(jeton_settings.dialect_of, {"rest_framework_jwt.views.ObtainJSONWebTokenView": "/a/", OBTAIN: "/b/"})
        self.assertEqual(found, "simplejwt")
        self.assertIn("drf-jwt stay with Django", said)
        with self.assertRaises(CommandError):
            jeton_settings.dialect_of({})

    def test_throttling(self):
        classes = ["rest_framework.throttling.AnonRateThrottle"]
        given = {"DEFAULT_THROTTLE_CLASSES": classes, "DEFAULT_THROTTLE_RATES": {"anon": "9/min", "uploads": "1/day"}, "PAGE_SIZE": 10}
        found, said = listen(jeton_settings.throttling, given)
        self.assertEqual(found, {"DEFAULT_THROTTLE_CLASSES": classes, "DEFAULT_THROTTLE_RATES": {"anon": "9/min"}})
        self.assertIn("uploads", said)
        self.assertEqual(listen(jeton_settings.throttling, {}), ({}, ""))

    def test_values(self):
        self.assertEqual(plain(datetime.timedelta(minutes=5)), 300)
        self.assertEqual(plain(re.compile(r"^https://\w+$")), r"^https://\w+$")
        self.assertEqual(plain(OtherLogin), f"{__name__}.OtherLogin")
        with self.assertRaises(CommandError):
            plain(lambda: None)

    def test_collect(self):
        with override_settings(CORS_ALLOWED_ORIGINS=["https://app.site.example"], SIMPLE_JWT={"AUTH_HEADER_TYPES": ("Bearer",)}):
            found = collect()
        self.assertEqual(found["CORS_ALLOWED_ORIGINS"], ["https://app.site.example"])
        self.assertEqual(found["SIMPLE_JWT"], {"AUTH_HEADER_TYPES": ("Bearer",)})
        self.assertEqual(found["JWT_DIALECT"], "simplejwt")
        self.assertNotIn("PASSWORD_HASHERS", found)
        self.assertEqual(found["PASSWORD_ITERATIONS"], PBKDF2PasswordHasher.iterations)
        self.assertEqual(found["URLS"]["token_verify"], "/api/token/verify/")
        self.assertIsNone(found["URLS"]["me"])
        self.assertIsNone(found["URLS"]["token_obtain_sliding"])

    def test_without_secret(self):
        for flags, expected in [([], True), (["--without-secret"], False)]:
            out = io.StringIO()
            call_command("jeton_settings", *flags, stdout=out)
            self.assertEqual("SECRET_KEY" in json.loads(out.getvalue()), expected)

    def test_database_flags(self):
        self.assertEqual(jeton_settings.database_flags(), ["--db", f"{STATE.name}/db.sqlite3"])
        with override_settings(DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "site", "PASSWORD": "secret"}}):
            self.assertEqual(jeton_settings.database_flags(), ["--db", "postgres://..."])
        with override_settings(AUTH_USER_MODEL="notes.Member"):
            self.assertEqual(jeton_settings.database_flags()[2:], ["--user-table", "accounts_member", "--username-column", "mail"])


if __name__ == "__main__":
    unittest.main()
