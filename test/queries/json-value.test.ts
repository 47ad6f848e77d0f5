import { describe, expect, test } from 'vitest'
import { runQuery } from '../../src/queries/index.ts'
import { DuckDBInstance } from '../../src/queries/duckdb-api.ts'
import { type JsonValue, jsonValue } from '../../src/queries/json-value.ts'

const place = { storeDir: 'nowhere', runsDir: 'nowhere' }
const values = async (sql: string): Promise<readonly JsonValue[]> => (await runQuery(place, `select ${sql}`)).rows[0]!

describe('a value of an answer', () => {
  test('that JSON has stays what it is, nested ones too', async () => {
    expect(await values("1, -2.5::double, true, 'a', null, 3::hugeint, [1, null], {'a': [1.5::float]}, map {'k': 2}, '\\x01'::blob"))
      .toEqual([1, -2.5, true, 'a', null, 3, [1, null], { a: [1.5] }, [{ key: 'k', value: 2 }], '01'])
  })

  test('that is NaN or infinite is told from null', async () => {
    expect(await values("'nan'::double, 'inf'::float, '-inf'::double, null::double, ['nan'::float, null]")).toEqual(['NaN', 'Infinity', '-Infinity', null, ['NaN', null]])
  })

  test('that is a whole number above 2^53 is text', async () => {
    expect(await values('9007199254740991, 9007199254740993, 9007199254740993::hugeint, -9007199254740993::decimal(38, 0)'))
      .toEqual([9007199254740991, '9007199254740993', '9007199254740993', '-9007199254740993'])
  })

  test('that is a decimal is a number where no digit is lost, else text', async () => {
    expect(await values('1.50::decimal(10, 2), -0.1::decimal(3, 1), 123456789012.3456::decimal(38, 4), 0.000000000000000000000000000001::decimal(38, 30), 0::decimal(38, 38)'))
      .toEqual([1.5, -0.1, 123456789012.3456, 1e-30, 0])
    expect(await values('12345678901234567890.1234567891::decimal(38, 10), 0.1234567890123456789::decimal(38, 19), [9007199254740993.00::decimal(38, 2)]'))
      .toEqual(['12345678901234567890.1234567891', '0.1234567890123456789', ['9007199254740993.00']])
  })

  test('that is a moment keeps its microseconds, and has a zone only where its type has: UTC', async () => {
    expect(await values("timestamp '2024-02-29 10:11:12.123456', timestamptz '2024-07-01 12:00:00+02', date '2024-02-29', time '10:11:12', [date '2024-02-29'], {'at': interval '36 hours'}"))
      .toEqual(['2024-02-29 10:11:12.123456', '2024-07-01 10:00:00+00', '2024-02-29', '10:11:12', ['2024-02-29'], { at: '36:00:00' }])
  })

  test.each(['date', 'timestamp', 'timestamptz', 'timestamp_s', 'timestamp_ms', 'timestamp_ns'])('that is an infinite %s says so', async (type) => {
    expect(await values(`'infinity'::${type}, '-infinity'::${type}`)).toEqual(['infinity', '-infinity'])
  })
})

test('what JSON lacks is written as DuckDB\'s cast to VARCHAR writes it', async () => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const names = ['date', 'time', 'time_ns', 'timestamp', 'timestamp_s', 'timestamp_ms', 'timestamp_ns', 'time_tz', 'interval', 'bit', 'uuid', 'small_enum']
  for (const name of names) {
    const rows = (await connection.runAndReadAll(`select "${name}", "${name}"::varchar from test_all_types()`)).getRows()
    expect([name, ...rows.map(([value]) => jsonValue(value!))]).toEqual([name, ...rows.map(([, text]) => text)])
  }
  connection.closeSync()
  instance.closeSync()
})
