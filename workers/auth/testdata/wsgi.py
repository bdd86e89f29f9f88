"""Answers requests with a WSGI application, without a server."""
import base64
import io


def answer(application, request):
    """Returns {"status", "header", "body"} for {"method", "path", "query", "header", "body"}; the request's body is in base64."""
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
        value = base64.b64decode(value).decode("latin-1")
        environ[key] = environ[key] + "," + value if key in environ else value
    result = {}

    def start(status, header, exc_info=None):
        result.update(status=int(status.split()[0]), header={name: value.strip() for name, value in header})

    content = b"".join(application(environ, start))
    result["body"] = "" if request["method"] == "HEAD" else content.decode("utf-8", "replace")
    return result
