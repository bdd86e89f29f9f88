from django.urls import path
from rest_framework_simplejwt import views as tokens

from notes.views import NoteList

urlpatterns = [
    path("api/token/", tokens.TokenObtainPairView.as_view(), name="token_obtain_pair"),
    path("api/token/refresh/", tokens.TokenRefreshView.as_view(), name="token_refresh"),
    path("api/token/verify/", tokens.TokenVerifyView.as_view(), name="token_verify"),
    path("api/token/blacklist/", tokens.TokenBlacklistView.as_view(), name="token_blacklist"),
    path("api/notes/", NoteList.as_view(), name="notes"),
]
