import { describe, expect, it } from 'vitest';
import { renderReportPage } from '../../src/output/page/report-page.ts';
import { REPORT } from './rehearsal-samples.ts';
import { UPGRADE_REPORT } from './report-sample.ts';

/** What is seen of it stands in test/browser. */
describe('the page of an upgrade', () => {
  it('needs nothing but itself, and shows what others wrote as text', () => {
    const page = renderReportPage(UPGRADE_REPORT, REPORT);
    expect(page).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import|https?:/);
    expect(page).toContain('&lt;b&gt;ben&lt;/b&gt;');
    expect(page).not.toContain('<b>');
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('has the curves, the stalls with their reasons, and the steps', () => {
    const page = renderReportPage(UPGRADE_REPORT);
    for (const series of ['pods', 'main', 'grey', 'ready', 'gpus'])
      expect(page).toContain(`<path class="line ${series}" d="M`);
    expect(page.match(/<rect class="stall"/g)).toHaveLength(2);
    expect(page).toContain('<td>15m00s from 20m00s on: a quota is used up (quota), says anna@laptop pid 7</td>');
    expect(page).toContain('<td>main 30 → 27</td>');
    expect(page).not.toContain('rehearsed');
  });

  it('lays a rehearsal beside it', () => {
    const page = renderReportPage(UPGRADE_REPORT, REPORT);
    expect(page).toContain('aria-label="Pods over time, rehearsed"');
    expect(page).toContain('aria-label="GPUs over time, rehearsed"');
    expect(page).toContain('<td>most pods</td><td>33</td><td>33</td><td>33</td>');
  });

  it('leaves out what there is none of', () => {
    const page = renderReportPage({ ...UPGRADE_REPORT, curve: [], stalls: [] });
    expect(page).not.toContain('<svg');
    expect(page).toContain('<p>None.</p>');
  });
});
