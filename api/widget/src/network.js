// One request, one kind of failure; and insisting until the server answers.
class Failure extends Error {
  constructor(status, body, retryAfter) {
    const error = (body && body.error) || {};
    super(error.message || "サーバーにつながりません。");
    this.status = status;
    this.retryAfter = retryAfter;
  }

  get passes() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  get gone() {
    return this.status === 401 || this.status === 404;
  }
}

// A browser does not tell "no network" from "this site is not on the list". The server answers, but never to us: the list.
const NOT_ALLOWED = "申し訳ありません。このページでは、まだ会話画面をお使いいただけません。ページの運営者にお知らせください。";
let reached = false;
let refusals = 0;

async function refusesThisSite() {
  if (BASE.origin === location.origin) return false;
  try {
    await fetch(new URL("healthz", BASE), { mode: "no-cors", credentials: "omit", cache: "no-store" });
    return ++refusals > 1;
  } catch {
    return false;
  }
}

async function request(method, path, { token, body, seconds = 20 } = {}) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  let response;
  let answer = null;
  try {
    response = await fetch(new URL(path, BASE), {
      method,
      headers,
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: stop.signal,
    });
    const text = await response.text();
    if (text) answer = JSON.parse(text);
  } catch {
    // A broken answer of a good status counts as not arrived: the same id asks again.
    if (!response && !reached && (await refusesThisSite())) throw new Failure(-1, { error: { message: NOT_ALLOWED } });
    if (!response || response.ok) throw new Failure(0);
  } finally {
    clearTimeout(timer);
  }
  reached = true;
  if (!response.ok) throw new Failure(response.status, answer, Number(response.headers.get("Retry-After")) || 0);
  return answer;
}

const sleepers = new Set();

function sleep(seconds) {
  return new Promise((wake) => {
    const up = () => {
      clearTimeout(timer);
      sleepers.delete(up);
      wake();
    };
    const timer = setTimeout(up, seconds * 1000);
    sleepers.add(up);
  });
}

const hurry = () => [...sleepers].forEach((wake) => wake());

// Errors inside the server are tried a few times; absence and "not ready" as long as it takes.
const MOST_CRASHES = 4;

async function insist(work, tell, wanted) {
  let crashes = 0;
  for (let tries = 0; wanted(); tries++) {
    try {
      return await work();
    } catch (failure) {
      if (!(failure instanceof Failure) || !failure.passes) throw failure;
      if (failure.status === 500 && ++crashes >= MOST_CRASHES) throw failure;
      if (!wanted()) return undefined;
      tell(failure);
      await sleep(failure.retryAfter || Math.min(30, 2 ** tries) * (0.75 + Math.random() / 2));
    }
  }
  return undefined;
}

function newMessageId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
