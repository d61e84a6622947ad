// Building elements: text becomes text nodes only, addresses become links only on known hosts.
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return node;
}

function button(label, press, look = "outline", attributes = {}) {
  return el("button", { type: "button", class: look, click: press, ...attributes }, label);
}

let lastId = 0;
const newId = (name) => `jc-${name}-${++lastId}`;

function safeAddress(address) {
  try {
    let url = new URL(address, BASE);
    // The server may know itself by another name (127.0.0.1, localhost) than the page does.
    if (url.origin === new URL(TEXTS.server).origin) url = new URL(url.pathname + url.search + url.hash, BASE);
    const own = url.origin === BASE.origin;
    const known =
      url.protocol === "https:" && LINK_HOSTS.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
    return (own || known) && !String(address).includes("\\") && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

function link(address, label) {
  const href = address && safeAddress(address);
  if (!href) return label;
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, label, el("span", { class: "sr" }, "（別の画面で開きます）"));
}

function linked(text) {
  const parts = String(text).split(/(https?:\/\/[\w\-./?%&=#~:+@\\]*[\w/-])/);
  return parts.map((part, i) => (i % 2 ? link(part, part) : part));
}
