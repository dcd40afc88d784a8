from flask import Flask

app = Flask(__name__)


@app.get("/healthz")
def healthz():
    return {"status": "live"}


@app.get("/articles")
def articles():
    return [{"name": "teapot", "price": 12}]
