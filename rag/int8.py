"""Linear layers of eight bits a weight: half the memory of bfloat16, at a loss that is hard to see in the text.

Each output row has one scale, its largest absolute weight over 127 (symmetric, round to nearest). Only weights are
quantised; activations stay as they are, so that nothing has to be calibrated.
"""

import torch
from torch import nn
from torch.nn import functional

LARGEST = 127
FEW_ROWS = 16
"""Up to this many tokens at once the packed kernel reads each weight once, as int8; for more, a row of weights that is
widened once serves them all."""


class Int8Linear(nn.Linear):  # type: ignore[misc]
    """A linear layer whose ``weight`` (outputs, inputs) is int8, with a ``scale`` (outputs,) beside it."""

    scale: torch.Tensor

    def __init__(self, linear: nn.Linear) -> None:
        """Quantise ``linear``, which is left as it is; a bias is shared."""
        super().__init__(linear.in_features, linear.out_features, bias=False, device="meta")
        weight, scale = quantise(linear.weight.detach())
        self.weight = nn.Parameter(weight, requires_grad=False)
        self.register_buffer("scale", scale)
        self.bias = linear.bias

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Multiply inputs (..., inputs) by the weights; the result has the inputs' type."""
        rows = inputs.reshape(-1, self.in_features)
        if len(rows) <= FEW_ROWS and rows.dtype == self.scale.dtype and rows.device.type == "cpu":
            product = torch._weight_int8pack_mm(rows, self.weight, self.scale)
        else:
            product = functional.linear(rows, self.weight.to(rows.dtype)) * self.scale.to(rows.dtype)
        product = product.reshape(*inputs.shape[:-1], self.out_features)
        return product if self.bias is None else product + self.bias


def quantise(weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the int8 weights (outputs, inputs) and the scale of each row, in the type of ``weight``."""
    exact = weight.float()
    scale = exact.abs().amax(dim=1).clamp(min=torch.finfo(torch.float32).tiny) / LARGEST
    # Rounded by the scale that is kept, so that its own rounding adds nothing.
    kept = scale.to(weight.dtype)
    levels = (exact / kept.float()[:, None]).round().clamp(-LARGEST, LARGEST)
    return levels.to(torch.int8), kept


def quantise_layers(network: nn.Module) -> None:
    """Replace every linear layer inside the transformer, one at a time.

    Embeddings and the output head stay as they are: they hold the rarest words, and are often one matrix.
    """
    head = network.get_output_embeddings() if hasattr(network, "get_output_embeddings") else None
    for parent in list(network.modules()):
        for name, child in list(parent.named_children()):
            if type(child) is nn.Linear and child is not head:
                setattr(parent, name, Int8Linear(child))
