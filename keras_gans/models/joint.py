"""The base of systems whose networks share layers: one network for each player, of which each game uses a view."""

from keras_gans.utils.joined import joined
from keras_gans.utils.joined import parts
from keras_gans.utils.networks import images_alone


class Joint:
    """A mixin for a `GAN` whose networks are several in one, `utils.joined.joined`, by the names of its games.

    Keras saves and copies two models that share layers as if they did not, but one joint model as a whole.
    """

    joint = True

    def view(self, network, game):
        """The part of a joint network that a game uses: a functional model of the same layers."""
        return _views(network, self._known_views)[game]

    def discriminator_of(self, game):
        return self.view(self.discriminator, game)

    def named_parts(self, player):
        roles = self.by_role(player).items()
        return {f"{role} of the game {game!r}": self.view(network, game) for role, network in roles for game in self.games}

    @property
    def _known_views(self):
        # Not an attribute that Keras tracks: the views' layers are the networks'.
        return self.__dict__.setdefault("_views", {})


def joint(networks, games, name):
    """One network of those of the games.

    Args:
        networks: A sequence of `keras.Model`, in the order of the games; or a joint model of them already.
        games: Names.
        name: String, of the model.

    Raises:
        ValueError: if there are more or fewer, or a model is not one of these games.
    """
    if not isinstance(networks, (list, tuple)):
        output = getattr(networks, "output", None)
        if not isinstance(output, dict) or set(output) != set(games):
            raise ValueError(
                f"Expected {len(games)} networks, which may share layers, or what keras_gans.utils.joined.joined makes of them, "
                f"under the names {list(games)}. Received: {networks!r}."
            )
        return networks
    if len(networks) != len(games):
        raise ValueError(f"Expected {len(games)} networks, for {list(games)}. Received: {len(networks)}.")
    return joined(dict(zip(games, map(_of_images, networks), strict=True)), name=name)


def _of_images(network):
    """The network; of a generator that returns more than images, the images."""
    output = getattr(network, "output", None)
    return images_alone(network) if isinstance(output, dict) and "images" in output else network


def _views(network, known):
    if id(network) not in known:
        known[id(network)] = network, parts(network)
    return known[id(network)][1]
