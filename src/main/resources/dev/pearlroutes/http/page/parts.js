// The parts of the page, each made of what the program has answered.

import { bars, funnel, lines } from './charts.js';
import { ago, clock, count, countOf, day, el, hourOf, masked, none, orderButton, span, table, time } from './dom.js';

const STATES = {
  ready: ['good', 'ready'],
  sending: ['good', 'sending'],
  paused: ['look', 'paused'],
  fails: ['bad', 'fails'],
  stopped: ['bad', 'stopped'],
};

const pill = state => el('span', { class: `pill ${STATES[state]?.[0] ?? ''}` }, STATES[state]?.[1] ?? state);

export const nameOf = source => source.file
  ?? (source.request ? `request ${source.request}` : `message ${source.messageId ?? source.id}`);

// --- What needs a person ---

/** Lists what is wrong, the worst first: [{ level, title, text, actions }]. */
export function issues(status, sources) {
  const found = [];
  const bad = (title, text, ...actions) => found.push({ level: 'bad', title, text, actions });
  const look = (title, text, ...actions) => found.push({ level: 'look', title, text, actions });
  for (const check of status.health ?? []) {
    if (check.state !== 'UP') {
      bad(HEALTH[check.check] ?? check.check, check.why ?? 'It does not say why: see Health below.');
    }
    if (check.warnings) {
      look(HEALTH_WARNS[check.check] ?? check.check, check.warnings.replace(/^\[|]$/g, ''));
    }
  }
  for (const outbound of status.outbounds ?? []) {
    if (outbound.paused) {
      look(`${outbound.name} is paused`, 'Its leads wait until it is resumed.', resumeOutbound(outbound.name));
    }
  }
  for (const file of status.files ?? []) {
    if (file.waitsFor === 'approval') {
      look(`${nameOf(file)} waits for approval`, `A file of ${file.outbound} above a limit. Nothing of it is sent before.`,
        approve(file), cancel(file));
    } else if (file.waitsFor === 'resume' && !paused(status, file.outbound)) {
      look(`${nameOf(file)} is paused`, 'Its leads wait until it is resumed.', resume(file));
    }
  }
  if (status.unknown > 0) {
    look(countOf(status.unknown, 'unknown lead'), 'No usable answer came to them. They are looked up before anything is'
      + ' sent again; what stays unknown is for you to decide.', el('a', { href: '#unknown-title' }, 'See them'));
  }
  const told = (status.health ?? []).some(check => check.check === 'sinks' && check.state !== 'UP');
  for (const sink of (status.sinks ?? []).filter(each => each.state !== 'ready' && !told)) {
    look(`The sink ${sink.sink} of ${sink.outbound} ${sink.state === 'fails' ? 'fails' : 'is stopped'}`,
      `${sink.why ?? 'It takes nothing'}. ${countOf(sink.waiting, 'event')} wait for it.`);
  }
  for (const [sink, number] of undelivered(status)) {
    look(`${countOf(number, 'event')} undelivered`, `The sink ${sink} has refused them for good.`, retry(sink, number));
  }
  const failed = (sources ?? []).filter(source => source.state === 'failed'
    && Date.now() - Date.parse(source.finishedAt ?? source.startedAt) < 86_400_000);
  for (const source of failed) {
    look(`${nameOf(source)} failed`, source.reason ?? 'It cannot be read; nothing of it was sent.');
  }
  return found.sort((one, other) => (one.level === 'bad' ? 0 : 1) - (other.level === 'bad' ? 0 : 1));
}

const HEALTH = {
  lines: 'Sending is stopped',
  sinks: 'A sink takes nothing',
  stops: 'Leads could not be stopped',
  routes: 'A route does not run',
  broker: 'The broker cannot be used',
  'extension-routes': 'A route of your own failed',
};
const HEALTH_WARNS = { lines: 'Soon a problem' };

const paused = (status, name) => (status.outbounds ?? []).some(outbound => outbound.name === name && outbound.paused);

/** Undelivered events by sink: each sink is a folder for all outbounds. */
function undelivered(status) {
  return [...new Map((status.sinks ?? []).map(sink => [sink.sink, sink.undelivered ?? 0]))].filter(([, number]) => number);
}

export function verdict(status, found, inWork) {
  const bad = found.filter(issue => issue.level === 'bad').length;
  const [look, sign, title] = bad ? ['bad', '✕', bad === 1 ? found[0].title : `${bad} problems`]
    : found.length ? ['look', '!', found.length === 1 ? found[0].title : `${found.length} things to look at`]
    : ['good', '✓', 'All is well'];
  const next = (status.outbounds ?? []).map(outbound => outbound.nextSearch).filter(Boolean).sort()[0];
  return stateBar(look, sign, title, [
    inWork.length ? `${countOf(inWork.length, 'source')} in work` : 'nothing in work',
    next ? `next search at ${clock(next)}` : null,
  ].filter(Boolean).join(' · '));
}

export const stateBar = (look, sign, title, text) => el('div', { class: look },
  el('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
  // Read out when it changes; what is below it changes all the time.
  el('div', {}, el('strong', { role: 'status' }, title), el('p', {}, text)));

const sentence = text => text.charAt(0).toUpperCase() + text.slice(1);

export const issueList = found => el('ul', {}, found.map(issue => el('li', { class: issue.level, 'data-key': issue.title },
  el('div', {}, el('strong', {}, issue.title), el('p', {}, sentence(masked(issue.text)))),
  issue.actions.length ? el('div', { class: 'buttons' }, issue.actions) : null)));

export function facts(status) {
  const account = status.account ?? {};
  return [
    status.sandbox
      ? el('span', { class: 'tag' }, 'SANDBOX: nobody is called')
      : el('span', { class: 'tag live' }, 'LIVE: leads are phone calls'),
    account.credit === undefined ? null : el('span', {}, 'Credit ', el('b', {}, count(account.credit))),
    account.status?.name ? el('span', {}, 'Account ', el('b', {}, spaced(account.status.name))) : null,
  ];
}

// --- Outbounds ---

export function outbounds(status, inWork) {
  return (status.outbounds ?? []).map(outbound => {
    const its = inWork.filter(source => source.outbound === outbound.name);
    const sends = outbound.state === 'ready' && its.some(source => source.done !== undefined && !source.waitsFor);
    const lists = outbound.suppression;
    return el('article', { class: 'outbound', 'data-key': outbound.name },
      el('h3', {}, outbound.name, ' ', pill(sends ? 'sending' : outbound.state)),
      outbound.why ? el('p', { class: 'why' }, sentence(outbound.why)) : null,
      el('dl', {},
        fact('In work', countOf(its.length, 'source')),
        fact('Next search for calls', outbound.nextSearch ? time(outbound.nextSearch) : 'none'),
        fact('Suppression lists', lists
          ? [`${countOf(lists.numbers, 'number')}, ${countOf(lists.prefixes, 'prefix', 'prefixes')}, read `,
              time(lists.readAt), lists.lists?.length ? el('small', {}, lists.lists.join(', ')) : null]
          : 'none in use')),
      el('div', { class: 'buttons' },
        outbound.paused ? resumeOutbound(outbound.name) : pauseOutbound(outbound.name),
        orderButton('Search now', {
          of: outbound.name,
          path: `/api/outbounds/${encodeURIComponent(outbound.name)}/search-calls`,
          ask: `Search the calls of ${outbound.name} now?`,
          text: 'It reads what became of the calls, as its cron does.',
        })));
  });
}

const fact = (name, value) => el('div', {}, el('dt', {}, name), el('dd', {}, value));

const pauseOutbound = name => orderButton('Pause', {
  of: name,
  path: `/api/outbounds/${encodeURIComponent(name)}/pause`,
  ask: `Pause ${name}?`,
  text: 'No more leads are sent until it is resumed. What is on the wire is finished; calls are still read.',
});

const resumeOutbound = name => orderButton('Resume', {
  of: name,
  path: `/api/outbounds/${encodeURIComponent(name)}/resume`,
  ask: `Resume ${name}?`,
  text: 'Its leads are sent from now on: each accepted lead is a phone call.',
});

// --- Sources ---

const ofSource = (label, verb, source, ask, text, grave) => orderButton(label, {
  of: nameOf(source), path: `/api/sources/${source.id}/${verb}`, ask, text, grave,
});

const approve = source => ofSource('Approve', 'approve', source, `Send ${nameOf(source)}?`,
  `Its ${count(source.read ?? 0)} rows are sent to ${source.outbound}: each accepted lead is a phone call.`);
const cancel = source => ofSource('Cancel', 'cancel', source, `Cancel ${nameOf(source)}?`,
  'No more of it is sent. What was sent stays.', true);
const recall = source => ofSource('Recall', 'recall', source, `Recall ${nameOf(source)}?`,
  'No more of it is sent, and its leads that were sent are stopped: they are not called any more.', true);
const pause = source => ofSource('Pause', 'pause', source, `Pause ${nameOf(source)}?`,
  'No more of it is sent until it is resumed.');
const resume = source => ofSource('Resume', 'resume', source, `Resume ${nameOf(source)}?`,
  'The rest of it is sent: each accepted lead is a phone call.');

const WAITS = { approval: 'waits for approval', resume: 'paused', wave: 'waits for the next wave' };

export function work(status, inWork) {
  const stopped = new Set((status.outbounds ?? []).filter(each => each.state === 'stopped').map(each => each.name));
  return inWork.length === 0 ? none('No file and no request is in work.') : inWork.map(source => {
    const known = source.done !== undefined && source.read > 0;
    const share = known ? Math.floor(100 * source.done / source.read) : 0;
    return el('article', { class: 'source', 'data-key': source.id },
      el('h3', {}, nameOf(source), el('small', {}, ` ${source.outbound}, ${source.operation}`)),
      el('progress', { max: 100, value: known ? share : source.waitsFor ? 0 : null, 'aria-label': `${nameOf(source)}, rows done` }),
      el('p', { class: 'pace' }, known
        ? `${count(source.done)} of ${count(source.read)} rows · ${share} %`
        : `${source.read === undefined ? 'is being read' : countOf(source.read, 'row')}`,
        source.waitsFor ? ` · ${WAITS[source.waitsFor]}${source.until ? ` at ${clock(source.until)}` : ''}`
          : stopped.has(source.outbound) ? ' · waits, since sending is stopped'
          : known ? ` · ${count(source.rowsPerSecond)} rows/s · ${span(source.secondsLeft)} left` : ''),
      el('div', { class: 'buttons' },
        source.waitsFor === 'approval' ? approve(source) : null,
        source.waitsFor === 'resume' ? resume(source)
          : source.operation === 'add' && source.waitsFor !== 'approval' ? pause(source) : null,
        source.operation === 'add' ? cancel(source) : null,
        source.operation === 'add' && source.waitsFor !== 'approval' ? recall(source) : null));
  });
}

const OUTCOMES = ['accepted', 'updated', 'found', 'missing', 'duplicate', 'rejected', 'suppressed', 'cancelled', 'unknown'];

/** What became of the rows, in words; the usual ones first. */
const counts = receipt => OUTCOMES.filter(outcome => receipt?.[outcome])
  .map(outcome => el('span', { class: `count ${outcome}` }, `${count(receipt[outcome])} ${outcome}`));

export function receipts(sources) {
  const done = sources.filter(source => source.state === 'finished' || source.state === 'failed');
  return done.length === 0 ? none('Nothing is finished yet.') : table('The newest finished sources', [
    ['Source', source => nameOf(source)],
    ['Outbound', source => source.outbound],
    ['Operation', source => source.operation],
    ['Finished', source => time(source.finishedAt ?? source.startedAt)],
    ['Read', source => source.read === undefined ? '–' : count(source.read), true],
    ['What became of the rows', source => source.state === 'failed'
      ? el('span', { class: 'why' }, 'failed: ', source.reason ?? 'nothing of it was sent')
      : el('div', { class: 'counts' }, counts(source.receipt))],
    ['Result files', source => (source.files ?? []).length
      ? el('details', {},
          el('summary', {}, countOf(source.files.length, 'file')),
          el('ul', { class: 'files' }, source.files.map(file =>
            el('li', {}, el('a', { href: file.href, download: file.name }, file.file), ' ', el('small', {}, size(file.bytes))))))
      : el('button', { type: 'button', 'data-rows': source.id, 'aria-label': `Rows of ${nameOf(source)}` }, 'Rows')],
    ['Order', source => source.operation === 'add' && source.state === 'finished' && source.receipt?.accepted
      ? recall(source) : '–'],
  ], done, source => source.id);
}

const size = bytes => bytes < 10_000 ? `${count(bytes)} B` : bytes < 10_000_000 ? `${count(Math.round(bytes / 1000))} kB`
  : `${count(Math.round(bytes / 1_000_000))} MB`;

// --- Outcomes ---

const sum = (list, wanted = () => true) => list.filter(wanted).reduce((total, each) => total + each.count, 0);
/** A status of the API, which writes its words together. */
const spaced = name => name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
const word = call => call.status?.name ?? (call.status ? `status ${call.status.code}` : 'no status');

export function outcomeFunnel(outcomes) {
  const rows = outcomes.rows.filter(each => each.operation === 'add');
  const final = new Map();
  outcomes.calls.filter(call => call.final).forEach(call => final.set(word(call), (final.get(word(call)) ?? 0) + call.count));
  const best = [...final].sort((one, other) => other[1] - one[1]);
  return sum(rows) === 0 ? none('No row was read yet.') : [
    funnel([
      { name: 'read', value: sum(rows) },
      { name: 'accepted', value: sum(rows, each => each.outcome === 'accepted') },
      { name: 'called', value: sum(outcomes.calls) },
      { name: 'final', value: sum(outcomes.calls, call => call.final) },
      ...best.slice(0, 6).map(([name, value]) => ({ name: spaced(name), value, look: 'second' })),
    ]),
    el('p', { class: 'note' }, 'Of the last 30 days, counted at ', time(outcomes.countedAt), '.'),
  ];
}

export function outcomeDays(outcomes) {
  const days = [];
  for (let at = Date.parse(outcomes.to); days.length < 14; at -= 86_400_000) {
    days.unshift(new Date(at).toISOString().slice(0, 10));
  }
  const rows = outcomes.rows.filter(each => each.operation === 'add');
  const ofDay = outcomes => days.map(date => sum(rows, each => each.day === date && outcomes.includes(each.outcome)));
  return bars('Rows by the day (UTC) of their outcome', days.map(date => day(new Date(`${date}T12:00:00`))), [
    { name: 'accepted', look: 'first', values: ofDay(['accepted']) },
    { name: 'not sent', look: 'second', values: ofDay(['duplicate', 'suppressed', 'cancelled']) },
    { name: 'rejected', look: 'third', values: ofDay(['rejected']) },
    { name: 'unknown', look: 'fourth', values: ofDay(['unknown', 'sending']) },
  ]);
}

export function callHours(outcomes) {
  const hour = 3_600_000;
  const last = Math.floor(Date.now() / hour) * hour;
  const hours = Array.from({ length: 24 }, (_, i) => last - (23 - i) * hour);
  const values = hours.map(at => sum(outcomes.hours ?? [], each => Date.parse(each.hour) === at));
  return bars('Leads by the hour of their newest call', hours.map(hourOf),
    [{ name: 'calls', look: 'first', values }]);
}

/** @param seen [{ at, sent, perSecond, limitPerSecond }], the newest last */
export function pace(status, seen) {
  const now = status.pace ?? {};
  const said = now.perSecond === undefined ? 'No pace is set.'
    : `${count(now.perSecond)} requests/s allowed now`
      + (now.limitPerSecond === undefined ? ', no limit found yet' : `, limit found ${count(now.limitPerSecond)}/s`)
      + (now.burst ? `, burst ${count(now.burst)}` : '');
  return [
    el('p', {}, said),
    seen.length < 2 ? null : lines('Requests a second since this page is open', seen.map(each => clock(each.at)), [
      { name: 'sent', look: 'first', values: seen.map(each => each.sent) },
      { name: 'pace', look: 'second', values: seen.map(each => each.perSecond ?? null) },
      { name: 'limit found', look: 'third', values: seen.map(each => each.limitPerSecond ?? null) },
    ]),
  ];
}

// --- Sinks and unknown leads ---

const retry = (sink, number) => orderButton('Retry', {
  of: `sink ${sink}`,
  path: `/api/sinks/${encodeURIComponent(sink)}/retry`,
  ask: `Retry ${countOf(number, 'event')} of the sink ${sink}?`,
  text: 'They are handed over once more, each with its own id.',
});

export function sinks(status) {
  const all = status.sinks ?? [];
  return all.length === 0 ? none('The ledger cannot be asked now.') : [
    table('What waits for each sink', [
      ['Sink', sink => `${sink.sink} of ${sink.outbound}`],
      ['State', sink => pill(sink.state)],
      ['Waiting', sink => [count(sink.waiting), sink.oldest ? el('small', {}, ` oldest ${ago(sink.oldest)}`) : null], true],
      ['Undelivered', sink => count(sink.undelivered ?? 0), true],
    ], all, sink => `${sink.outbound} ${sink.sink}`),
    all.filter(sink => sink.why).map(sink => el('p', { class: 'why' }, `${sink.sink} of ${sink.outbound}: ${sink.why}`)),
    undelivered(status).map(([sink, number]) => el('div', { class: 'buttons' }, retry(sink, number))),
  ];
}

export function unknown(status, leads) {
  if (!status.unknown) {
    return none('None. Every lead that was sent has an answer.');
  }
  return [
    el('p', {}, `${countOf(status.unknown, 'lead')} without an answer`,
      status.unknownSince ? [', the oldest since ', time(status.unknownSince)] : null, '.'),
    leads === null ? none('Asking …') : el('ul', { class: 'unknown' }, leads.map(lead => el('li', { 'data-key': lead.id },
      el('strong', {}, masked(lead.externalId ?? `line ${lead.line}`)), ` of ${nameOf(lead)}, line ${lead.line}, `, lead.outbound,
      el('p', {}, masked(lead.reason), ' Since ', time(lead.since), '.'),
      el('div', { class: 'buttons' },
        orderButton('Release', {
          of: `lead ${masked(lead.externalId ?? lead.id)}`, path: `/api/unknown/${encodeURIComponent(lead.id)}/release`,
          ask: 'Release this lead?', text: 'It is looked up once more, and sent again unless it is found: it may be called.',
        }),
        orderButton('Drop', {
          of: `lead ${masked(lead.externalId ?? lead.id)}`, path: `/api/unknown/${encodeURIComponent(lead.id)}/drop`, grave: true,
          ask: 'Drop this lead?', text: 'It is given up and counts as cancelled. If its request arrived, it is called all the same.',
        }))))),
  ];
}
