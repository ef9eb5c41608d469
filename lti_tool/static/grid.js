/* The week of checkboxes, quicker: arrow keys move between cells, dragging with a mouse or Shift with a click sets a block
   of cells, buttons in the headings choose a whole day or block, and a line counts them. Each checkbox works without this. */

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

const connect = (table) => {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input")]);
  const place = new Map(rows.flatMap((row, y) => row.map((box, x) => [box, { x, y }])));
  const side = getComputedStyle(table).direction === "rtl" ? -1 : 1;
  let last = null; /* where a Shift block starts */
  let drag = null; /* { start, value, before, moved } while the mouse is down */

  const count = document.createElement("p");
  count.className = "grid-count";
  count.setAttribute("role", "status");
  table.after(count);
  const recount = () => {
    const chosen = [...place.keys()].filter((box) => box.checked).length;
    count.textContent = table.dataset.countText.replace("{count}", chosen);
  };

  /* Cells of the block get the value; the others keep what `before` says. */
  const fill = (from, to, value, before = new Map()) => {
    const [a, b] = [place.get(from), place.get(to)];
    for (const [box, { x, y }] of place) {
      const inside = (x - a.x) * (x - b.x) <= 0 && (y - a.y) * (y - b.y) <= 0;
      box.checked = inside ? value : (before.get(box) ?? box.checked);
    }
    recount();
  };

  /* A heading gets a button that chooses all its cells, or none where all are chosen already. */
  const headed = (cell, boxes) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "grid-all";
    cell.setAttribute("aria-label", cell.textContent.trim()); /* what is read out with each cell stays short */
    button.setAttribute("aria-label", table.dataset.allText.replace("{name}", cell.textContent.trim()));
    button.textContent = table.dataset.allWord;
    button.addEventListener("click", () => {
      const value = !boxes.every((box) => box.checked);
      boxes.forEach((box) => { box.checked = value; });
      recount();
    });
    cell.append(" ", button);
  };
  [...table.tBodies[0].rows].forEach((row, y) => headed(row.cells[0], rows[y]));
  [...table.tHead.rows[0].cells].slice(1).forEach((cell, x) => headed(cell, rows.map((row) => row[x])));

  const boxUnder = (event) => event.target.closest?.(".grid-cell")?.querySelector("input");

  table.addEventListener("keydown", (event) => {
    const at = place.get(event.target);
    const step = ARROWS[event.key];
    if (!at || !step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    rows[at.y + step[1]]?.[at.x + side * step[0]]?.focus();
  });

  table.addEventListener("click", (event) => {
    if (drag?.moved) event.preventDefault(); /* a drag that came back to its start is not a click */
    else if (place.has(event.target)) {
      if (event.shiftKey && last) fill(last, event.target, event.target.checked);
      last = event.target;
      recount();
    }
  });

  table.addEventListener("pointerdown", (event) => {
    const start = boxUnder(event);
    const draws = start && event.pointerType === "mouse" && event.button === 0 && !event.shiftKey;
    const before = new Map([...place.keys()].map((box) => [box, box.checked]));
    drag = draws ? { start, value: !start.checked, before, moved: false } : null;
  });
  table.addEventListener("pointerover", (event) => {
    const box = drag && event.buttons === 1 && boxUnder(event);
    if (!box || (box === drag.start && !drag.moved)) return;
    drag.moved = true;
    fill(drag.start, box, drag.value, drag.before);
  });
  table.addEventListener("dragstart", (event) => event.preventDefault());
  window.addEventListener("pageshow", recount);
  recount();
};

document.querySelectorAll("table[data-grid]").forEach(connect);
