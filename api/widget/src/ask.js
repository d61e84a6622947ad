// The input that fits the question that is open: boxes, number, date, address. Words always work as well.
const FIELDS = {
  number: { label: "数字", inputmode: "decimal", autocomplete: "off", fault: "数字を入力してください（例：190,000）。" },
  date: { label: "日付", type: "date", fault: "日付を選んでください。分からないときは、下の欄に言葉で書けます。" },
  email: { label: "メールアドレス", type: "email", autocomplete: "email", fault: "メールアドレスを確かめてください（例：name@example.jp）。" },
  tel: { label: "電話番号", type: "tel", autocomplete: "tel", fault: "電話番号を入力してください（例：086-000-0000）。" },
};
const PERSONAL = {
  name: { label: "お名前", autocomplete: "name", fault: "お名前を入力してください。" },
  organization: { label: "会社・団体の名前", autocomplete: "organization", fault: "会社・団体の名前を入力してください。" },
  address: { label: "住所", autocomplete: "street-address", fault: "住所を入力してください。" },
};
const NONE_OF_THESE = /(どれ|いずれ)に?も|当てはまらない/;
const SKIP = "とばす";
const SKIPS = /飛ばす|とばす|わからない/;
const ANY_DIGIT = /[0-9０-９〇一二三四五六七八九十百千]/;

const isChecks = (message) => message.ask && message.ask.type === "checks" && (message.choices || []).length > 0;

function askForm(message, textId, handlers) {
  const { ask } = message;
  const field = FIELDS[ask.type] || (ask.type === "text" && PERSONAL[ask.field]);
  const offered = (message.choices || []).some((choice) => SKIPS.test(choice.label));
  const skip = ask.optional && !offered && button(SKIP, () => handlers.say(SKIP));
  if (isChecks(message)) return checksForm(message, textId, handlers, skip);
  if (field) return fieldForm(ask, field, textId, handlers, skip);
  return skip && el("div", { class: "ask", role: "group", "aria-labelledby": textId }, skip);
}

function faultLine() {
  return el("p", { class: "fault", id: newId("fault"), role: "alert" });
}

function checksForm(message, textId, handlers, skip) {
  const fault = faultLine();
  const boxes = message.choices.map((choice) => el("input", { type: "checkbox", value: choice.id, name: choice.label }));
  const exclude = (event) => {
    const none = NONE_OF_THESE.test(event.target.name);
    if (!event.target.checked) return;
    boxes.filter((box) => box !== event.target && (none || NONE_OF_THESE.test(box.name))).forEach((box) => (box.checked = false));
  };
  const send = (event) => {
    event.preventDefault();
    const ticked = boxes.filter((box) => box.checked);
    if (ticked.length) handlers.tick(ticked.map((box) => ({ id: box.value, label: box.name })));
    else fault.textContent = "当てはまるものを選んでください。なければ「どれにも当てはまらない」を選んでください。";
  };
  return el(
    "form",
    { class: "ask", submit: send, change: exclude },
    el(
      "div",
      { role: "group", "aria-labelledby": textId, "aria-describedby": fault.id },
      boxes.map((box) => el("label", { class: "box" }, box, el("span", {}, box.name))),
    ),
    fault,
    el("div", { class: "line" }, el("button", { type: "submit", class: "primary" }, "これで答える"), skip),
  );
}

function fieldForm(ask, field, textId, handlers, skip) {
  const id = newId("field");
  const fault = faultLine();
  const input = el("input", {
    id,
    type: field.type || "text",
    inputmode: field.inputmode,
    autocomplete: field.autocomplete,
    "aria-describedby": `${textId} ${fault.id}`,
  });
  const send = (event) => {
    event.preventDefault();
    const value = input.value.trim();
    if (value && input.validity.valid && (ask.type !== "number" || ANY_DIGIT.test(value))) return handlers.say(spoken(ask, value));
    fault.textContent = field.fault;
    input.setAttribute("aria-invalid", "true");
    return input.focus();
  };
  return el(
    "form",
    { class: "ask", novalidate: true, submit: send },
    el("label", { for: id }, ask.unit ? `${field.label}（単位：${ask.unit}）` : field.label, ask.optional && "（任意）"),
    el("div", { class: "line" }, input, ask.unit && el("span", { class: "unit", "aria-hidden": "true" }, ask.unit), el("button", { type: "submit", class: "primary" }, "答える"), skip),
    fault,
  );
}

function spoken(ask, value) {
  if (ask.type === "date") return day(value);
  const bare = ask.type === "number" && ask.unit && /[0-9０-９.,，．]$/.test(value);
  return bare ? `${value} ${ask.unit}` : value;
}
