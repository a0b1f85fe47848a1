"""Artifacts from elsewhere (docs/artifacts.md, "Writing inputs of your own") and hostile ones, by h5py 3.16.0.

Writes the folder elsewhere/ beside it: two valid files with strings of variable length, and files that claim what
no reader may believe. Usage: python Tests/Fixtures/artifacts/elsewhere.py
"""
import itertools
import pathlib

import h5py
import numpy as np

FOLDER = pathlib.Path(__file__).parent / "elsewhere"
NAMES, SAMPLES = [f"task {i}" for i in range(3)], 24


def write(name, stage, datasets, more=lambda file: None):
    with h5py.File(FOLDER / name, "w") as file:
        file.attrs["schema"], file.attrs["schema_version"] = f"policygradex/{stage}", 1
        for path, (values, labels) in datasets.items():
            dtype = h5py.string_dtype() if isinstance(values, list) else None
            file.create_dataset(path, data=values, dtype=dtype)
        more(file)
        for path, (values, labels) in datasets.items():
            if path in file:
                file[path].attrs["DIMENSION_LABELS"] = np.array(labels, dtype=h5py.string_dtype())


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(0)
    task = np.repeat(np.arange(3, dtype=np.int32), SAMPLES // 3)
    episode = np.tile(np.repeat(np.arange(4, dtype=np.int32), 2), 3)
    write("collect-gradients.h5", "collect-gradients", {
        "/dims/task": (NAMES, ["task"]), "/task": (task, ["sample"]), "/episode": (episode, ["sample"]),
        "/held_out": ((episode % 2).astype(np.uint8), ["sample"]),
        "/advantage": (random.standard_normal(SAMPLES).astype(np.float32), ["sample"]),
        "/features": (random.standard_normal((SAMPLES, 4)).astype(np.float32), ["sample", "feature"])})
    member = np.array([[i in s for i in range(3)] for s in itertools.combinations(range(3), 2)], np.uint8)
    subsets = {"/dims/task": (NAMES, ["task"]), "/member": (member, ["subset", "task"])}
    write("sample-subsets.h5", "sample-subsets", subsets)

    def cycle(file):
        file["/dims/up"] = file["/dims"]

    def outside(file):
        del file["/member"]
        file["/member"] = h5py.ExternalLink("sample-subsets.h5", "/member")

    def storage(file):
        del file["/member"]
        file.create_dataset("/member", (3, 3), np.uint8, external=[("/etc/hostname", 0, 9)])

    def virtual(file):
        del file["/member"]
        layout = h5py.VirtualLayout((3, 3), np.uint8)
        layout[:] = h5py.VirtualSource("sample-subsets.h5", "/member", (3, 3))
        file.create_virtual_dataset("/member", layout)

    def giant(shape):
        def replace(file):
            del file["/member"]
            file.create_dataset("/member", shape, np.uint8, chunks=(1 << 20, 1))
        return replace

    def deflated(file):
        del file["/member"]
        file.create_dataset("/member", data=member, chunks=(3, 3), compression="gzip")

    # A filter that nobody has: the library would look for a plug-in with its number.
    write("filter.h5", "sample-subsets", subsets, deflated)
    path, known = FOLDER / "filter.h5", bytes([1, 0, 8, 0]) + bytes([1, 0, 1, 0]) + b"deflate\0"
    whole = path.read_bytes()
    assert whole.count(known) == 1
    path.write_bytes(whole.replace(known, (32000).to_bytes(2, "little") + known[2:]))

    write("cycle.h5", "sample-subsets", subsets, cycle)
    write("external-link.h5", "sample-subsets", subsets, outside)
    write("external-storage.h5", "sample-subsets", subsets, storage)
    write("virtual.h5", "sample-subsets", subsets, virtual)
    write("giant.h5", "sample-subsets", subsets, giant((1 << 45, 3)))
    write("overflow.h5", "sample-subsets", subsets, giant((1 << 62, 1 << 62)))


if __name__ == "__main__":
    main()
