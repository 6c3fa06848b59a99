"""The commands of the page on data that show what is kept, and remove what nothing has used for long."""

import os
import subprocess
import time

from tests.docs.blocks import ROOT, blocks


def test_they_show_every_entry_and_remove_those_of_long_ago(tmp_path):
    folder = tmp_path / "own caches" / "xlamaml_allennlp"
    for name, days in (("examples-old", 40), ("examples-young", 20)):
        (folder / name).mkdir(parents=True)
        (folder / name / "instances.arrow").write_bytes(bytes(100))
        (folder / name / "whole.txt").write_text("{}")
        os.utime(folder / name / "whole.txt", (used := time.time() - days * 86_400, used))
    (folder / "examples-old.lock").touch()
    (commands,) = blocks(ROOT / "docs" / "data.md", "sh")
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder.parent)}
    done = subprocess.run(["sh", "-eu"], input=commands, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    shown = done.stdout.splitlines()
    assert [line.rpartition("/examples-")[2] for line in shown] == [
        "old/",
        "young/",
        "young/whole.txt",
        "old/whole.txt",
    ]
    assert sorted(os.listdir(folder)) == ["examples-old.lock", "examples-young"]
