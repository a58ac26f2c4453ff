// node status_page.mjs DANEWATCH CHROMIUM SCREENSHOT_DIRECTORY, inside the lab: a person's view of `danewatch serve`.
//
// Starts danewatch, waits until every target has been looked at, and drives a real browser over its pages. What a test
// waits for is an event or a state of the page, never time alone.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

const [danewatch, browserPath, screenshots] = process.argv.slice(2);
const folder = dirname(fileURLToPath(import.meta.url));
const configuration = join(folder, 'with-history.yml');
const history = join(folder, 'history.db');
const origin = 'http://127.0.0.1:19115';
const names = ['good.lab', 'stale.lab', 'agile.lab', 'one-bad-address.lab', 'expired-zone.lab', 'hostile.lab', 'web', 'rollover.lab'];
const pages = ['/', '/changes', ...names.map((name) => `/targets/${name}`)];

let server, browser;

async function allLookedAt() {
  const deadline = Date.now() + 60000;
  for (;;) {
    assert.ok(Date.now() < deadline, 'danewatch has not looked at every target within a minute');
    assert.equal(server.exitCode, null, 'danewatch ended');
    try {
      const replies = await Promise.all(names.map((name) => fetch(`${origin}/api/v1/reports/${name}`)));
      if (replies.every((reply) => reply.ok)) return;
    } catch {
      // not listening yet
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

// The scene rollover.lab goes on to this act; done when memory has told of the change.
async function act(name, code) {
  writeFileSync(process.env.DANEWATCH_LAB_STAGE, `rollover ${name}\n`);
  const deadline = Date.now() + 60000;
  for (;;) {
    assert.ok(Date.now() < deadline, `no event ${code} within a minute`);
    const events = await (await fetch(`${origin}/api/v1/events`)).text();
    if (events.split('\n').some((line) => line.includes('rollover.lab') && line.includes(`"${code}"`))) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

before(async () => {
  mkdirSync(screenshots, { recursive: true });
  for (const ending of ['', '-wal', '-shm']) rmSync(history + ending, { force: true });
  writeFileSync(configuration, `${readFileSync(join(folder, 'serve.yml'))}history: {file: ${history}}\n`);
  server = spawn(danewatch, ['serve', '--config.file', configuration, '--web.listen-address', '127.0.0.1:19115'],
    { stdio: ['ignore', 'inherit', 'inherit'] });
  await allLookedAt();
  await act('published', 'tlsa-added');
  await act('switched', 'key-changed');
  browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] });
});

after(async () => {
  await browser?.close();
  if (server && server.exitCode === null) {
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
  }
});

// A page of its own, with everything it asked for and everything it complained about.
async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  const page = await context.newPage();
  const requests = [], complaints = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => { complaints.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  const response = await page.goto(origin + path);
  assert.equal(response.status(), 200, path);
  return { context, page, requests, complaints };
}

const unfold = (page) => page.locator('details').evaluateAll((all) => all.forEach((details) => { details.open = true; }));

const shot = (page, name) => page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });

// [[class, text], …] for every record's row, without the columns of states and last matches.
const matrix = (page) => page.locator('table.matrix').first().locator('tbody tr').evaluateAll((rows) => rows.slice(0, -1).map((row) =>
  [...row.querySelectorAll('td')].slice(1, -1).map((cell) => [cell.className, cell.textContent])));

test('the overview says what is broken, broken targets first', async () => {
  const { context, page } = await open('/');
  const order = await page.locator('.card h2').allTextContents();
  assert.deepEqual([...order].sort(), [...names].sort());
  assert.ok(order.indexOf('agile.lab') < order.indexOf('stale.lab'), String(order));
  assert.ok(order.indexOf('stale.lab') < order.indexOf('good.lab'), String(order));
  const stale = page.locator('.card', { has: page.getByRole('link', { name: 'stale.lab', exact: true }) });
  assert.match(await stale.textContent(), /warning/);
  assert.match(await stale.textContent(), /tlsa-extra-record/);
  for (const word of ['Since', 'Last success', 'Next expiry']) assert.match(await stale.textContent(), new RegExp(word));
  assert.match(await stale.getByRole('img').getAttribute('aria-label'), /^Last \d+ runs: /);
  await shot(page, 'overview');
  await page.getByRole('link', { name: 'stale.lab', exact: true }).click();
  assert.equal(await page.locator('h1').textContent(), 'stale.lab');
  await context.close();
});

test('what memory knows: a time line, what happened, what changed lately', async () => {
  const { context, page } = await open('/targets/rollover.lab');
  const lanes = page.locator('.lanes > li');
  const labels = await lanes.locator('span').allTextContents();
  assert.ok(labels.some((label) => label.startsWith('TLSA') && label.includes('stale since')), String(labels));
  assert.ok(labels.some((label) => label.startsWith('Key of') && label.includes('1 before it')), String(labels));
  assert.equal(await lanes.locator('svg').count(), labels.length);
  // Without colour, too: what is only published is hollow, what matched is filled.
  const stale = lanes.filter({ hasText: 'stale since' });
  assert.equal(await stale.locator('rect.hollow').count(), 1);
  assert.ok(await stale.locator('rect:not(.hollow)').count() >= 1);
  assert.match(await page.locator('.events').textContent(), /has a new TLSA record[^]*|shows another key/);
  await shot(page, 'time-line');
  await context.close();

  const overview = await open('/');
  await overview.page.locator('.events').getByRole('link', { name: 'rollover.lab' }).first().click();
  assert.equal(await overview.page.locator('h1').textContent(), 'rollover.lab');
  await overview.context.close();
});

test('targets are searched and filtered, also without script', async () => {
  for (const javaScriptEnabled of [true, false]) {
    const { context, page, complaints } = await open('/', { javaScriptEnabled });
    await page.getByRole('searchbox', { name: 'Name' }).fill('STALE');
    await page.getByRole('button', { name: 'Show' }).click();
    assert.deepEqual(await page.locator('.card h2').allTextContents(), ['stale.lab']);
    await page.getByRole('link', { name: 'Show all' }).click();
    await page.getByRole('combobox', { name: 'State' }).selectOption('ok');
    await page.getByRole('button', { name: 'Show' }).click();
    assert.ok((await page.locator('.card h2').allTextContents()).includes('good.lab'));
    assert.ok(!(await page.locator('.card h2').allTextContents()).includes('agile.lab'));
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('a stale record is an empty row, a bad server an empty column', async () => {
  const { context, page } = await open('/targets/stale.lab');
  const rows = await matrix(page);
  assert.equal(rows.length, 2);
  const empty = rows.filter((row) => row.every(([kind, text]) => kind === 'no-match' && text === 'no match'));
  assert.equal(empty.length, 1);
  assert.equal(rows.flat().filter(([kind, text]) => kind === 'match' && text === 'match').length, 1);
  const ground = (kind) => page.locator(`td.${kind}`).first().evaluate((cell) => getComputedStyle(cell).backgroundColor);
  assert.notEqual(await ground('match'), await ground('no-match'));
  await shot(page, 'target');
  await page.locator('.scroll:has(.matrix)').first().screenshot({ path: join(screenshots, 'matrix.png') });
  await context.close();

  const other = await open('/targets/one-bad-address.lab');
  const cells = await matrix(other.page);
  const columns = cells[0].map((_, column) => cells.map((row) => row[column][0]));
  assert.equal(columns.filter((column) => column.every((kind) => kind === 'missed')).length, 1);
  assert.ok(columns.some((column) => column.includes('match')));
  await shot(other.page, 'bad-server');
  await other.context.close();
});

test('the DNS path shows where validation fails', async () => {
  const { context, page } = await open('/targets/expired-zone.lab');
  const steps = await page.locator('.path > li > strong').allTextContents();
  assert.ok(steps.includes('bogus'), String(steps));
  assert.match(await page.locator('main').textContent(), /Bogus because: /);
  await context.close();
});

test('the DNS path is folded where every answer is secure', async () => {
  const isOpen = (page) => page.locator('details:has(.path)').evaluate((details) => details.open);
  for (const [name, expected] of [['good.lab', false], ['stale.lab', false], ['expired-zone.lab', true]]) {
    const { context, page } = await open(`/targets/${name}`);
    assert.equal(await isOpen(page), expected, name);
    await page.locator('summary', { hasText: 'DNS path' }).click();
    assert.equal(await isOpen(page), !expected, name);
    await context.close();
  }
});

test('on a narrow window every cell of the matrix says whose it is', async () => {
  const { context, page } = await open('/targets/one-bad-address.lab', { viewport: { width: 360, height: 740 } });
  const missed = page.locator('td.missed').first();
  assert.match(await missed.evaluate((cell) => getComputedStyle(cell, '::before').content), /:25/);
  const box = await missed.boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 360, 'the broken server is in sight');
  await shot(page, 'narrow-bad-server');
  await context.close();
});

test('the line to remove is copied by mouse, by keyboard and without the clipboard interface', async () => {
  for (const way of ['mouse', 'keyboard', 'selection']) {
    const { context, page, complaints } = await open('/targets/stale.lab');
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
    const box = page.locator('article .copy').first();
    const line = await box.locator('code').textContent();
    assert.match(line, /^_25\._tcp\.mx\.stale\.lab\. IN TLSA 3 1 1 [0-9a-f]{64}$/);
    if (way === 'selection') {
      await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not here')); });
    }
    const button = box.getByRole('button');
    if (way === 'keyboard') {
      await button.focus();
      await page.keyboard.press('Enter');
    } else {
      await button.click();
    }
    await page.locator('#said', { hasText: 'Copied.' }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), line, way);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('everything essential is there without script', async () => {
  const { context, page } = await open('/', { javaScriptEnabled: false });
  await page.getByRole('link', { name: 'stale.lab', exact: true }).click();
  assert.ok((await page.locator('table.matrix').count()) >= 1);
  assert.match(await page.locator('.copy code').first().textContent(), /IN TLSA/);
  assert.equal(await page.getByRole('button').count(), 0, 'a button that does nothing');
  await page.locator('summary').first().click();
  await shot(page, 'no-script');
  await page.getByRole('link', { name: 'All targets' }).click();
  assert.equal(await page.locator('h1').textContent(), 'danewatch');
  await context.close();
});

test('a narrow window needs no sideways scrolling', async () => {
  for (const path of pages) {
    const { context, page } = await open(path, { viewport: { width: 360, height: 740 } });
    await unfold(page);
    const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
    assert.ok(width <= 360, `${path} is ${width} wide`);
    const hidden = await page.locator('.scroll').evaluateAll((boxes) =>
      boxes.filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.getAttribute('aria-label')));
    assert.deepEqual(hidden, [], `${path}: a part is out of sight`);
    if (path === '/' || path === '/targets/stale.lab') await shot(page, path === '/' ? 'narrow' : 'narrow-target');
    await context.close();
  }
});

// Of every text against what lies behind it, as WCAG 2 counts it.
const contrasts = (page) => page.evaluate(() => {
  const parts = (color) => color.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = parts(getComputedStyle(e).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const result = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    if (!own || element.closest('script, style, noscript, svg, .skip')) continue;
    const [a, b] = [light(parts(getComputedStyle(element).color)), light(ground(element))];
    result.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.outerHTML.slice(0, 80)]);
  }
  return result;
});

test('light and dark are both readable', async () => {
  const grounds = [];
  for (const colorScheme of ['light', 'dark']) {
    for (const path of pages) {
      const { context, page } = await open(path, { colorScheme });
      const found = await contrasts(page);
      assert.ok(found.length > 10, path);
      for (const [contrast, text] of found) assert.ok(contrast >= 4.5, `${contrast} in ${colorScheme}: ${text}`);
      if (path === '/') grounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
      if (colorScheme === 'dark' && path === '/') await shot(page, 'dark');
      if (colorScheme === 'dark' && path === '/targets/agile.lab') await shot(page, 'dark-target');
      await context.close();
    }
  }
  assert.notEqual(grounds[0], grounds[1]);
});

test('everything that can be used or seen has a name, and the keyboard reaches it', async () => {
  const named = new Set(['link', 'button', 'image', 'img', 'region', 'heading', 'navigation', 'summary', 'table', 'DisclosureTriangle']);
  for (const path of pages) {
    const { context, page } = await open(path);
    const session = await context.newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const shown = nodes.filter((node) => !node.ignored && named.has(node.role?.value));
    assert.ok(shown.length > 5, path);
    for (const node of shown) assert.ok(node.name?.value?.trim(), `${path}: a ${node.role.value} without a name`);
    const wanted = await page.evaluate(() =>
      [...document.querySelectorAll('a[href], button:not([hidden]), summary, [tabindex], input, select')].filter((e) => e.checkVisibility()).length);
    const reached = new Set();
    for (let i = 0; i < wanted; ++i) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate(() => {
        const at = document.activeElement;
        return `${at.tagName} ${[...document.querySelectorAll('*')].indexOf(at)} ${getComputedStyle(at).outlineStyle}`;
      }));
    }
    assert.equal(reached.size, wanted, path);
    for (const place of reached) assert.match(place, /^(A|BUTTON|SUMMARY|PRE|DIV|INPUT|SELECT) \d+ (?!none)/, `${path}: focus is not seen`);
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
    await context.close();
  }
});

test('no request leaves the origin, and the policy has nothing to forbid', async () => {
  for (const path of pages) {
    const { context, page, requests, complaints } = await open(path);
    await page.waitForLoadState('networkidle');
    for (const url of requests) assert.ok(url.startsWith(`${origin}/`) || url === 'data:,', url);
    assert.deepEqual(complaints, [], path);
    await context.close();
  }
  const policy = (await fetch(`${origin}/`)).headers.get('content-security-policy');
  assert.match(policy, /^default-src 'none';/);
  assert.doesNotMatch(policy, /unsafe|\*/);
});

test('what a hostile server says is text', async () => {
  for (const path of ['/', '/targets/hostile.lab']) {
    const { context, page, complaints } = await open(path);
    await unfold(page);
    assert.doesNotMatch(await page.title(), /owned/);
    assert.equal(await page.locator('script').count(), 1);
    assert.equal(await page.locator('[onload], [onerror], iframe, object, img').count(), 0);
    const text = await page.locator('body').textContent();
    assert.doesNotMatch(text, /[\u202a-\u202e\u2066-\u2069]/u);
    if (path !== '/') {
      assert.ok(text.includes(String.raw`CN=\"\>\<script\>document.title='owned'\</script\>\u{202e}gpj`), 'the subject is shown as it is');
      assert.ok(text.includes(`554 <script>document.title='owned'</script>`), 'so is the greeting');
      await shot(page, 'hostile');
    }
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test('the page loads itself again, but not under the hands of its reader', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(origin);
  const seconds = Number(await page.locator('body').getAttribute('data-reload'));
  assert.ok(seconds > 0 && seconds <= 60);
  let loads = 0;
  page.on('load', () => { ++loads; });
  await page.keyboard.press('Tab');
  await page.clock.runFor(Math.min(seconds, 29) * 1000);
  assert.equal(loads, 0, 'somebody is using it');
  const loaded = page.waitForEvent('load');
  await page.clock.runFor(60000);
  await loaded;
  await context.close();
});

test('a target that is not there has a page that leads back', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const response = await page.goto(`${origin}/targets/%3Cscript%3Ealert(1)%3C%2Fscript%3E`);
  assert.equal(response.status(), 404);
  await page.getByRole('link', { name: 'All targets' }).click();
  assert.equal(await page.locator('h1').textContent(), 'danewatch');
  await context.close();
});
