"""A rival of bench/loader.ts: python loader_peers.py FOLDER WORK RIVAL [WORKERS]. WORK is keypoints or augmented.

Says on stdout who it is, then answers each line of stdin with a line of JSON: `hash` with the fingerprint of all batches, `pass N` with the seconds for
handing them out N times over.
"""
import json, sys, time, warnings
warnings.filterwarnings('ignore')
from loader_work import Work, fingerprint

def rival_of(name, work, workers):
    if name in ('numpy', 'numpy-best'):
        from loader_numpy import Numpy
        return Numpy(work, best=name == 'numpy-best')
    if name == 'steps':
        from loader_numpy import Steps
        return Steps(work)
    if name in ('pickle', 'hdf5'):
        from loader_torch import Hdf5, Loaded, PysklPickle
        return Loaded((PysklPickle if name == 'pickle' else Hdf5)(work), work, workers)
    import loader_stores
    return loader_stores.rivals[name](work, workers)

if __name__ == '__main__':
    folder, kind, name, workers = sys.argv[1], sys.argv[2], sys.argv[3], int((sys.argv[4:] or ['0'])[0])
    answers, sys.stdout = sys.stdout, sys.stderr # what libraries print goes elsewhere
    say = lambda answer: print(json.dumps(answer), file=answers, flush=True)
    rival = rival_of(name, Work(folder, kind), workers)
    say({'rival': name, 'version': rival.version, 'settings': rival.settings, 'ordered': rival.ordered})
    for line in sys.stdin:
        if line == 'hash\n': say(fingerprint(rival.batches(1)))
        else:
            times, samples, start = int(line.split()[1]), 0, time.perf_counter()
            for batch in rival.batches(times): samples += len(batch)
            say({'seconds': time.perf_counter() - start, 'samples': samples})
