"""The wire to a label printer: a network port, a device file, a serial port. Short waits only."""

from __future__ import annotations

import os
import select
import socket
import time
from dataclasses import dataclass
from typing import Protocol

CONNECT_S = 1.5
SEND_S = 5.0
PORT = 9100


class Wire(Protocol):
    """An open line. Every call raises OSError (TimeoutError among them) when it is gone."""

    def write(self, data: bytes) -> None:
        """Send everything, or raise after SEND_S; how much had gone out is not known then."""

    def read(self, wait_s: float) -> bytes:
        """What comes within so long; empty when nothing does."""

    def close(self) -> None:
        """Let the line go."""


@dataclass(frozen=True)
class Place:
    """Where a printer is reached: `kind` is "tcp", "file" or "serial"."""

    kind: str
    address: str
    number: int = 0  # of the TCP port, or the serial speed in baud

    def open(self) -> Wire:
        """A new line to it. OSError: nobody is there."""
        if self.kind == "tcp":
            return _Tcp(self.address, self.number or PORT)
        if self.kind == "serial":
            return _Serial(self.address, self.number or 9600)
        return _File(self.address)


def place_of(text: str) -> Place:
    """`192.168.1.50`, `printer.local:9101`, `/dev/usb/lp0`, `serial:COM3`, `serial:COM3:19200`."""
    if text.startswith("serial:"):
        port = text.removeprefix("serial:")
        head, _colon, baud = port.rpartition(":")
        return (
            Place("serial", head, int(baud)) if head and baud.isdigit() else Place("serial", port)
        )
    if text.startswith(("/", "\\\\")):
        return Place("file", text)
    host, _colon, port = text.rpartition(":")
    return Place("tcp", host, int(port)) if host and port.isdigit() else Place("tcp", text)


class _Tcp:
    def __init__(self, host: str, port: int) -> None:
        self._line = socket.create_connection((host, port), timeout=CONNECT_S)

    def write(self, data: bytes) -> None:
        self._line.settimeout(SEND_S)
        self._line.sendall(data)

    def read(self, wait_s: float) -> bytes:
        self._line.settimeout(max(0.01, wait_s))
        try:
            data = self._line.recv(65536)
        except TimeoutError:
            return b""
        if not data:
            raise ConnectionResetError("closed by the printer")
        return data

    def close(self) -> None:
        self._line.close()


class _File:
    """A device file such as /dev/usb/lp0. A printer that takes nothing does not hold us."""

    def __init__(self, path: str) -> None:
        flags = os.O_NONBLOCK | getattr(os, "O_NOCTTY", 0)
        try:
            self._file = os.open(path, os.O_RDWR | flags)
        except OSError:  # some can be written only
            self._file = os.open(path, os.O_WRONLY | flags)

    def write(self, data: bytes) -> None:
        end, left = time.monotonic() + SEND_S, memoryview(data)
        while left:
            wait_s = end - time.monotonic()
            if wait_s <= 0 or not select.select([], [self._file], [], wait_s)[1]:
                raise TimeoutError("the printer takes nothing")
            left = left[os.write(self._file, left) :]

    def read(self, wait_s: float) -> bytes:
        if not select.select([self._file], [], [], wait_s)[0]:
            return b""
        try:
            return os.read(self._file, 4096)
        except BlockingIOError:
            return b""

    def close(self) -> None:
        os.close(self._file)


class _Serial:
    """8 bits, no parity, with the handshake by XON and XOFF that label printers are sold with."""

    def __init__(self, port: str, baud: int) -> None:
        from PySide6.QtSerialPort import QSerialPort

        self._port = QSerialPort()
        self._port.setPortName(port)
        self._port.setBaudRate(baud)
        self._port.setFlowControl(QSerialPort.FlowControl.SoftwareControl)
        if not self._port.open(QSerialPort.OpenModeFlag.ReadWrite):
            raise OSError(self._port.errorString())

    def write(self, data: bytes) -> None:
        if self._port.write(data) < 0:
            raise OSError(self._port.errorString())
        end = time.monotonic() + SEND_S + len(data) * 10 / self._port.baudRate()
        while self._port.bytesToWrite():
            # Qt's own waiting would hold all of Python: it is asked without waiting.
            self._port.waitForBytesWritten(0)
            if self._port.error() in (
                self._port.SerialPortError.ResourceError,
                self._port.SerialPortError.WriteError,
            ):
                raise OSError(self._port.errorString())
            if time.monotonic() >= end:
                raise TimeoutError("the printer takes nothing")
            time.sleep(0.01)

    def read(self, wait_s: float) -> bytes:
        end = time.monotonic() + wait_s
        while not self._port.waitForReadyRead(0) and time.monotonic() < end:
            time.sleep(0.01)
        return bytes(self._port.readAll().data())

    def close(self) -> None:
        self._port.close()
