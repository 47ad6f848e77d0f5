import { type Hash, sha256 } from '../hash.ts'

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/** The hash of a leaf: sha256 of a zero byte and its content. */
export function leafHash(...parts: readonly Uint8Array[]): Hash {
  return sha256(LEAF, ...parts)
}

/**
 * The root of a Merkle tree over leaf hashes in the order given: sha256 of the empty string for none, the leaf itself for one, else sha256 of a one
 * byte and the roots of both sides, the left side being the largest power of two below the count. RFC 6962, section 2.1.
 */
export function merkleRoot(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return sha256('')
  if (leaves.length === 1) return leaves[0]!
  const left = 2 ** Math.ceil(Math.log2(leaves.length) - 1)
  return sha256(NODE, Buffer.from(merkleRoot(leaves.slice(0, left)), 'hex'), Buffer.from(merkleRoot(leaves.slice(left)), 'hex'))
}
