"""The chance of docs/random.md written again in Python (standard library only), printing the vectors that the documentation and test/random.test.ts hold."""
import hashlib, json, math

def philox(counter, key):
    a, b, c, d = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (p1 >> 32) ^ b ^ k0, p1 & 0xFFFFFFFF, (p0 >> 32) ^ d ^ k1, p0 & 0xFFFFFFFF
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return [a, b, c, d]

def horner(coefficients, x):
    total = 0.0
    for c in reversed(coefficients): total = total * x + c
    return total

def ln(x):
    e = 0
    while x > math.sqrt(2): x, e = x * .5, e + 1
    while x < math.sqrt(.5): x, e = x * 2, e - 1
    s = (x - 1) / (x + 1)
    return e * 0.693147180369123816490 + (s * horner([2 / (2 * n + 1) for n in range(12)], s * s) + e * 1.90821492927058770002e-10)

def circle(turns):
    quarter = math.floor(turns * 4 + .5)
    a = (turns - quarter / 4) * (2 * math.pi)
    cos = horner([(-1) ** n / math.factorial(2 * n) for n in range(9)], a * a)
    sin = a * horner([(-1) ** n / math.factorial(2 * n + 1) for n in range(9)], a * a)
    return [(cos, sin), (-sin, cos), (-cos, -sin), (sin, -cos)][quarter % 4]

class Random:
    def __init__(self, seed, epoch=0, clip=None, view=None, transform=None, position=None, forks=()):
        self.place, self.forks = (seed, epoch, clip, view, transform, position), tuple(forks)
        coordinates = [clip, view, transform, position]
        while coordinates and coordinates[-1] is None: coordinates.pop()
        text = json.dumps([*coordinates, *forks], separators=(',', ':'), ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).digest()
        self.key = [seed & 0xFFFFFFFF, seed >> 32]
        self.tail = [epoch, int.from_bytes(digest[:4], 'big'), int.from_bytes(digest[4:8], 'big')]
        self.block, self.words, self.spare = 0, [], None
    def word(self):
        if not self.words: self.words, self.block = philox([self.block, *self.tail], self.key), self.block + 1
        return self.words.pop(0)
    def uniform(self): return (self.word() >> 8) / 2 ** 24
    def integer(self, bound):
        limit = 2 ** 32 - 2 ** 32 % bound
        while True:
            w = self.word()
            if w < limit: return w % bound
    def normal(self):
        if self.spare is not None:
            kept, self.spare = self.spare, None
            return kept
        radius = math.sqrt(-2 * ln(1 - self.uniform()))
        cos, sin = circle(self.uniform())
        self.spare = radius * sin
        return radius * cos
    def fork(self, name): return Random(*self.place, forks=(*self.forks, name))

if __name__ == '__main__':
    for counter, key in (([0] * 4, [0] * 2), ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2),
                         ([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0])):
        print('philox', ' '.join(f'{w:08x}' for w in philox(counter, key)))
    place = dict(seed=2026, epoch=3, clip='penn-action/0758', view=1, transform='jitter', position=6)
    r = Random(**place); print('words', ' '.join(f'{r.word():08x}' for _ in range(6)))
    r = Random(**place); print('uniform', [r.uniform() for _ in range(4)])
    r = Random(**place); print('integer(13)', [r.integer(13) for _ in range(12)])
    r = Random(**place); print('integer(3000000000)', [r.integer(3000000000) for _ in range(4)])
    r = Random(**place); print('normal', [r.normal() for _ in range(4)])
    print('fork', [Random(**place).fork('joint').fork(7).uniform()], 'seed 2^53-1', Random(2 ** 53 - 1).uniform(), 'seed 0', Random(0).uniform())
