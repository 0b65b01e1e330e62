// The HTTP API of the program that has sent this page.

/** What the program answers instead of doing what was asked. */
export class Refusal extends Error {
  constructor(status, title, detail, line) {
    super([title, detail, line ? `line ${line}` : ''].filter(Boolean).join(': '));
    this.status = status;
  }
}

async function ask(path, options) {
  const answer = await fetch(path, { cache: 'no-store', ...options });
  const text = await answer.text();
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {
    // A proxy in between may answer by a page of its own.
  }
  if (!answer.ok) {
    throw new Refusal(answer.status, body.title ?? `Answer ${answer.status}`, body.detail, body.line);
  }
  return body;
}

export const get = path => ask(path, { signal: AbortSignal.timeout(15_000) });
export const order = path => ask(path, { method: 'POST', signal: AbortSignal.timeout(30_000) });
export const search = key => ask('/api/leads/search', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(key),
});
export const post = (path, headers, body) => ask(path, { method: 'POST', headers, body });
