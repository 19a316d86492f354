"""A folder served over HTTP on this machine, with one redirection that leads elsewhere."""

import http.server
import threading
from contextlib import contextmanager
from functools import partial
from pathlib import Path


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        if self.path.startswith("/ailleurs"):
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/secret.zip")
            self.end_headers()
        else:
            super().do_GET()


@contextmanager
def served(folder: Path):
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
