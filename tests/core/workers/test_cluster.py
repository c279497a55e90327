"""Who may speak to the processes: those that were started together, and nobody else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dask
import psutil
import pytest
from distributed import LocalCluster
from distributed.comm import connect
from distributed.security import Security

from core.errors import InputError
from core.workers.cluster import connected


def listening() -> set[tuple[str, int]]:
    """Addresses at which this process and those that it started wait for connections."""
    ours = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return {
        tuple(connection.laddr)
        for process in ours
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }


async def answer(address: str, security: Security) -> object:
    """What a process of Dask's says to someone with these certificates."""
    comm = await connect(address, timeout=3, **security.get_connection_args("client"))
    await comm.write({"op": "identity", "reply": True})
    return await asyncio.wait_for(comm.read(), 3)


def page(address: tuple[str, int]) -> bytes:
    """What comes back for a web page."""
    with socket.create_connection(address, timeout=3) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        try:
            return connection.recv(1000)
        except (TimeoutError, ConnectionError):
            return b""


def test_nobody_else_is_listened_to() -> None:
    before = listening()
    with connected(1) as client:
        assert client.submit(sum, [1, 2]).result() == 3
        ours = listening() - before
        assert len(ours) >= 3, "the scheduler, the worker and who starts it anew"
        for host, port in ours:
            assert host == "127.0.0.1"
            for how, security in (("tcp", Security()), ("tls", Security.temporary())):
                with pytest.raises((OSError, asyncio.TimeoutError)):
                    asyncio.run(answer(f"{how}://{host}:{port}", security))
            assert not page((host, port)).startswith(b"HTTP")
        # The same question by who has the key: it is the key that makes the difference.
        assert asyncio.run(answer(client.scheduler.address, client.security))
    assert listening() <= before


@dataclass(frozen=True)
class Cluster:
    """Somebody's own cluster, and Dask's settings for who may use it."""

    address: str
    settings: dict[str, str]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """One over TLS, with certificates in files."""
    made = Security.temporary()
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    certificate.write_text(made.tls_client_cert)
    key.write_text(made.tls_client_key)
    with LocalCluster(
        1, processes=False, security=made, host="127.0.0.1", dashboard_address=None
    ) as running:
        yield Cluster(
            running.scheduler_address,
            {
                "distributed.comm.tls.ca-file": str(certificate),
                "distributed.comm.tls.client.cert": str(certificate),
                "distributed.comm.tls.client.key": str(key),
            },
        )


def test_a_scheduler_that_wants_certificates(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cluster.address.startswith("tls://")
    with dask.config.set(cluster.settings), connected(scheduler=cluster.address) as client:
        assert client.submit(sum, [1, 2]).result() == 3
    monkeypatch.setattr("core.workers.cluster.CONNECT_S", 2)
    with (
        pytest.raises(InputError, match=r"certificates in Dask's settings") as refused,
        connected(scheduler=cluster.address),
    ):
        pass
    assert "\n" not in str(refused.value)
