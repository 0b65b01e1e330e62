// The operator's page: asks the program again and again, and shows what it says.

import { get, order } from './api.js';
import { ago, byId, clock, el, reveal, show, zone } from './dom.js';
import * as parts from './parts.js';

const EVERY = 2_000;
const EVERY_HIDDEN = 30_000;
const SOURCES_EVERY = 10_000;
const OUTCOMES_EVERY = 20_000;

/** Points of the plot of the pace: a quarter of an hour. */
const PACES = 15 * 60_000 / EVERY;

const known = { status: null, sources: [], outcomes: null, unknown: null, paces: [] };
let heardAt = null;
let asked = { sources: 0, outcomes: 0, unknown: 0, unknownAt: 0 };
let idsBefore = '';
let timer = 0;

// --- Asking ---

async function look() {
  clearTimeout(timer);
  try {
    await ask();
    heardAt = Date.now();
    connected(true, `Up to date at ${clock(heardAt)}`);
  } catch (problem) {
    lose(problem);
  }
  timer = setTimeout(look, document.hidden ? EVERY_HIDDEN : EVERY);
}

async function ask() {
  const now = Date.now();
  const first = known.status === null;
  // What has just left the files in work has a receipt now.
  const sources = now - asked.sources >= SOURCES_EVERY ? listSources() : null;
  const outcomes = now - asked.outcomes >= OUTCOMES_EVERY ? countOutcomes() : null;
  known.status = await get('/api/status');
  const ids = JSON.stringify((known.status.files ?? []).map(file => file.id));
  if (ids !== idsBefore && !first) {
    await listSources();
  }
  idsBefore = ids;
  await Promise.all([sources, outcomes]);
  if (known.sources.some(source => unfinished(source) && source.request)) {
    asked.sources = 0;
  }
  await listUnknown(now);
  const sent = inWork().filter(source => !source.waitsFor).reduce((sum, source) => sum + (source.rowsPerSecond ?? 0), 0);
  known.paces.push({ at: now, sent, ...known.status.pace });
  known.paces.splice(0, known.paces.length - PACES);
  showAll();
}

async function listSources() {
  asked.sources = Date.now();
  known.sources = (await get('/api/sources?limit=12&receipts=true')).sources;
}

/** Each list reads all that is unknown, so it is asked for when their number has changed, and now and then. */
async function listUnknown(now) {
  const { unknown } = known.status;
  if (!unknown) {
    known.unknown = null;
  } else if (unknown !== asked.unknown || now - asked.unknownAt >= SOURCES_EVERY) {
    asked.unknown = unknown;
    asked.unknownAt = now;
    known.unknown = (await get('/api/unknown?limit=50')).leads;
  }
}

async function countOutcomes() {
  asked.outcomes = Date.now();
  known.outcomes = await get('/api/outcomes');
}

/** Asks for everything at once, after an order. */
export function lookNow() {
  asked = { sources: 0, outcomes: 0, unknown: 0, unknownAt: 0 };
  return look();
}

// --- Showing ---

const unfinished = source => source.state === 'claimed' || source.state === 'sending';

/** Files, and the requests and messages among the newest sources. */
function inWork() {
  const files = known.status.files ?? [];
  return files.concat(known.sources.filter(source => unfinished(source) && !source.file));
}

function showAll() {
  const { status, sources, outcomes } = known;
  const working = inWork();
  const found = parts.issues(status, sources);
  show(byId('facts'), parts.facts(status));
  show(byId('verdict'), parts.verdict(status, found, working));
  byId('issues').hidden = found.length === 0;
  show(byId('issues'), parts.issueList(found));
  show(byId('outbounds'), parts.outbounds(status, working));
  show(byId('work'), parts.work(status, working));
  show(byId('receipts'), parts.receipts(sources));
  show(byId('pace'), parts.pace(status, known.paces));
  show(byId('sinks'), parts.sinks(status));
  show(byId('unknown'), parts.unknown(status, known.unknown));
  show(byId('drop-outbound'), status.outbounds.map(outbound => el('option', {}, outbound.name)));
  if (outcomes) {
    show(byId('funnel'), parts.outcomeFunnel(outcomes));
    show(byId('days'), parts.outcomeDays(outcomes));
    show(byId('hours'), parts.callHours(outcomes));
  }
  const bad = found.some(issue => issue.level === 'bad');
  document.title = `${bad ? '✕' : found.length ? '!' : '✓'} pearl-routes`;
}

function connected(yes, text) {
  document.body.classList.toggle('lost', !yes);
  byId('link').textContent = text;
}

/** What is shown is old from now on, and says so. */
function lose(problem) {
  const since = heardAt ? `No answer since ${clock(heardAt)}` : 'No answer from the program';
  const [title, text] = problem.status === 401 ? ['The password is needed again', 'Reload this page.']
    : problem.status ? ['The program cannot tell its state', `${problem.message}. It is asked again and again.`]
    : [since, 'It may be starting again, or have ended: look at its log. It is asked again and again.'];
  connected(false, heardAt ? `${since}, ${ago(heardAt)} ago` : since);
  show(byId('verdict'), parts.stateBar('bad', '?', title, text));
  document.title = '? pearl-routes';
}

export function tell(text, isBad = false) {
  const told = el('p', { class: isBad ? 'bad' : 'good' }, text);
  byId('told').replaceChildren(told);
  setTimeout(() => told.remove(), isBad ? 20_000 : 8_000);
}

// --- Orders ---

const dialog = byId('ask');
let wanted = null;

function confirmOrder(button) {
  const { order: path, ask, text, yes } = button.dataset;
  wanted = path;
  byId('ask-title').textContent = ask;
  byId('ask-text').textContent = text;
  byId('ask-yes').textContent = yes;
  byId('ask-yes').classList.toggle('grave', button.classList.contains('grave'));
  dialog.showModal();
  byId('ask-no').focus();
}

async function give() {
  const path = wanted;
  wanted = null;
  dialog.close();
  if (path) {
    try {
      const answer = await order(path);
      tell(answer.done ? `Done: ${answer.done}.` : 'Done.');
    } catch (problem) {
      tell(`Not done. ${problem.message}`, true);
    }
    await lookNow();
  }
}

document.addEventListener('click', event => {
  const button = event.target.closest('button');
  if (button?.dataset.order) {
    confirmOrder(button);
  } else if (button?.dataset.rows) {
    import('./story.js').then(story => story.rows(button.dataset.rows));
  }
});
byId('ask-yes').addEventListener('click', give);
byId('ask-no').addEventListener('click', () => dialog.close());
byId('sheet-close').addEventListener('click', () => byId('sheet').close());

byId('search').addEventListener('submit', event => {
  event.preventDefault();
  import('./story.js').then(story => story.find(byId('search-by').value, byId('search-value').value));
});

for (const button of document.querySelectorAll('.reveal')) {
  button.addEventListener('click', () => {
    const on = button.getAttribute('aria-pressed') !== 'true';
    document.querySelectorAll('.reveal').forEach(each => each.setAttribute('aria-pressed', on));
    reveal(on);
    document.dispatchEvent(new Event('reveal'));
  });
}
document.addEventListener('reveal', () => known.status && showAll());

// --- Files ---

const drop = byId('drop');
const load = file => import('./upload.js').then(upload => upload.check(file, byId('drop-outbound').value));
byId('drop-choose').addEventListener('click', () => byId('drop-file').click());
byId('drop-file').addEventListener('change', () => {
  const [file] = byId('drop-file').files;
  if (file) {
    load(file);
  }
  // So that the same file can be chosen again.
  byId('drop-file').value = '';
});
for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop']) {
  // Anywhere else the browser would open the file in the place of this page.
  document.addEventListener(kind, event => event.preventDefault());
  drop.addEventListener(kind, () => drop.classList.toggle('over', kind === 'dragenter' || kind === 'dragover'));
}
drop.addEventListener('drop', event => {
  const [file] = event.dataTransfer.files;
  if (file) {
    load(file);
  }
});

byId('zone').textContent = `Times are in ${zone()}; days of outcomes are of UTC.`;
document.addEventListener('visibilitychange', () => document.hidden || look());
look();
