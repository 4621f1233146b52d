"""Downloads of published modules, from a server on this machine."""

import contextlib
import gc
import http.server
import io
import os
import tarfile
import threading
import warnings

import pytest
import tensorflow as tf

from keras_gans.utils import hub_modules


def archive(**files):
    """A .tar.gz with these names and contents."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in files.items():
            if name.startswith("variables/"):
                folder = tarfile.TarInfo("variables")
                folder.type = tarfile.DIRTYPE
                tar.addfile(folder)
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


MODULE = archive(**{"saved_model.pb": b"graph", "variables/variables.index": b"index"})


@contextlib.contextmanager
def server(content, wait=None, started=None):
    """Yields a URL and a list of the requests: `content` is sent, after `wait`, an event, if there is one; None: not found."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            if started is not None:
                started.set()
            if wait is not None:
                wait.wait(10)
            self.send_response(404 if content is None else 200)
            self.end_headers()
            with contextlib.suppress(BrokenPipeError):
                self.wfile.write(content or b"")

        def log_message(self, *arguments):
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}/owner/module/1", asked
    finally:
        if wait is not None:
            wait.set()
        running.shutdown()
        running.server_close()
        thread.join()


# tensorflow-hub leaves the sockets of its downloads to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(scope="module", autouse=True)
def _sockets_are_closed():
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_module_is_downloaded_once(cache):
    with server(MODULE) as (url, asked):
        folder = hub_modules.find_saved_model(url)
        assert asked == ["/owner/module/1?tf-hub-format=compressed"]
        assert sorted(os.listdir(folder)) == ["saved_model.pb", "variables"]
        assert hub_modules.find_saved_model(url) == folder
        assert len(asked) == 1


def test_nothing_is_unpacked_outside_the_folder(tmp_path):
    with server(archive(**{"saved_model.pb": b"graph", "../../escaped": b"!"})) as (url, _):
        with pytest.raises(FileNotFoundError, match="cannot be downloaded.*is invalid"):
            hub_modules.find_saved_model(url)
        assert not (tmp_path / "escaped").exists()
        with pytest.raises(FileNotFoundError):  # and what was unpacked until then is not taken for a module
            hub_modules.find_saved_model(url)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "404"), (b"no archive", "valid module"), (MODULE[:80], "")],
    ids=["missing", "no archive", "half"],  # an archive holds the time, and workers must have the same names
)
def test_what_cannot_be_had_is_said_with_the_command_and_the_place(cache, content, reason):
    with server(content) as (url, _), pytest.raises(FileNotFoundError) as raised:
        hub_modules.find_saved_model(url)
    message = str(raised.value)
    assert reason in message
    assert f'curl -L "{url}?tf-hub-format=compressed" | tar -xz' in message
    assert f"copy it to {cache}/" in message


@pytest.mark.parametrize("kept", [0, 0.5, 0.99])
def test_half_the_variables_are_told_as_such(tmp_path, kept):
    module = tf.Module()
    module.variable = tf.Variable(tf.zeros(100))
    tf.saved_model.save(module, tmp_path / "module")
    hub_modules.load(tmp_path / "module")
    (path,) = (tmp_path / "module" / "variables").glob("variables.data*")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(ValueError, match="incomplete or damaged"):
        hub_modules.load(tmp_path / "module")


def test_a_silent_server_is_given_up(monkeypatch):
    monkeypatch.setattr(hub_modules, "TIMEOUT", 0.2)
    with server(MODULE, wait=threading.Event()) as (url, _), pytest.raises(FileNotFoundError, match="timed out"):
        hub_modules.find_saved_model(url)


def test_a_second_process_waits_for_the_first(monkeypatch):
    resolver = pytest.importorskip("tensorflow_hub.resolver")
    waited = threading.Event()
    release, started, sleep = threading.Event(), threading.Event(), resolver.time.sleep

    def short_sleep(seconds):
        waited.set()
        sleep(0.01)

    found = []
    with server(MODULE, wait=release, started=started) as (url, asked):
        monkeypatch.setattr(resolver.time, "sleep", short_sleep)
        both = [threading.Thread(target=lambda: found.append(hub_modules.find_saved_model(url))) for _ in range(2)]
        both[0].start()
        assert started.wait(10)
        both[1].start()
        assert waited.wait(10)
        release.set()
        for thread in both:
            thread.join(10)
        assert len(asked) == 1
    assert found[0] == found[1]
