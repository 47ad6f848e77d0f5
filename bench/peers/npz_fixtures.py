"""The archives of test/fixtures/npz, by numpy: frame counters (t / T, t) of four clips of 30 to 33 frames, as float64 deflated and as float32 stored, and one of integers.

Run: python bench/peers/npz_fixtures.py
"""
import pathlib
import numpy as np

folder = pathlib.Path(__file__).parents[2] / "test/fixtures/npz"
counter = lambda frames: np.stack([np.arange(frames) / frames, np.arange(frames)], 1)
clips = {f"penn-action/{1006 + index}": counter(30 + index) for index in range(4)}
np.savez_compressed(folder / "counter-f8.npz", **clips)
np.savez(folder / "counter-f4.npz", **{name: values.astype("f4") for name, values in clips.items()})
np.savez(folder / "integers.npz", **{"penn-action/1006": np.arange(60).reshape(30, 2)})
for path in sorted(folder.glob("*.npz")):
    print(path.name, path.stat().st_size)
