// Everything works without this file; it only brings new messages of a talk to the page that shows it.
const EVERY = 2500;

async function bring(talk) {
  const last = [...talk.querySelectorAll("[data-last]")].pop();
  const answer = await fetch(`${talk.dataset.news}?after=${last.dataset.last}`, { credentials: "same-origin" });
  if (answer.redirected || [401, 403, 404].includes(answer.status)) return false;
  if (answer.status !== 200) return true;
  const piece = new DOMParser().parseFromString(await answer.text(), "text/html");
  const handoff = piece.querySelector("[data-handoff]");
  talk.append(...[...piece.body.children].map((node) => document.importNode(node, true)));
  talk.lastElementChild.previousElementSibling?.scrollIntoView({ block: "nearest" });
  return handoff?.dataset.handoff !== "bot";
}

async function watch(talk) {
  let wanted = true;
  while (wanted) {
    await new Promise((done) => setTimeout(done, EVERY));
    if (document.hidden) continue;
    try {
      wanted = await bring(talk);
    } catch {
      // The network comes back.
    }
  }
}

const talk = document.querySelector("[data-news]");
if (talk) watch(talk);
