"""What cached_path lets through when it unpacks an archive, of a vocabulary or of data."""

import functools
import tarfile
from types import ModuleType


def refuse_links_upwards(module: ModuleType) -> None:
    """
    Refuses links whose target has a `..`. cached_path takes them by their text for links within the archive, which they
    are not where a part of it is a link itself; without one no link leads out.
    """
    check = module.check_tarfile

    @functools.wraps(check)
    def check_tarfile(tar_file: tarfile.TarFile) -> None:
        check(tar_file)
        for info in tar_file:
            if (info.issym() or info.islnk()) and ".." in info.linkname.split("/"):
                raise ValueError(f"{tar_file.name!s}: its member {info.name} is a link upwards. Unpack it yourself.")

    module.check_tarfile = check_tarfile  # type: ignore[attr-defined]
