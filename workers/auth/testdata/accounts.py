"""The endpoints for accounts as a Django site would write them, with Django REST framework's serializers."""
import unicodedata

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken, SlidingToken


def problems(password, user):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return list(error.messages)
    return []


def register_view(email_required):
    class RegisterSerializer(serializers.ModelSerializer):
        class Meta:
            model = User
            fields = ["id", "username", "email", "password"]
            extra_kwargs = {
                "password": {"write_only": True},
                "email": {"required": email_required, "allow_blank": not email_required},
            }

        def get_fields(self):
            # As the field of Django's forms does.
            fields = super().get_fields()
            read = fields["username"].to_internal_value
            fields["username"].to_internal_value = lambda data: unicodedata.normalize("NFKC", read(data))
            return fields

        def validate(self, attrs):
            wrong = problems(attrs["password"], User(username=attrs["username"], email=attrs.get("email", "")))
            if wrong:
                raise serializers.ValidationError({"password": wrong})
            return attrs

        def create(self, validated_data):
            return User.objects.create_user(**validated_data)

    class RegisterView(generics.CreateAPIView):
        authentication_classes = []
        serializer_class = RegisterSerializer

    return RegisterView.as_view()


class PasswordChangeSerializer(serializers.Serializer):
    old_password = serializers.CharField()
    new_password = serializers.CharField(max_length=128)

    def validate(self, attrs):
        user = self.context["request"].user
        wrong = {}
        if not user.check_password(attrs["old_password"]):
            wrong["old_password"] = ["Your old password was entered incorrectly. Please enter it again."]
        if messages := problems(attrs["new_password"], user):
            wrong["new_password"] = messages
        if wrong:
            raise serializers.ValidationError(wrong)
        return attrs


class PasswordChangeView(generics.GenericAPIView):
    permission_classes = [IsAuthenticated]
    serializer_class = PasswordChangeSerializer

    def post(self, request):
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        request.user.set_password(serializer.validated_data["new_password"])
        request.user.save()
        if SlidingToken in api_settings.AUTH_TOKEN_CLASSES and request.auth["token_type"] == "sliding":
            return Response({"token": str(SlidingToken.for_user(request.user))})
        refresh = RefreshToken.for_user(request.user)
        return Response({"refresh": str(refresh), "access": str(refresh.access_token)})
