"""Prints what Jeton needs to know of this site, as JSON.

To use it in another site, copy the folder `handover` beside its manage.py and add "handover" to INSTALLED_APPS.
"""

import datetime
import json
import os
import re
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

# The views that Jeton answers, by the classes that answer them in Django.
VIEWS = {
    "rest_framework_simplejwt.views.TokenObtainPairView": "token_obtain_pair",
    "rest_framework_simplejwt.views.TokenRefreshView": "token_refresh",
    "rest_framework_simplejwt.views.TokenVerifyView": "token_verify",
    "rest_framework_simplejwt.views.TokenBlacklistView": "token_blacklist",
    "rest_framework_simplejwt.views.TokenObtainSlidingView": "token_obtain_sliding",
    "rest_framework_simplejwt.views.TokenRefreshSlidingView": "token_refresh_sliding",
}
SECTIONS = ["SIMPLE_JWT"]


class Command(BaseCommand):
    help = "Prints the settings that Jeton takes over, SECRET_KEY among them, as JSON."

    def add_arguments(self, parser):
        parser.add_argument("--without-secret", action="store_true", help="leave SECRET_KEY out, where it is kept elsewhere")
        parser.add_argument("--output", metavar="FILE", help="write a file that only its owner may read, in place of standard output")

    def handle(self, *args, output=None, without_secret=False, **options):
        if settings.AUTH_USER_MODEL != "auth.User":
            raise CommandError(f"AUTH_USER_MODEL is {settings.AUTH_USER_MODEL}: Jeton reads the users of auth.User")
        found = self.collect()
        if without_secret:
            del found["SECRET_KEY"]
        text = json.dumps(found, indent=2, default=plain) + "\n"
        if output is None:
            self.stdout.write(text, ending="")
            return
        if os.path.exists(output):
            os.unlink(output)  # its mode may be another
        with open(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        self.stderr.write(f"Wrote {output}" + ("." if without_secret else ". It holds SECRET_KEY."))

    def collect(self):
        found = {"SECRET_KEY": settings.SECRET_KEY, "INSTALLED_APPS": list(settings.INSTALLED_APPS)}
        for name in SECTIONS:
            if hasattr(settings, name):
                found[name] = getattr(settings, name)
        for name in dir(settings):
            if name.startswith("CORS_"):
                found[name] = getattr(settings, name)
        found["URLS"] = dict.fromkeys([*VIEWS.values(), "me"]) | dict(token_views(get_resolver().url_patterns))
        return found


def plain(value):
    """Returns a setting's value as JSON can hold it."""
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, re.Pattern):
        return value.pattern
    if isinstance(value, type):
        return f"{value.__module__}.{value.__qualname__}"
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise CommandError(f"a value of {type(value).__name__} in the settings has no form in JSON")


def token_views(patterns, prefix="/"):
    """Yields the name and the path of each view that Jeton answers."""
    for pattern in patterns:
        path = prefix + fixed(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from token_views(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and (found := known(getattr(pattern.callback, "view_class", None))):
            view, name, is_exact = found
            if not is_exact:
                print(f"{path} is answered by {view.__qualname__}: what it does differently, Jeton does not know", file=sys.stderr)
            if not re.fullmatch(r"[-\w./~]+", path):
                raise CommandError(f"{path} is not one path: Jeton answers at fixed paths")
            yield name, path


def fixed(pattern):
    """Returns a pattern's text, of a regular expression without its anchors."""
    text = str(pattern)
    return re.sub(r"^\^|(\$|\\Z)$", "", text) if isinstance(pattern, RegexPattern) else text


def known(view):
    """Returns the view, the name of the view it is or builds on, and whether it is that view itself."""
    for base in getattr(view, "__mro__", ()):
        if name := VIEWS.get(f"{base.__module__}.{base.__qualname__}"):
            return view, name, base is view
    return None
