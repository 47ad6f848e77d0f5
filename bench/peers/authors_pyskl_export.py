"""What PYSKL's authors read from a pickle that `posetta export pyskl` wrote: runs their PoseDataset on it and prints what was loaded, as one line of JSON.

    POSETTA_AUTHORS=<checkout of kennymckormick/pyskl> python bench/peers/authors_pyskl_export.py penn-13-2d.pkl [SPLIT]

Needs numpy, scipy and torch; see authors_pyskl.py for what stands in for what.
"""
import json
import sys

from authors_pyskl import clip_of, stand_in

stand_in()
from pyskl.datasets import PoseDataset  # noqa: E402

split = sys.argv[2] if len(sys.argv) > 2 else None
data = PoseDataset(sys.argv[1], [{'type': 'PoseDecode'}], split=split, test_mode=True)
json.dump([clip_of(data[at]) for at in range(len(data))], sys.stdout)
