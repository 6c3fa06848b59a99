"""An archive that is adapted before use is evaluated as any other, and says what it has seen."""

import json

from allennlp.commands.evaluate import evaluate_from_archive


def test_adapted_on_english_another_language_is_zero_shot_and_the_support_set_is_seen(
    trained_once, bert_folder, nli_data, tmp_path
):
    encoder, train = str(bert_folder), str(nli_data / "multinli_1.0_train.jsonl")
    base = trained_once("mnli_finetune", encoder=encoder, train=train, batch_size=8, num_epochs=1)
    adapted = trained_once(
        "xnli_adapt", encoder=encoder, base=base, xnli=str(nli_data), support_size=5, num_steps=2, lr=0.1
    )
    metrics = {}
    for name, archive in (("base", base), ("adapted", adapted)):
        out = tmp_path / f"{name}.json"
        evaluate_from_archive(archive, str(nli_data / "xnli.dev.tsv"), metrics_output_file=str(out))
        metrics[name] = json.loads(out.read_text())
    assert metrics["adapted"]["loss"] != metrics["base"]["loss"]
    assert metrics["adapted"]["zero_shot/hi"] is metrics["adapted"]["zero_shot/sw"] is True
    assert (metrics["base"]["seen/en"], metrics["adapted"]["seen/en"]) == (0, 5)
    assert metrics["adapted"]["seen_translations/hi"] == 5
