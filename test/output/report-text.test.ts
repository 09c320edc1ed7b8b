import { describe, expect, it } from 'vitest';
import { renderReport } from '../../src/output/report-text.ts';
import { UPGRADE_REPORT } from './report-sample.ts';

const FRAME = { color: false, unicode: true, columns: 120 };

describe('the text of a report', () => {
  it('has what became of it, the chart, the stalls with their reasons and every step', () => {
    const text = renderReport(UPGRADE_REPORT, FRAME);
    expect(text).toContain('Upgrade:   llama-v2 in serving: main (llama-v1) 30 → 0, grey (llama-v2) 0 → 30\n');
    expect(text).toContain('Started:   2026-11-23T10:00:00Z by anna@laptop pid 7\nState:     completed\n');
    expect(text).toContain('█ main ready   ▒ grey ready');
    expect(text).toContain(' floor 30');
    expect(text).toContain(
      'Duration:  1h40m, 20 writes\nReady:     at least 25 pods at every moment that was seen; 30 on the way of the spec if no pod fails\nPeak:      33 pods, 264 GPUs\n',
    );
    expect(text).toContain(
      'Stalls:    15m00s from 20m00s on: a quota is used up (quota), says anna@laptop pid 7\n           20m00s from 1h00m on: nothing was scaled; the journal has no reason\n',
    );
    expect(text).toMatch(/^ +… 2 older entries/m);
    expect(text).toMatch(/^2026-11-23T10:35:00Z +35m00s +main 30 → 27 +ben@desk pid 9$/m);
    expect(text).toMatch(/^2026-11-23T10:30:00Z +30m00s +stuck \(quota\) +anna@laptop pid 7$/m);
  });

  it('says so where no curve was kept, and where nothing stalled', () => {
    const text = renderReport({ ...UPGRADE_REPORT, curve: [], stalls: [] }, FRAME);
    expect(text).toContain('Curve:     none was kept by the dupgrade that drove it\n');
    expect(text).toContain('Stalls:    none\n');
    expect(text).not.toContain('main ready');
  });

  it('shows no control characters of others', () => {
    expect(renderReport({ ...UPGRADE_REPORT, startedBy: 'a\u001b[2Jb' }, FRAME)).not.toContain('\u001b');
  });
});
