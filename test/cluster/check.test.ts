import { describe, expect, it } from 'vitest';
import type { CheckReport, Finding } from '../../src/upgrade/finding.ts';
import { plane } from './fixtures.ts';
import { GREY, MAIN, Upgrade, type Wanted } from './upgrade.ts';

type Told = Omit<CheckReport, 'findings'> & { readonly findings: readonly (Finding & { readonly message: string })[] };

const WANTED: Wanted = { targets: [0, 2], step: 1 };

const checked = (upgrade: Upgrade, code: number, ...options: string[]): Promise<Told> =>
  upgrade.report('check', WANTED, { codes: [code], options });

const of = ({ findings }: Told, check: string) => findings.filter(({ name }) => name === check);

describe('dupgrade check on a real plane', () => {
  it('sees Services, a PodDisruptionBudget and an autoscaler; the last refuses start as well, unless it is skipped', async () => {
    const upgrade = await Upgrade.of({ main: 2 });
    const { namespace } = upgrade;
    await namespace.create('services', {
      metadata: { name: 'model' },
      spec: { selector: { app: MAIN }, ports: [{ port: 80 }] },
    });
    await namespace.create('poddisruptionbudgets', {
      metadata: { name: 'guard' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: MAIN } } },
    });
    await namespace.create('horizontalpodautoscalers', {
      metadata: { name: 'scaler' },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: GREY }, maxReplicas: 5 },
    });
    const report = await checked(upgrade, 3);
    expect(of(report, 'services')).toMatchObject([
      { level: 'warning', fact: { both: [], only: { main: ['model'], grey: [] } } },
    ]);
    expect(of(report, 'budgets')).toMatchObject([{ level: 'warning', fact: { of: { main: ['guard'], grey: [] } } }]);
    expect(of(report, 'autoscalers')).toMatchObject([
      { level: 'refusal', fact: { side: 'grey', kind: 'HorizontalPodAutoscaler', name: 'scaler' } },
      { level: 'unknown', fact: { what: 'scaledobjects', why: 'not-installed' } },
      { level: 'unknown', fact: { what: 'verticalpodautoscalers', why: 'not-installed' } },
    ]);
    expect(of(report, 'deployments')).toMatchObject([{ level: 'ok' }]);

    const refused = upgrade.start(WANTED);
    expect(await refused.exit, refused.stdout).toMatchObject({ code: 3 });
    expect(refused.stderr).toContain('HorizontalPodAutoscaler scaler');
    expect(await upgrade.writes([2, 0])).toEqual([[2, 0]]);
    expect((await checked(upgrade, 0, '--skip-check', 'autoscalers')).verdict).toBe('warnings');
  });

  it('names the rights that are missing, also where nothing may be read', async () => {
    const upgrade = await Upgrade.of({ main: 2 });
    const none = await checked(upgrade.as('limited'), 3);
    expect(of(none, 'rights')).toMatchObject([{ level: 'refusal' }]);
    expect(of(none, 'rights')[0]?.message).toContain(`patch deployments/scale in namespace ${upgrade.namespace.name}`);
    expect(of(none, 'deployments')).toMatchObject([{ level: 'unknown' }]);

    await upgrade.namespace.grant(plane.limited, [
      { apiGroups: ['apps'], resources: ['deployments', 'replicasets'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['patch'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch', 'create', 'update'] },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
    ]);
    const enough = await checked(upgrade.as('limited'), 0);
    expect(of(enough, 'rights')).toMatchObject([{ level: 'ok' }]);
    const unread = enough.findings.filter(({ level }) => level === 'unknown').map(({ name }) => name);
    expect([...new Set(unread)]).toEqual(['services', 'autoscalers', 'budgets', 'quota', 'capacity']);
  });

  it.each([
    ['Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }, 'argocd-controller', 'warning'],
    ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }, 'kustomize-controller', 'warning'],
    ['Helm', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }, 'helm', 'note'],
  ] as const)('knows %s by its marks, and by who wrote the replicas last', async (owner, marks, manager, level) => {
    const upgrade = await Upgrade.of({ main: 2 });
    const { namespace } = upgrade;
    await namespace.patch('deployments', MAIN, { metadata: marks });
    expect(of(await checked(upgrade, 0), 'owners')).toMatchObject([
      { level: 'note', fact: { side: 'main', owner, ownsReplicas: false } },
    ]);
    await namespace.scale(MAIN, 3, manager);
    await namespace.untilReady(MAIN, 3);
    expect(of(await checked(upgrade, 0), 'owners')).toMatchObject([
      { level, fact: { side: 'main', owner, ownsReplicas: true } },
    ]);
  });

  it('sees another upgrade of one of the two', async () => {
    const upgrade = await Upgrade.of({ main: 2, greyBehaviour: { mode: 'never-ready' } });
    const run = upgrade.start(WANTED, '--timeout', '1s');
    expect(await run.exit, run.stdout + run.stderr).toMatchObject({ code: 5 });
    const second = JSON.parse(upgrade.spec(WANTED)) as { metadata: { name: string } };
    second.metadata.name = 'second';
    const cli = upgrade.runWithInput(JSON.stringify(second), 'check', '-', '-o', 'json');
    expect(await cli.exit, cli.stdout + cli.stderr).toMatchObject({ code: 3 });
    const report = JSON.parse(cli.stdout) as Told;
    expect(of(report, 'other-upgrade')).toMatchObject([{ level: 'refusal', fact: { name: upgrade.name } }]);
    expect(of(report, 'ready')).toMatchObject([{ level: 'warning', fact: { side: 'grey', asked: 1, ready: 0 } }]);
  });
});
