"""Answers the requests on standard input as a Django site with djangorestframework-simplejwt does.

In: {"secret", "iterations" of the passwords, "settings": SIMPLE_JWT with lifetimes in seconds, "site": the settings beside it,
"apps", "users": [{...}], "requests": [{"method", "path", "query", "header", "body"}]}, bodies in base64.
Out: [{"status", "header", "body"}], in the same order.
"""
import datetime
import json
import sys
import types

from django.conf import settings

from common import answer, keep_password_hashes

task = json.load(sys.stdin)
simple_jwt = {
    name: datetime.timedelta(seconds=value) if name.endswith("_LIFETIME") else value
    for name, value in task["settings"].items()
    if name != "USER_ID_AS_NUMBER"
}
settings.configure(
    PASSWORD_HASHERS=["site_hashers.Hasher"],
    AUTH_PASSWORD_VALIDATORS=task["site"].get("AUTH_PASSWORD_VALIDATORS", []),
    SECRET_KEY=task["secret"],
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF="site_urls",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework", *(task["apps"] or [])],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    LOGGING_CONFIG=None,
    USE_TZ=True,
    SIMPLE_JWT=simple_jwt,
    REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"]},
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
from rest_framework_simplejwt import views
from rest_framework_simplejwt.authentication import JWTStatelessUserAuthentication


class MeView(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request):
        user = request.user
        names = ["username", "email", "first_name", "last_name"]
        return Response({"id": str(user.pk), **{name: getattr(user, name) for name in names}})


class StatelessView(APIView):
    authentication_classes = [JWTStatelessUserAuthentication]
    permission_classes = [IsAuthenticated]

    def get(self, request):
        names = ["id", "username", "is_staff", "is_superuser", "is_active"]
        return Response({name: getattr(request.user, name) for name in names})


urls = types.ModuleType("site_urls")
urls.urlpatterns = [
    path("api/token/", views.TokenObtainPairView.as_view()),
    path("api/token/refresh/", views.TokenRefreshView.as_view()),
    path("api/token/verify/", views.TokenVerifyView.as_view()),
    path("api/token/blacklist/", views.TokenBlacklistView.as_view()),
    path("api/token/sliding/", views.TokenObtainSlidingView.as_view()),
    path("api/token/sliding/refresh/", views.TokenRefreshSlidingView.as_view()),
    path("api/me/", MeView.as_view()),
    path("stateless/", StatelessView.as_view()),
]
if "REGISTRATION" in task["site"]:
    import accounts

    required = task["site"]["REGISTRATION"].get("EMAIL_REQUIRED", False)
    urls.urlpatterns += [
        path("api/register/", accounts.register_view(required)),
        path("api/password/change/", accounts.PasswordChangeView.as_view()),
    ]
sys.modules["site_urls"] = urls
call_command("migrate", verbosity=0)
for row in task["users"]:
    User.objects.create(**row)
application = get_wsgi_application()
json.dump([answer(application, request) for request in task["requests"]], sys.stdout)
