# Qdrant's REST API over the local mode of its official client: `python qdrant.py <port>`. Holds all in memory; for tests only.
# Bodies are read with the client's own models, so what they do not know is refused.
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

from pydantic import TypeAdapter
from qdrant_client import QdrantClient, models

client = QdrantClient(":memory:")
lock = Lock()


class Missing(Exception):
    pass


def points(name, body):
    found = client.retrieve(name, ids=body["ids"], with_payload=body.get("with_payload", True))
    return [{"id": point.id, "payload": point.payload} for point in found]


def scroll(name, body):
    scope = models.Filter(**body["filter"])
    found, offset = client.scroll(
        name, scroll_filter=scope, limit=body["limit"], offset=body.get("offset"), with_payload=body["with_payload"]
    )
    return {"points": [{"id": point.id, "payload": point.payload} for point in found], "next_page_offset": offset}


def query(name, body):
    found = client.query_points(
        name, query=body["query"], query_filter=models.Filter(**body["filter"]), limit=body["limit"], with_payload=True
    )
    return {"points": [{"id": point.id, "score": point.score, "payload": point.payload} for point in found.points]}


def upsert(name, body):
    client.upsert(name, TypeAdapter(list[models.PointStruct]).validate_python(body["points"]))
    return {"status": "completed"}


def delete(name, body):
    scope = body["points"] if "points" in body else models.FilterSelector(filter=models.Filter(**body["filter"]))
    client.delete(name, scope)
    return {"status": "completed"}


def create(name, body):
    if client.collection_exists(name):
        raise FileExistsError(f"Collection `{name}` already exists!")
    client.create_collection(name, vectors_config=models.VectorParams(**body["vectors"]))
    return True


def index(_name, body):
    models.CreateFieldIndex(**body)
    return {"status": "completed"}


routes = {
    ("PUT", ""): create,
    ("DELETE", ""): lambda name, _body: client.delete_collection(name),
    ("PUT", "/index"): index,
    ("PUT", "/points"): upsert,
    ("POST", "/points"): points,
    ("POST", "/points/scroll"): scroll,
    ("POST", "/points/query"): query,
    ("POST", "/points/delete"): delete,
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
        path = self.path.split("?")[0]
        status, answer = 200, {"result": True, "status": "ok"}
        if path != "/":
            _, _, name, rest = (path + "/").split("/", 3)
            try:
                with lock:
                    route = routes[self.command, "/" + rest.rstrip("/") if rest else ""]
                    if route is not create and not client.collection_exists(name):
                        raise Missing(f"Collection `{name}` doesn't exist!")
                    answer["result"] = route(name, body)
            except Exception as error:
                status = 404 if isinstance(error, Missing) else 409 if isinstance(error, FileExistsError) else 400
                answer = {"status": {"error": str(error)}}
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_DELETE = handle_any

    def log_message(self, *_):
        pass


# Stores ask in parallel; connections that do not fit the queue would be dropped without a word.
ThreadingHTTPServer.request_queue_size = 128
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
