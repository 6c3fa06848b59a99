"""How a run of any stage survives a kill: checkpoints that are whole, random states, exact recovery."""

from xlamaml_allennlp.resuming import data_workers, folder_lock, interruption, run_folder, spawned
from xlamaml_allennlp.resuming.checkpointer import DurableCheckpointer
from xlamaml_allennlp.resuming.trainer import ResumableTrainer

interruption.archive_all_members()
interruption.interrupt_by_signals()
interruption.tell_signals_from_errors()
data_workers.watch_data_workers()
run_folder.write_texts_whole()
run_folder.open_recoverably()
folder_lock.release_at_the_end()
spawned.watch_workers()

__all__ = ["DurableCheckpointer", "ResumableTrainer"]
