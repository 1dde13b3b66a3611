"""The project speaks of itself alone."""

import re

from tests.architecture.sources import texts

# One letter of each stands in brackets, so that this file does not find itself.
FORBIDDEN = re.compile(
    r"""
      /wor[k]/(main|shared) | /roo[t]/ | /opt/(pyp[i]|wheel[s])       # one machine's folders
    | pythonhoste[d] | pypi\.or[g] | npmj[s]\. | debian\.or[g]        # one network's hosts
    | \bissue\ \#?[0-9] | \bsub-?agen[t] | \bClaud[e]\b | \bdesign\ do[c]
    | \b(this|previous|earlier|last)\ sessio[n]\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def test_files_name_no_machine_and_no_making_of() -> None:
    """No file says where or how it was made: whoever reads it has neither."""
    found = [
        f"{path}:{number}: {match.group()}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if (match := FORBIDDEN.search(line))
    ]
    assert not found
