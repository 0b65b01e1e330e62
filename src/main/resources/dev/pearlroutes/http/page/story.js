// What is known of one lead, and the rows of one request.

import { get, search } from './api.js';
import { byId, count, el, masked, none, table, time } from './dom.js';

const WORDS = {
  taken: 'taken from its source',
  planned: 'planned: its intent is on disk',
  sent: 'sent to NLPearl',
  found: 'found at NLPearl by a look-up',
  'lead.accepted': 'accepted by NLPearl',
  'lead.rejected': 'rejected',
  'lead.duplicate': 'a duplicate',
  'lead.suppressed': 'not sent: on a suppression list',
  'lead.cancelled': 'cancelled',
  'lead.unknown': 'unknown: no usable answer came',
  'lead.updated': 'changed by an update',
  'lead.stopped': 'stopped: not called any more',
  'lead.silent': 'silent: no call is known',
  'call.updated': 'call, so far',
  'call.final': 'call, final',
  'stop.failed': 'could not be stopped so far',
};

function open(title, draw) {
  const body = byId('sheet-body');
  byId('sheet-title').textContent = title;
  byId('sheet-do').hidden = true;
  const again = () => body.replaceChildren(...[draw()].flat());
  again();
  // Masks come and go while it is open.
  document.addEventListener('reveal', again);
  byId('sheet').addEventListener('close', () => document.removeEventListener('reveal', again), { once: true });
  if (!byId('sheet').open) {
    byId('sheet').showModal();
  }
}

const failed = problem => el('p', { class: 'why' }, problem.message);

export async function find(by, value) {
  let draw;
  try {
    const { leads } = await search({ [by]: value });
    draw = () => leads.length === 0
      ? none('The ledger knows no such lead.')
      : leads.map(lead => tale(lead));
  } catch (problem) {
    draw = () => failed(problem);
  }
  open('Story of a lead', draw);
}

function tale(lead) {
  return el('article', { class: 'tale' },
    el('h3', {}, masked(lead.externalId ?? 'no externalId'), ' ', el('span', { class: 'pill' }, lead.state ?? 'not known')),
    el('p', {}, `${lead.outbound}, ${lead.file ?? (lead.request ? `request ${lead.request}` : 'message')}`,
      lead.line ? `, line ${lead.line}` : '', lead.leadId ? `, leadId ${lead.leadId}` : '',
      lead.reason ? `. ${masked(lead.reason)}` : ''),
    el('ol', { class: 'story' }, (lead.events ?? []).map(event => el('li', {},
      time(event.at), el('div', {},
        el('strong', {}, WORDS[event.what] ?? event.what), ' ', detail(event))))));
}

function detail(event) {
  const status = event.conversationStatus ?? event.status;
  return el('small', {}, [
    status?.name ?? (status?.code ? `status ${status.code}` : null),
    event.duration ? `${event.duration} s` : null,
    event.reason ? masked(event.reason) : null,
    event.sinks ? Object.entries(event.sinks).map(([sink, state]) => `${sink}: ${state}`).join(', ') : null,
  ].filter(Boolean).join(' · '));
}

export async function rows(id) {
  let draw;
  try {
    const source = await get(`/api/sources/${encodeURIComponent(id)}`);
    const leads = source.receipt?.leads ?? [];
    draw = () => leads.length === 0 ? none('There are no rows to show.') : [
      el('p', {}, `${count(leads.length)} rows${leads.length > 200 ? ', the first 200 of them' : ''}.`),
      table('What became of each row', [
        ['Line', row => count(row.line)],
        ['externalId', row => masked(row.externalId)],
        ['Outcome', row => row.outcome],
        ['leadId', row => row.leadId ?? '–'],
        ['Reason', row => masked(row.reason)],
      ], leads.slice(0, 200)),
    ];
  } catch (problem) {
    draw = () => failed(problem);
  }
  open(`Rows of request ${id}`, draw);
}
