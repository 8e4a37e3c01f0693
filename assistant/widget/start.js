// One line on the town's page: <script src="…/widget.js" data-municipality="…" defer></script>

import { AmtslotseChat } from "./element.js";

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
AmtslotseChat.home = script ? new URL(script.src).origin : "";
if (!customElements.get("amtslotse-chat")) customElements.define("amtslotse-chat", AmtslotseChat);

if (script?.dataset.municipality) {
  const chat = document.createElement("amtslotse-chat");
  // What stands in the line is what stands on the element: data-position="left" is position="left".
  for (const [key, value] of Object.entries(script.dataset)) chat.setAttribute(key, value ?? "");
  const add = () => document.body.append(chat);
  if (document.body) add();
  else addEventListener("DOMContentLoaded", add);
}
