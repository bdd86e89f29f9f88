"""What the reference sites share."""
import base64
import io
import sys
import types


def keep_password_hashes(iterations):
    """Makes a module "site_hashers" whose Hasher has the work of the users' hashes, so that no login changes one."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    module = types.ModuleType("site_hashers")
    module.Hasher = type("Hasher", (PBKDF2PasswordHasher,), {"iterations": iterations})
    sys.modules["site_hashers"] = module


def answer(application, request):
    """Returns {"status", "header", "body"} for {"method", "path", "query", "header", "body"}, without a server in between.

    The request's body is in base64. The bytes of header values are the characters of that number.
    """
    body = base64.b64decode(request["body"])
    environ = {
        "REQUEST_METHOD": request["method"],
        "PATH_INFO": request["path"],
        "QUERY_STRING": request["query"],
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
    }
    for name, value in request["header"] or []:
        key = name.upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else "HTTP_" + key
        environ[key] = environ[key] + "," + value if key in environ else value
    result = {}

    def start(status, header, exc_info=None):
        result.update(status=int(status.split()[0]), header={name: value.strip() for name, value in header})

    content = b"".join(application(environ, start))
    result["body"] = "" if request["method"] == "HEAD" else content.decode("utf-8", "replace")
    return result
