"""The view that asks for a token, as Jeton has it."""
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView


class MeView(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request):
        user = request.user
        names = ["username", "email", "first_name", "last_name"]
        return Response({"id": str(user.pk), **{name: getattr(user, name) for name in names}})
