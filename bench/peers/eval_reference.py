"""Reference values for test/eval: scipy 1.17.1, scikit-learn 1.9.1, numpy 2.4.6. Features are formulas, so that the tests can make the same ones.
With the folder that holds penn.py (the rule of the pseudo phases in numpy) as argument also: per action the clips with phases, their frames, and the
sha256 of their phases, one byte per frame, clips in order of id; and tau of raw coordinates on the first 40 test clips."""
import hashlib
import json
import sys
import numpy as np
from scipy.stats import kendalltau
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import r2_score
from sklearn.svm import SVC

def features(rows, dims, shift=0.0):
    """sin((i + shift) (k + 1) 0.37) + 0.3 cos(i k), as float32"""
    i, k = np.arange(rows)[:, None], np.arange(dims)[None]
    return (np.sin((i + shift) * (k + 1) * 0.37) + 0.3 * np.cos(i * k)).astype('f4')

def labels(rows, classes):
    return (np.arange(rows) * classes // rows + (np.arange(rows) % 7 == 0)) % classes

out = {}
sequences = {'ties': [0, 2, 1, 1, 4, 5, 3], 'falling': [5, 4, 3, 2, 1], 'two values': [0, 0, 0, 1, 1, 0, 1], 'long': [(i * 17) % 23 + i // 5 for i in range(60)]}
out['tau'] = {name: kendalltau(np.arange(len(s)), s).correlation for name, s in sequences.items()}
for classes in (2, 3):
    X, y, Z, z = features(90, 4), labels(90, classes), features(40, 4, .5), labels(40, classes)
    lr = LogisticRegression(C=1.0, tol=1e-12, max_iter=100000).fit(X.astype('f8'), y)
    svc = SVC(C=1.0, gamma='scale', decision_function_shape='ovo', tol=1e-9).fit(X.astype('f8'), y)
    decision = svc.decision_function(Z.astype('f8'))
    out[f'{classes} classes'] = dict(
        coefficients=lr.coef_.ravel().tolist(), intercepts=lr.intercept_.tolist(), logistic_accuracy=lr.score(Z.astype('f8'), z), logistic_labels=lr.predict(Z.astype('f8')).tolist(),
        gamma=float(svc._gamma), support=len(svc.support_), bias=svc.intercept_.tolist(), duals_absolute_sum=float(np.abs(svc.dual_coef_).sum()),
        duals_first=np.sort(svc.dual_coef_[0])[:3].tolist(), decision=decision.reshape(40, -1)[:5].tolist(), svm_labels=svc.predict(Z.astype('f8')).tolist(), svm_accuracy=svc.score(Z.astype('f8'), z))
X, Z = features(60, 5).astype('f8'), features(50, 5, .5).astype('f8')
y, z = np.stack([np.arange(60) / 60 - .4, np.cos(np.arange(60))], 1), np.stack([np.arange(50) / 50 - .4, np.cos(np.arange(50) * .9)], 1)
fit = LinearRegression().fit(X, y)
out['least squares'] = dict(coefficients=fit.coef_.T.ravel().tolist(), intercepts=fit.intercept_.tolist(), r2=r2_score(z, fit.predict(Z), multioutput='raw_values').tolist())
if len(sys.argv) > 1:
    sys.path.insert(0, sys.argv[1])
    from penn import coordinates, load, pseudo_phases
    clips = load()
    for action in ['bench_press', 'jumping_jacks', 'pullup', 'pushup', 'situp']:
        found = [phases.astype('u1') for phases in (pseudo_phases(clip) for clip in clips if clip['action'] == action) if phases is not None]
        out[f'pseudo {action}'] = dict(clips=len(found), frames=sum(map(len, found)), sha256=hashlib.sha256(np.concatenate(found).tobytes()).hexdigest())
    for action in ['pullup', 'clean_and_jerk']:
        E = [coordinates(clip)[::2] for clip in clips if clip['action'] == action and not clip['train']][:40]
        out[f'tau {action}'] = float(np.nanmean([kendalltau(np.arange(len(a)), ((a[:, None] - b[None]) ** 2).sum(-1).argmin(1)).correlation for a in E for b in E if a is not b]))
print(json.dumps(out, indent=1))
