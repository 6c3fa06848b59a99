"""What an evaluation claims of weights that nobody has told it about: nothing."""

import json
from pathlib import Path

from allennlp.commands.evaluate import evaluate_from_archive


def test_of_weights_from_elsewhere_nobody_knows_what_they_have_read(trained_once, bert_folder, nli_data):
    data = json.dumps({"hi": str(nli_data / "xnli.dev.tsv")})
    train = str(nli_data / "multinli_1.0_train.jsonl")
    archive = trained_once("mnli_finetune", encoder=str(bert_folder), train=train, num_epochs=1)

    def with_weights(file: Path, archive: str) -> tuple:
        metrics = evaluate_from_archive(archive, data, metrics_output_file=None, weights_file=str(file))
        return tuple(metrics[f"{key}/hi"] for key in ("zero_shot", "seen", "seen_translations"))

    own = Path(archive).parent
    # The run's folder holds its weights itself; beside an archive, a file may be of any run.
    assert with_weights(own / "best.th", str(own))[:2] == (True, 0)
    assert with_weights(own / "best.th", archive) == ("unknown", "unknown", "unknown")
