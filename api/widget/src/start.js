// Puts the assistant into the page; other elements of the page may open it by `data-jcredit-ask`.
function start() {
  if (document.querySelector("jcredit-assistant")) return;
  const host = el("jcredit-assistant", { lang: "ja" });
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  if (OPTIONS.position === "left") host.setAttribute("data-position", "left");
  paint(host, OPTIONS.color);
  const assistant = new Assistant(root);
  document.body.append(host);
  const ask = (text) => {
    assistant.open();
    if (text) assistant.say(String(text));
  };
  document.addEventListener("click", (event) => {
    const asking = event.target.closest?.("[data-jcredit-ask]");
    if (asking) ask(asking.dataset.jcreditAsk);
  });
  window.JCreditAssistant = Object.freeze({ open: () => assistant.open(), close: () => assistant.close(), ask });
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
