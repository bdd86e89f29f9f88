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
os.environ["SITE_STATE"] = STATE.name
os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings"
django.setup()

from django.test import override_settings  # noqa: E402
from rest_framework_simplejwt import views  # noqa: E402

from handover.management.commands.jeton_settings import Command, plain, token_views  # noqa: E402


class OtherLogin(views.TokenObtainPairView):
    pass


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
        self.assertEqual(found, {"token_obtain_pair": "/auth/login", "token_refresh": "/auth/again/"})

    def test_a_view_of_ones_own(self):
        said = io.StringIO()
        with redirect_stderr(said):
            self.assertEqual(list(token_views([path("login/", OtherLogin.as_view())])), [("token_obtain_pair", "/login/")])
        self.assertIn("OtherLogin", said.getvalue())

    def test_a_path_that_varies(self):
        for pattern in (path("<str:tenant>/login/", views.TokenObtainPairView.as_view()), re_path(r"^v[12]/login/$", views.TokenObtainPairView.as_view())):
            with self.assertRaises(CommandError):
                list(token_views([pattern]))

    def test_values(self):
        self.assertEqual(plain(datetime.timedelta(minutes=5)), 300)
        self.assertEqual(plain(re.compile(r"^https://\w+$")), r"^https://\w+$")
        self.assertEqual(plain(OtherLogin), f"{__name__}.OtherLogin")
        with self.assertRaises(CommandError):
            plain(lambda: None)

    def test_collect(self):
        with override_settings(CORS_ALLOWED_ORIGINS=["https://app.site.example"], SIMPLE_JWT={"AUTH_HEADER_TYPES": ("Bearer",)}):
            found = Command().collect()
        self.assertEqual(found["CORS_ALLOWED_ORIGINS"], ["https://app.site.example"])
        self.assertEqual(found["SIMPLE_JWT"], {"AUTH_HEADER_TYPES": ("Bearer",)})
        self.assertEqual(found["URLS"]["token_verify"], "/api/token/verify/")
        self.assertIsNone(found["URLS"]["me"])
        self.assertIsNone(found["URLS"]["token_obtain_sliding"])

    def test_without_secret(self):
        for flags, expected in [([], True), (["--without-secret"], False)]:
            out = io.StringIO()
            call_command("jeton_settings", *flags, stdout=out)
            self.assertEqual("SECRET_KEY" in json.loads(out.getvalue()), expected)

    def test_another_user_model(self):
        with override_settings(AUTH_USER_MODEL="accounts.User"), self.assertRaises(CommandError):
            Command().handle()


if __name__ == "__main__":
    unittest.main()
