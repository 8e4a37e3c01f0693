// One line on the town's page: <script src="…/widget.js" data-municipality="…" defer></script>

import { AmtslotseChat } from "./element.js";

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
AmtslotseChat.home = script ? new URL(script.src).origin : "";
if (!customElements.get("amtslotse-chat")) customElements.define("amtslotse-chat", AmtslotseChat);

if (script?.dataset.municipality) {
  const chat = document.createElement("amtslotse-chat");
  // What stands in the line is what stands on the element: data-position="left" is position="left".
  const attributes = { server: AmtslotseChat.home, ...script.dataset, scripted: "" };
  for (const [key, value] of Object.entries(attributes)) chat.setAttribute(key, value ?? "");
  const same = (/** @type {Element} */ other) => ["municipality", "server"].every((key) => other.getAttribute(key) === chat.getAttribute(key));
  const add = () => [...document.querySelectorAll("amtslotse-chat[scripted]")].some(same) || document.body.append(chat);
  if (document.body) add();
  else addEventListener("DOMContentLoaded", add);
}
