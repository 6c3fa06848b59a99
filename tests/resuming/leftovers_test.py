"""What a kill leaves half-done is removed, and nothing else."""

from xlamaml_allennlp.resuming.leftovers import remove_leftovers

KEPT = {
    "best.th",
    "model_state_e1_b0.th",
    "training_state_e1_b0.th",
    "worker_state_e1_b0_w1.th",
    "model_state_e2_b0.th",
    "my.th.partial",
    "notes.partial",
    "training_state_of_mine.th",
}
REMOVED = {
    "best.th.partial",
    "model.tar.gz.draft.partial",
    "model_state_e1_b10.th.partial",
    "training_state_e1_b10.th",
    "worker_state_e1_b10_w1.th",
    "worker_state_e1_b10_w2.th.partial",
}


def test_half_written_files_and_states_without_a_model_are_removed(tmp_path):
    for name in KEPT | REMOVED:
        (tmp_path / name).touch()
    remove_leftovers(str(tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == KEPT
    remove_leftovers(str(tmp_path / "missing"))
