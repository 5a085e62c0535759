"""The files of vectors about entries and logs."""

from tests.vectors import (
    ask_cases,
    device_cases,
    directory_cases,
    entry_cases,
    joining_cases,
    limit_cases,
    loss_cases,
    reading_cases,
    shred_cases,
    stream_cases,
    witness_cases,
)
from tests.vectors.case import VectorFile
from tests.vectors.recorded import record_directory, record_stream


def files() -> list[VectorFile]:
    """Return the files of this subject."""
    directory = record_directory()
    stream = record_stream(directory)
    logs = {"directory": directory.raw, "stream": stream.raw}
    entries = [*entry_cases.cases(stream), *limit_cases.entry_cases(stream)]
    directories = [*directory_cases.cases(directory), *joining_cases.cases(directory)]
    streams = [
        *stream_cases.cases(directory, stream),
        *limit_cases.stream_cases(directory, stream),
        *loss_cases.cases(directory, stream),
        *shred_cases.cases(directory, stream),
        *shred_cases.body_cases(),
    ]
    devices = [*device_cases.cases(directory), *reading_cases.cases(directory)]
    return [
        VectorFile("device.json", "Devices, reading keys and witnesses.", devices,
                   {"directory": directory.raw}),
        VectorFile("entry.json", "Entries and their bytes.", entries, logs),
        VectorFile("directory.json", "The directory, and what it refuses.", directories, logs),
        VectorFile("stream.json", "A stream, and what it refuses.", streams, logs),
        VectorFile("ask.json", "Slips, and requests to follow.", ask_cases.cases(directory, stream),
                   {"directory": directory.raw}),
        VectorFile("witness.json", "Heads that witnesses sign.",
                   witness_cases.cases(directory, stream), {"directory": directory.raw}),
    ]  # fmt: skip
