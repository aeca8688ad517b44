"""Files on their way in: held in memory, never put down on a disk before they are sealed."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class InMemory(FileUploadHandler):
    """Keeps what one request brings, all files together up to the largest size of one.

    What goes beyond is read and let go of. A file that was cut says so by its size, which is then
    above the limit, so that its field refuses it in words.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.room = settings.UPLOAD_MAX_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.held, self.cut = BytesIO(), False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.cut = self.cut or len(raw_data) > self.room
        if not self.cut:
            self.room -= self.held.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.held.seek(0)
        return InMemoryUploadedFile(
            file=self.held,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=max(file_size, settings.UPLOAD_MAX_BYTES + 1) if self.cut else file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
