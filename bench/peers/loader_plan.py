"""The plans of docs/loader-order.md written again in Python (standard library only): what sample number g is. Prints the vectors of the documentation; test/loader/plan feeds it others."""
import hashlib, json, math, sys
from bisect import bisect_right
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import gcd
from philox_vectors import Random, horner, ln
from loader_order import feistel, permutation, shuffled

def exp(x):
    k = math.floor(x / math.log(2) + .5)
    r = x - k * 0.693147180369123816490 - k * 1.90821492927058770002e-10
    return horner([1 / math.factorial(n) for n in range(14)], r) * 2.0 ** k

def passes(clip, where):
    return (all(clip['labels'].get(name) in values for name, values in where.items() if isinstance(values, list))
            and where.get('minFrames', 0) <= clip['frames'] <= where.get('maxFrames', math.inf))

def windows(frames, rule):
    """All windows of a clip, in order."""
    step = rule.get('step', 1)
    span = (rule['frames'] - 1) * step + 1
    starts = list(range(0, frames - span + 1, rule['stride']))
    found = [(start, start + span, step) for start in starts]
    if found and found[-1][1] >= frames: return found
    if rule['rest'] == 'last' and found: found.append((frames - span, frames, step))
    if rule['rest'] == 'pad' and len(starts) * rule['stride'] < frames: found.append((len(starts) * rule['stride'], frames, step))
    return found

def shares_of(weights, most):
    exact = [Fraction(Decimal(repr(weight))) for weight in weights]
    scale = math.lcm(*(weight.denominator for weight in exact))
    whole = [int(weight * scale) for weight in exact]
    whole = [weight // gcd(*whole) for weight in whole]
    total = sum(whole)
    if total <= most: return whole
    shares = [weight * most // total for weight in whole]
    for i in sorted(range(len(whole)), key=lambda i: (-(whole[i] * most % total), i))[:most - sum(shares)]: shares[i] += 1
    return shares

class Plan:
    def __init__(self, spec, clips):
        self.spec, self.clips, self.seed = spec, clips, spec['seed']
        mixture, balance, pairs, rule = (spec.get(name) for name in ('mixture', 'balance', 'pairs', 'windows'))
        rows = [row for row, clip in enumerate(clips) if passes(clip, spec.get('filter', {}))]
        if mixture: rows = [row for row in rows if any(passes(clips[row], part['where']) for part in mixture)]
        if balance: rows = [row for row in rows if clips[row]['labels'].get(balance['by']) is not None]
        if rule: rows = [row for row in rows if windows(clips[row]['frames'], rule)]
        if pairs:
            key = lambda row, end: clips[row]['labels'].get(pairs[end])
            known = sorted((row for row in rows if key(row, 'same') is not None and key(row, 'differs') is not None), key=lambda row: (key(row, 'differs'), row))
            self.partners = {row: [other for other in known if key(other, 'same') == key(row, 'same') and key(other, 'differs') != key(row, 'differs')] for row in known}
            rows = [row for row in rows if self.partners.get(row)]
        self.rows = rows
        self.sequence = self.mixed(mixture) if mixture else self.part(rows, ())

    def list_of(self, rows):
        """(row, window), in order."""
        rule = self.spec.get('windows')
        if not rule: return [(row, None) for row in rows]
        return [(row, window) for row in rows for window in windows(self.clips[row]['frames'], rule)]

    def part(self, rows, names):
        balance = self.spec.get('balance')
        if not balance: return self.in_order(self.list_of(rows), names)
        label = lambda row: self.clips[row]['labels'][balance['by']]
        lists = {name: self.list_of([row for row in rows if label(row) == name]) for name in sorted({label(row) for row in rows})}
        return self.powered(lists, balance['power'], names) if 'power' in balance else self.repeated(lists, balance['repeat'], names)

    def in_order(self, samples, names):
        order = lru_cache(4)(lambda epoch: permutation(len(samples), self.seed, epoch, names))
        def at(number):
            epoch, position = divmod(number, len(samples))
            row, window = samples[order(epoch)[position]]
            return row, epoch, 0, window
        return at

    def turns(self, sequences, shares, names):
        size = sum(shares)
        owners = [i for i, share in enumerate(shares) for _ in range(share)]
        block_of = lru_cache(4)(lambda block: [owners[slot] for slot in shuffled(size, Random(self.seed, block, transform='mix', forks=names))])
        def at(number):
            block, position = divmod(number, size)
            turns = block_of(block)
            i = turns[position]
            return i, sequences[i](block * shares[i] + turns[:position].count(i))
        return at

    def powered(self, lists, power, names):
        total = sum(len(samples) for samples in lists.values())
        weight = lambda n: 1 if power == 0 else n if power == 1 else math.sqrt(n) if power == .5 else exp(power * ln(n))
        shares = shares_of([weight(len(samples)) for samples in lists.values()], min(total, 2 ** 20))
        turn = self.turns([self.in_order(samples, (*names, label)) for label, samples in lists.items()], shares, names)
        return lambda number: turn(number)[1]

    def repeated(self, lists, threshold, names):
        """The epochs one after the other, each as the list of its samples (TypeScript finds an epoch without those before it)."""
        total, one = sum(len(samples) for samples in lists.values()), 2 ** 20
        factors = {label: math.floor(max(1, math.sqrt(threshold * total / len(samples))) * one + .5) for label, samples in lists.items()}
        def slots_of(epoch):
            slots = []
            for label, samples in lists.items():
                n, (times, fraction) = len(samples), divmod(factors[label], one)
                slots += [(sample, time) for time in range(times) for sample in samples]
                slots += [(samples[extra % n], times) for extra in range(epoch * n * fraction // one, (epoch + 1) * n * fraction // one)]
            return [slots[i] for i in permutation(len(slots), self.seed, epoch, names)]
        slots_of, starts = lru_cache(4)(slots_of), [0]
        def at(number):
            while starts[-1] <= number: starts.append(starts[-1] + len(slots_of(len(starts) - 1)))
            epoch = bisect_right(starts, number) - 1
            (row, window), time = slots_of(epoch)[number - starts[epoch]]
            return row, epoch, time, window
        return at

    def mixed(self, mixture):
        members = [[row for row in self.rows if passes(self.clips[row], part['where'])] for part in mixture]
        shares = shares_of([part['weight'] for part in mixture], 2 ** 20)
        turn = self.turns([self.part(rows, (i,)) for i, rows in enumerate(members)], shares, ())
        def at(number):
            i, (row, epoch, repeat, window) = turn(number)
            holders = [j for j, rows in enumerate(members) if row in rows]
            return row, epoch, repeat * len(holders) + holders.index(i), window
        return at

    def paired(self, number):
        row, epoch, repeat, window = self.sequence(number)
        if not self.spec.get('pairs'): return row, epoch, repeat, window, None
        partners = self.partners[row]
        return row, epoch, repeat, window, partners[Random(self.seed, epoch, clip=self.clips[row]['id'], transform='pair', position=repeat).integer(len(partners))]

    def length(self, sample):
        row, _, _, window, partner = sample
        if window: return len(range(*window))
        return max(self.clips[row]['frames'], 0 if partner is None else self.clips[partner]['frames'])

    @lru_cache(4)
    def block(self, block):
        batch, batches = self.spec['buckets']['batch'], self.spec['buckets']['batches']
        samples = [self.paired(block * batch * batches + i) for i in range(batch * batches)]
        by_length = sorted(range(len(samples)), key=lambda i: (self.length(samples[i]), i))
        turns = shuffled(batches, Random(self.seed, block, transform='bucket'))
        return [samples[i] for turn in turns for i in sorted(by_length[turn * batch:(turn + 1) * batch])]

    def sample_at(self, number):
        """(row, epoch, repeat, window or None, row of the partner or None)"""
        if not self.spec.get('buckets'): return self.paired(number)
        block, position = divmod(number, self.spec['buckets']['batch'] * self.spec['buckets']['batches'])
        return self.block(block)[position]

def example():
    """Twelve clips: 6 squats, 4 jumps, 2 bows by three people."""
    actions = ['squat', 'squat', 'jump', 'squat', 'bow', 'jump', 'squat', 'jump', 'squat', 'bow', 'jump', 'squat']
    return [{'id': f'c/{i:02}', 'frames': 10 + 7 * i % 12, 'labels': {'action': action, 'group': 'abc'[i % 3]}} for i, action in enumerate(actions)]

def canonical(spec): return hashlib.sha256(json.dumps(spec, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()).hexdigest()

if __name__ == '__main__':
    if sys.argv[1:] == ['-']:  # lines of {"spec", "clips", "numbers"} in, lines of samples out
        for line in sys.stdin:
            case = json.loads(line)
            plan = Plan(case['spec'], case['clips'])
            print(json.dumps([plan.sample_at(number) for number in case['numbers']]))
        sys.exit()
    specs = [
        {'filter': {'action': ['squat'], 'minFrames': 11}},
        {'mixture': [{'where': {'action': ['squat']}, 'weight': .5}, {'where': {'action': ['jump']}, 'weight': .3}, {'where': {'action': ['bow', 'jump']}, 'weight': .2}]},
        {'balance': {'by': 'action', 'power': 0}}, {'balance': {'by': 'action', 'power': .5}}, {'balance': {'by': 'action', 'repeat': .5}},
        {'pairs': {'same': 'action', 'differs': 'group', 'without': 'refuse'}},
        {'windows': {'frames': 4, 'stride': 5, 'step': 2, 'rest': 'pad'}}, {'buckets': {'batch': 3, 'batches': 4}}]
    for spec in specs:
        plan = Plan({'seed': 2026, **spec}, example())
        print(json.dumps(spec), '\n ', canonical({'seed': 2026, **spec})[:16])
        for number in range(6): print('  ', number, plan.sample_at(number))
