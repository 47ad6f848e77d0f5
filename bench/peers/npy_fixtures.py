"""Writes test/fixtures/npy/*.npy with numpy.save, the reference for the npy reader's tests.

    python bench/peers/npy_fixtures.py test/fixtures/npy
"""
import sys
from pathlib import Path

import numpy as np


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for dtype in ('bool', 'i1', 'u1', '<i2', '<u2', '<i4', '<u4', '<i8', '<u8', '>i2', '>i4', '>i8', '>f4', '<f2', '<f4', '<f8'):
        name = {'<': 'little_', '>': 'big_'}.get(dtype[0], '') + dtype.lstrip('<>')
        values = [0, 1, 1] if dtype == 'bool' else [0, 1, 100]
        np.save(folder / f'{name}.npy', np.array(values, dtype=dtype))
    np.save(folder / 'half.npy', np.array([0, -0.0, 1.5, -2.25, 65504, 6e-8, 0.0001, np.inf, -np.inf, np.nan], dtype='<f2'))
    np.save(folder / 'rows.npy', np.arange(6.0).reshape(2, 3))
    np.save(folder / 'columns.npy', np.asfortranarray(np.arange(6.0).reshape(2, 3)))
    np.save(folder / 'cube.npy', np.zeros((1, 1, 1)))
    np.save(folder / 'scalar.npy', np.array(3.0))
    np.save(folder / 'empty.npy', np.zeros(0, dtype='<i8'))
    np.save(folder / 'complex.npy', np.array([1j]))
    np.save(folder / 'text.npy', np.array(['a']))
    np.save(folder / 'objects.npy', np.array([{}], dtype=object), allow_pickle=True)
    np.save(folder / 'records.npy', np.array([(1, 2.0)], dtype=[('a', '<i4'), ('b', '<f8')]))
    np.save(folder / 'beyond.npy', np.array([2 ** 53 + 1], dtype='<i8'))
    with open(folder / 'version_2.npy', 'wb') as file:
        np.lib.format.write_array(file, np.array([7], dtype='<i8'), version=(2, 0))
    print('numpy', np.__version__, len(list(folder.glob('*.npy'))), 'files')


if __name__ == '__main__':
    main(Path(sys.argv[1]))
