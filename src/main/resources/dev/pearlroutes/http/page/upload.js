// A lead file: it is checked first, and sent once it is said so.

import { post } from './api.js';
import { byId, count, el, masked, span, table } from './dom.js';
import { lookNow, tell } from './page.js';

/** Bytes of the largest body that the program reads. */
const MOST = 32 * 1024 * 1024;

const TYPES = {
  csv: 'text/csv',
  txt: 'text/csv',
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  ndjson: 'application/x-ndjson',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

const sheet = byId('sheet');

function open(title, ...body) {
  byId('sheet-title').textContent = title;
  byId('sheet-body').replaceChildren(...body);
  byId('sheet-do').hidden = true;
  if (!sheet.open) {
    sheet.showModal();
  }
}

/** The headers that say what a file is. @throws Error when it cannot be sent from here */
async function headersOf(file) {
  const parts = file.name.toLowerCase().split('.');
  const packed = parts.at(-1) === 'gz' && parts.pop();
  const type = TYPES[parts.at(-1)];
  if (!type) {
    throw new Error('This is no lead file: it ends in none of .csv .xlsx .json .jsonl, or those with .gz.');
  }
  if (file.size > MOST) {
    throw new Error('It is larger than 32 MiB: drop it into the folder inbox/ of the outbound.');
  }
  const headers = { 'Content-Type': type };
  if (packed) {
    headers['Content-Encoding'] = 'gzip';
  } else if (type === 'text/csv' && !await isUtf8(file)) {
    // What spreadsheets of the West write that do not write UTF-8.
    headers['Content-Type'] += '; charset=windows-1252';
  }
  return headers;
}

async function isUtf8(file) {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    return true;
  } catch {
    return false;
  }
}

export async function check(file, outbound) {
  open(`Check of ${file.name}`, el('p', {}, `Reading it for ${outbound} …`), el('progress', { 'aria-label': 'check' }));
  try {
    const headers = await headersOf(file);
    const report = await post(`/api/outbounds/${encodeURIComponent(outbound)}/checks`, headers, file);
    open(`Check of ${file.name}`, ...describe(report, outbound, headers));
    offer(report, file, outbound, headers);
  } catch (problem) {
    open(`Check of ${file.name}`, el('p', { class: 'why' }, problem.message), el('p', {}, 'Nothing of it was sent.'));
  }
}

const WOULD = [
  ['accepted', 'would be sent'],
  ['duplicate', 'sent before'],
  ['rejected', 'cannot be sent'],
  ['suppressed', 'on a suppression list'],
];

function describe(report, outbound, headers) {
  const missing = Object.entries(report.missingVariables ?? {});
  const refused = (report.leads ?? []).filter(row => row.outcome !== 'accepted');
  return [
    el('p', {}, `${count(report.read)} rows for ${outbound}. Nothing was sent yet.`,
      report.accepted && report.estimatedSeconds ? ` Sending takes about ${span(report.estimatedSeconds)}.` : '',
      headers['Content-Type'].includes('1252') ? ' It is no UTF-8 and was read as windows-1252: look at the letters.' : ''),
    table('What would become of the rows', [
      ['Outcome', ([outcome]) => outcome],
      ['Meaning', ([, meaning]) => meaning],
      ['Rows', ([outcome]) => count(report[outcome] ?? 0), true],
    ], WOULD),
    table('What the columns are', [
      ['Column', field => field.column ?? field.template ?? (field.constant === undefined ? '–' : `"${field.constant}"`)],
      ['Field', field => field.field],
    ], report.fields ?? []),
    report.droppedColumns?.length
      ? el('p', {}, 'Dropped: ', report.droppedColumns.map(each => each.column).join(', ')) : null,
    missing.length ? el('p', { class: 'why' }, 'Rows without a value: ',
      missing.map(([name, rows]) => `${name} ${count(rows)}`).join(', ')) : null,
    refused.length ? el('details', { open: refused.length <= 20 },
      el('summary', {}, `${count(refused.length)} rows that would not be sent`),
      table('Rows that would not be sent', [
        ['Line', row => count(row.line)],
        ['externalId', row => masked(row.externalId)],
        ['Outcome', row => row.outcome],
        ['Reason', row => masked(row.reason)],
      ], refused.slice(0, 200))) : null,
  ].filter(Boolean);
}

function offer(report, file, outbound, headers) {
  const button = byId('sheet-do');
  button.hidden = !report.accepted;
  button.disabled = false;
  button.textContent = `Send ${count(report.accepted)} ${report.accepted === 1 ? 'lead' : 'leads'}`;
  button.onclick = async () => {
    button.disabled = true;
    try {
      // The same content has the same key, so that a second click is answered with the same receipt.
      const key = { 'Idempotency-Key': `page-${report.sha256}` };
      const receipt = await post(`/api/outbounds/${encodeURIComponent(outbound)}/leads`, { ...headers, ...key }, file);
      sheet.close();
      tell(receipt.finishedAt
        ? `${file.name} was sent before from this page: request ${receipt.request}.`
        : `${file.name} is being sent as request ${receipt.request}.`);
      await lookNow();
    } catch (problem) {
      byId('sheet-body').prepend(el('p', { class: 'why', role: 'alert' }, `Not sent. ${problem.message}`));
      button.disabled = false;
    }
  };
}
