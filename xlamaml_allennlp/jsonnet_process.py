"""
A process that evaluates one Jsonnet text, within bounds: a config may never end, or fill the memory, and what evaluates
it listens to nobody meanwhile. `jsonnet.py` starts it and says what to do.
"""

import json
import resource
import runpy
import sys
from pathlib import Path


def main() -> None:
    """Reads a request from standard input, and answers on standard output."""
    request = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (request["bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (request["seconds"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.path.append(request["binding"])
    import _jsonnet

    # By its path: its package would bring all of AllenNLP.
    importer = runpy.run_path(str(Path(__file__).with_name("shipped_configs.py")))["import_from"]
    try:
        evaluate = getattr(_jsonnet, request["function"])
        answer = {"value": evaluate(*request["arguments"], ext_vars=request["ext_vars"], import_callback=importer)}
    except RuntimeError as error:
        answer = {"error": str(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
