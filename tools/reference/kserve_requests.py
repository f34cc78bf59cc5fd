"""Requests as a client of Triton sends them: a stand-in for a server writes down what comes.

Writes packages/server/test/fixtures/kserve-requests.json. Needs numpy and tritonclient[http]:
    python tools/reference/kserve_requests.py
"""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from pathlib import Path

import numpy
import tritonclient.http as triton

SIZE = 32
# The smallest PNGs there are: one red pixel, one blue pixel.
RED = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
BLUE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYPgPAAEDAQAIicLsAAAAAElFTkSuQmCC"
)

recorded = []


class Recorder(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        wanted = ("inference-header-content-length", "content-type")
        headers = {name.lower(): value for name, value in self.headers.items() if name.lower() in wanted}
        recorded.append(
            {"method": self.command, "url": self.path, "headers": headers, "body": base64.b64encode(body).decode()}
        )
        said = json.dumps({"model_name": "m", "model_version": "1", "outputs": []}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


def photos(binary):
    tensor = triton.InferInput("photo", [2], "BYTES")
    texts = [RED, BLUE] if binary else [base64.b64encode(photo) for photo in (RED, BLUE)]
    tensor.set_data_from_numpy(numpy.array(texts, dtype=object), binary_data=binary)
    return tensor


def pixels(binary):
    picture = numpy.zeros((2, SIZE, SIZE, 3), numpy.uint8)
    picture[0, :, :, 0] = 255
    picture[1, :, :, 2] = 255
    tensor = triton.InferInput("image", list(picture.shape), "UINT8")
    tensor.set_data_from_numpy(picture, binary_data=binary)
    return tensor


server = HTTPServer(("127.0.0.1", 0), Recorder)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = triton.InferenceServerClient(f"127.0.0.1:{server.server_port}")
client.is_server_live()
client.is_server_ready()
client.get_server_metadata()
client.is_model_ready("MODEL")
client.get_model_metadata("MODEL", "VERSION")
for binary in (True, False):
    client.infer("MODEL", [photos(binary)], request_id="one")
    client.infer("MODEL", [pixels(binary)], model_version="VERSION")
client.infer(
    "MODEL",
    [photos(True)],
    outputs=[
        triton.InferRequestedOutput("warna", binary_data=False),
        triton.InferRequestedOutput("codes", binary_data=True),
        triton.InferRequestedOutput("warna", binary_data=False, class_count=2),
    ],
)
client.close()
server.shutdown()

out = Path(__file__).parents[2] / "packages/server/test/fixtures/kserve-requests.json"
out.parent.mkdir(exist_ok=True)
made_by = {"tritonclient": version("tritonclient"), "numpy": numpy.__version__}
out.write_text(json.dumps({"made_by": made_by, "requests": recorded}, indent=2) + "\n")
