// One message: words, sources, card, buttons, opinion.
const SPEAKERS = { user: "あなた", bot: "アシスタント", staff: "担当者", system: "お知らせ" };
const RATED = new Set(["answer", "decline", "estimate", "verdict"]);
const CHOICE_LABELS = { answer: "あわせてどうぞ", choice: "答えを選ぶ", slots: "日時を選ぶ" };

function messageNode(message, wording, handlers) {
  const textId = newId("text");
  const fromPerson = message.role === "user";
  return el(
    "div",
    { class: `message ${SPEAKERS[message.role] ? message.role : "bot"}`, tabindex: "-1" },
    el("p", { class: message.role === "staff" ? "who" : "sr" }, `${SPEAKERS[message.role] || ""}：`),
    wording && el("p", { class: "text", id: textId }, fromPerson ? wording : linked(wording)),
    sourceList(message.sources || []),
    card(message.card),
    !fromPerson && message.ask && askForm(message, textId, handlers),
    !isChecks(message) && choiceButtons(message, handlers.choose),
    message.role === "bot" && RATED.has(message.kind) && opinion(message, handlers.rate),
  );
}

function sourceList(sources) {
  if (!sources.length) return null;
  const worst = ["unverified", "reference", "verified"].find((status) => sources.some((one) => one.status === status));
  const dates = [...new Set(sources.map((one) => one.as_of).filter(Boolean))];
  return folded(
    [`出典 ${sources.length}件${dates.length ? `（${asOf(dates[0])}${dates.length > 1 ? "ほか" : ""}）` : ""} `, chip(worst)],
    listed(sources.map((one) => [source(one), one.as_of ? `（${asOf(one.as_of)}）` : "", " ", chip(one.status)])),
  );
}

function choiceButtons(message, choose) {
  const choices = message.choices || [];
  if (!choices.length) return null;
  const labelId = newId("choices");
  const label = CHOICE_LABELS[message.kind] || (message.ask && CHOICE_LABELS[message.ask.type]);
  return el(
    "div",
    { class: "choices", role: "group", "aria-labelledby": labelId },
    el("p", { id: labelId, class: label ? "note" : "sr" }, label || "選べること"),
    choices.map((choice) => button(choice.label, () => choose(choice))),
  );
}

function opinion(message, rate) {
  const area = el("div", { class: "opinion", role: "group", "aria-label": "この返事への感想" });
  const pressed = (label, rating) =>
    button(label, async (event) => {
      const chosen = event.currentTarget;
      if (!(await rate(message, rating))) return;
      area.querySelectorAll("[aria-pressed]").forEach((one) => one.setAttribute("aria-pressed", one === chosen));
      area.querySelector("form, .thanks")?.remove();
      const form = reasonForm(message, rating, rate);
      area.append(form);
      form.scrollIntoView({ block: "nearest" });
    }, "plain", { "aria-pressed": "false" });
  area.append(pressed("役に立った", "good"), pressed("ちがう", "bad"));
  return area;
}

function reasonForm(message, rating, rate) {
  const id = newId("why");
  const input = el("input", { id, type: "text", maxlength: "500", autocomplete: "off" });
  const thanks = el("p", { class: "thanks note", tabindex: "-1" }, "ありがとうございます。");
  const send = async (event) => {
    event.preventDefault();
    if (input.value.trim() && !(await rate(message, rating, input.value))) return;
    form.replaceWith(thanks);
    thanks.focus();
  };
  const form = el(
    "form",
    { submit: send },
    el("label", { for: id }, "ありがとうございます。よろしければ理由をひとこと（任意）"),
    el("div", { class: "line" }, input, el("button", { type: "submit", class: "outline" }, "送る")),
  );
  return form;
}
