import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { renderReportPage } from '../../src/output/page/report-page.ts';
import { REPORT } from '../output/rehearsal-samples.ts';
import { UPGRADE_REPORT } from '../output/report-sample.ts';

/** Debian's; another one is named by this variable. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const folder = mkdtempSync(join(tmpdir(), 'dupgrade-report-'));
const file = join(folder, 'report.html');
let browser: Browser;

/** The same upgrade, rehearsed in half the time. */
const HASTY = {
  ...REPORT,
  example: {
    ...REPORT.example,
    curve: REPORT.example.curve.map((point) => ({ ...point, atMs: point.atMs / 2 })),
  },
};

beforeAll(async () => {
  writeFileSync(file, renderReportPage(UPGRADE_REPORT, HASTY));
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  });
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

const open = async (): Promise<{ page: Page; complaints: readonly string[]; requests: readonly string[] }> => {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const [requests, complaints]: [string[], string[]] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(pathToFileURL(file).href);
  return { page, complaints, requests };
};

/** Where something lies in the picture of this title, in units of the picture. */
const boxOf = (page: Page, title: string, selector: string): Promise<{ left: number; right: number; top: number }> =>
  page
    .locator(`svg[aria-label="${title}"] ${selector}`)
    .first()
    .evaluate((shape) => {
      const { x, y, width } = (
        shape as unknown as { getBBox: () => { x: number; y: number; width: number } }
      ).getBBox();
      return { left: x, right: x + width, top: y };
    });

describe('the page of an upgrade, in a browser', () => {
  it('asks for nothing but itself, and has nothing to complain of', async () => {
    const { page, complaints, requests } = await open();
    expect(requests).toEqual([pathToFileURL(file).href]);
    expect(complaints).toEqual([]);
    expect(await page.title()).toBe('Upgrade llama-v2 in serving');
  });

  it('draws the run and its rehearsal with the same axes', async () => {
    const { page } = await open();
    const run = await boxOf(page, 'Pods over time', 'path.pods');
    const rehearsed = await boxOf(page, 'Pods over time, rehearsed', 'path.pods');
    expect(run).toMatchObject({ left: expect.closeTo(48, 1), right: expect.closeTo(888, 1) });
    // It took half as long: it ends in the middle of the same time.
    expect(rehearsed.right).toBeCloseTo(48 + (888 - 48) / 2, 0);
    expect(rehearsed.top).toBeCloseTo(run.top, 1);
  });

  it('marks where it stalled, and tells of what is pointed at until a curve ends', async () => {
    const { page } = await open();
    const stall = await boxOf(page, 'Pods over time', 'rect.stall');
    // From 20 to 35 of 100 minutes.
    expect(stall).toMatchObject({ left: expect.closeTo(216, 0), right: expect.closeTo(342, 0) });
    expect(await page.locator('svg[aria-label="Pods over time, rehearsed"] rect.stall').count()).toBe(0);
    const moments = (title: string) => page.locator(`svg[aria-label="${title}"] rect.moment`).count();
    expect(await moments('Pods over time')).toBe(120);
    expect(await moments('Pods over time, rehearsed')).toBe(61);
  });

  it('stays legible in a narrow window, which moves a picture and not the page', async () => {
    const { page } = await open();
    await page.setViewportSize({ width: 390, height: 800 });
    const box = await page.locator('svg[aria-label="Pods over time"] text').first().boundingBox();
    expect(box?.height).toBeGreaterThan(8);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });

  it('has every step in a table', async () => {
    const { page } = await open();
    expect(await page.getByText('stuck (quota)').count()).toBe(1);
    expect(await page.locator('table').last().locator('tbody tr').count()).toBe(7);
  });
});
