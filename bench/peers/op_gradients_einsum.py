"""Recorded values of test/engine/einsum.test.ts: torch.einsum, float64."""
import torch
from recorded import record, wave


def case(spec, *shapes):
    return spec, lambda *operands: torch.einsum(spec, *operands), [wave(shape, 0.47 + 0.11 * i, 0.1) for i, shape in enumerate(shapes)]


record("einsum", [
    case("bik,bkj->bij", (2, 2, 3), (2, 3, 4)),
    case("ij , jk", (2, 3), (3, 4)),
    case("ba,cb", (2, 3), (4, 2)),
    case("bhqd,bhkd->bhqk", (2, 2, 3, 2), (2, 2, 4, 2)),
    case("nctv,vw->nctw", (2, 2, 3, 4), (4, 4)),
    case("nkctv,kvw->nctw", (2, 3, 2, 2, 4), (3, 4, 4)),
    case("i,i->", (4,), (4,)),
    case("i,j->ji", (2,), (3,)),
    case("ijk->kj", (2, 3, 4)),
    case("ii", (3, 3)),
    case("ijj->ij", (2, 3, 3)),
    case("iijj->ij", (2, 2, 3, 3)),
    case("ij,jk,kl->il", (2, 3), (3, 4), (4, 2)),
    case("i,ij,j->", (2,), (2, 3), (3,)),
    case("ab,ac,ad->bcd", (2, 3), (2, 2), (2, 4)),
    case("...ij,...jk->...ik", (2, 1, 2, 3), (3, 3, 2)),
    case("a...,b...", (2, 3, 1), (4, 5)),
    case("...ij->...", (2, 3, 4)),
    case("...ij->ij", (2, 3, 4)),
    case("ij,ij->ij", (2, 1), (1, 3)),
    case("ik,kj->ij", (2, 1), (3, 2)),
    case("aB,Bc->ca", (2, 3), (3, 1)),
    case("i,->i", (3,), ()),
])
