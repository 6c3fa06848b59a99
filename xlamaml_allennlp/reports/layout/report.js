"use strict";
// Sorts a table by the column whose head is pressed: numbers as numbers, the missing always last.
for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => {
    const head = button.closest("th");
    const body = head.closest("table").tBodies[0];
    const place = head.cellIndex;
    // Numbers begin with the largest, names with A.
    const first = head.getAttribute("aria-sort") === "none";
    const numbers = [...body.rows].some((row) => row.cells[place].dataset.value !== undefined);
    const rising = first ? !numbers : head.getAttribute("aria-sort") === "descending";
    for (const other of head.parentNode.cells) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", rising ? "ascending" : "descending");
    const order = (a, b) => {
      const [x, y] = [a, b].map((row) => row.cells[place]);
      if (!numbers) return x.textContent.localeCompare(y.textContent) * (rising ? 1 : -1);
      const missing = (x.dataset.value === undefined) - (y.dataset.value === undefined);
      return missing || (Number(x.dataset.value) - Number(y.dataset.value)) * (rising ? 1 : -1) || 0;
    };
    body.append(...[...body.rows].sort(order));
  });
}
// What does not fit fades out to the right, and a line below says so, until its end is seen.
const mark = (box) => box.classList.toggle("more", box.scrollLeft + box.clientWidth < box.scrollWidth - 1);
const watch = new ResizeObserver((changes) => changes.forEach((change) => mark(change.target)));
for (const box of document.querySelectorAll(".scroll")) {
  watch.observe(box);
  box.addEventListener("scroll", () => mark(box));
}
// On paper everything is open, and afterwards as it was.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const each of closed) each.open = true;
});
addEventListener("afterprint", () => {
  for (const each of closed) each.open = false;
});
