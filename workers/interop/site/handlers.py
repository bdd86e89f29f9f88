"""Python functions and classes that settings name. The Go program in program_test.go does the same with hooks."""
import hashlib

from django.conf import settings


def user_secret(user):
    """JWT_GET_USER_SECRET_KEY: tokens end with the password."""
    return hashlib.sha256((user.password + settings.SECRET_KEY).encode()).hexdigest()


def is_staff(user):
    """USER_AUTHENTICATION_RULE: staff alone may have tokens."""
    return user is not None and user.is_active and user.is_staff


if hasattr(settings, "SIMPLE_JWT"):
    from rest_framework_simplejwt.serializers import TokenObtainPairSerializer

    class StaffSerializer(TokenObtainPairSerializer):
        """TOKEN_OBTAIN_SERIALIZER: more claims, and more in the answer."""

        @classmethod
        def get_token(cls, user):
            token = super().get_token(user)
            token["username"] = user.username
            token["is_staff"] = user.is_staff
            return token

        def validate(self, attrs):
            return {**super().validate(attrs), "username": self.user.username}

else:
    from rest_framework_jwt.utils import jwt_create_payload

    def payload(user):
        """JWT_PAYLOAD_HANDLER: one claim more."""
        return {**jwt_create_payload(user), "email": user.email}

    def response_payload(token, user=None, request=None, issued_at=None):
        """JWT_RESPONSE_PAYLOAD_HANDLER: one member more."""
        return {"pk": issued_at, "token": token, "username": user.username}

    def username(payload):
        """JWT_PAYLOAD_GET_USERNAME_HANDLER: the name may be longer than the user's."""
        return (payload.get("username") or "").removeprefix("site:")
