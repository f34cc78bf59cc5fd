/**
 * What a report does when it is opened in a browser: columns sort by a click on their name, and marks of charts say their
 * numbers under the pointer or the finger at once. It reads well without: marks carry their texts as `<title>`.
 */
export const REPORT_SCRIPT = `
'use strict';
const collator = new Intl.Collator(undefined, { numeric: true });
const numberOf = (cell) => {
  const found = /-?\\d+(\\.\\d+)?(e[+-]?\\d+)?/i.exec(cell.textContent.replaceAll(',', ''));
  return found ? Number(found[0]) : NaN;
};
function compare(a, b, numeric) {
  if (!numeric) return collator.compare(a.textContent, b.textContent);
  const [x, y] = [numberOf(a), numberOf(b)];
  return Number.isNaN(x) || Number.isNaN(y) ? Number.isNaN(x) - Number.isNaN(y) : x - y;
}
for (const table of document.querySelectorAll('table')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const sign = head.ariaSort === 'ascending' ? -1 : 1;
      for (const other of heads) other.removeAttribute('aria-sort');
      head.ariaSort = sign > 0 ? 'ascending' : 'descending';
      const numeric = head.classList.contains('number');
      const rows = [...table.tBodies[0].rows];
      rows.sort((a, b) => sign * compare(a.cells[column], b.cells[column], numeric));
      table.tBodies[0].append(...rows);
    });
  });
}
const tip = document.createElement('div');
tip.className = 'tip';
tip.setAttribute('role', 'status');
tip.hidden = true;
document.body.append(tip);
const texts = new Map();
for (const title of document.querySelectorAll('.chart title')) {
  texts.set(title.parentNode, title.textContent);
  title.remove();
}
function point({ target, clientX, clientY }) {
  const text = texts.get(target);
  tip.hidden = text === undefined;
  if (tip.hidden) return;
  tip.textContent = text;
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = Math.max(8, Math.min(clientX + 14, innerWidth - width - 8)) + 'px';
  tip.style.top = Math.max(8, clientY - height - 14) + 'px';
}
document.addEventListener('pointermove', point);
document.addEventListener('pointerdown', point);
document.addEventListener('scroll', () => (tip.hidden = true), { passive: true });
`;
