"""The views that ask for a token, as Jeton and the Go program of the tests have them."""
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView


class MeView(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request):
        user = request.user
        names = ["email", "first_name", "last_name"]
        return Response({"id": str(user.pk), "username": user.get_username(), **{name: getattr(user, name) for name in names}})


class OpenView(APIView):
    """Who asks needs no token, but a bad one is refused."""

    permission_classes = []

    def get(self, request):
        return Response({"username": request.user.get_username()})


class TokenUserView(APIView):
    """What the token alone says."""

    permission_classes = [IsAuthenticated]

    def get(self, request):
        user = request.user
        return Response({"id": str(user.pk), "username": user.username, "is_staff": user.is_staff, "is_superuser": user.is_superuser})
