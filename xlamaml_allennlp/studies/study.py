"""What a study is: named runs, and what is evaluated of each."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Union

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.studies.choice import Choice
from xlamaml_allennlp.studies.resources import UNSAID, Resources

# In a config the folder of all runs: what a run is made from is another run whose archive its config names.
RUNS = "{runs}"
_EARLIER = re.compile(re.escape(RUNS) + r"/([^/]+)/")


@dataclass(frozen=True)
class Run:
    """
    One training.

    # Parameters

    name : `str`
        Its name in the study, and that of its folder.
    config : `Mapping[str, Any]`
        What `allennlp train` gets. In its texts `{runs}/NAME/` is the folder of another run of the study.
    title : `str`
        What a person reads while it runs.
    method : `str`
        The row of a table that it belongs to.
    auxiliary, support, query : `Sequence[str]`
        Languages that its method learns from beside English, and those of both sets of its episodes.
    seed : `int`
        The seed; runs that differ in nothing else are repetitions.
    shots : `Union[int, str]`
        Examples of the target that it has seen: 0, or the name of a set of them.
    resources : `Resources`
        What it is given of a cluster.
    """

    kind: ClassVar[str] = "runs"

    name: str
    config: Mapping[str, Any]
    title: str
    method: str
    auxiliary: Sequence[str] = ()
    support: Sequence[str] = ()
    query: Sequence[str] = ()
    seed: int = 0
    shots: Union[int, str] = 0
    resources: Resources = UNSAID

    @property
    def id(self) -> str:
        """Its name among all that a study does."""
        return f"{self.kind}/{self.name}"

    @property
    def earlier(self) -> list[str]:
        """The runs whose files its config names, in order."""
        return sorted({name for text in texts(self.config) for name in _EARLIER.findall(text)})

    @property
    def needs(self) -> list[str]:
        """The ids of what has to be done before it."""
        return [f"{Run.kind}/{name}" for name in self.earlier]


@dataclass(frozen=True)
class Evaluation:
    """
    One archive, evaluated on the files of some languages.

    # Parameters

    name : `str`
        Its name in the study, and that of its folder.
    title : `str`
        What a person reads while it runs.
    run : `Union[str, Choice]`
        Whose archive; or the best of several, known when the runs are.
    data : `Mapping[str, str]`
        {language: path}.
    method : `str`
        The row of a table that it belongs to; empty: the run's.
    resources : `Resources`
        What it is given of a cluster.
    """

    kind: ClassVar[str] = "evaluations"

    name: str
    title: str
    run: Union[str, Choice]
    data: Mapping[str, str]
    method: str = ""
    resources: Resources = UNSAID

    @property
    def id(self) -> str:
        """Its name among all that a study does."""
        return f"{self.kind}/{self.name}"

    @property
    def of(self) -> list[str]:
        """The runs one of which is evaluated."""
        return [self.run] if isinstance(self.run, str) else [candidate.run for candidate in self.run.candidates]

    @property
    def judges(self) -> list[str]:
        """The evaluations that choose the run."""
        if isinstance(self.run, str):
            return []
        return [*(name for candidate in self.run.candidates for name in candidate.by), *self.run.minus]

    @property
    def needs(self) -> list[str]:
        """The ids of what has to be done before it."""
        judges = (f"{Evaluation.kind}/{name}" for name in self.judges)
        return list(dict.fromkeys([*(f"{Run.kind}/{name}" for name in self.of), *judges]))


Step = Union[Run, Evaluation]


@dataclass(frozen=True)
class Study:
    """
    Everything that one study file asks for.

    # Parameters

    name : `str`
        Its name.
    runs : `Mapping[str, Run]`
        The trainings, by name.
    evaluations : `Mapping[str, Evaluation]`
        The evaluations, by name.
    about : `Mapping[str, Any]`
        What else the file says, for the report: tables, figures, comparisons.

    # Raises

    `ConfigurationError`
        If something needs what is not there.
    """

    name: str
    runs: Mapping[str, Run]
    evaluations: Mapping[str, Evaluation]
    about: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        steps = self.steps
        for step in steps.values():
            for needed in step.needs:
                if needed not in steps:
                    raise ConfigurationError(f"{step.id} needs {needed}, which is not there. {_there(needed, steps)}")

    @property
    def steps(self) -> dict[str, Step]:
        """Runs, then evaluations, by id."""
        steps: list[Step] = [*self.runs.values(), *self.evaluations.values()]
        return {step.id: step for step in steps}


def texts(value: Any) -> Iterator[str]:
    """Every text in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from texts(each)


def _there(needed: str, steps: Mapping[str, Step]) -> str:
    kind = needed.split("/")[0]
    names = [step.name for step in steps.values() if step.kind == kind]
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"The study has these {kind}: {', '.join(names[:8]) or 'none'}{more}."
