"""A study from what its file says, with every slip named."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Optional, TypeVar

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.studies.choice import Candidate, Choice
from xlamaml_allennlp.studies.resources import Resources
from xlamaml_allennlp.studies.study import Evaluation, Run, Study

# Keys that are for the report alone.
ABOUT = ("title", "tables", "figures", "comparisons")
KEYS = {
    "the study": {"name", "runs", "evaluations", *ABOUT},
    "run": {"config", "title", "method", "auxiliary", "support", "query", "seed", "shots", "resources"},
    "evaluation": {"run", "data", "title", "method", "resources"},
    "resources": {"cpus", "gpus", "memory_gb"},
    "best_of": {"candidates", "metric", "minus"},
    "candidate": {"run", "by"},
}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+=,.-]*")
NAMES = "Names of runs and evaluations are names of folders: letters, digits and - _ + = , . inside."

T = TypeVar("T")


def study_of(content: Any) -> Study:
    """
    The study that an expanded study file holds.

    # Parameters

    content : `Any`
        `name`; `runs` and `evaluations`, an object by name each, or an array of objects that have a `name`; and what
        the report is told: `tables`, `figures`, `comparisons`.

    # Raises

    `ConfigurationError`
        If a key is missing, unknown or of another kind than it should be, a name is there twice or no name for a
        folder, or something needs what is not there.
    """
    _check_keys("the study", "the study", content, {"name", "runs"})
    runs = _named("run", content["runs"], _run)
    evaluations = _named("evaluation", content.get("evaluations", {}), _evaluation)
    about = {key: content[key] for key in ABOUT if key in content}
    return Study(_text("the study", content, "name"), runs, evaluations, about)


def _named(kind: str, given: Any, make: Callable[[str, Mapping[str, Any]], T]) -> dict[str, T]:
    if isinstance(given, Mapping):
        pairs = list(given.items())
    elif isinstance(given, list) and all(isinstance(each, Mapping) and "name" in each for each in given):
        pairs = [(each["name"], {key: value for key, value in each.items() if key != "name"}) for each in given]
    else:
        raise ConfigurationError(f'{kind}s is neither an object by name nor an array of objects with a "name".')
    found: dict[str, T] = {}
    for name, content in pairs:
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise ConfigurationError(f"{kind} {name!r}: no name for a folder. {NAMES}")
        # Where case makes no difference to files, folders of one name would be one.
        twin = next((other for other in found if other.casefold() == name.casefold()), None)
        if twin is not None:
            same = "twice" if twin == name else f"beside {twin}"
            raise ConfigurationError(f"{kind} {name} is there {same}. Give each a name of its own.")
        found[name] = make(name, content)
    return found


def _run(name: str, content: Any) -> Run:
    where = f"run {name}"
    _check_keys("run", where, content, {"config"})
    if not isinstance(content["config"], Mapping):
        raise ConfigurationError(f"{where}: config is {content['config']!r:.80}; give what `allennlp train` gets.")
    for key in ("trainer", "data_loader"):  # which the study looks into
        if not isinstance(content["config"].get(key, {}), Mapping):
            raise ConfigurationError(f"{where}: config.{key} is {content['config'][key]!r:.80}; give an object.")
    languages = content["config"].get("data_loader", {}).get("languages", {})
    languages = languages if isinstance(languages, Mapping) else {}
    query = _languages(where, content, "query", languages.get("query", []))
    return Run(
        name=name,
        config=content["config"],
        title=_text(where, content, "title", name),
        method=_text(where, content, "method", name),
        auxiliary=_languages(where, content, "auxiliary", []),
        # X-MAML's plan names one set of languages for both.
        support=_languages(where, content, "support", languages.get("support", list(query))),
        query=query,
        seed=content.get("seed", 0),
        shots=content.get("shots", 0),
        resources=_resources(where, content),
    )


def _evaluation(name: str, content: Any) -> Evaluation:
    where = f"evaluation {name}"
    _check_keys("evaluation", where, content, {"run", "data"})
    data, run = content["data"], content["run"]
    if not isinstance(data, Mapping) or not data or not all(isinstance(path, str) and path for path in data.values()):
        raise ConfigurationError(f"{where}: data is {data!r:.80}; give {{language: path}}.")
    if not isinstance(run, str):
        run = _choice(where, run)
    method = _text(where, content, "method") if "method" in content else ""
    title = _text(where, content, "title", f"Evaluation of {name}")
    return Evaluation(name, title, run, data, method, _resources(where, content))


def _resources(where: str, content: Mapping[str, Any]) -> Resources:
    given = content.get("resources", {})
    _check_keys("resources", f"{where}: resources", given, set())
    for key, value in given.items():
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or value < 0 or (value == 0 and key != "gpus"):
            raise ConfigurationError(f"{where}: {key} is {value!r:.80}; give a number above 0.")
        if key == "gpus" and value > 1 and value != int(value):
            raise ConfigurationError(f"{where}: gpus is {value}; give a share of one, or a whole number.")
    return Resources(**given)


def _choice(where: str, given: Any) -> Choice:
    if not isinstance(given, Mapping) or set(given) != {"best_of"}:
        raise ConfigurationError(f"{where}: run is {given!r:.80}; give the name of a run, or {{best_of: ...}}.")
    best_of, where = given["best_of"], f"{where}: best_of"
    _check_keys("best_of", where, best_of, {"candidates", "metric"})
    minus = _languages(where, best_of, "minus", [])
    if not isinstance(best_of["candidates"], list) or not best_of["candidates"]:
        raise ConfigurationError(f'{where}: candidates is no array of {{"run": NAME, "by": [EVALUATIONS]}}.')
    candidates = []
    for each in best_of["candidates"]:
        _check_keys("candidate", f"{where}: a candidate", each, {"run", "by"})
        by = _languages(where, each, "by", [])
        if not by or (minus and len(minus) != len(by)):
            raise ConfigurationError(
                f"{where}: {each['run']} is judged by {len(by)} evaluations, minus {len(minus)}. Give as many."
            )
        candidates.append(Candidate(_text(where, each, "run"), by))
    return Choice(candidates, _text(where, best_of, "metric"), minus)


def _check_keys(kind: str, where: str, content: Any, needed: set[str]) -> None:
    if not isinstance(content, Mapping):
        raise ConfigurationError(f"{where} is {content!r:.80}; give an object with {', '.join(sorted(KEYS[kind]))}.")
    if unknown := sorted(content.keys() - KEYS[kind]):
        raise ConfigurationError(f"{where} has no key {unknown[0]!r}. Its keys: {', '.join(sorted(KEYS[kind]))}.")
    if missing := sorted(needed - content.keys()):
        raise ConfigurationError(f"{where} lacks the key {missing[0]!r}.")


def _text(where: str, content: Mapping[str, Any], key: str, default: Optional[str] = None) -> str:
    value = content.get(key, default)
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{where}: {key} is {value!r:.80}; give a text.")
    return value


def _languages(where: str, content: Mapping[str, Any], key: str, default: Any) -> Sequence[str]:
    value = content.get(key, default)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ConfigurationError(f"{where}: {key} is {value!r:.80}; give an array of texts.")
    return tuple(value)
