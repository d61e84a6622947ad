// The cards: estimate, verdict, booking.
const VERDICTS = { likely: ["対象見込み", "○"], needs_check: ["要確認", "△"], unlikely: ["対象外の見込み", "×"] };
const FORMS = { normal: "通常型", program: "プログラム型", either: "通常型・プログラム型のどちらも" };
const BOOKINGS = {
  held: "仮予約（まだ確定していません）",
  confirmed: "予約済み",
  cancelled: "取り消し済み",
  done: "終了",
  no_show: "不参加",
};
const MEETINGS = { web: "Web会議", visit: "訪問" };

function card(data) {
  const build = data && { estimate: estimateCard, verdict: verdictCard, booking: bookingCard }[data.type];
  return build ? build(data) : null;
}

const heading = (text) => el("h4", {}, text);
const listed = (items, tag = "ul") => el(tag, {}, items.map((item) => el("li", {}, item)));
const folded = (title, ...content) => el("details", {}, el("summary", {}, title), ...content);
const row = (name, value) => [el("dt", {}, name), el("dd", {}, value)];
const part = (title, items) => (items && items.length ? [el("h5", {}, title), listed(items)] : []);

function estimateCard(data) {
  return el(
    "div",
    { class: "card", role: "group", "aria-label": "削減量の見込み" },
    heading(data.fiscal_year ? `削減量の見込み（${data.fiscal_year}年度の値）` : "削減量の見込み"),
    el("p", { class: "result" }, amount(data.reduction_tco2), el("small", {}, " t-CO2")),
    el("p", {}, `クレジットになる量の見込み：${amount(data.creditable_tco2)} t-CO2（1t未満は切り捨て）`),
    bars(data),
    part("注意", (data.warnings || []).map(linked)),
    part("計算の前提", (data.assumptions || []).map(linked)),
    (data.steps || []).length > 0 && folded("計算の式を見る", listed(data.steps.map(step), "ol")),
    (data.factors || []).length > 0 && folded("使った係数と出典", listed(data.factors.map(factor))),
    el("p", { class: "note" }, data.methodology_id && `方法論 ${data.methodology_id}／`, `計算式 ${data.formula_id}`),
    data.print_url && el("p", {}, link(data.print_url, "印刷用の画面を開く")),
  );
}

function step(data) {
  return [
    el("span", { class: "block" }, data.label),
    data.expression && el("code", {}, data.expression),
    el("b", { class: "block" }, `＝ ${amount(data.value)} ${data.unit || ""}`),
  ];
}

function factor(data) {
  return [
    el("span", { class: "block" }, `${data.label || data.id}：`, el("b", {}, `${amount(data.value)} ${data.unit || ""}`)),
    el("span", { class: "note" }, source(data.source), data.as_of ? `（${asOf(data.as_of)}）` : "", " ", chip(data.status)),
  ];
}

function bars(data) {
  const pairs = [["実施前", data.baseline_tco2], ["実施後", data.project_tco2]];
  if (pairs.some(([, value]) => value === undefined || value === null)) return null;
  const most = Math.max(...pairs.map(([, value]) => Number(value))) || 1;
  return el(
    "dl",
    { class: "bars" },
    pairs.map(([name, value], i) => [...row(name, `${amount(value)} t-CO2`), bar(Number(value) / most, i)]),
  );
}

function bar(share, place) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const shape = document.createElementNS(space, "rect");
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("class", place ? "after" : "before");
  shape.setAttribute("width", `${Math.max(0, Math.min(1, share)) * 100}%`);
  shape.setAttribute("height", "100%");
  picture.append(shape);
  return el("dd", { class: "bar" }, picture);
}

function verdictCard(data) {
  const [words, sign] = VERDICTS[data.verdict] || [data.verdict, ""];
  return el(
    "div",
    { class: `card verdict ${VERDICTS[data.verdict] ? data.verdict : ""}`, role: "group", "aria-label": "判定" },
    heading("うかがった内容からの判定"),
    el("p", { class: "result" }, el("span", { "aria-hidden": "true" }, `${sign} `), words),
    FORMS[data.project_form] && el("p", {}, `進め方：${FORMS[data.project_form]}`),
    (data.methodology_ids || []).length > 0 && el("p", {}, `方法論：${data.methodology_ids.join("、")}`),
    part("理由", (data.reasons || []).map(reason)),
    part("これから確かめること・用意するもの", (data.todo || []).map((item) => linked(item.text || item))),
    data.estimate && card({ type: "estimate", ...data.estimate }),
    data.print_url && el("p", {}, link(data.print_url, "結果を保存・印刷する画面を開く")),
    el("p", { class: "note" }, "この判定は見込みです。登録や認証をお約束するものではありません。"),
  );
}

function reason(data) {
  const [words, sign] = VERDICTS[data.outcome] || [data.outcome || "", ""];
  return [
    el("span", { class: `outcome ${VERDICTS[data.outcome] ? data.outcome : ""}` }, el("span", { "aria-hidden": "true" }, sign), words),
    el("span", { class: "block" }, linked(data.text)),
    el("span", { class: "note" }, `規則 ${data.rule_id}／`, source(data.source), " ", chip(data.status)),
  ];
}

function bookingCard(data) {
  const live = data.status === "held" || data.status === "confirmed";
  return el(
    "div",
    { class: "card", role: "group", "aria-label": "相談の予約" },
    heading("相談の予約"),
    el("p", { class: "when" }, meeting(data.start, data.end)),
    el("dl", { class: "rows" }, row("状態", BOOKINGS[data.status] || data.status), row("方法", MEETINGS[data.kind] || data.kind), row("予約番号", data.booking_id)),
    data.manage_url && el("p", {}, link(data.manage_url, "予約を見る・日時を変える・取り消す")),
    live && data.ics_url && el("p", {}, link(data.ics_url, "カレンダーに追加する（ICSファイル）")),
  );
}
