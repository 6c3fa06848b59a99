"""What it costs a model to miss the start and the end of an answer."""

import torch


def between(span: torch.Tensor, length: int) -> torch.Tensor:
    """Which tokens are in [first, end) of each row of `span`. Shape: (batch_size, length)"""
    positions = torch.arange(length, device=span.device)
    return (positions >= span[:, :1]) & (positions < span[:, 1:])


def span_loss(
    starts: torch.Tensor, ends: torch.Tensor, context: torch.Tensor, answer_span: torch.Tensor
) -> torch.Tensor:
    """
    The negative log-likelihood of the start plus that of the end, each the mean over the windows.

    # Parameters

    starts, ends : `torch.Tensor`
        How well an answer starts and ends at each token. Shapes: (batch_size, sequence_length)
    context : `torch.Tensor`
        The tokens of the context, as bools. Shape: (batch_size, sequence_length)
    answer_span : `torch.Tensor`
        The gold answer's first and last token, twice 0 in windows without it. Shape: (batch_size, 2)
    """
    # Besides the context only [CLS] can be right, in windows without the answer.
    possible = context.clone()
    possible[:, 0] = True
    of_start, of_end = (
        torch.nn.functional.cross_entropy(scores.masked_fill(~possible, float("-inf")), gold)
        for scores, gold in zip((starts, ends), answer_span.unbind(dim=1), strict=True)
    )
    return of_start + of_end
