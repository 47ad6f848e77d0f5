import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runQuery } from '../../src/queries/index.ts'

const place = { storeDir: join(tmpdir(), 'no-store'), runsDir: join(tmpdir(), 'no-runs') }

// Python 3: int.from_bytes(hashlib.sha256(b'%d:%s%s' % (len(salt), salt, group)).digest()[:8], 'big'), salt and group encoded as UTF-8
test.each([
  ['7', 'tiny/0001', '3101493797007240497'],
  ['', 'tiny/0001', '11496357073578429417'],
  ['0', 'penn-action/0001', '17502996187102224789'],
  ['é', 'h2o/ü#3d', '2617426187202719252'],
  ['1', '1:a', '2085868041291907511'],
  ['11', ':a', '12872013350747291651'],
  ['a', 'b'.repeat(100), '18038464252380771737'],
])('bucket(%j, %j) is the one that Python computes', async (salt, group, expected) => {
  expect((await runQuery(place, `select bucket('${salt}', '${group}')`)).rows).toEqual([[expected]])
})

test('a salt may be a number; without a group there is no bucket', async () => {
  expect((await runQuery(place, "select bucket(7, 'tiny/0001') = bucket('7', 'tiny/0001'), typeof(bucket(7, 'a')), bucket(7, null)")).rows).toEqual([[true, 'UBIGINT', null]])
})
