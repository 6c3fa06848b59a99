"""Which names members have."""

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.archives import names


@pytest.mark.parametrize("pattern", ["./notes.txt", "logs//a.txt", "logs/", "notes*"])
def test_members_are_included_by_any_way_to_write_their_names(pattern):
    names.check_known(
        ["config.json", "notes.txt" if "notes" in pattern else "logs/a.txt"], {"include_in_archive": [pattern]}, "a"
    )


def test_what_a_terminal_would_obey_is_shown_and_not_said():
    with pytest.raises(ConfigurationError) as error:
        names.check_known(["\x1b[2Jevil\n"], {}, "the archive")
    assert r'its member "\x1b[2Jevil\n"' in str(error.value)
