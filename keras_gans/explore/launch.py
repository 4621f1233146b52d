"""The page of a generator, served."""

import os

from keras_gans.explore.explorer import Explorer
from keras_gans.utils.optional import require


def explore(source, image_range=None, condition=None, samples=16, title=None, host="127.0.0.1", port=None, block=True, **options):
    """Serves a page on which a generator is explored: `python -m keras_gans.explore` does, too. Needs the extra `explore`.

        gan = keras_gans.load_model("runs/dcgan/dcgan.keras")
        keras_gans.explore.explore(gan)

    The page asks nothing of any other machine. One picture is made at a time, for all who look at it.

    Args:
        source: What `keras_gans.evaluation.load_generator` takes, or an `Explorer`.
        image_range: Pair of floats, as in `load_generator`. Default: what is known.
        condition: The one condition of all images, see `Explorer`. Default: none.
        samples: Int, how many images are shown at first, at most 64. Default: 16.
        title: String. Default: the generator's name.
        host: String, "0.0.0.0" to be seen from other machines. Default: "127.0.0.1".
        port: Int. Default: the first free one from 7860.
        block: Bool, whether to wait until the program is ended (Ctrl-C). Default: True.
        **options: Those of `Explorer`: `directions`, `direction_samples`, `name`.

    Returns:
        With `block=False` the `gradio.Blocks`, which serves until `close()` is called.

    Raises:
        ImportError: if gradio is missing, with the command that installs it.
        ValueError: as `Explorer`.
    """
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when it is imported
    gradio = require("gradio", "explore", "The page to explore a generator")
    from keras_gans.explore.looks import style
    from keras_gans.explore.page import make_page

    explorer = source
    if not isinstance(source, Explorer):
        explorer = Explorer(source, image_range, condition=condition, **options)
    page = make_page(explorer, samples, title or explorer.name)
    serving = {"server_name": host, "server_port": port, "quiet": True, "prevent_thread_lock": True}
    # Nothing else than the page, and nothing to other machines.
    closed = {
        "share": False,
        "ssr_mode": False,
        "enable_monitoring": False,
        "mcp_server": False,
        "footer_links": [],
        "run_history": False,
    }
    try:
        page.launch(**serving, **closed, max_file_size="50mb", **style(gradio))
    except OSError as error:
        raise ValueError(f"Port {port or 7860} of {host} cannot be used ({error}). Take another one: port=.") from error
    print(f"Explore {explorer.name}: {page.local_url} (Ctrl-C ends it)", flush=True)
    if block:
        page.block_thread()
    return page
