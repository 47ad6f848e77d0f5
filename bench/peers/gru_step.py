"""torch.nn.GRU or LSTM beside bench/engine/gru.ts: forward, backward, clipping and AdamW on one thread; CPU milliseconds, least of 9. Arguments: the number of steps, gru or lstm."""
import sys, time, torch

torch.set_num_threads(1)
steps = int(sys.argv[1])
unit = {"gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[sys.argv[2]](75, 128, 2, batch_first=True, bidirectional=True)
optimiser = torch.optim.AdamW(unit.parameters(), lr=1e-3)
x, target = torch.arange(16 * steps * 75).sin().reshape(16, steps, 75), torch.arange(16 * steps * 256).sin().reshape(16, steps, 256)
costs = []
for _ in range(9):
    before = time.process_time()
    optimiser.zero_grad()
    loss = (unit(x)[0] - target).square().mean()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(unit.parameters(), 1)
    optimiser.step()
    costs.append((time.process_time() - before) * 1000)
print(f"T = {steps}: PyTorch {torch.__version__}: a step {min(costs):.0f} ms")
