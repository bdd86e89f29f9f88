"""Answers the requests on standard input as a Django site with drf-jwt, or with djangorestframework-jwt, does.

In: {"secret", "settings": JWT_AUTH with durations in seconds, "apps": [...], "user_secrets", "iterations",
"users": [{...}], "requests": [{...}]}, header values in base64.
Out: [{"status", "header", "body"}], in the same order. See common.py for requests and answers.
"""
import base64
import datetime
import hashlib
import json
import sys
import types

from django.conf import settings

from common import answer, keep_password_hashes

task = json.load(sys.stdin)


def secret_of(user):
    return hashlib.sha256(("secret of " + user.username + user.password).encode()).hexdigest()


jwt_auth = task["settings"]
for name in ["JWT_EXPIRATION_DELTA", "JWT_REFRESH_EXPIRATION_DELTA"]:
    if name in jwt_auth:
        jwt_auth[name] = datetime.timedelta(seconds=jwt_auth[name])
if task["user_secrets"]:
    jwt_auth["JWT_GET_USER_SECRET_KEY"] = secret_of

settings.configure(
    SECRET_KEY=task["secret"],
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF="site_urls",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"] + task["apps"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    LOGGING_CONFIG=None,
    PASSWORD_HASHERS=["site_hashers.Hasher"],
    USE_TZ=True,
    JWT_AUTH=jwt_auth,
    REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_jwt.authentication.JSONWebTokenAuthentication"]},
)
import django

django.setup()
keep_password_hashes(task["iterations"])

from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import path
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_jwt import views


class MeView(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request):
        user = request.user
        names = ["username", "email", "first_name", "last_name"]
        return Response({"id": str(user.pk), **{name: getattr(user, name) for name in names}})


urls = types.ModuleType("site_urls")
urls.urlpatterns = [
    path("api-token-auth/", views.obtain_jwt_token),
    path("api-token-refresh/", views.refresh_jwt_token),
    path("api-token-verify/", views.verify_jwt_token),
    path("api/me/", MeView.as_view()),
]
if hasattr(views, "impersonate_jwt_token"):
    urls.urlpatterns.append(path("api-token-impersonate/", views.impersonate_jwt_token))
if "rest_framework_jwt.blacklist" in task["apps"]:
    from rest_framework_jwt.blacklist.views import BlacklistView

    urls.urlpatterns.append(path("api-token-blacklist/", BlacklistView.as_view({"post": "create"})))
sys.modules["site_urls"] = urls
call_command("migrate", verbosity=0)
for row in task["users"]:
    User.objects.create(**row)
application = get_wsgi_application()
for request in task["requests"]:
    request["header"] = [(name, base64.b64decode(value).decode("latin-1")) for name, value in request["header"]]
json.dump([answer(application, request) for request in task["requests"]], sys.stdout)
