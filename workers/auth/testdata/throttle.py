"""Answers requests at given moments as a Django site with REST framework's throttling classes does.

In: {"secret", "rest_framework": {...}, "user": {...}, "requests": [{"at", "address", "authorization"}]}: the moment in seconds, and a
header, which may be empty. Without it the token verify view is asked, with it a protected view.
Out: [{"status", "retry_after", "body"}], in the same order.
"""
import json
import sys
import types

from django.conf import settings

task = json.load(sys.stdin)
settings.configure(
    SECRET_KEY=task["secret"],
    ROOT_URLCONF="site_urls",
    ALLOWED_HOSTS=["testserver"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"],
    USE_TZ=True,
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
        **task["rest_framework"],
    },
)
import django

django.setup()

from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import path
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView
from rest_framework_simplejwt import views


class ProtectedView(APIView):
    permission_classes = [IsAuthenticated]

    def post(self, request):
        return Response({})


urls = types.ModuleType("site_urls")
urls.urlpatterns = [path("verify/", views.TokenVerifyView.as_view()), path("protected/", ProtectedView.as_view())]
sys.modules["site_urls"] = urls
call_command("migrate", verbosity=0)
User.objects.create(**task["user"])

moment = 0
SimpleRateThrottle.timer = staticmethod(lambda: moment)
# The cache has a clock of its own, by which nothing must expire here.
SimpleRateThrottle.cache = types.SimpleNamespace(get=cache.get, set=lambda key, value, timeout: cache.set(key, value, None))

answers = []
for request in task["requests"]:
    moment = request["at"]
    header = {"HTTP_AUTHORIZATION": request["authorization"]} if request["authorization"] else {}
    path = "/protected/" if header else "/verify/"
    response = Client().post(path, data="{}", content_type="application/json", REMOTE_ADDR=request["address"], **header)
    answers.append(
        {
            "status": response.status_code,
            "retry_after": response.headers.get("Retry-After", ""),
            "body": response.content.decode(),
        }
    )
json.dump(answers, sys.stdout)
