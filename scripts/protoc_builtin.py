"""A plugin of protoc by the name of a generator that is within protoc: `protoc_builtin.py grpc_python < request > response`."""

import pathlib
import sys
import tempfile

from google.protobuf import descriptor_pb2
from google.protobuf.compiler import plugin_pb2
from grpc_tools import protoc


def main(generator: str) -> None:
    request = plugin_pb2.CodeGeneratorRequest.FromString(sys.stdin.buffer.read())
    response = plugin_pb2.CodeGeneratorResponse()
    response.supported_features = plugin_pb2.CodeGeneratorResponse.FEATURE_PROTO3_OPTIONAL
    with tempfile.TemporaryDirectory() as room:
        descriptors = pathlib.Path(room, "descriptors")
        descriptors.write_bytes(
            descriptor_pb2.FileDescriptorSet(file=request.proto_file).SerializeToString()
        )
        out = pathlib.Path(room, "out")
        out.mkdir()
        arguments = [
            "protoc",
            f"--descriptor_set_in={descriptors}",
            f"--{generator}_out={out}",
        ]
        code = protoc.main([*arguments, *request.file_to_generate])
        if code != 0:
            sys.exit(code)
        for path in sorted(out.rglob("*")):
            if path.is_file():
                name = path.relative_to(out).as_posix()
                response.file.add(name=name, content=path.read_text(encoding="utf-8"))
    sys.stdout.buffer.write(response.SerializeToString())


main(sys.argv[1])
