"""The state of one visitor of the page."""

import dataclasses

from keras_gans.explore.views import Table
from keras_gans.explore.views import View


@dataclasses.dataclass(frozen=True)
class Session:
    """What one visitor has done; events return another one.

    view    `View` on show
    origin  recipe of what the sliders move; None: new samples
    number  int, which image is picked; None: none
    start   `View` of one image, where a path starts; `end`: where it ends
    found   recipe of the latents that were found
    varied  int, how often something was varied: the seed of the next time
    table   `Table` on show; `table_layers`: its layers, as they were given; `cell`: the seeds of the image of it that is picked
    """

    view: View | None = None
    origin: object = None
    number: int | None = None
    start: View | None = None
    end: View | None = None
    found: object = None
    varied: int = 0
    table: Table | None = None
    table_layers: str | None = None
    cell: tuple | None = None
