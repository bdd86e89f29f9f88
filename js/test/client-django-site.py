"""A Django site with one user, for the tests of the client: python client-django-site.py SITE.json

The file says which package makes the tokens, with which secret and settings, and who the user is. The site listens on a free port of
this machine, which it prints.
"""

import json
import os
import sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from socketserver import ThreadingMixIn

import django
from django.conf import settings

with open(sys.argv[1], encoding="utf-8") as file:
    site = json.load(file)
simplejwt = site["dialect"] == "simplejwt"

settings.configure(
    SECRET_KEY=site["secret"],
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "rest_framework_simplejwt.token_blacklist" if simplejwt else "rest_framework_jwt.blacklist",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.path.join(site["folder"], "site.sqlite3"),
            "OPTIONS": {"timeout": 30, "transaction_mode": "IMMEDIATE"},
        }
    },
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # fast: there is nothing to guard here
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [
            "rest_framework_simplejwt.authentication.JWTAuthentication"
            if simplejwt
            else "rest_framework_jwt.authentication.JSONWebTokenAuthentication"
        ],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
    # Lifetimes come in seconds, which JSON has, and become what the packages want.
    **{("SIMPLE_JWT" if simplejwt else "JWT_AUTH"): {}},
)

from datetime import timedelta  # noqa: E402

getattr(settings, "SIMPLE_JWT" if simplejwt else "JWT_AUTH").update(
    {
        name: timedelta(seconds=value) if name.endswith(("_LIFETIME", "_DELTA")) else value
        for name, value in site["settings"].items()
    }
)
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework.decorators import api_view, permission_classes  # noqa: E402
from rest_framework.permissions import IsAuthenticated  # noqa: E402
from rest_framework.response import Response  # noqa: E402


@api_view(["GET", "POST"])
@permission_classes([IsAuthenticated])
def me(request):
    return Response({"username": request.user.get_username(), "sent": request.data})


urlpatterns = [path("api/me/", me)]
if simplejwt:
    from rest_framework_simplejwt import views

    urlpatterns += [
        path("api/token/", views.TokenObtainPairView.as_view()),
        path("api/token/refresh/", views.TokenRefreshView.as_view()),
        path("api/token/verify/", views.TokenVerifyView.as_view()),
        path("api/token/blacklist/", views.TokenBlacklistView.as_view()),
    ]
else:
    from rest_framework_jwt import views
    from rest_framework_jwt.blacklist.views import BlacklistView

    urlpatterns += [
        path("api-token-auth/", views.obtain_jwt_token),
        path("api-token-refresh/", views.refresh_jwt_token),
        path("api-token-verify/", views.verify_jwt_token),
        path("api-token-blacklist/", BlacklistView.as_view({"post": "create"})),
    ]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    get_user_model().objects.create_user(**site["user"])
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=Server, handler_class=Quiet)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
