"""The wire to a scale: what any of them offers, and the serial port (Qt's)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Protocol

from PySide6.QtSerialPort import QSerialPort

from wms_app.base.texts import _

_LOOK_S = 0.01
_FINE = (QSerialPort.SerialPortError.NoError, QSerialPort.SerialPortError.TimeoutError)


class Wire(Protocol):
    """An open connection. Every call raises OSError when the device is gone."""

    def read(self, wait_s: float) -> bytes:
        """What has come, after at most so long; empty when nothing came."""

    def write(self, data: bytes) -> None:
        """Send a question."""

    def close(self) -> None:
        """Let the device go."""


class SerialWire:
    """8 bits, no parity, 1 stop bit, always: a line of 7 bits and parity carries the same ten bits.

    Parity is checked by the parsers, so that any scale is heard before its settings are known.
    To be used by one thread.
    """

    def __init__(self, port: str, baud: int) -> None:
        self._path = Path(port) if port.startswith("/") else None
        self._port = QSerialPort()
        self._port.setPortName(port)
        self._port.setBaudRate(baud)
        if not self._port.open(QSerialPort.OpenModeFlag.ReadWrite):
            raise OSError(self._port.errorString())
        self._port.setDataTerminalReady(True)  # some scales draw their power from it

    def read(self, wait_s: float) -> bytes:
        """See `Wire`. Qt's own waiting would hold all of Python: it is asked without waiting."""
        end = time.monotonic() + wait_s
        self._port.clearError()
        while not self._port.waitForReadyRead(0):
            error = self._port.error()
            if error not in _FINE or (self._path and not self._path.exists()):
                raise OSError(_("unplugged") if error in _FINE else self._port.errorString())
            if time.monotonic() >= end:
                break
            time.sleep(_LOOK_S)
        return bytes(self._port.readAll().data())

    def write(self, data: bytes) -> None:
        """See `Wire`."""
        if self._port.write(data) < 0:
            raise OSError(self._port.errorString())
        self._port.flush()

    def close(self) -> None:
        """See `Wire`; the port is destroyed on the thread that made it."""
        import shiboken6

        self._port.close()
        shiboken6.delete(self._port)
