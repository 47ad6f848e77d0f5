"""Writes test/fixtures/mat/*.mat with scipy.io.savemat, the reference for the MAT reader's tests.

    python bench/peers/mat_fixtures.py test/fixtures/mat

Same bytes every time: seeded, and the header's date is overwritten with a fixed text. `compacted.mat` is packed by hand as MATLAB does and
savemat does not: doubles that are whole numbers, stored as the smallest integers (checked with loadmat). `big_endian.mat` is the
uncompressed file of the same double with every word swapped by hand (savemat writes the host's order only);
`v73.mat` is no HDF5 file, only the first 640 bytes that such a file of MATLAB has.
"""
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import scipy
from scipy.io import loadmat, savemat
from scipy.sparse import csc_matrix

HEADER = b'MATLAB 5.0 MAT-file Platform: posix, written by scipy.io.savemat for Posetta'.ljust(116)


def save(path, variables, **options):
    savemat(path, variables, **options)
    if options.get('format') != '4':
        content = path.read_bytes()
        path.write_bytes(HEADER + content[116:])


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(2026)
    matrix = random.normal(size=(5, 3)).round(3)
    save(folder / 'double.mat', {'x': matrix}, do_compression=True)
    save(folder / 'uncompressed.mat', {'x': matrix, 'long_variable_name': np.array([[1.5]])})
    integers = {}
    for bits in (8, 16, 32, 64):
        integers[f'int{bits}'] = np.array([[-2 ** (bits - 1), -1, 0, 2 ** (bits - 1) - 1]], dtype=f'int{bits}')
        integers[f'uint{bits}'] = np.array([[0, 1, 2 ** bits - 1]], dtype=f'uint{bits}')
    save(folder / 'integers.mat', integers, do_compression=True)
    save(folder / 'floats.mat', {'single': matrix.astype('float32'), 'special': np.array([[np.nan, np.inf, -0.0]]), 'complex': np.array([[1 + 2j, 3 - 4j]]),
                                 'empty': np.zeros((0, 4)), 'cube': np.arange(24.0).reshape(2, 3, 4)}, do_compression=True)
    save(folder / 'text.mat', {'short': 'back', 'utf8': 'Übung ∿', 'rows': np.array(['one', 'four']), 'none': ''}, do_compression=True)
    save(folder / 'logical.mat', {'visible': np.array([[True, False], [True, True]])}, do_compression=True)
    save(folder / 'others.mat', {'before': 1.0, 'sparse': csc_matrix(np.eye(3)), 'struct': {'a': 1, 'b': 'two'}, 'cell': np.array([[1, 'two']], dtype=object),
                                 'after': 2.0}, do_compression=True)
    save(folder / 'v4.mat', {'x': matrix}, format='4')
    swap(folder)
    compact(folder)
    (folder / 'v73.mat').write_bytes(b'MATLAB 7.3 MAT-file, Platform: GLNXA64, HDF5 schema 1.00 .'.ljust(116) + bytes(8) + b'\x00\x02IM' + bytes(384)
                                     + b'\x89HDF\r\n\x1a\n' + bytes(120))
    print('scipy', scipy.__version__, *sorted(f'{path.name} {path.stat().st_size}' for path in folder.glob('*.mat')), sep='\n')


def swap(folder):
    """The double of double.mat in the other byte order: header, then one miMATRIX of flags, dims, name and miDOUBLE."""
    values = np.arange(6.0)
    body = struct.pack('>IIII', 6, 8, 6, 0) + struct.pack('>IIii', 5, 8, 2, 3) + struct.pack('>HH4s', 1, 1, b'x') + struct.pack('>II6d', 9, 48, *values)
    (folder / 'big_endian.mat').write_bytes(HEADER + bytes(8) + b'\x01\x00MI' + struct.pack('>II', 14, len(body)) + body)


def compact(folder):
    def double(name, code, values, layout):
        data = struct.pack(f'<{len(values)}{layout}', *values)
        part = struct.pack('<HH4s', code, len(data), data) if len(data) <= 4 else struct.pack('<II', code, len(data)) + data.ljust(-(-len(data) // 8) * 8, b'\0')
        body = struct.pack('<IIII', 6, 8, 6, 0) + struct.pack('<IIii', 5, 8, 1, len(values)) + struct.pack('<HH4s', 1, len(name), name) + part
        packed = zlib.compress(struct.pack('<II', 14, len(body)) + body)
        return struct.pack('<II', 15, len(packed)) + packed

    elements = double(b'u8', 2, [0, 7, 255], 'B') + double(b'u16', 4, [256, 65535, 1], 'H') + double(b'i8', 1, [-128, 127, 0, 5, 6], 'b')
    elements += double(b'i16', 3, [-32768, 32767], 'h') + double(b'i32', 5, [-2 ** 31, 2 ** 31 - 1], 'i') + double(b'f32', 7, [1.5, -0.25], 'f')
    (folder / 'compacted.mat').write_bytes(HEADER + bytes(8) + b'\x00\x01IM' + elements)
    read = loadmat(folder / 'compacted.mat')
    assert read['u16'].tolist() == [[256, 65535, 1]] and read['i8'].tolist() == [[-128, 127, 0, 5, 6]] and read['f32'].tolist() == [[1.5, -0.25]]


if __name__ == '__main__':
    main(Path(sys.argv[1]))
