// Where the script came from, and what the embedding page set on its tag.
const script = document.currentScript || document.querySelector('script[src*="/widget.js"]');
const BASE = new URL(".", script.src);
const STORAGE_KEY = "jcredit-assistant";
const LONGEST_TEXT = 2000;
const LINK_HOSTS = [
  "japancredit.go.jp",
  "env.go.jp",
  "meti.go.jp",
  "maff.go.jp",
  "gx-league.go.jp",
  "jpx.co.jp",
];

const OPTIONS = {
  title: script.dataset.title || TEXTS.title,
  color: script.dataset.color,
  position: script.dataset.position === "left" ? "left" : "right",
  greeting: script.dataset.greeting,
  question: script.dataset.question,
};
