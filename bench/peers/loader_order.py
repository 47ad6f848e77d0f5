"""The order of docs/loader-order.md written again in Python (standard library only), printing the vectors that the documentation and test/loader hold."""
import hashlib, struct
from philox_vectors import Random, philox

def shuffled(count, random):
    order = list(range(count))
    for last in range(count - 1, 0, -1):
        drawn = random.integer(last + 1)
        order[last], order[drawn] = order[drawn], order[last]
    return order

def permutation(count, seed, epoch, names=()): return shuffled(count, Random(seed, epoch, transform='order', forks=names))

def feistel(position, count, seed, epoch, names=()):
    bits, tag = 1, Random(seed, transform='order', forks=names).tail[1] if names else 0x4F524452
    while 4 ** bits < count: bits += 1
    half, key, index = 2 ** bits, [seed & 0xFFFFFFFF, seed >> 32], position
    while True:
        left, right = divmod(index, half)
        for round in range(8):
            left, right = right, left ^ philox([right, round, epoch, tag], key)[0] % half
        index = left * half + right
        if index < count: return index

if __name__ == '__main__':
    for seed, epoch in ((2026, 0), (2026, 1), (7, 0)): print('permutation(10)', seed, epoch, permutation(10, seed, epoch))
    print('permutation(1000)', permutation(1000, 2026, 3)[:8])
    print('permutation(1000000)', hashlib.sha256(struct.pack('<1000000I', *permutation(10 ** 6, 2026, 3))).hexdigest())
    for seed, epoch in ((2026, 0), (2026, 1)): print('feistel(10)', seed, epoch, [feistel(i, 10, seed, epoch) for i in range(10)])
    print('feistel(100000000)', [feistel(i, 10 ** 8, 2026, 3) for i in range(4)])
    print('feistel(2^52)', [feistel(i, 2 ** 52, 2 ** 53 - 1, 0) for i in range(2)])
