// Read and cite: words selected in a paragraph open the form beside it. Whatever happens here, a
// link or a button of the page does too, with a page load.
const pane = document.querySelector("#pane");
const list = document.querySelector("#paragraphs");
const said = document.querySelector("#said");
let asked = "";
let sent = ""; // what was asked for when the form was sent

// The words selected, within one paragraph; null where none are.
function chosen() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0).cloneRange();
  const paragraphOf = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(".words");
  const from = paragraphOf(range.startContainer);
  if (!from || !list.contains(from)) return null;
  if (paragraphOf(range.endContainer) !== from) range.setEndAfter(from.lastChild);
  const words = range.toString().replace(/\s+/g, " ").trim();
  return words ? { range, words, number: from.dataset.number } : null;
}

function ask() {
  const found = chosen();
  if (!found || !list.querySelector("a.number")) return;
  const key = `${found.number} ${found.words}`;
  if (key === asked) return;
  asked = key;
  // The words stay marked when the focus, and with it the selection, goes to the form.
  if (window.CSS?.highlights) CSS.highlights.set("chosen", new Highlight(found.range));
  htmx.ajax("GET", list.dataset.ask, {
    target: "#pane",
    values: { paragraph: found.number, words: found.words },
  });
}

function forget() {
  asked = "";
  window.CSS?.highlights?.delete("chosen");
  getSelection().removeAllRanges();
}

list.addEventListener("pointerup", () => setTimeout(ask)); // the selection is final after the event
list.addEventListener("keyup", (event) => { if (event.key === "Shift") ask(); });

// The number of a paragraph chooses all of it.
list.addEventListener("click", (event) => {
  const number = event.target.closest("a.number");
  if (!number || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  forget();
  getSelection().selectAllChildren(number.closest("li").querySelector(".words"));
  ask();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    pane.querySelector("form.draft")?.requestSubmit();
  } else if (event.key === "Escape" && pane.contains(document.activeElement)) {
    const number = pane.querySelector("[name=paragraph]")?.value;
    forget();
    document.querySelector(`#p${number} a.number`)?.focus();
  }
});

// The sentence is what is left to write; after a refusal, what is wrong is read first.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== pane) return;
  const wrong = pane.querySelector("[role=alert], .errorlist");
  if (wrong) wrong.scrollIntoView({ block: "nearest" });
  pane.querySelector("form.draft textarea")?.focus({ preventScroll: true });
});

// A chip pressed with the pointer gives the focus back to the sentence; arrow keys keep it.
pane.addEventListener("click", (event) => {
  if (event.detail && event.target.matches("[type=radio]")) {
    pane.querySelector("form.draft textarea")?.focus({ preventScroll: true });
  }
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches("#pane form")) sent = asked;
});

// Words that were selected meanwhile stay so: only what was sent is done with.
document.addEventListener("saved", (event) => {
  if (asked === sent) {
    asked = "";
    window.CSS?.highlights?.delete("chosen");
  }
  said.textContent = event.detail.value ?? "";
});
