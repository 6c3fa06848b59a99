"""Studies that are done at once, as the tests of studies have them."""

from tests.studies.conftest import bench as bench
