"""The cable between a station and its Postgres, which can be pulled at any moment."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Wire:
    """A TCP relay on the loopback: `pull` it, `plug` it in again, or lose just one answer.

    `lose_answer_to(words)`: the next request that holds these bytes reaches the server, and then
    the line is cut, so that its outcome is unknown to who asked. `lose_request(words)`: cut before
    it gets there. `after`: only once these bytes have gone to the server.
    """

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._plugged = True
        self._stay_pulled = False
        self._after = b""
        self._lose: tuple[bytes, bool] | None = None
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def pull(self) -> None:
        """Nothing passes any more, whoever is connected."""
        self._plugged = False
        self._cut_all()

    def plug(self) -> None:
        """New connections pass again."""
        self._plugged = True

    def lose_answer_to(
        self, words: bytes, and_stay_pulled: bool = False, after: bytes = b""
    ) -> None:
        """Pass the next request that holds `words`, lose its answer."""
        self._stay_pulled, self._after = and_stay_pulled, after
        self._lose = (words, True)

    def lose_request(self, words: bytes, and_stay_pulled: bool = False, after: bytes = b"") -> None:
        """Lose the next request that holds `words` on its way."""
        self._stay_pulled, self._after = and_stay_pulled, after
        self._lose = (words, False)

    def close(self) -> None:
        """The end of it."""
        self.pull()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            if not self._plugged:
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self._server_port))
            except OSError:  # the server itself is gone
                client.close()
                continue
            with self._lock:
                self._pairs.append((client, server))
            for source, sink, ours in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._pass, args=(source, sink, ours), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, from_client: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if from_client and self._after and self._after in data:
                    self._after = b""
                lose = None if self._after else self._lose
                if from_client and lose is not None and lose[0] in data:
                    self._lose = None
                    self._plugged = not self._stay_pulled
                    if lose[1]:
                        self._pass_and_wait(sink, data)
                    self._cut_all()
                    return
                sink.sendall(data)
        self._cut_all(only=source)

    def _pass_and_wait(self, server: socket.socket, data: bytes) -> None:
        """Let the server answer, so that what was asked has surely been done; drop the answer."""
        pair = next(one for one in self._pairs if one[1] is server)
        pair[0].shutdown(socket.SHUT_WR)  # the other direction can no longer deliver
        server.sendall(data)
        done = threading.Event()
        done.wait(0.2)

    def _cut_all(self, only: socket.socket | None = None) -> None:
        with self._lock:
            cut = [pair for pair in self._pairs if only is None or only in pair]
            self._pairs = [pair for pair in self._pairs if pair not in cut]
        for pair in cut:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
