import { einsum } from '../../../src/engine/index.ts'
import type { Case } from '../operation-case.ts'

/** Einstein's summation over one, two and three operands. */
export const cases: readonly Case[] = ([
  ['bik,bkj->bij', [2, 2, 3], [2, 3, 4]],
  ['ij,jk', [2, 3], [3, 4]],
  ['ik,jk->ij', [2, 3], [4, 3]],
  ['i,i->', [4], [4]],
  ['i,j->ij', [2], [3]],
  ['ij->ji', [2, 3]],
  ['ijk->j', [2, 3, 4]],
  ['ii->', [3, 3]],
  ['ii->i', [3, 3]],
  ['iji,k->jk', [3, 2, 3], [2]],
  ['nctv,kvw,kc->nkctw', [1, 2, 3, 2], [2, 2, 3], [2, 2]],
  ['...ij,...jk->...ik', [2, 1, 2, 3], [3, 3, 2]],
  ['...d,d->...', [2, 3, 4], [4]],
  ['b...,b->...', [2, 3, 2], [2]],
  ['ij,ij->ij', [2, 1], [1, 3]],
  ['ik,kj->ij', [2, 1], [3, 2]],
  [',ij->ij', [], [2, 3]],
  ['ij,k->', [2, 3], [2]],
] as const).map(([spec, ...shapes]) => ({ title: `einsum ${spec} of ${shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ')}`, shapes, make: (...inputs) => einsum(spec, ...inputs) }))
