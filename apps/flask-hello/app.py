from flask import Flask, abort, json, request
from werkzeug.exceptions import BadRequest, HTTPException

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 64 * 1024


@app.get("/")
def index():
    return {"message": "¡Hola desde Flask en Docker Multi-stage!"}


@app.get("/healthz")
def healthz():
    return {"status": "live"}


@app.get("/readyz")
def readyz():
    return {"status": "ready"}


@app.post("/echo")
def echo():
    match request.get_json():
        case {"message": str(message), **rest} if 1 <= len(message) <= 200:
            repeat = rest.get("repeat", 1)
        case _:
            abort(422, "message must be a string of 1 to 200 characters")
    if not isinstance(repeat, int) or not 1 <= repeat <= 10:
        abort(422, "repeat must be an integer from 1 to 10")
    message *= repeat
    return {"message": message, "length": len(message)}


@app.errorhandler(RecursionError)
def handle_recursion_error(error):
    """JSON that is nested deeper than Python reads."""
    return handle_exception(BadRequest("The JSON is nested too deeply."))


@app.errorhandler(HTTPException)
def handle_exception(error):
    """Return JSON instead of HTML for HTTP errors."""
    response = error.get_response()
    response.data = json.dumps({"code": error.code, "name": error.name, "description": error.description})
    response.content_type = "application/json"
    return response
