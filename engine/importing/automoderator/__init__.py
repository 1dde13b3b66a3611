"""AutoModerator's rule files: what they say, and what it is here."""

from engine.importing.automoderator.files import Options
from engine.importing.automoderator.importing import Imported, import_files

__all__ = ["Imported", "Options", "import_files"]
