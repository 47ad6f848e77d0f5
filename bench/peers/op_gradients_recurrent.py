"""Recorded values of test/models/gru.test.ts and lstm.test.ts: torch.nn.GRU, torch.nn.LSTM and packed sequences, float64."""
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from recorded import record, wave

BATCH, STEPS, INPUTS, WIDTH = 3, 4, 2, 2


def module(layers=1, bidirectional=False, lengths=None, initial=True, kind=torch.nn.GRU):
    """A torch.nn.GRU or LSTM as a function of x, the initial states (and cells) if there are, and its parameters: states, last states (and cells)."""
    recurrent = kind(INPUTS, WIDTH, layers, batch_first=True, bidirectional=bidirectional)
    names = [name for name, _ in recurrent.named_parameters()]
    carried = 2 if kind is torch.nn.LSTM else 1
    counts = carried if initial else 0

    def run(x, *rest):
        starts, parameters = rest[:counts], rest[counts:]
        given = x if lengths is None else pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        start = () if not initial else (starts,) if carried == 2 else starts
        states, last = torch.func.functional_call(recurrent, dict(zip(names, parameters)), (given, *start))
        return (states if lengths is None else pad_packed_sequence(states, batch_first=True, total_length=x.shape[1])[0]), *(last if carried == 2 else [last])

    starts = [wave((layers * (2 if bidirectional else 1), BATCH, WIDTH), 0.83, 0.4 + 0.9 * i) for i in range(counts)]
    return run, [wave((BATCH, STEPS, INPUTS), 0.47, 0.1, 2), *starts, *(wave(tuple(p.shape), 0.31 + 0.07 * i, 0.5) for i, p in enumerate(recurrent.parameters()))]


record("recurrent", [
    ("one layer", *module(initial=False)),
    ("one layer from a state", *module()),
    ("two layers, both directions", *module(2, True)),
    ("sequences of 2, 4 and 1 steps", *module(lengths=[2, 4, 1])),
    ("sequences in two layers, both directions", *module(2, True, lengths=[3, 1, 4])),
])

record("lstm", [
    ("one layer", *module(initial=False, kind=torch.nn.LSTM)),
    ("one layer from a state and a cell", *module(kind=torch.nn.LSTM)),
    ("two layers, both directions", *module(2, True, kind=torch.nn.LSTM)),
    ("sequences of 2, 4 and 1 steps", *module(lengths=[2, 4, 1], kind=torch.nn.LSTM)),
    ("sequences in two layers, both directions", *module(2, True, lengths=[3, 1, 4], kind=torch.nn.LSTM)),
])
