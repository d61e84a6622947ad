// The frame: launcher, window, history, line of state, input, and the tools that never move.
const ROOMY = matchMedia("(min-width: 481px) and (min-height: 421px)");

function createPanel(handlers) {
  const title = el("h2", { id: newId("title") }, OPTIONS.title);
  const close = button("×", handlers.close, "close", { "aria-label": "閉じる" });
  const logTitle = el("h3", { id: newId("log"), class: "sr" }, "会話");
  const log = el("div", { class: "log", role: "log", tabindex: "0", "aria-labelledby": logTitle.id });
  const state = el("div", { class: "state", role: "status" });
  const composer = createComposer(handlers.say);
  const confirm = el("div", { class: "confirm", role: "alertdialog", "aria-label": "履歴を削除", hidden: true });
  const person = button("担当者と話す", handlers.person, "plain");
  const erase = button("履歴を削除", handlers.erase, "plain");
  const plain = button("やさしい日本語", handlers.plain, "plain", { "aria-pressed": "false" });
  const scroller = el("div", { class: "scroller" }, logTitle, log);
  const window_ = el(
    "dialog",
    { class: "panel", "aria-labelledby": title.id, keydown: handlers.key, cancel: handlers.cancel },
    el("div", { class: "head" }, el("div", {}, title, el("p", {}, "自動でお答えします")), close),
    scroller,
    state,
    composer.form,
    confirm,
    el("div", { class: "foot" }, person, plain, erase),
  );
  const badge = el("span", { class: "sr" });
  const launcher = button([el("span", { class: "bubble-icon", "aria-hidden": "true" }), OPTIONS.title, badge], handlers.toggle, "launcher", {
    "aria-expanded": "false",
    "aria-haspopup": "dialog",
  });
  return { window: window_, launcher, badge, log, scroller, state, composer, confirm, erase, plain };
}

function createComposer(say) {
  const id = newId("input");
  const hint = el("p", { class: "sr", id: newId("hint") }, "Enterキーで送信、Shift＋Enterで改行します。空のときに上矢印キーを押すと、最新の返事に移ります。");
  const fault = faultLine();
  const input = el("textarea", { id, rows: "1", placeholder: "質問を入力してください", autocomplete: "off", enterkeyhint: "send", "aria-describedby": `${hint.id} ${fault.id}` });
  const setFault = (text) => {
    fault.textContent = text;
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  const grow = () => {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight + 2, 140)}px`;
  };
  const send = (event) => {
    event.preventDefault();
    const text = input.value.trim();
    const length = [...text].length;
    if (!text) return input.focus();
    if (length > LONGEST_TEXT) return setFault(`${amount(LONGEST_TEXT)}文字までにしてください（いま${amount(length)}文字です）。`);
    input.value = "";
    setFault("");
    grow();
    return say(text);
  };
  const enter = (event) => {
    // While a Japanese word is being converted, Enter belongs to the conversion.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) send(event);
  };
  const form = el(
    "form",
    { class: "composer", submit: send, novalidate: true },
    el("label", { for: id, class: "sr" }, "メッセージ"),
    hint,
    input,
    el("button", { type: "submit", class: "primary" }, "送信"),
    fault,
  );
  input.addEventListener("keydown", enter);
  input.addEventListener("input", grow);
  return { form, input, setFault, grow };
}

function purposeNotice(open) {
  return el("details", { class: "purpose", open }, el("summary", {}, "ご利用の前に（記録の取り扱い）"), el("p", {}, TEXTS.notice), el("p", {}, link(new URL("#privacy", BASE).href, "個人情報の取り扱いをくわしく見る")));
}

// A keyboard on the screen shrinks what is visible, not the page; the window follows what is visible.
function followKeyboard(panel) {
  const visible = window.visualViewport;
  if (!visible) return;
  const fit = () => {
    const small = !ROOMY.matches && visible.scale < 1.05;
    panel.style.setProperty("--height", small ? `${visible.height}px` : "100dvh");
    panel.style.setProperty("--top", small ? `${visible.offsetTop}px` : "0px");
  };
  visible.addEventListener("resize", fit);
  visible.addEventListener("scroll", fit);
  fit();
}

// A colour of the embedding page never costs contrast: its text is black or white, whichever is clearer.
function paint(host, color) {
  const hex = /^#([0-9a-f]{6})$/i.exec(color || "");
  if (!hex) return;
  const [red, green, blue] = [0, 2, 4].map((i) => {
    const share = parseInt(hex[1].slice(i, i + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  host.style.setProperty("--brand", color);
  host.style.setProperty("--on-brand", light > 0.179 ? "#000" : "#fff");
}
