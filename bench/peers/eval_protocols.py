"""What every published protocol measures on made clips (test/eval/protocols.test.ts), each written out in numpy, scipy and scikit-learn as its own evaluator does it.

Seven clips of 18 to 30 frames, embeddings by a formula, three phases; four to train, three to test; every clip in order of id. Run: python bench/peers/eval_protocols.py
"""
import json, pathlib
import numpy as np
from scipy.spatial.distance import cdist
from scipy.stats import kendalltau
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.preprocessing import StandardScaler, normalize
from sklearn.svm import SVC


def clip(index):
    """Embeddings [T, 4] in float32 and phases [T]."""
    frames, shift = 18 + 2 * index, 0.75 * index
    i, k = np.arange(frames)[:, None], np.arange(4)[None]
    features = (np.sin((i / frames * 20 + shift) * (k + 1) * 0.37) + 0.3 * np.cos(i * k)).astype("f4")
    first, second = frames // 3 + index % 2, 2 * frames // 3 - index % 2
    return features.astype("f8"), (np.arange(frames) >= first).astype(int) + (np.arange(frames) >= second)


clips = [clip(index) for index in range(7)]
train, test = clips[:4], clips[4:]
still = (np.ones((20, 4)), test[0][1][:20])


def tau(side, stride, distance, keep=False):
    taus = [kendalltau(np.arange(len(a[::stride])), cdist(a[::stride], b[::stride], distance).argmin(1)).correlation
            for i, (a, _) in enumerate(side) for j, (b, _) in enumerate(side) if i != j]
    return float(np.mean(taus) if keep else np.nanmean(taus))


def stacked(side):
    return np.concatenate([x for x, _ in side]), np.concatenate([y for _, y in side])


def accuracy(make, learnt, tested, fraction, scaled=False):
    X, y = stacked(learnt[:max(1, int(fraction * len(learnt)))])
    Z, z = stacked(tested)
    if scaled:
        scaler = StandardScaler().fit(X)
        X, Z = scaler.transform(X), scaler.transform(Z)
    return float(make().fit(X, y).score(Z, z))


logistic = lambda: LogisticRegression(C=1.0, tol=1e-10, max_iter=100000)
svm = lambda: SVC(decision_function_shape="ovo", tol=1e-9)
fractions = lambda make, learnt, tested: {str(round(f * 100)): accuracy(make, learnt, tested, f) for f in (0.1, 0.5, 1)}


def targets(labels, columns, missing):
    """(t - last frame of phase k) / T for k < columns; NaN = left out."""
    found = []
    for k in range(columns):
        where = np.argwhere(labels == k)
        if len(where) == 0 and missing == "copy" and k != columns - 1:
            found.append(found[k - 1])
            continue
        last = where[-1, 0] if len(where) else {"copy": len(labels), "before": -1, "exclude": np.nan}[missing]
        found.append((np.arange(len(labels)) - last) / len(labels))
    return np.stack(found, 1)


def progression(learnt, tested, columns, missing):
    X, Y = stacked([(x, targets(y, columns, missing)) for x, y in learnt])
    Z, W = stacked([(x, targets(y, columns, missing)) for x, y in tested])
    scores = []
    for k in range(columns):
        a, b = ~np.isnan(Y[:, k]), ~np.isnan(W[:, k])
        scores.append(LinearRegression().fit(X[a], Y[a, k]).score(Z[b], W[b, k]))
    return float(np.mean(scores))


def retrieval(side, k, stride=1, distance="euclidean", inside=False, average_precision=False, over="frame"):
    per_clip = []
    for i, (a, la) in enumerate(side):
        pool = [(a, la)] if inside else [side[j] for j in range(len(side)) if j != i]
        frames, labels = stacked([(x[::stride], y[::stride]) for x, y in pool])
        nearest = np.argsort(cdist(a[::stride], frames, distance), axis=1, kind="stable")[:, :k]
        relevant = labels[nearest] == la[::stride][:, None]
        if average_precision:
            precisions = relevant.cumsum(1) / (np.arange(k) + 1)
            per_clip.append((precisions * relevant).sum(1) / np.maximum(1, relevant.sum(1)))
        else:
            per_clip.append(relevant.mean(1))
    return float(np.mean([p.mean() for p in per_clip]) if over == "clip" else np.concatenate(per_clip).mean())


unit = lambda side: [(normalize(x), y) for x, y in side]
lacking = lambda side: [side[0], *[(x, np.where(y == 1, 2, y)) for x, y in side[1:2]], *side[2:]]
at = lambda name, ks, take: {f"retrieval{name[0]}-{k}-{name[1]}": take(k) for k in ks}
named = lambda name, values: {f"{name}-{share}": value for share, value in values.items()}

cards = {
    "tcc": {"kendall-tau": tau(test, 5, "sqeuclidean"), **named("phase-accuracy-svm", fractions(svm, train, test)), "phase-progression": progression(train, test, 2, "copy")},
    "casa": {"kendall-tau": tau(test, 2, "sqeuclidean"), **named("phase-accuracy", fractions(logistic, train, test)), "phase-progression": progression(train, test, 2, "copy")},
    "carl": {"kendall-tau": tau(unit(test), 2, "sqeuclidean"), **named("phase-accuracy", fractions(logistic, unit(train), unit(test))),
             "phase-progression": progression(unit(train), unit(test), 2, "copy"),
             **at(("", "clip"), (5, 10, 15), lambda k: retrieval(unit(test), k, 2, "sqeuclidean", over="clip"))},
    "lav": {"kendall-tau": tau(test, 5, "sqeuclidean"), **named("phase-accuracy-svm-trained-on-test", fractions(svm, test, test)),
            "phase-progression-trained-on-test": progression(test, test, 2, "before"),
            **at(("-in-clip", "clip"), (5, 10, 15), lambda k: retrieval(test, k, inside=True, over="clip"))},
    "vaot": {"kendall-tau": tau(test, 4, "sqeuclidean"), **named("phase-accuracy-svm-trained-on-test", fractions(svm, test, test)),
             "phase-progression-trained-on-test": progression(test, test, 2, "before"), **at(("", "frame"), (5, 10, 15), lambda k: retrieval(test, k))},
    "ae2": {"kendall-tau": tau(test, 5, "sqeuclidean"), "phase-progression": progression(train, test, 3, "exclude"),
            **at(("-average-precision", "frame"), (10,), lambda k: retrieval(test, k, average_precision=True))},
    "gtcc": {"kendall-tau": tau(test, 1, "euclidean", keep=True), "phase-accuracy-svm-trained-on-test-100": accuracy(svm, test, test, 1, scaled=True)},
}
# the second clip of either side has no phase 1
missing = {f"{rule}, {columns} columns": progression(lacking(train), lacking(test), columns, rule)
           for rule, columns in (("copy", 2), ("before", 2), ("exclude", 2), ("exclude", 3))}
path = pathlib.Path(__file__).parents[2] / "test/fixtures/eval/protocols.json"
path.write_text(json.dumps({"scikit-learn": "1.9.1", "scipy": "1.17.1", "numpy": "2.4.6", "cards": cards, "missing": missing, "dropped": tau([*test[:2], still], 2, "sqeuclidean")}, indent=1) + "\n")
print(path.read_text())
