"""What lies in a study's folder, and what is said where it is something else."""

import pytest

from tests.studies.instant import run, study


@pytest.mark.parametrize("text, said", [("[]", "holds list, and an object is wanted"), ("{", "not JSON")])
@pytest.mark.parametrize("file", ["runs/first.json", "evaluations/e/evaluation.json"])
def test_a_note_that_is_none_is_named_with_the_way_out(bench, file, text, said):
    content = study({"first": run()}, {"e": {"run": "first", "data": {"hi": "hi.tsv"}}})
    bench.do(content)
    (bench.folder / file).write_text(text)
    with pytest.raises(SystemExit, match=rf"{file}: {said}.* Bring it back, or remove it to begin anew\."):
        bench.do(content)
