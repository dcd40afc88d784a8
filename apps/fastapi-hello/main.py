from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

app = FastAPI(title="fastapi-hello", max_body_size=64 * 1024)


class Echo(BaseModel):
    message: str = Field(min_length=1, max_length=200)
    repeat: int = Field(default=1, ge=1, le=10)


class Echoed(BaseModel):
    message: str
    length: int


@app.get("/")
async def index():
    return {"message": "¡Hola desde FastAPI en Docker Multi-stage!"}


@app.get("/healthz")
async def healthz():
    return {"status": "live"}


@app.get("/readyz")
async def readyz():
    return {"status": "ready"}


@app.post("/echo")
async def echo(body: Echo) -> Echoed:
    message = body.message * body.repeat
    return Echoed(message=message, length=len(message))


@app.exception_handler(RequestValidationError)
async def validation_exception_handler(request: Request, exc: RequestValidationError):
    """Leave out the input, which may be what JSON cannot hold: FastAPI would answer 500 to NaN."""
    errors = [{"loc": error["loc"], "msg": error["msg"], "type": error["type"]} for error in exc.errors()]
    return JSONResponse({"detail": errors}, status_code=422)
