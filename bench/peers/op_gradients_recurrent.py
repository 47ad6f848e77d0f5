"""Recorded values of test/models/gru.test.ts: torch.nn.GRU and packed sequences, float64."""
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from recorded import record, wave

BATCH, STEPS, INPUTS, WIDTH = 3, 4, 2, 2


def module(layers=1, bidirectional=False, lengths=None, initial=True):
    """torch.nn.GRU as a function of x, the initial state if there is one, and its parameters: states and last states."""
    gru = torch.nn.GRU(INPUTS, WIDTH, layers, batch_first=True, bidirectional=bidirectional)
    names = [name for name, _ in gru.named_parameters()]

    def run(x, *rest):
        start, parameters = (rest[:1], rest[1:]) if initial else ((), rest)
        given = x if lengths is None else pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        states, last = torch.func.functional_call(gru, dict(zip(names, parameters)), (given, *start))
        return (states if lengths is None else pad_packed_sequence(states, batch_first=True, total_length=x.shape[1])[0]), last

    starts = [wave((layers * (2 if bidirectional else 1), BATCH, WIDTH), 0.83, 0.4)] if initial else []
    return run, [wave((BATCH, STEPS, INPUTS), 0.47, 0.1, 2), *starts, *(wave(tuple(p.shape), 0.31 + 0.07 * i, 0.5) for i, p in enumerate(gru.parameters()))]


record("recurrent", [
    ("one layer", *module(initial=False)),
    ("one layer from a state", *module()),
    ("two layers, both directions", *module(2, True)),
    ("sequences of 2, 4 and 1 steps", *module(lengths=[2, 4, 1])),
    ("sequences in two layers, both directions", *module(2, True, lengths=[3, 1, 4])),
])
