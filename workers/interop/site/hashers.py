"""The password hasher of a site that has chosen its own cost."""
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher


class PBKDF2(PBKDF2PasswordHasher):
    iterations = settings.PASSWORD_ITERATIONS
