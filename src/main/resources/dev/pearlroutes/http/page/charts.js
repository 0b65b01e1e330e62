// Plots as SVG, made of data. Each has a sentence for those who do not see it, and its numbers as a table.

import { count, el, none, table } from './dom.js';

const WIDTH = 360;
const HEIGHT = 150;
const LEFT = 34;
const BOTTOM = 20;
const TOP = 8;

/** A number that is a good end of an axis. */
function nice(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  return [1, 2, 3, 5, 10].map(step => step * power).find(step => step >= most) ?? 1;
}

const y = (value, top) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);

function frame(label, top, ...marks) {
  return el('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'plot', role: 'img', 'aria-label': label },
    [0, top / 2, top].map(value => [
      el('line', { class: 'grid', x1: LEFT, x2: WIDTH, y1: y(value, top), y2: y(value, top) }),
      el('text', { class: 'axis', x: LEFT - 5, y: y(value, top) + 4, 'text-anchor': 'end' }, short(value)),
    ]),
    marks);
}

const short = value => value >= 10_000 ? `${count(Math.round(value / 100) / 10)}k` : count(value);

function ticks(labels, x) {
  const last = labels.length - 1;
  const every = Math.ceil(labels.length / (labels[last].length > 6 ? 4 : 6));
  // Counted from the newest, which is always named.
  return labels.map((label, i) => (last - i) % every ? null : el('text', {
    class: 'axis', x: i === last ? WIDTH : x(i), y: HEIGHT - 5, 'text-anchor': i === last ? 'end' : 'middle',
  }, label));
}

const legend = series => series.length < 2 ? null
  : el('ul', { class: 'legend' }, series.map(one => el('li', { class: one.look }, one.name)));

const asTable = (caption, columns, rows) =>
  el('details', {}, el('summary', {}, 'As a table'), table(caption, columns, rows));

/**
 * Bars that stand on each other.
 *
 * @param series [{ name, look, values }], with a value for each label
 */
export function bars(caption, labels, series) {
  const sums = labels.map((_, i) => series.reduce((sum, one) => sum + one.values[i], 0));
  const total = sums.reduce((sum, one) => sum + one, 0);
  if (total === 0) {
    return none('Nothing yet.');
  }
  const top = nice(Math.max(...sums, 2));
  const step = (WIDTH - LEFT) / labels.length;
  const x = i => LEFT + step * (i + 0.5);
  const wide = Math.min(26, step * 0.7);
  const marks = labels.map((label, i) => {
    let below = 0;
    return el('g', {},
      el('title', {}, `${label}: ` + series.map(one => `${one.name} ${count(one.values[i])}`).join(', ')),
      series.map(one => {
        const from = below;
        below += one.values[i];
        return one.values[i] === 0 ? null : el('rect', {
          class: one.look, x: x(i) - wide / 2, width: wide, y: y(below, top), height: y(from, top) - y(below, top),
        });
      }));
  });
  const said = `${caption}: ` + series.map(one =>
    `${one.name} ${count(one.values.reduce((sum, value) => sum + value, 0))}`).join(', ');
  return [
    frame(said, top, marks, ticks(labels, x)),
    legend(series),
    asTable(caption, [['Time', i => labels[i]],
      ...series.map(one => [one.name, i => count(one.values[i]), true])], labels.map((_, i) => i).filter(i => sums[i])),
  ];
}

/** Lines over time. @param series [{ name, look, values }], with a value or null for each label */
export function lines(caption, labels, series) {
  const all = series.flatMap(one => one.values).filter(value => value !== null);
  const top = nice(Math.max(...all, 1));
  const x = i => LEFT + (WIDTH - LEFT - 4) * (labels.length < 2 ? 1 : i / (labels.length - 1));
  const marks = series.map(one => {
    let pen = false;
    const d = one.values.map((value, i) => {
      const move = value === null ? '' : `${pen ? 'L' : 'M'}${x(i).toFixed(1)} ${y(value, top).toFixed(1)}`;
      pen = value !== null;
      return move;
    }).join('');
    const last = one.values.at(-1);
    return [
      el('path', { class: `stroke ${one.look}`, d }),
      last === null || last === undefined ? null
        : el('circle', { class: one.look, cx: x(labels.length - 1), cy: y(last, top), r: 2.5 }),
    ];
  });
  const said = `${caption}: ` + series.map(one => `${one.name} ${count(one.values.at(-1) ?? 0)}`).join(', ');
  return [frame(said, top, marks, ticks(labels, x)), legend(series)];
}

/** Steps that become fewer. @param steps [{ name, value, note }] */
export function funnel(steps) {
  const top = Math.max(...steps.map(step => step.value), 1);
  return el('ol', { class: 'funnel' }, steps.map(step => el('li', {},
    el('span', { class: 'step' }, step.name),
    el('b', {}, count(step.value)),
    el('svg', { viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      el('rect', { class: 'rest', x: 0, y: 0, width: 100, height: 8 }),
      el('rect', { class: step.look ?? 'first', x: 0, y: 0, width: 100 * step.value / top, height: 8 })),
    step.note ? el('small', {}, step.note) : null)));
}
