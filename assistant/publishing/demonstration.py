"""Publishes the sample town's layers where they are not yet."""

from assistant.publishing.municipalities import MunicipalityStore, described
from assistant.publishing.publisher import Progress, Publisher
from corpora.samples import layers
from corpora.store import CorpusStore

NAME = "neckarfurt"


def _silent(_stage: str, _done: int, _all: int) -> None:
    pass


class Demonstration:
    """The sample town, ready to be asked."""

    def __init__(
        self,
        store: CorpusStore,
        publisher: Publisher,
        municipalities: MunicipalityStore,
    ) -> None:
        self._store = store
        self._publisher = publisher
        self._municipalities = municipalities

    def ready(self, progress: Progress = _silent) -> None:
        """Publishes what is missing, renews an index of another version and leaves later changes alone."""
        known = {state.name: state for state in self._store.states()}
        for layer in layers.LAYERS:
            if layer not in known or known[layer].current is None:
                documents = layers.documents(layer)
                self._publisher.import_documents(layer, documents, publish=True, progress=progress)
            else:
                self._publisher.renew(layer, progress=progress)
        if NAME not in {municipality.id for municipality in self._municipalities.all()}:
            self._municipalities.put(described(NAME, (), layers.MUNICIPALITY))
