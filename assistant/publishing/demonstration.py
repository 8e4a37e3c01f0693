"""Sets up the sample town, and leaves what others imported as it is."""

from collections.abc import Iterable
from itertools import chain

from assistant.errors import UnknownMunicipality
from assistant.publishing.municipalities import MunicipalityStore, described
from assistant.publishing.publisher import Progress, Publisher
from corpora.documents import Document
from corpora.revisions import CorpusState
from corpora.samples import layers
from corpora.store import CorpusStore, checksum_of

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
        """Sets up the town where it is not there, and renews an index of another version, which alters no page.

        Raises UnknownMunicipality, and does nothing, where a layer is missing while another has documents that are not
        the sample's own.
        """
        if not self._there():
            self._publish_missing(progress)
            self._municipalities.put(described(NAME, (), layers.MUNICIPALITY))
        for state in self._store.states():
            if state.name in layers.LAYERS and state.current:
                self._publisher.renew(state.name, progress=progress)

    def ready_alone(self) -> None:
        """The same where nothing else is in the data directory; elsewhere the town must be there already."""
        others = {state.name for state in self._store.states()} - {*layers.LAYERS}
        others |= {municipality.id for municipality in self._municipalities.all()} - {NAME}
        if not others:
            self.ready()
        elif not self._there():
            raise UnknownMunicipality(
                f"The sample town {NAME} is not set up by itself beside {', '.join(sorted(others)[:3])}: "
                f"name yours, or set it up with amtslotse demo."
            )

    def _there(self) -> bool:
        return NAME in {municipality.id for municipality in self._municipalities.all()}

    def _publish_missing(self, progress: Progress) -> None:
        known = {state.name: state for state in self._store.states()}
        missing = [layer for layer in layers.LAYERS if layer not in known or not known[layer].current]
        if not missing:
            return
        samples = {layer: layers.documents(layer) for layer in layers.LAYERS}
        taken = [layer for layer in samples if layer in known and self._has_others(known[layer], samples[layer])]
        if taken:
            raise UnknownMunicipality(
                f"The sample town {NAME} is not set up, since documents that are not its own are in "
                f"{' and '.join(taken)}; it needs another AMTSLOTSE_DATA_DIR."
            )
        for layer in missing:
            self._publisher.import_documents(layer, samples[layer], publish=True, progress=progress)

    def _has_others(self, state: CorpusState, samples: Iterable[Document]) -> bool:
        own = {checksum_of(document) for document in samples}
        there = chain(self._store.drafted(state.name), self._store.documents(state.name, state.current))
        return any(checksum_of(document) not in own for document in there)
