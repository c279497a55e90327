"""Not a test: many short recordings, each in a process that is killed at a random moment.

``python recording_children.py FOLDER COUNT SEED``: recordings come into the folder; a line of JSON
per recording tells its name and how many seconds of sound its microphone had given by the kill.
"""

from __future__ import annotations

import json
import mmap
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np

from core.live.recording import LiveRecording
from tests.core.audio.fake_sound import FakeAudio, microphone_named

RATE = 8_000
BLOCK = 160
AT_ONCE = 10


def record(path: Path, pipe: int, given: memoryview) -> None:
    """The life of a child: sound in real time, each sample another than its neighbours.

    Where the machine is busy, time stands still for its sound card too: a clock that ran on would
    then give much at once, which no sound card does.
    """
    audio = FakeAudio()
    LiveRecording(path, microphone_named(rate=RATE), diarizer=None, backend=audio)
    stream = audio.stream()
    os.write(pipe, b"!")
    while True:
        at = np.arange(stream.frames, stream.frames + BLOCK)
        stream.give((at % 30_000).astype(np.int16)[:, None])
        given[0] = stream.frames
        time.sleep(BLOCK / RATE)


def child(path: Path) -> tuple[int, int, memoryview]:
    reading, writing = os.pipe()
    given = memoryview(mmap.mmap(-1, 8)).cast("q")  # what the child writes here outlives it
    pid = os.fork()
    if not pid:
        record(path, writing, given)
    os.close(writing)
    return pid, reading, given


def main(folder: Path, count: int, seed: int) -> None:
    moments = random.Random(seed)
    for first in range(0, count, AT_ONCE):
        names = [f"{n}.wav" for n in range(first, min(first + AT_ONCE, count))]
        children = [(name, *child(folder / name)) for name in names]
        threads = [
            threading.Thread(target=end, args=(*each, moments.uniform(0.05, 1.2)))
            for each in children
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def end(name: str, pid: int, pipe: int, given: memoryview, after: float) -> None:
    assert os.read(pipe, 1), "it did not begin"
    os.close(pipe)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    print(json.dumps([name, given[0] / RATE]) + "\n", end="", flush=True)  # whole, of all threads


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
