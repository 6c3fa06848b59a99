"""What AllenNLP itself leaves open: an archive may be a stranger's, and a run may be killed while it writes."""

import functools
import inspect
import json
import tarfile
from contextlib import AbstractContextManager
from types import ModuleType, SimpleNamespace
from typing import Any


def look_into_archives(module: ModuleType) -> None:
    """
    Has `archives/` check what is loaded before AllenNLP unpacks or builds any of it, and seal what is archived.

    Its functions are imported when they are called: now AllenNLP is being imported itself.
    """
    load_archive, archive_model = module.load_archive, module.archive_model
    load_readers, load_model = module._load_dataset_readers, module._load_model
    signature = inspect.signature(module.archive_model)

    @functools.wraps(load_archive)
    def load(archive_file: Any, *more: Any, **keys: Any) -> Any:
        from xlamaml_allennlp.archives import guard

        return guard.load(load_archive, archive_file, *more, **keys)

    def extracted(resolved_archive_file: str, cleanup: bool = True) -> AbstractContextManager[str]:
        from xlamaml_allennlp.archives import guard

        return guard.extracted(resolved_archive_file, cleanup)

    def readers(config: Any, serialization_dir: str) -> Any:
        from xlamaml_allennlp.archives import guard

        return guard.load_readers(load_readers, config, serialization_dir)

    def model(config: Any, weights_path: str, serialization_dir: str, cuda_device: int) -> Any:
        from xlamaml_allennlp.archives import guard

        return guard.load_model(load_model, config, weights_path, serialization_dir, cuda_device)

    @functools.wraps(archive_model)
    def archive(*values: Any, **keys: Any) -> str:
        from xlamaml_allennlp.archives import guard

        given = signature.bind(*values, **keys)
        given.apply_defaults()
        return guard.archive(archive_model, *given.arguments.values())

    # What a run's folder links to is archived as a file: checkpoints share their weights with best.th. Trained weights
    # are compressed by 7 %, which took far longer than writing them does.
    write = functools.partial(tarfile.open, dereference=True, compresslevel=0)
    module.tarfile = SimpleNamespace(open=write)  # type: ignore[attr-defined]
    module.load_archive, module.extracted_archive = load, extracted  # type: ignore[attr-defined]
    module._load_dataset_readers, module._load_model = readers, model  # type: ignore[attr-defined]
    module.archive_model = archive  # type: ignore[attr-defined]


def write_metrics_whole(module: ModuleType) -> None:
    """Lets metrics be there in one piece or not at all, which `--recover` reads."""

    def dump_metrics(file_path: str | None, metrics: dict[str, Any], log: bool = False) -> None:
        from xlamaml_allennlp.files.whole_file import write_text_whole

        text = json.dumps(metrics, indent=2)
        if file_path:
            write_text_whole(text, file_path)
        if log:
            module.logger.info("Metrics: %s", text)

    module.dump_metrics = dump_metrics  # type: ignore[attr-defined]
