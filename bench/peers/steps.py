"""A contender of bench/engine/contest.ts: says {title}, answers `step` with the milliseconds and the loss of one step, `peak` with the process's peak memory."""
import json, resource, sys, time


def serve(title, step):
    say = lambda answer: print(json.dumps(answer), flush=True)
    say({'title': title})
    for question in sys.stdin:
        if question.strip() == 'peak':
            say({'peakMb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})
            continue
        start, cpu = time.perf_counter(), time.process_time()
        loss = step()
        say({'wall': (time.perf_counter() - start) * 1000, 'cpu': (time.process_time() - cpu) * 1000, 'loss': loss})
