"""Counts visits in data/visits."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import humanize

visits = Path("data/visits")


def count():
    visits.parent.mkdir(exist_ok=True)
    number = int(visits.read_text()) + 1 if visits.exists() else 1
    visits.write_text(str(number))
    return f"You are the {humanize.ordinal(number)} visitor.\n"


class Counter(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            status, text = 200, "ready\n" if self.path == "/ready" else count()
        except OSError as error:
            status, text = 500, f"{error.strerror}: {error.filename}\n"
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())


ThreadingHTTPServer(("", 8080), Counter).serve_forever()
