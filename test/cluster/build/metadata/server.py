"""Serves ML Metadata over gRPC: the C++ core of its Python package does the work.

The package has no server of its own. Requests and answers pass through here as the bytes that they are,
so what a client meets is the core's behaviour. It refuses nothing that the core does not refuse.
"""

import argparse
import concurrent.futures
import queue
import signal

import grpc
from ml_metadata.metadata_store.pywrap.metadata_store_extension import metadata_store as core
from ml_metadata.proto import metadata_store_pb2, metadata_store_service_pb2

SERVICE = metadata_store_service_pb2.DESCRIPTOR.services_by_name["MetadataStoreService"]
AT_ONCE = 8
CODES = {code.value[0]: code for code in grpc.StatusCode}


class Methods(grpc.GenericRpcHandler):
    """Finds the core's function for a call. A store serves one call at a time, so there are several."""

    def __init__(self, stores):
        self._stores = stores

    def service(self, call):
        service, _, method = call.method.lstrip("/").partition("/")
        if service != SERVICE.full_name or method not in SERVICE.methods_by_name:
            return None
        function = getattr(core, method, None)
        if function is None:  # such a call is answered with UNIMPLEMENTED
            return None
        return grpc.unary_unary_rpc_method_handler(lambda request, context: self._call(function, request, context))

    def _call(self, function, request, context):
        store = self._stores.get()
        try:
            answer, message, code = function(store, request)
        finally:
            self._stores.put(store)
        if code != 0:
            context.abort(CODES.get(code, grpc.StatusCode.UNKNOWN), message.decode("utf-8", "replace"))
        return answer


def connect(host, port, database):
    """Opens a store; the first one makes the database and its tables."""
    config = metadata_store_pb2.ConnectionConfig()
    config.mysql.host, config.mysql.port, config.mysql.database = host, port, database
    config.mysql.user, config.mysql.password = "root", ""
    options = metadata_store_pb2.MigrationOptions()
    return core.CreateMetadataStore(config.SerializeToString(), options.SerializeToString())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listen", required=True, help="address and port")
    parser.add_argument("--mysql-host", required=True)
    parser.add_argument("--mysql-port", type=int, default=3306)
    parser.add_argument("--mysql-database", default="metadb")
    options = parser.parse_args()

    stores = queue.SimpleQueue()
    for _ in range(AT_ONCE):
        stores.put(connect(options.mysql_host, options.mysql_port, options.mysql_database))
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=AT_ONCE))
    server.add_generic_rpc_handlers((Methods(stores),))
    server.add_insecure_port(options.listen)
    server.start()
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    server.stop(grace=None)


if __name__ == "__main__":
    main()
