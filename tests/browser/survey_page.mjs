// node survey_page.mjs PAGE CHROMIUM SCREENSHOT_DIRECTORY: the summary of a survey as a person sees it, without JavaScript.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

const [file, browserPath, screenshots] = process.argv.slice(2);
const address = pathToFileURL(file).href;
let browser;

before(async () => {
  mkdirSync(screenshots, { recursive: true });
  browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] });
});

after(() => browser?.close());

async function opened(options = {}) {
  const context = await browser.newContext({ javaScriptEnabled: false, ...options });
  const page = await context.newPage();
  const asked = [];
  const complaints = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(address);
  return { page, asked, complaints };
}

test('it is one file that asks for nothing else', async () => {
  const { page, asked, complaints } = await opened();
  assert.deepEqual(asked, [address]);
  assert.deepEqual(complaints, []);
  await page.screenshot({ path: join(screenshots, 'survey.png'), fullPage: true });
});

test('charts have names, bars have lengths, and the numbers stand beside them', async () => {
  const { page } = await opened();
  const charts = page.getByRole('img');
  assert.ok(await charts.count() >= 4);
  const first = page.getByRole('img', { name: 'Verdicts' });
  const bars = first.locator('rect');
  const widths = await bars.evaluateAll((all) => all.map((bar) => bar.getBoundingClientRect().width)).catch(() => null)
    ?? [(await bars.first().boundingBox()).width];
  assert.ok(widths[0] > 100);
  assert.match(await first.textContent(), /authenticated.*\d+ \(\d+\.\d %\)/s);
});

test('the same numbers are there as a table', async () => {
  const { page } = await opened();
  const details = page.locator('details').first();
  await details.locator('summary').click();
  assert.ok(await details.locator('td').first().isVisible());
});

for (const [name, options] of [['narrow', { viewport: { width: 360, height: 700 } }], ['dark', { colorScheme: 'dark' }]]) {
  test(`${name}: nothing is cut off or unreadable`, async () => {
    const { page } = await opened(options);
    const width = (await page.locator('body').boundingBox()).width;
    const chart = await page.getByRole('img').first().boundingBox();
    assert.ok(chart.width <= width);
    await page.screenshot({ path: join(screenshots, `survey-${name}.png`), fullPage: true });
  });
}
