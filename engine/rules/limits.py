"""How large a policy may be, in one place: beyond these a file is refused with a clear message."""

#: Bytes of one file.
FILE_BYTES = 8_000_000
#: Values (keys, words, numbers, lists, mappings) of one document.
DOCUMENT_VALUES = 400_000
#: How deep mappings and lists may stand inside each other.
DOCUMENT_DEPTH = 32
#: Characters of a name.
NAME_LENGTH = 120
#: Characters of a word or phrase.
ENTRY_LENGTH = 500
#: Characters of a pattern.
PATTERN_LENGTH = 2_000
#: Leaves of one condition, with the named conditions it uses written out.
CONDITION_LEAVES = 5_000
#: How deep a condition may be, with the named conditions it uses written out.
CONDITION_DEPTH = 64
#: How long a chain of points tables that use each other may be.
CHAIN_LENGTH = 32
#: Tests a single rule may have, and rows and repetitions.
TESTS = 10_000
#: Diagnostics shown for one file.
DIAGNOSTICS_PER_FILE = 500
#: How often a near name is searched in one run; beyond, diagnostics come without a suggestion.
SUGGESTIONS = 300
