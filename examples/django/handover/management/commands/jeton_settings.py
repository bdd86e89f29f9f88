"""Prints what Jeton needs to know of this site, as JSON.

To use it in another site, copy the folder `handover` beside its manage.py and add "handover" to INSTALLED_APPS.
"""

import datetime
import json
import os
import re
import sys

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import get_hashers
from django.core.management.base import BaseCommand, CommandError
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

# The views that Jeton answers, by the classes that answer them in Django: of each of the packages.
SIMPLEJWT = {
    "rest_framework_simplejwt.views.TokenObtainPairView": "token_obtain_pair",
    "rest_framework_simplejwt.views.TokenRefreshView": "token_refresh",
    "rest_framework_simplejwt.views.TokenVerifyView": "token_verify",
    "rest_framework_simplejwt.views.TokenBlacklistView": "token_blacklist",
    "rest_framework_simplejwt.views.TokenObtainSlidingView": "token_obtain_sliding",
    "rest_framework_simplejwt.views.TokenRefreshSlidingView": "token_refresh_sliding",
}
DRFJWT = {
    "rest_framework_jwt.views.ObtainJSONWebTokenView": "api-token-auth",
    "rest_framework_jwt.views.RefreshJSONWebTokenView": "api-token-refresh",
    "rest_framework_jwt.views.VerifyJSONWebTokenView": "api-token-verify",
    "rest_framework_jwt.views.ImpersonateJSONWebTokenView": "api-token-impersonate",
    "rest_framework_jwt.blacklist.views.BlacklistView": "api-token-blacklist",
}
DJANGORESTFRAMEWORK_JWT = {
    "rest_framework_jwt.views.ObtainJSONWebToken": "api-token-auth",
    "rest_framework_jwt.views.RefreshJSONWebToken": "api-token-refresh",
    "rest_framework_jwt.views.VerifyJSONWebToken": "api-token-verify",
}
DIALECTS = {"simplejwt": SIMPLEJWT, "drf-jwt": DRFJWT, "djangorestframework-jwt": DJANGORESTFRAMEWORK_JWT}
SETTINGS = {"simplejwt": "SIMPLE_JWT", "drf-jwt": "JWT_AUTH", "djangorestframework-jwt": "JWT_AUTH"}

# The scopes of throttling that these views know. A site's own are for views of its own.
THROTTLE_SCOPES = ["anon", "user"]


class Command(BaseCommand):
    help = "Prints the settings that Jeton takes over, SECRET_KEY among them, as JSON."

    def add_arguments(self, parser):
        parser.add_argument("--without-secret", action="store_true", help="leave SECRET_KEY out, where it is kept elsewhere")
        parser.add_argument("--output", metavar="FILE", help="write a file that only its owner may read, in place of standard output")

    def handle(self, *args, output=None, without_secret=False, **options):
        found = collect()
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
        self.stderr.write("Next: " + " ".join(["jeton serve --check", "--config", output, *database_flags()]))


def collect():
    """Returns the settings by their names, as Jeton takes them."""
    views = dict(token_views(get_resolver().url_patterns))
    dialect = dialect_of(views)
    names = DIALECTS[dialect]
    found = {
        "SECRET_KEY": settings.SECRET_KEY,
        "JWT_DIALECT": dialect,
        SETTINGS[dialect]: getattr(settings, SETTINGS[dialect], {}),
        "INSTALLED_APPS": list(settings.INSTALLED_APPS),
        "URLS": dict.fromkeys([*names.values(), "me"]) | {names[view]: path for view, path in views.items() if view in names},
    }
    if hasattr(settings, "REST_FRAMEWORK"):
        found["REST_FRAMEWORK"] = throttling(settings.REST_FRAMEWORK)
    if settings.is_overridden("PASSWORD_HASHERS"):
        found["PASSWORD_HASHERS"] = settings.PASSWORD_HASHERS
    if iterations := getattr(get_hashers()[0], "iterations", None):  # new hashes cost the same here and there
        found["PASSWORD_ITERATIONS"] = iterations
    return found | {name: getattr(settings, name) for name in dir(settings) if name.startswith("CORS_")}


def database_flags():
    """Returns the flags that lead the program to the site's users."""
    database, user = settings.DATABASES["default"], get_user_model()
    flags = ["--db", str(database["NAME"]) if database["ENGINE"].endswith("sqlite3") else "postgres://..."]
    if user._meta.db_table != "auth_user":
        flags += ["--user-table", user._meta.db_table]
    column = user._meta.get_field(user.USERNAME_FIELD).column
    return flags if column == "username" else flags + ["--username-column", column]


def dialect_of(views):
    """Returns the package whose views the site has. Where it has those of two, one of them stays with Django."""
    present = [dialect for dialect, names in DIALECTS.items() if any(view in names for view in views)]
    if not present:
        raise CommandError("no path leads to a view of djangorestframework-simplejwt, drf-jwt or djangorestframework-jwt")
    for left in present[1:]:
        warn(f"the views of {left} stay with Django: one Jeton speaks for one package, here {present[0]}")
    return present[0]


def throttling(framework):
    """Returns the part of REST_FRAMEWORK that is about these views: the throttling by classes of REST framework's own."""
    rates = framework.get("DEFAULT_THROTTLE_RATES", {})
    for scope in rates:
        if scope not in THROTTLE_SCOPES:
            warn(f"the throttle scope {scope!r} is of views of the site's own, and left out")
    found = {"DEFAULT_THROTTLE_RATES": {scope: rate for scope, rate in rates.items() if scope in THROTTLE_SCOPES}} if rates else {}
    if "DEFAULT_THROTTLE_CLASSES" in framework:
        found["DEFAULT_THROTTLE_CLASSES"] = framework["DEFAULT_THROTTLE_CLASSES"]
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
    """Yields the class and the path of each view that Jeton answers."""
    for pattern in patterns:
        path = prefix + fixed(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from token_views(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and (name := known(pattern.callback, path)):
            if re.fullmatch(r"[-\w./~]+", path):
                yield name, path
            else:
                warn(f"{path} stays with Django: Jeton answers at fixed paths")


def fixed(pattern):
    """Returns a pattern's text, of a regular expression without its anchors."""
    text = str(pattern)
    return re.sub(r"^\^|(\$|\\Z)$", "", text) if isinstance(pattern, RegexPattern) else text


def known(callback, path):
    """Returns the name of the class that answers a path, or that its class builds on, when Jeton answers it too."""
    view = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
    for base in getattr(view, "__mro__", ()):
        name = f"{base.__module__}.{base.__qualname__}"
        if any(name in names for names in DIALECTS.values()):
            if base is not view:
                warn(f"{path} is answered by {view.__qualname__}: what it does differently, Jeton does not know")
            return name
    return None


def warn(message):
    print(message, file=sys.stderr)
