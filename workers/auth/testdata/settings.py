"""Writes the settings of Django REST framework at their defaults, as {"REST_FRAMEWORK": {...}}."""
import json
import sys

from rest_framework.settings import DEFAULTS

json.dump({"REST_FRAMEWORK": DEFAULTS}, sys.stdout)
