/**
 * The macro `bucket(salt, group)`: which of 2^64 buckets a group falls into, a UBIGINT; null where one of them is. The first 8 bytes, big-endian, of
 * sha256(n ':' salt group), n = the length of the salt in bytes: no two pairs hash the same text. Never DuckDB's `hash()`, which may change with its version.
 */
export const bucketMacro = `CREATE MACRO bucket(salt, key) AS
  CAST('0x' || substr(sha256(strlen(CAST(salt AS VARCHAR)) || ':' || CAST(salt AS VARCHAR) || CAST(key AS VARCHAR)), 1, 16) AS UBIGINT)`
