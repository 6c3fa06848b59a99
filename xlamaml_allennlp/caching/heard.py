"""What is said in the log while something is made, to be said again where it is used."""

import logging


class Heard(logging.Handler):
    """
    A context that takes note of what this package logs. `lines` has the logger's name, the level and the text of each.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[tuple[str, int, str]] = []
        self._logger = logging.getLogger("xlamaml_allennlp")

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.name, record.levelno, record.getMessage()))

    def __enter__(self) -> "Heard":
        self._logger.addHandler(self)
        return self

    def __exit__(self, *error: object) -> None:
        self._logger.removeHandler(self)
