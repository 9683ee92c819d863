"""Uploads: how many files and bytes of a visitor, and of all visitors, the server keeps.

Streamlit bounds the size of one file (`server.maxUploadSize`), not their number: it takes files
that no widget of the page has asked for, and keeps them as long as the visit. So its class for
uploaded files is given another `add_file`. Only public names of that class are used, but Streamlit
does not document it: the tests say what breaks when it changes.
"""

from starlette.formparsers import MultiPartParser
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

MOST_FILES = 4  # of a visitor: the page has two fields for a file
MOST_BYTES = 20_000_000  # of a visitor
MOST_BYTES_OF_ALL = 80_000_000  # of all visitors
LARGEST = 11 * 2**20  # bytes of a file and what surrounds it while it arrives
add_unbounded = MemoryUploadedFileManager.add_file


def install() -> None:
    """Bound the files that every server of this process keeps, and let none pass over its disk.

    A file that arrives would be written to a temporary folder, which may be full or not writable.
    """
    MemoryUploadedFileManager.add_file = add_file
    MultiPartParser.spool_max_size = LARGEST


def add_file(self: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec) -> None:
    """Keep a file, and forget others where there are too many: this visitor's oldest first."""
    add_unbounded(self, session_id, file)
    own = list(self.file_storage[session_id].values())
    while len(own) > MOST_FILES or sum(len(each.data) for each in own) > MOST_BYTES:
        self.remove_file(session_id, own.pop(0).file_id)
    sizes = {
        session: sum(len(each.data) for each in list(files.values()))
        for session, files in list(self.file_storage.items())
    }
    del sizes[session_id]
    room = MOST_BYTES_OF_ALL - sum(len(each.data) for each in own)
    for session in sorted(sizes, key=_is_there):
        if sum(sizes.values()) <= room:
            break
        self.remove_session_files(session)
        del sizes[session]


def forget(session_id: str) -> None:
    """Forget the files of a visitor who has left."""
    if runtime.exists():
        runtime.get_instance().uploaded_file_mgr.remove_session_files(session_id)


def _is_there(session_id: str) -> bool:
    """Say whether the browser of a visitor is connected."""
    return runtime.exists() and runtime.get_instance().is_active_session(session_id)
