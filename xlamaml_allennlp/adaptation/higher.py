"""The reference estimator: differentiation through the unrolled inner loop by the package `higher`."""

import higher
from torch.nn import Module
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.optim import SGD

from xlamaml_allennlp.adaptation.inner_loop import Adapted, InnerLoop
from xlamaml_allennlp.adaptation.loss import Loss


@InnerLoop.register("higher")
class HigherInnerLoop(InnerLoop):
    """
    The exact meta-gradient, by automatic differentiation through the unrolled inner loop (Grefenstette et al. 2019).

    It is the reference that the other estimators are checked against, and so shares no code with them: it keeps the
    graphs of all inner steps at once and works on whole word-embedding matrices.

    Registered as an `InnerLoop` with name "higher".

    # Parameters

    lr : `float`, optional (default = `1e-5`)
        The inner learning rate alpha, above 0.
    num_steps : `int`, optional (default = `1`)
        Inner steps per episode, at least 1.
    parameters : `List[str]`, optional (default = `None`)
        Regular expressions of the parameters that adapt; by default every trainable one.
    """

    def _adapt(self, module: Module, support: Loss, query: Loss) -> Adapted:
        named = dict(module.named_parameters())
        optimizer = SGD([named[name] for name in self.adapted_names(module)], lr=self.lr)
        support_losses = []
        # Fused attention kernels have no second derivative; the math kernel does.
        with (
            sdpa_kernel(SDPBackend.MATH),
            higher.innerloop_ctx(module, optimizer, copy_initial_weights=False) as (
                functional,
                differentiable_optimizer,
            ),
        ):
            for _ in range(self.num_steps):
                loss = support(functional)
                support_losses.append(loss.item())
                differentiable_optimizer.step(loss)
            query_loss = query(functional)
        return Adapted(query_loss, support_losses)
