"""Recorded values of test/engine/optimisers.test.ts: three steps of torch.optim.AdamW with clip_grad_norm_ on a small least-squares problem, float64."""
import torch
torch.set_default_dtype(torch.float64)
X = torch.tensor([[0.5, -1.0], [1.5, 2.0], [-0.5, 0.25]])
y = torch.tensor([1.0, -2.0, 0.5])
w = torch.tensor([0.3, -0.2], requires_grad=True)
b = torch.tensor([0.1], requires_grad=True)
optimiser = torch.optim.AdamW([{'params': [w], 'weight_decay': 0.1}, {'params': [b], 'weight_decay': 0.0}], lr=0.05)
for _ in range(3):
    optimiser.zero_grad()
    loss = ((X @ w + b - y) ** 2).mean()
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_([w, b], 1.5)
    optimiser.step()
    print(torch.__version__, loss.item(), norm.item(), w.tolist() + b.tolist())
