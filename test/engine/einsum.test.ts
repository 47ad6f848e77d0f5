import { einsum, input, type Node } from '../../src/engine/index.ts'
import { cases } from './cases/einsum.ts'
import { checkOperations } from './check-operations.ts'
import { checkRefusals } from './check-refusals.ts'
import { checkRecorded } from './recorded.ts'

checkOperations(cases)

const specs = [
  'bik,bkj->bij', 'ij , jk', 'ba,cb', 'bhqd,bhkd->bhqk', 'nctv,vw->nctw', 'nkctv,kvw->nctw', 'i,i->', 'i,j->ji', 'ijk->kj', 'ii', 'ijj->ij', 'iijj->ij', 'ij,jk,kl->il', 'i,ij,j->',
  'ab,ac,ad->bcd', '...ij,...jk->...ik', 'a...,b...', '...ij->...', '...ij->ij', 'ij,ij->ij', 'ik,kj->ij', 'aB,Bc->ca', 'i,->i',
]
checkRecorded('einsum', Object.fromEntries(specs.map((spec) => [spec, (...operands: readonly Node[]) => einsum(spec, ...operands)])))

const [a, b] = [input('a', [2, 3]), input('b', [4, 5])]
checkRefusals('einsum.test.ts', [
  ['einsum "ij,jk->ik" of [2, 3] and [4, 5]: "j" has 3 places and, in operand 2, 4', () => einsum('ij,jk->ik', a, b)],
  ['einsum "...j,...k->...jk" of [2, 3] and [4, 5]: an axis of "..." has 2 places and, in operand 2, 4', () => einsum('...j,...k->...jk', a, b)],
  ['einsum "ii" of [2, 3]: "i" has 2 and 3 places in operand 1: no diagonal', () => einsum('ii', a)],
  ['einsum "ijk->i" of [2, 3]: "ijk" does not name the 2 axes of operand 1', () => einsum('ijk->i', a)],
  ['einsum "i->i" of [2, 3]: "i" does not name the 2 axes of operand 1', () => einsum('i->i', a)],
  ['einsum "ij->ik" of [2, 3]: "k" is in the result and in no operand', () => einsum('ij->ik', a)],
  ['einsum "ij->ii" of [2, 3]: "i" is twice in the result', () => einsum('ij->ii', a)],
  ['einsum "ij,jk" of [2, 3]: it has 2 operands, given are 1', () => einsum('ij,jk', a)],
  ['einsum "i1->i" of [2, 3]: it is not like "ij,jk->ik" with letters and "..."', () => einsum('i1->i', a)],
  ['einsum "ij->i->j" of [2, 3]: it is not like "ij,jk->ik" with letters and "..."', () => einsum('ij->i->j', a)],
])
