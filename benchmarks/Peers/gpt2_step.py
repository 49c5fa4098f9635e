"""Training steps of GPT-2 124M in PyTorch, 4 x 64 tokens: prints the milliseconds of each, one a line, until it is stopped."""
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

B, T, V, C, L, H = 4, 64, 50257, 768, 12, 12  # batch, sequence, vocabulary, channels, layers, heads


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(C), nn.LayerNorm(C)
        self.qkv, self.out = nn.Linear(C, 3 * C), nn.Linear(C, C)
        self.up, self.down = nn.Linear(C, 4 * C), nn.Linear(4 * C, C)

    def attend(self, x):
        q, k, v = (part.view(B, T, H, C // H).transpose(1, 2) for part in self.qkv(x).split(C, dim=2))
        if hasattr(F, "scaled_dot_product_attention"):
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            scores = (q @ k.transpose(-2, -1)) / math.sqrt(C // H)
            future = torch.ones(T, T, dtype=torch.bool).triu(1)
            y = scores.masked_fill(future, float("-inf")).softmax(dim=-1) @ v
        return self.out(y.transpose(1, 2).reshape(B, T, C))

    def forward(self, x):
        x = x + self.attend(self.norm1(x))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Gpt2(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(V, C), nn.Embedding(1024, C)
        self.blocks, self.norm = nn.Sequential(*(Block() for _ in range(L))), nn.LayerNorm(C)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)  # As GPT-2's: PyTorch's own embeddings make subnormal gradients, which take some processors ten times as long.

    def forward(self, x, y):
        hidden = self.norm(self.blocks(self.tokens(x) + self.positions(torch.arange(T))))
        return F.cross_entropy((hidden @ self.tokens.weight.T).view(-1, V), y.view(-1))


torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)
model = Gpt2()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.1)
x, y = torch.randint(0, V, (B, T)), torch.randint(0, V, (B, T))
while True:
    start = time.perf_counter()
    loss = model(x, y)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    print((time.perf_counter() - start) * 1000, flush=True)
