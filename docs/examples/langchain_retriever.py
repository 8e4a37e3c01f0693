"""Asks five short texts in Ukrainian and English, with LangChain and without any model that writes."""

from tempfile import TemporaryDirectory

from langchain_core.documents import Document

from retrieval.langchain import PassageRetriever

TEXTS = {
    "Personalausweis": "Den Personalausweis beantragen Sie persönlich im Bürgeramt. Bringen Sie ein Lichtbild mit.",
    "Führerschein": "Den Antrag auf eine Fahrerlaubnis stellen Sie bei der Führerscheinstelle.",
    "Wohnsitz anmelden": "Nach dem Einzug melden Sie Ihre Wohnung innerhalb von zwei Wochen an.",
    "Dog licence": "Register your dog with the tax office within a month. You receive a tag for its collar.",
    "Library card": "The public library gives you a card at the front desk. Children borrow books for free.",
}
QUESTIONS = ("Як отримати посвідчення особи?", "Where do I register my new address?")


def main() -> None:
    """Prints for each question what is found, first as documents, then as the output of a chain."""
    documents = [Document(text, metadata={"title": title}) for title, text in TEXTS.items()]
    with TemporaryDirectory() as folder:
        retriever = PassageRetriever.from_documents(documents, folder, top=2)
        for question in QUESTIONS:
            print(question)
            for found in retriever.invoke(question):
                print(f"  {found.metadata['score']:.2f}  {found.metadata['title']}")
        chain = retriever | (lambda found: found[0].page_content)
        print(chain.invoke("Wo beantrage ich den Ausweis?"))


if __name__ == "__main__":
    main()
