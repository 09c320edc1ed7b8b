import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { renderRehearsalPage } from '../../src/output/page/rehearsal-page.ts';
import { COMPARED } from '../output/rehearsal-samples.ts';

/** Debian's; another one is named by this variable. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const folder = mkdtempSync(join(tmpdir(), 'dupgrade-page-'));
const file = join(folder, 'rehearsal.html');
let browser: Browser;

beforeAll(async () => {
  writeFileSync(file, renderRehearsalPage(COMPARED, 'dupgrade'));
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  });
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

type Opened = { readonly page: Page; readonly requests: readonly string[]; readonly complaints: readonly string[] };

const open = async (options: Parameters<Browser['newPage']>[0] = {}): Promise<Opened> => {
  const page = await browser.newPage(options);
  onTestFinished(() => page.close());
  const [requests, complaints]: [string[], string[]] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(pathToFileURL(file).href);
  return { page, requests, complaints };
};

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** Where a curve lies in its picture, in units of the picture. */
const boxOf = (page: Page, series: string): Promise<{ left: number; right: number; top: number; bottom: number }> =>
  page.locator(`path.${series}`).evaluate((path) => {
    const { x, y, width, height } = (path as unknown as { getBBox: () => Box }).getBBox();
    return { left: x, right: x + width, top: y, bottom: y + height };
  });

/** From 0 (black) to 765 (white), of `rgb(22, 24, 29)`. */
const brightness = (color = ''): number =>
  (color.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);

describe('the page of a rehearsal, in a browser', () => {
  it('asks for nothing but itself, and has nothing to complain of', async () => {
    const { page, requests, complaints } = await open();
    expect(requests).toEqual([pathToFileURL(file).href]);
    expect(complaints).toEqual([]);
    expect(await page.title()).toBe('Rehearsal of llama-v2 in serving');
  });

  it('draws every curve from the beginning to the end, main down and grey up, between floor and peak', async () => {
    const { page } = await open();
    const [main, grey, ready, pods] = await Promise.all(
      ['main', 'grey', 'ready', 'pods'].map((each) => boxOf(page, each)),
    );
    if (!main || !grey || !ready || !pods) throw new Error('a curve is missing');
    for (const box of [main, grey, ready, pods])
      expect(box).toMatchObject({ left: expect.closeTo(48, 1), right: expect.closeTo(888, 1) });
    // 30 pods and none: both go all the way. The highest count is at the top of the picture, 0 at its bottom.
    expect(main.top).toBeCloseTo(grey.top, 1);
    expect(main.bottom).toBeCloseTo(grey.bottom, 1);
    expect(main.bottom).toBeCloseTo(268, 1);
    expect(pods.top).toBeCloseTo(12, 1);
    const floor = Number(await page.locator('line.floor').getAttribute('y1'));
    // The run dips to 25, below the floor of 30; y goes down.
    expect(ready.top).toBeCloseTo(floor, 0);
    expect(ready.bottom).toBeGreaterThan(floor);
  });

  it('tells the counts of the moment that is pointed at', async () => {
    const { page } = await open();
    const svg = page.locator('svg[aria-label="Pods over time"]');
    const box = await svg.boundingBox();
    if (box === null) throw new Error('it is not to be seen');
    const [x, y] = [box.x + box.width * 0.85, box.y + box.height / 2];
    const told = await page.evaluate<string>(
      `document.elementFromPoint(${x}, ${y}).querySelector('title').textContent`,
    );
    expect(told).toMatch(/^1h2\dm: main 6, grey 24, 30 ready, 33 pods, 264 GPUs$/);
  });

  it('is light or dark as the reader likes, with text that can be told from its ground', async () => {
    const grounds = await Promise.all(
      (['light', 'dark'] as const).map(async (colorScheme) => {
        const { page } = await open({ colorScheme });
        return page.evaluate<{ backgroundColor: string; color: string }>(
          '(({ backgroundColor, color }) => ({ backgroundColor, color }))(getComputedStyle(document.body))',
        );
      }),
    );
    const [light, dark] = grounds;
    expect(brightness(light?.backgroundColor) - brightness(light?.color)).toBeGreaterThan(500);
    expect(brightness(dark?.color) - brightness(dark?.backgroundColor)).toBeGreaterThan(500);
  });

  it('fits a telephone: only tables and pictures are wider, and move by themselves', async () => {
    const { page } = await open({ viewport: { width: 380, height: 800 } });
    const widthOf = (selector: string): Promise<number> =>
      page.evaluate(`document.querySelector('${selector}').scrollWidth`);
    const [wide, table] = await Promise.all([widthOf('html'), widthOf('.scroll')]);
    expect(wide).toBe(380);
    expect(table).toBeGreaterThan(380);
  });

  it('marks the way of the spec among the others', async () => {
    const { page } = await open();
    expect(await page.locator('tr.current').innerText()).toMatch(/^\*\s+scaleOutPriority\s+window\s+3\s/);
    expect(await page.locator('tbody tr').count()).toBe(4);
  });
});
