"""The spectrogram in place of the waveform: a picture that follows the range, made elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PyQt5.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PyQt5.QtGui import QImage, QPainter

from app.style.palette import Theme, mix
from app.timeline.panel import Frame, PanelItem


class SpectrogramItem(PanelItem):
    """Shows the newest picture where its time is; a hint while there is none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.hint = ""
        self._picture: NDArray[np.uint8] | None = None
        self._image: QImage | None = None
        self._shades: Theme | None = None  # that the image is drawn in
        self._span = (0.0, 0.0)
        self._top = 0
        self.setVisible(False)

    def show_picture(
        self, picture: NDArray[np.uint8] | None, span: tuple[float, float], top: int
    ) -> None:
        """(rows, columns) of a stretch of time in seconds, up to a pitch in Hz; None for none."""
        self._picture, self._span, self._top = picture, span, top
        self._image = None
        self.update()

    def _drawn(self) -> QImage | None:
        if self._picture is not None and (self._image is None or self._shades is not self.theme):
            self._shades = self.theme
            base, ink = self.theme.base, self.theme.text
            shades = [mix(base, ink, n / 255).rgb() for n in range(256)]
            rows, columns = self._picture.shape
            line = (columns + 3) // 4 * 4
            padded = np.zeros((rows, line), np.uint8)
            padded[:, :columns] = self._picture
            image = QImage(padded.tobytes(), columns, rows, line, QImage.Format.Format_Indexed8)
            image.setColorTable(shades)
            self._image = image.copy()  # with bytes of its own
        return self._image

    def paint_frame(self, p: QPainter, frame: Frame) -> None:
        image, rect = self._drawn(), frame.rect
        if image is not None and not self.hint:
            left, right = frame.x(self._span[0]), frame.x(self._span[1])
            p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            p.drawImage(QRectF(left, rect.top(), right - left, rect.height()), image)
            p.setPen(self.theme.muted)
            label = QCoreApplication.translate("Spectrogram", "{} kHz").format(self._top // 1000)
            p.drawText(rect.topLeft() + QPointF(4, p.fontMetrics().ascent() + 2), label)
        if self.hint:
            p.setPen(self.theme.muted)
            p.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.hint)
