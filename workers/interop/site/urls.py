"""The packages' views under the paths that their documentation gives them."""
from django.apps import apps
from django.conf import settings
from django.urls import path

from views import MeView, OpenView, TokenUserView

urlpatterns = [path("api/me/", MeView.as_view()), path("open/", OpenView.as_view())]

if hasattr(settings, "SIMPLE_JWT"):
    from rest_framework_simplejwt import views
    from rest_framework_simplejwt.authentication import JWTStatelessUserAuthentication

    urlpatterns += [
        path("stateless/", TokenUserView.as_view(authentication_classes=[JWTStatelessUserAuthentication])),
        path("api/token/", views.TokenObtainPairView.as_view()),
        path("api/token/refresh/", views.TokenRefreshView.as_view()),
        path("api/token/verify/", views.TokenVerifyView.as_view()),
        path("api/token/blacklist/", views.TokenBlacklistView.as_view()),
        path("api/token/sliding/", views.TokenObtainSlidingView.as_view()),
        path("api/token/sliding/refresh/", views.TokenRefreshSlidingView.as_view()),
    ]
    if settings.REGISTRATION.get("ENABLED"):
        from accounts import PasswordChangeView, register_view

        urlpatterns += [
            path("api/register/", register_view(settings.REGISTRATION.get("EMAIL_REQUIRED", False))),
            path("api/password/change/", PasswordChangeView.as_view()),
        ]
else:
    from rest_framework_jwt import views

    urlpatterns += [
        path("api-token-auth/", views.obtain_jwt_token),
        path("api-token-refresh/", views.refresh_jwt_token),
        path("api-token-verify/", views.verify_jwt_token),
    ]
    if hasattr(views, "impersonate_jwt_token"):
        urlpatterns += [path("api-token-impersonate/", views.impersonate_jwt_token)]
    if apps.is_installed("rest_framework_jwt.blacklist"):
        from rest_framework_jwt.blacklist.views import BlacklistView

        urlpatterns += [path("api-token-blacklist/", BlacklistView.as_view({"post": "create"}))]
