"""A reader of Posetta's store, written from docs/store-format.md alone: reads every table by one of five engines and hashes anew what they say.

    python read_store.py ENGINE STORE/DATASET...    ->    for each of them one line of JSON: root, clips, films, frames, quarantined; ENGINE is pyarrow, pandas, polars or duckdb

Raises when a file is not the one that the manifest names, or a clip does not have the hash beside it.
"""
import hashlib
import json
import struct
import sys
from pathlib import Path

import numpy as np

NULL_FLOAT, NULL_INTEGER, NULL_TEXT = 0x7FC00000, -2**31, 2**32 - 1
CLIP_TABLES = ['phases', 'segments', 'sides', 'files', 'cameras']
TEXTS = {'flags'}
NUMBERS = set(('fps width height n_frames persons joints dims has_keypoints has_boxes has_phases phase start end segment number bytes frame fx fy cx cy k1 k2 p1 p2 k3 r11 r12 r13 '
               'r21 r22 r23 r31 r32 r33 tx ty tz pts embedded offset').split())


def columns_by(engine, path):
    """A Parquet file as {column: numpy array of objects, null as None}."""
    if engine == 'pandas':
        import pandas
        table = pandas.read_parquet(path, dtype_backend='pyarrow')
        return {name: table[name].array.__arrow_array__().to_pylist() for name in table.columns}
    if engine == 'polars':
        import polars
        return polars.read_parquet(path).to_dict(as_series=False)
    if engine == 'duckdb':
        import duckdb
        answer = duckdb.sql(f"SELECT * FROM read_parquet('{path}', hive_partitioning = false)")
        return dict(zip(answer.columns, map(list, zip(*answer.fetchall()))))
    import pyarrow.parquet
    return pyarrow.parquet.read_table(path).to_pydict()


def text(value):
    if value is None:
        return struct.pack('<I', NULL_TEXT)
    data = value.encode()
    return struct.pack('<I', len(data)) + data


def encode(name, value):
    if name in TEXTS:
        return struct.pack('<I', len(value)) + b''.join(map(text, value))
    if name in NUMBERS:
        return struct.pack('<II', 0, 0x7FF80000) if value is None else struct.pack('<d', value)
    return text(value)


def encode_rows(rows, names):
    """uint32 number of rows, then column after column."""
    return struct.pack('<I', len(rows)) + b''.join(encode(name, row[name]) for name in names for row in rows)


def words(name, values, step):
    """A 4-byte column of frames: int32, or float32 whose bits count."""
    if name in ('frame', 'person') or name.endswith('_state'):
        return np.array([NULL_INTEGER if value is None else value for value in values], '<i4').tobytes()
    scale = step if step is not None and name.rsplit('_', 1)[-1] in 'xyz' and not name.startswith('box_') else 1
    floats = np.array([np.nan if value is None else value * scale for value in values], '<f4')
    bits = floats.view('<u4').copy()
    bits[np.isnan(floats)] = NULL_FLOAT
    return bits.tobytes()


def leaf(*parts):
    return hashlib.sha256(b'\0' + b''.join(parts)).digest()


def merkle(leaves):
    """RFC 6962, 2.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b'\1' + merkle(leaves[:left]) + merkle(leaves[left:])).digest()


def by(rows, key):
    groups = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups


def read(folder, engine):
    manifest = json.loads((folder / 'manifest.json').read_text())
    steps = {layout['name']: layout.get('step') for layout in manifest['schema']['layouts']}
    clips, films, frames = [], [], 0
    for shard in manifest['shards']:
        tables, layouts = {}, {}
        for ref in shard['files']:
            path = folder / 'shards' / ref['file']
            assert hashlib.sha256(path.read_bytes()).hexdigest() == ref['sha256'], path
            if ref['table'] == 'frames':
                layouts[ref['layout']] = columns_by(engine, path)
            elif ref['table'] != 'pictures':
                columns = columns_by(engine, path)
                tables[ref['table']] = [dict(zip(columns, row)) for row in zip(*columns.values())]
        starts = dict.fromkeys(layouts, 0)
        groups = {name: by(tables.get(name, []), 'clip_id') for name in CLIP_TABLES}
        for clip in tables['clips']:
            layout, start = layouts[clip['layout']], starts[clip['layout']]
            end = starts[clip['layout']] = start + clip['n_frames'] * max(1, clip['persons'])
            assert set(layout['clip_id'][start:end]) <= {clip['id']}
            parts = [encode_rows([clip], [name for name in clip if name != 'hash'])]
            parts += [words(name, values[start:end], steps[clip['layout']]) for name, values in layout.items() if name != 'clip_id']
            for name in CLIP_TABLES:
                rows = groups[name].get(clip['id'], [])
                parts.append(encode_rows(rows, [column for column in (rows[0] if rows else {}) if column != 'clip_id']))
            found = leaf(*parts)
            assert found.hex() == clip['hash'], f'{clip["id"]} does not have its hash'
            clips.append((clip['id'], found))
            frames += clip['n_frames']
        images, proxies = by(tables.get('images', []), 'film'), by(tables.get('proxies', []), 'film')
        for film in sorted({*images, *proxies}):
            rows = images.get(film, [])
            names = [name for name in (rows[0] if rows else {}) if name not in ('film', 'file', 'offset')]
            count = encode('frame', proxies[film][0]['frames'] if film in proxies else None)
            films.append((film, leaf(text(film), encode_rows(rows, names), count)))
    entries = [] if manifest['quarantineFile'] is None else columns_by(engine, folder / 'shards' / manifest['quarantineFile']['file'])
    aside = [leaf(encode_rows([row], list(row))) for row in ([dict(zip(entries, row)) for row in zip(*entries.values())] if entries else [])]
    root = merkle([found for _, found in sorted(clips)] + [found for _, found in sorted(films)] + aside).hex()
    assert root == manifest['root'], root
    return {'root': root, 'clips': len(clips), 'films': len(films), 'frames': frames, 'quarantined': len(aside)}


if __name__ == '__main__':
    for folder in sys.argv[2:]:
        print(json.dumps(read(Path(folder), sys.argv[1])))
