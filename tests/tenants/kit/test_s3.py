"""Uploads in an S3-compatible store, against one that speaks S3 on this machine."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import RequestFactory

from config.env import Environment
from tenants.kit.files import ForeignFile
from tenants.kit.serving import serve
from tenants.scoping import NoTenant, tenant_scope
from tests.factories.tenants import Business

boto3 = pytest.importorskip("boto3")
server = pytest.importorskip("moto.server")

PNG = b"\x89PNG\r\n\x1a\n" + bytes(3_000_000)


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    )
    client.create_bucket(Bucket="uploads")
    yield endpoint
    running.stop()


@pytest.fixture
def storage(store: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The storage as the settings make it."""
    from tenants.kit.s3 import TenantS3Storage

    given = {
        "PUENTE_STORAGE": "s3",
        "PUENTE_S3_BUCKET": "uploads",
        "PUENTE_S3_ENDPOINT": store,
        "PUENTE_S3_REGION": "us-east-1",
        "PUENTE_S3_KEY": "k",
        "PUENTE_S3_SECRET": "s",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return TenantS3Storage(**Environment().uploads()["OPTIONS"])


def test_kept_read_in_parts_and_removed(business: Business, storage: Any) -> None:
    with tenant_scope(business.tenant.id):
        name = storage.save(storage.generate_filename("attachments/ab/abc"), ContentFile(PNG))
        assert name == f"{business.tenant.id}/attachments/ab/abc"
        assert (storage.exists(name), storage.size(name)) == (True, len(PNG))
        with storage.open(name) as stored:
            assert stored.read() == PNG
            stored.seek(1)
            assert (stored.read(3), stored.tell()) == (b"PNG", 4)
            stored.seek(-2, os.SEEK_END)
            assert (stored.read(), stored.read()) == (b"\0\0", b"")
        storage.delete(name)
        assert storage.exists(name) is False
        with pytest.raises(FileNotFoundError):
            storage.open(name)
        with pytest.raises(NotImplementedError):
            storage.url(name)


def test_a_part_asked_for_by_a_browser_is_all_that_is_read(
    business: Business, storage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenants.kit import s3

    read: list[int] = []
    inner = s3._Parts.readinto
    monkeypatch.setattr(
        s3._Parts, "readinto", lambda self, buffer: read.append(len(buffer)) or inner(self, buffer)
    )
    with tenant_scope(business.tenant.id):
        name = storage.save(storage.generate_filename("attachments/ab/part"), ContentFile(PNG))
        request = RequestFactory().get("/", headers={"Range": "bytes=2000000-2000099"})
        stored = storage.open(name)
        stored.open = lambda _mode: stored
        response = serve(request, stored, name="a.png", etag="a")
        assert len(b"".join(response.streaming_content)) == 100  # type: ignore[attr-defined]
        assert (response.status_code, response["Content-Type"]) == (206, "image/png")
    assert sum(read) <= 2 * s3.PART


def test_no_way_leads_to_another_business(business: Business, other: Business, storage: Any) -> None:
    with tenant_scope(other.tenant.id):
        theirs = storage.save(storage.generate_filename("attachments/ab/abc"), ContentFile(b"x"))
    with tenant_scope(business.tenant.id):
        for name in (
            theirs,
            f"{business.tenant.id}/../{theirs}",
            "loose",
            f"{business.tenant.id}",
            f"/{theirs}",
        ):
            for act in (storage.open, storage.exists, storage.size, storage.delete):
                with pytest.raises(ForeignFile):
                    act(name)
    with pytest.raises(NoTenant):
        storage.open(theirs)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"PUENTE_STORAGE": "ftp"}, "PUENTE_STORAGE is malformed"),
        ({"PUENTE_STORAGE": "s3"}, "PUENTE_S3_BUCKET"),
    ],
)
def test_settings_that_make_no_sense_stop_the_start(
    given: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=sentence):
        Environment().uploads()


def test_uploads_lie_on_the_disk_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUENTE_STORAGE", raising=False)
    assert Environment().uploads() == {"BACKEND": "tenants.kit.files.TenantStorage"}
