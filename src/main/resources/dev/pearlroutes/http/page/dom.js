// Elements made of data. Text is always text: nothing here reads markup.

const SVG = 'http://www.w3.org/2000/svg';
const OF_SVG = new Set(['svg', 'g', 'rect', 'path', 'line', 'text', 'title', 'circle']);

/** Makes an element; children are nodes, texts, lists of them, or nothing. */
export function el(tag, attributes = {}, ...children) {
  const node = OF_SVG.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) {
      node.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return node;
}

export const byId = id => document.getElementById(id);

/** Shows new children where they differ from the old ones, so that focus, selection and open details stay. */
export function show(place, ...children) {
  mend(place, el('div', {}, ...children));
}

function mend(place, wanted) {
  const keyed = new Map([...place.childNodes].map(old => [keyOf(old), old]));
  let at = place.firstChild;
  for (const fresh of [...wanted.childNodes]) {
    const key = keyOf(fresh);
    const old = key ? keyed.get(key) : at && !keyOf(at) ? at : null;
    keyed.delete(key);
    if (!old || old.nodeName !== fresh.nodeName) {
      place.insertBefore(fresh, at);
    } else {
      if (old === at) {
        at = at.nextSibling;
      } else {
        place.insertBefore(old, at);
      }
      if (old.nodeType === Node.ELEMENT_NODE) {
        mendAttributes(old, fresh);
        mend(old, fresh);
      } else if (old.data !== fresh.data) {
        old.data = fresh.data;
      }
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

const keyOf = node => node.nodeType === Node.ELEMENT_NODE ? node.getAttribute('data-key') : null;

function mendAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    // The reader has opened it.
    if (!fresh.hasAttribute(name) && !(name === 'open' && old.nodeName === 'DETAILS')) {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
}

/** A table with a caption that is read out; columns are [title, cell of a row, whether it is a number]. */
export function table(caption, columns, rows, keyed = () => null) {
  return el('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': caption },
    el('table', {},
      el('caption', {}, caption),
      el('thead', {}, el('tr', {}, columns.map(([title, , number]) =>
        el('th', { scope: 'col', class: number ? 'number' : null }, title)))),
      el('tbody', {}, rows.map(row => el('tr', { 'data-key': keyed(row) }, columns.map(([title, cell, number], i) =>
        el(i === 0 ? 'th' : 'td',
          { scope: i === 0 ? 'row' : null, class: number ? 'number' : null, 'data-title': title }, cell(row))))))));
}

/** A button that gives an order once it is confirmed; what it does is in its data. */
export function orderButton(label, order) {
  return el('button', {
    type: 'button',
    class: order.grave ? 'grave' : null,
    'data-order': order.path,
    'data-ask': order.ask,
    'data-text': order.text,
    'data-yes': order.yes ?? label,
    'aria-label': order.of ? `${label}: ${order.of}` : null,
  }, label);
}

export const none = text => el('p', { class: 'none' }, text);

// --- Numbers, times and words ---

export const count = n => Number(n).toLocaleString('en-GB');
export const countOf = (n, one, many = one + 's') => `${count(n)} ${n === 1 ? one : many}`;

const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const WHOLE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });

export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
export const day = date => DAY.format(date);

export function clock(iso) {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  return today ? TIME.format(date) : `${DAY.format(date)} ${TIME.format(date).slice(0, 5)}`;
}

export const hourOf = millis => TIME.format(millis).slice(0, 5);

/** A time in the viewer's zone. */
export const time = iso => iso ? el('time', { datetime: iso, title: WHOLE.format(new Date(iso)) }, clock(iso)) : '–';

export function span(seconds) {
  const s = Math.max(0, Math.round(seconds));
  return s < 90 ? `${s} s`
    : s < 5400 ? `${Math.round(s / 60)} min`
    : s < 172800 ? `${Math.round(s / 3600)} h`
    : `${Math.round(s / 86400)} days`;
}

/** @param at a time as text, or in milliseconds */
export const ago = at => span((Date.now() - new Date(at)) / 1000);

let revealed = false;

export function reveal(on) {
  revealed = on;
}

/** Text in which numbers of people are masked until they are asked for. */
export function masked(text) {
  return revealed ? String(text ?? '') : String(text ?? '').replace(/\+?\d[\d ().\/-]{4,}\d/g, number =>
    number.replace(/\D/g, '').length < 7 ? number : '••••' + number.slice(-2));
}
