NAME = "fastapi-hello"
VERSION = "0.1.0"
