"""The rival of bench/ingest.ts: scipy reads the same .mat files into memory, and writes nothing. Usage: python ingest_scipy.py LABELS_FOLDER"""
import glob
import json
import sys
import time

import scipy
import scipy.io

start = time.perf_counter()
frames = 0
clips = []
for path in sorted(glob.glob(sys.argv[1] + "/*.mat")):
    clip = scipy.io.loadmat(path)
    frames += clip["x"].shape[0]
    clips.append(clip)
print(json.dumps({"clips": len(clips), "frames": frames, "seconds": time.perf_counter() - start, "scipy": scipy.__version__}))
