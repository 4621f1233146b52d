"""An export behind MLServer: the Open Inference Protocol (V2) by HTTP and gRPC, batching, health, metrics.

A request asks either for the images of a seed, with the inputs of the export's endpoint `sample`, or for those of latents, with
the inputs of `serve`; scalars are tensors of one value. Its output is `images`, or `image_bytes`, PNG files in base64, if
`outputs` names it. Latents are drawn for each request alone; the network runs on the latents of whatever requests MLServer put
together, so an image does not depend on what it is batched with, but for the last digits of its floats. A network without latents
runs on `condition`, source images; where it draws something itself, a request with a seed is answered alone.

The newest version in the folder `uri` is served. After a new one was exported, MLServer's repository API loads it: the old one
answers until it is there.
"""

import asyncio
import base64
import contextlib
import math
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import tensorflow as tf
from mlserver import MLModel
from mlserver import types
from mlserver.batching import load_batching
from mlserver.errors import InferenceError
from mlserver.utils import get_model_uri

DATATYPES = {tf.float32: "FP32", tf.int32: "INT32", tf.int64: "INT64"}
DTYPES = {"FP32": "float32", "INT32": "int32", "INT64": "int64"}


class Generator(MLModel):
    """What `GAN.export` wrote."""

    async def load(self):
        folder = await get_model_uri(self.settings)
        self._number = max((int(name) for name in os.listdir(folder) if name.isdecimal()), default=None)
        if self._number is None:
            raise InferenceError(f"There is no version in {folder}.")
        self._threads = ThreadPoolExecutor(2)  # the server answers others while the network runs
        await self._run(self._load, os.path.join(folder, str(self._number)))
        if not hasattr(self, "__adaptive_batching__"):  # MLServer forgets it when it loads a model again
            await load_batching(self)
        self._predict_batch, self.predict = self.predict, self._answer
        return True

    def _load(self, path):
        self._model = tf.saved_model.load(path)
        self._endpoints = self._model.signatures
        about = self._endpoints["describe"]()
        self._limit, self._range = int(about["max_batch_size"]), about["image_range"].numpy()
        self._chunk = min(int(about["chunk"]), self._limit)  # images that the network makes at a time
        self._classes = int(about["classes"]) if "classes" in about else None
        present = [name for name in ("serve", "sample", "latents") if name in self._endpoints]
        self._wanted = {name: self._endpoints[name].structured_input_signature[1] for name in present}
        self._conditions = sorted(set(self._wanted["serve"]) - {"latents", "truncation"})
        self._size_is_open = any(None in self._wanted["serve"][name].shape[1:] for name in self._conditions)
        inputs = self._wanted["serve"] | self._wanted.get("sample", {})
        self.inputs = [_tensor(name, DATATYPES[spec.dtype], spec.shape) for name, spec in inputs.items()]
        self.outputs = [_tensor("images", "FP32", self._endpoints["serve"].structured_outputs["images"].shape)]
        if "sample_png" in self._endpoints:
            self.outputs = [*self.outputs, _tensor("image_bytes", "BYTES", [None])]

    async def predict_stream(self, payloads):
        async for payload in payloads:
            yield await self.predict(payload)

    async def _answer(self, payload):
        """Checks one request, has its images made together with those of others, and encodes them."""
        names, known = [each.name for each in payload.outputs or []] or ["images"], [each.name for each in self.outputs]
        if not set(names) <= set(known):
            raise InferenceError(f"The outputs are {known}. Received: {names}")
        with _refusals():
            values, rows = self._rows(payload.inputs)
        if "seed" in values and "latents" not in self._wanted:  # the noise of an image depends on its place among the others
            images = await self._run(self._sampled, values)
        else:
            batch = types.InferenceRequest(inputs=[_raw(name, value) for name, value in rows.items()])
            # A client that hangs up must not take the answers of the batch away from others.
            images = await asyncio.shield(asyncio.ensure_future(self._images(batch)))
        outputs = await self._run(lambda: [self._encoded(name, images) for name in names])
        return types.InferenceResponse(model_name=self.name, model_version=str(self._number), outputs=outputs)

    async def _images(self, batch):
        try:
            response = await (type(self).predict(self, batch) if self._size_is_open else self._predict_batch(batch))
        except InferenceError:  # of another request in the batch, perhaps
            response = await type(self).predict(self, batch)
        output = response.outputs[0]
        return np.reshape(output.data.root, output.shape)

    async def predict(self, payload):
        """Images of rows that were checked: of one request, or of several that MLServer put together."""
        rows = {each.name: np.frombuffer(each.data.root, DTYPES[_datatype(each)]).reshape(each.shape) for each in payload.inputs}
        images = await self._run(self._made, rows)
        output = types.ResponseOutput(name="images", datatype="FP32", shape=images.shape, data=images.reshape(-1))
        return types.InferenceResponse(model_name=self.name, outputs=[output])

    def _rows(self, given):
        """The values of a request that is in order, and what the network takes for each image, such as latents."""
        inputs = {each.name: each for each in given}
        seeded = "seed" in inputs and "sample" in self._wanted
        wanted = self._wanted["sample" if seeded else "serve"]
        if not set(wanted) - {"truncation"} <= set(inputs) <= set(wanted) or len(inputs) < len(given):
            known = ", or ".join(str(sorted(self._wanted[name])) for name in ("sample", "serve") if name in self._wanted)
            raise InferenceError(
                f"The inputs are {known}; a truncation may be left out. Received: {sorted(each.name for each in given)}"
            )
        values = {name: _value(each, wanted[name]) for name, each in inputs.items()}
        values.setdefault("truncation", np.float32(-1.0))
        count = int(values["batch_size"]) if seeded else len(values["latents" if "latents" in values else self._conditions[0]])
        if not 1 <= count <= self._limit:
            raise InferenceError(f"The number of images must be from 1 to {self._limit}. Received: {count}")
        rows = {name: values[name] for name in self._conditions}
        if "latents" in values:
            rows["latents"] = values["latents"]
        elif "latents" in self._wanted:
            drawing = {name: tf.constant(values[name]) for name in self._wanted["latents"]}
            rows["latents"] = self._endpoints["latents"](**drawing)["latents"].numpy()
        if any(len(value) not in (1, count) for value in rows.values()):
            raise InferenceError(f"Conditions must have 1 row, or {count}. Received: {[len(each) for each in rows.values()]}")
        for name in self._conditions:
            labels = rows[name]
            if self._classes and labels.dtype.kind == "i" and not ((labels >= 0) & (labels < self._classes)).all():
                raise InferenceError(f"`{name}` must be a class from 0 to {self._classes - 1}.")
        rows["truncation"] = values["truncation"][None]
        return values, {name: np.broadcast_to(value, (count, *value.shape[1:])) for name, value in rows.items()}

    def _sampled(self, values):
        return self._endpoints["sample"](**{name: tf.constant(values[name]) for name in self._wanted["sample"]})["images"].numpy()

    def _made(self, rows):
        truncations, size = rows.pop("truncation"), self._chunk
        if "truncation" not in self._wanted["serve"]:
            chunks = [slice(start, start + size) for start in range(0, len(truncations), size)]
            return np.concatenate([self._serve(rows, chunk) for chunk in chunks])
        images = [None] * len(truncations)
        for truncation in np.unique(truncations):  # a call takes one for all of its images
            found = np.flatnonzero(truncations == truncation)
            for chunk in (found[start : start + size] for start in range(0, len(found), size)):
                for index, image in zip(chunk, self._serve(rows, chunk, truncation=tf.constant(truncation)), strict=True):
                    images[index] = image
        return np.stack(images)

    def _serve(self, rows, chunk, **scalars):
        inputs = {name: tf.constant(value[chunk]) for name, value in rows.items()}
        return self._endpoints["serve"](**inputs, **scalars)["images"].numpy()

    def _encoded(self, name, images):
        if name == "images":
            return types.ResponseOutput(name=name, datatype="FP32", shape=images.shape, data=images.reshape(-1).tolist())
        black, white = self._range
        pixels = np.rint((images - black) * (255.0 / (white - black))).clip(0, 255).astype("uint8")
        files = [base64.b64encode(file) for file in tf.io.encode_png(pixels).numpy()]
        parameters = types.Parameters(content_type="base64")
        return types.ResponseOutput(name=name, datatype="BYTES", shape=[len(files)], data=files, parameters=parameters)

    async def _run(self, function, *arguments):
        with _refusals():
            return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


@contextlib.contextmanager
def _refusals():
    """What the graph refuses is the client's error."""
    try:
        yield
    except tf.errors.InvalidArgumentError as error:
        raise InferenceError(error.message.split("assertion failed: ")[-1].split("\n\t")[0]) from error


def _tensor(name, datatype, shape):
    """The metadata of an input or output; a scalar is a tensor of one value."""
    return types.MetadataTensor(name=name, datatype=datatype, shape=[-1 if size is None else size for size in shape] or [1])


def _raw(name, value):
    """Rows as an input whose data are bytes, which MLServer puts together."""
    datatype = DATATYPES[tf.as_dtype(value.dtype)]
    return types.RequestInput(name=name, datatype=datatype, shape=value.shape, data=value.tobytes())


def _datatype(tensor):
    """A name by HTTP, a member of an enumeration by gRPC."""
    return getattr(tensor.datatype, "value", tensor.datatype)


def _value(given, spec):
    """An input as an array of the type and the shape that the endpoint takes."""
    datatype, shape = DATATYPES[spec.dtype], list(given.shape)
    if _datatype(given) != datatype:
        raise InferenceError(f"`{given.name}` must be {datatype}. Received: {_datatype(given)}")
    wanted = list(spec.shape)
    if None not in wanted:
        fits = math.prod(shape) == math.prod(wanted)
    else:
        fits = len(shape) == len(wanted) and all(size in (None, sent) for size, sent in zip(wanted, shape, strict=True))
    try:
        sent = np.asarray(given.data.root)
        sent = sent.astype("float64") if sent.dtype.kind == "O" else sent  # MLServer reads NaN as None
        if sent.dtype.kind not in "iuf" or (spec.dtype.is_integer and (sent != np.floor(sent)).any()):
            raise TypeError(f"received {sent.reshape(-1)[:3].tolist()}")
        if spec.dtype.is_integer and sent.size and not spec.dtype.min <= sent.min() <= sent.max() <= spec.dtype.max:
            raise OverflowError("out of its range")
        values = sent.astype(spec.dtype.as_numpy_dtype).reshape(-1)
    except (OverflowError, TypeError, ValueError) as error:
        raise InferenceError(f"`{given.name}` must hold numbers of the type {datatype}: {error}") from error
    if not fits or values.size != math.prod(shape):
        wanted = ["batch" if size is None else size for size in wanted]
        raise InferenceError(f"`{given.name}` must have the shape {wanted}. Received: shape {shape}, {values.size} values")
    if not np.isfinite(values).all():
        raise InferenceError(f"`{given.name}` must be finite.")
    return values.reshape(wanted if None not in wanted else shape)
