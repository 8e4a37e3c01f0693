// What the service sends, and what the parts of the widget hand to each other. For `tsc` and editors only.

declare module "*.css" {
  const text: string;
  export default text;
}

type Texts = Record<string, string>;

interface Contact {
  name: string;
  phone: string | null;
  email: string | null;
  url: string | null;
  hours: string | null;
}

interface Profile {
  id: string;
  name: string;
  languages: string[];
  language: string;
  direction: "ltr" | "rtl";
  contact: Contact;
  demonstration: boolean;
  color: string;
  suggestions: string[];
  question_characters: number;
  texts: Texts;
}

interface Sentence {
  text: string;
  language: string;
  sources: number[];
  quoted: boolean;
}

interface Source {
  n: number;
  title: string;
  heading: string;
  url: string | null;
  corpus: string;
  revision: number;
  language: string;
  quote: string;
  as_of: string | null;
}

interface Office {
  name: string;
  address: string | null;
  phone: string | null;
  email: string | null;
  hours: string | null;
  url: string | null;
}

interface Card {
  fees: { text: string }[];
  required_documents: string[];
  processing_time: string | null;
  deadline: string | null;
  office: Office | null;
}

interface Action {
  kind: string;
  label: string;
  url: string;
}

interface Answer {
  id: string;
  outcome: string;
  language: string;
  text: string;
  sentences: Sentence[];
  notices: { kind: string; text: string }[];
  sources: Source[];
  card: Card | null;
  actions: Action[];
  contact: Contact;
  provenance: { composed_by: string; created_at: string; revisions: { corpus: string; revision: number }[] };
}

type ServerEvent =
  | { id: number; kind: "stage"; data: { name: string; text: string } }
  | { id: number; kind: "sources"; data: { sources: Source[] } }
  | { id: number; kind: "sentence"; data: Sentence }
  | { id: number; kind: "answer"; data: Answer }
  | { id: number; kind: "problem"; data: { title: string; status: number } };

interface Said {
  role: "user" | "assistant";
  text: string;
  answer: Answer | null;
  answer_token: string | null;
}

/** What is remembered in this tab, from the first message on. */
interface Memory {
  conversation?: { id: string; token: string };
  draft?: string;
  language?: string;
  plain?: boolean;
  atOnce?: boolean;
  size?: number;
  open?: boolean;
}

/** What the parts of one chat share. */
interface Place {
  profile: Profile;
  texts: Texts;
  /** Says something to screen readers, once. */
  announce(text: string): void;
}
