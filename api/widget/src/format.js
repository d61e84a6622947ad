// Numbers, dates and status words as people read them.
const STATUS = { verified: "出典あり", reference: "参考", unverified: "要確認" };

function amount(value) {
  if (typeof value === "number") return value.toLocaleString("ja-JP", { maximumFractionDigits: 3 });
  const number = /^(-?\d+)(\.\d+)?$/.exec(String(value));
  return number ? number[1].replace(/\B(?=(\d{3})+$)/g, ",") + (number[2] || "") : String(value);
}

function day(text) {
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return date ? `${+date[1]}年${+date[2]}月${+date[3]}日` : text;
}

// "令和4年度の資料" already says what it is; a bare date or year does not.
const asOf = (text) => (/時点|資料|版|現在$/.test(text) ? text : `${day(text)}時点`);

function meeting(start, end) {
  const zone = { timeZone: "Asia/Tokyo" };
  const date = new Intl.DateTimeFormat("ja-JP", { ...zone, year: "numeric", month: "long", day: "numeric", weekday: "short" });
  const time = new Intl.DateTimeFormat("ja-JP", { ...zone, hour: "2-digit", minute: "2-digit" });
  const from = new Date(start);
  return `${date.format(from)} ${time.format(from)}${end ? `〜${time.format(new Date(end))}` : ""}`;
}

const chip = (status) => STATUS[status] && el("span", { class: `chip ${status}` }, STATUS[status]);

function source(given) {
  if (!given || typeof given === "string") return linked(given || "");
  return [link(given.url, given.title || "")];
}
