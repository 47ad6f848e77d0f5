"""Kendall's tau between all ordered pairs of clips as published evaluators take it, with numpy and scipy: the rival of bench/kendall-tau.ts.

Per pair: cdist (squared Euclidean, float64), argmin, scipy.stats.kendalltau of the nearest frames against 0, 1, 2, ...; a pair without a tau is dropped.
    python kendall_tau.py JSON
"""
import json, math, sys
import numpy as np
import scipy
from scipy.spatial.distance import cdist
from scipy.stats import kendalltau
from steps import serve

SPEC = json.loads(sys.argv[1])
numbers = np.fromfile(SPEC['file'], np.float32).reshape(-1, SPEC['dims']).astype(np.float64)
clips = [part[::SPEC['stride']] for part in np.split(numbers, np.cumsum(SPEC['frames'])[:-1])]
groups = SPEC['groups']


def step():
    total = pairs = 0
    for i, a in enumerate(clips):
        order = np.arange(len(a))
        for j, b in enumerate(clips):
            if groups[i] == groups[j]:
                continue
            tau = kendalltau(order, cdist(a, b, 'sqeuclidean').argmin(1)).correlation
            if not math.isnan(tau):
                total, pairs = total + tau * (1 + math.cos(3 * i + 5 * j)), pairs + 1
    return total / pairs


serve(f'numpy {np.__version__}, scipy {scipy.__version__}', step)
