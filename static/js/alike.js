// What looks alike on record is shown while a name or sentence is typed. Without scripts it is
// named when the form is saved.
const PAUSE = 400; // milliseconds without a key

for (const field of document.querySelectorAll("[data-alike]")) {
  const shown = document.createElement("div");
  shown.setAttribute("role", "status");
  field.after(shown);
  let waits, last = 0;

  const ask = async () => {
    const asked = new URLSearchParams({ said: field.value });
    for (const name of ["person", "when"]) asked.set(name, field.form.elements[name]?.value ?? "");
    const turn = ++last;
    const answer = await fetch(`${field.dataset.alike}?${asked}`);
    // An answer that comes after a later question says nothing any more.
    if (answer.ok && turn === last) shown.innerHTML = await answer.text();
  };

  field.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(ask, PAUSE);
  });
}
