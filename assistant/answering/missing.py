"""What was asked and is not in the sources."""

from assistant.answering.cues import has_cue
from assistant.answering.figures import statements
from assistant.domain.draft import Draft
from assistant.domain.replies import replies

# Where a page with facts lacks one of these, it does not say it; the others are said in prose as often.
_TOLD = ("fees", "required_documents", "processing_time", "deadline", "online_service")


def missing_facets(draft: Draft) -> tuple[str, ...]:
    """The facets asked for that neither the facts of the page nor the quoted sentences hold."""
    documents = {one.document.id: one.document for cited in draft.sentences for one in cited.evidence}
    if not documents or not any(document.facts for document in documents.values()):
        return ()
    text = "\n".join(cited.text for cited in draft.sentences)
    told = {one.passage.fact for cited in draft.sentences for one in cited.evidence}
    # A model may have it from the prose beside the fact.
    stated = statements(text)
    told |= {one.passage.fact for one in draft.page if stated & statements(one.passage.text)}
    languages = {cited.language for cited in draft.sentences}
    return tuple(
        facet
        for facet in draft.facets
        if facet in _TOLD
        and facet not in told
        and not any(has_cue(text, replies(language).cues(facet)) for language in languages)
    )
