import { describe, expect, it } from 'vitest';
import { renderRehearsalPage } from '../../src/output/page/rehearsal-page.ts';
import { COMPARED, REPORT } from './rehearsal-samples.ts';

/** What is seen of it stands in test/browser. */
describe('the page of a rehearsal', () => {
  it('needs nothing but itself', () => {
    expect(renderRehearsalPage(COMPARED, 'dupgrade')).not.toMatch(
      /<script|<link|<img|src=|href=|url\(|@import|https?:/,
    );
  });

  it('shows what others wrote as text', () => {
    const [shortfall] = REPORT.shortfalls;
    if (shortfall?.end.kind !== 'ended') throw new Error('it has a message');
    const message = `<img src=x onerror="alert('1')"> & more`;
    const page = renderRehearsalPage(
      { ...REPORT, shortfalls: [{ ...shortfall, end: { ...shortfall.end, message } }] },
      'dupgrade',
    );
    expect(page).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; more');
    expect(page).not.toContain('<img');
  });

  it('has the curves, the floor and the counts of every moment', () => {
    const page = renderRehearsalPage(REPORT, 'dupgrade');
    for (const series of ['pods', 'main', 'grey', 'ready', 'gpus'])
      expect(page).toContain(`<path class="line ${series}" d="M`);
    expect(page).toContain('class="line floor"');
    expect(page).toContain('<title>0s: main 30, grey 0, 30 ready, 33 pods, 264 GPUs</title>');
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('leaves out what there is none of', () => {
    const page = renderRehearsalPage({ ...REPORT, peakGpus: 0, durationsMs: [] }, 'dupgrade');
    expect(page).not.toContain('<h2>GPUs</h2>');
    expect(page).not.toContain('How long each run took');
    expect(page).not.toContain('Other ways');
  });
});
