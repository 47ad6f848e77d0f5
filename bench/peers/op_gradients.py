"""Recorded values of test/engine/torch.test.ts: gradients of a small composite by PyTorch's autograd, float64."""
import torch, torch.nn.functional as F
torch.set_default_dtype(torch.float64)
x = (torch.arange(24).reshape(2, 3, 4) * 0.37).sin().requires_grad_()
w = (torch.arange(20).reshape(4, 5) * 0.53).cos().requires_grad_()
gain = torch.linspace(0.5, 1.5, 5).requires_grad_()
bias = torch.linspace(-0.2, 0.2, 5).requires_grad_()
h = F.gelu(F.layer_norm(x @ w, (5,), gain, bias, 1e-5))
scores = torch.softmax(h @ h.transpose(1, 2) / 2, -1) @ h
loss = -(torch.log_softmax(scores, -1)[..., 2]).mean() + scores.pow(2).mean().sqrt() + scores.amax(-1).mean()
loss.backward()
print(torch.__version__, loss.item())
for t in (x, w, gain, bias): print([round(v, 12) for v in t.grad.flatten().tolist()])
