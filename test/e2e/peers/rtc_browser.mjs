// rtc_browser.mjs — Chromium for rtc.py: pages on a loopback address of their own, driven by lines of
// JSON on standard input; each is answered by one on standard output. Offers go through rtc.py.
//   rtc_browser.mjs PEERS CHROMIUM
import http from 'node:http';
import fs from 'node:fs';
import readline from 'node:readline';
import {createRequire} from 'node:module';
import path from 'node:path';

const [peers, executablePath] = process.argv.slice(2);
const {chromium} = createRequire(path.resolve(peers) + '/')('playwright-core');
const page = fs.readFileSync(new URL('rtc_page.html', import.meta.url));
const say = what => process.stdout.write(JSON.stringify(what) + '\n');
const offers = new Map();
let offersN = 0;

const server = http.createServer((request, response) => {
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    return response.end(page);
  }
  let sdp = '';
  request.on('data', part => { sdp += part; });
  request.on('end', () => {
    const query = new URL(request.url, 'http://x').searchParams;
    offers.set(++offersN, response);
    say({offer: offersN, id: query.get('id'), codec: query.get('codec'), sdp});
  });
});
await new Promise(done => server.listen(0, '127.0.0.1', done));
const address = `http://127.0.0.1:${server.address().port}/`;

const browser = await chromium.launch({executablePath, headless: true, args: [
  '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream', '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required']});
say({ready: browser.version()});

const pages = new Map();
const orders = {
  async open({name, hz, level, microphone}) {
    const context = await browser.newContext({permissions: ['microphone']});
    const it = await context.newPage();
    await it.goto(address);
    pages.set(name, it);
    await it.evaluate(([f, l, m]) => phone.open(f, l, m), [hz, level, microphone]);
  },
  connect: ({name}) => pages.get(name).evaluate(() => phone.connect()),
  join: ({name, id, codec, restarts}) =>
    pages.get(name).evaluate(([i, c, r]) => phone.join(i, c, r), [id, codec, restarts]),
  hear: ({name}) => pages.get(name).evaluate(() => phone.hear()),
  press: ({name, key}) => pages.get(name).evaluate(k => phone.press(k), key),
  facts: ({name}) => pages.get(name).evaluate(() => phone.facts()),
  hangUp: ({name}) => pages.get(name).evaluate(() => phone.pc.close()),
  // As a laptop whose battery ends: no goodbye of any kind.
  async crash({name}) {
    pages.get(name).goto('chrome://crash').catch(() => {});
    pages.delete(name);
  },
  answer({offer, body}) {
    offers.get(offer).end(JSON.stringify(body));
    offers.delete(offer);
  },
};

const lines = readline.createInterface({input: process.stdin});
lines.on('line', async line => {
  const order = JSON.parse(line);
  try {
    const result = await orders[order.do](order);
    if (order.n)
      say({n: order.n, result: result ?? null});
  } catch (e) {
    say({n: order.n, error: String(e)});
  }
});
lines.on('close', async () => {
  await browser.close();
  process.exit(0);
});
