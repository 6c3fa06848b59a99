"""The table of this room: what AllenNLP 2.10.1 misses, what removed it and when, and what stands in."""

from typing import NamedTuple

from xlamaml_allennlp.upstream import (
    allennlp,
    cached_path,
    huggingface_hub,
    interpret,
    nltk,
    registrable,
    torch,
    train_command,
    transformers,
    trust_option,
    wandb,
)
from xlamaml_allennlp.upstream.on_import import Act, when_imported


class Mend(NamedTuple):
    """What is `missing`, what `removed` it and when, what `stands_in`; `act` is called when `module` is imported."""

    missing: str
    removed: str
    stands_in: str
    module: str
    act: Act


MENDS = [
    Mend(
        "transformers.AdamW",
        "transformers 4.50 (2025)",
        "upstream/adamw.py, the same optimizer",
        "transformers",
        transformers.answer_for_adamw,
    ),
    Mend(
        "the methods encode_plus, batch_encode_plus and build_inputs_with_special_tokens of tokenizers",
        "transformers 5",
        "calling the tokenizer",
        "transformers.tokenization_utils_base",
        transformers.supply_encoding,
    ),
    Mend(
        "loading a tokenizer with add_special_tokens, and by nothing but its tokenizer.json",
        "transformers 4.44 and 5",
        "loading without it, and upstream/tokenizer_file.py; trust_remote_code is False unless a config says True",
        "allennlp.common.cached_transformers",
        transformers.load_as_named,
    ),
    Mend(
        "huggingface_hub.HfFolder and .Repository",
        "huggingface_hub 1.0 (2025)",
        "names that can be imported and not used",
        "huggingface_hub",
        huggingface_hub.supply_names,
    ),
    Mend(
        "`allennlp push-to-hf`",
        "huggingface_hub 1.0 (2025)",
        "an error that names `hf upload`",
        "allennlp.common.push_to_hf",
        huggingface_hub.refuse_pushing,
    ),
    Mend(
        "`--recover` with a schedule that leaves numbers of numpy in the optimizer, like `cosine`",
        "torch 2.6 (2025), whose torch.load takes weights only",
        "numpy's numbers on the list of what may be loaded",
        "allennlp.training.checkpointer",
        torch.trust_numpy_numbers,
    ),
    Mend(
        "the argument `verbose` of torch.optim.lr_scheduler.ReduceLROnPlateau",
        "torch 2.7 (2025)",
        "`reduce_on_plateau` without it",
        "allennlp.training.learning_rate_schedulers.pytorch_lr_schedulers",
        torch.accept_verbose,
    ),
    Mend(
        "wandb.util.generate_id",
        "wandb 0.28.2 (2026)",
        "eight letters and digits",
        "wandb",
        wandb.supply_run_ids,
    ),
    Mend(
        "an import of allennlp_models without the network",
        "nothing: it asks for NLTK's data at every import",
        "no download from there",
        "nltk",
        nltk.keep_downloads_quiet,
    ),
    Mend(
        "`evaluate_on_test` with several workers",
        "nothing: one worker evaluates, and waits for the others in its metrics",
        "an error before the run that names `allennlp evaluate`",
        "allennlp.commands.train",
        train_command.refuse_testing_by_one_worker,
    ),
    Mend(
        "a look into archives (model.tar.gz) before they are unpacked and built, and checksums in them",
        "nothing: AllenNLP trusts whoever wrote them",
        "the room archives/",
        "allennlp.models.archival",
        allennlp.look_into_archives,
    ),
    Mend(
        "a way to say on the command line that an archive is one's own",
        "nothing: AllenNLP trusts whoever wrote them",
        "`--trust-archive`",
        "allennlp.commands",
        trust_option.offer_trust,
    ),
    Mend(
        "a look at where links in an archive of data really lead, before it is unpacked",
        "nothing: cached_path looks at their text",
        "no link with `..` in its target",
        "cached_path._cached_path",
        cached_path.refuse_links_upwards,
    ),
    Mend(
        "metrics files that a kill or a full disk does not leave in halves",
        "nothing: AllenNLP writes them in place",
        "files/whole_file.py",
        "allennlp.common.util",
        allennlp.write_metrics_whole,
    ),
    Mend(
        "what to import, in the error about a name of this package that nobody has registered",
        "nothing: AllenNLP does not know of it",
        "a sentence more",
        "allennlp.common.registrable",
        registrable.name_the_plugin,
    ),
    Mend(
        "each token's own embedding in `simple-gradient`",
        "nothing: it takes that of the first token for all of them",
        "a hook that keeps them apart",
        "allennlp.interpret.saliency_interpreters.simple_gradient",
        interpret.keep_each_embedding,
    ),
]


def register() -> None:
    """Lets every mend of the table act when its module is imported."""
    for mend in MENDS:
        when_imported(mend.module, mend.act)
