from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import humanize


class Greeter(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"Downloaded {humanize.intword(1_000_000)} times.\n".encode())


ThreadingHTTPServer(("", 8080), Greeter).serve_forever()
