NAME = "flask-hello"
VERSION = "0.1.0"
