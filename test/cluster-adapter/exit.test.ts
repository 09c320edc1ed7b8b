import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { list, object, temporaryFolder, writeKubeconfig } from './fixtures.ts';
import { startServer } from './server.ts';

const run = promisify(execFile);
const connectModule = join(import.meta.dirname, '../../src/cluster/kubernetes/connect.ts');

/** How long a process takes to end, in ms, from when it closes a connection with requests under way. */
const endingMs = async (kubeconfig: string): Promise<number> => {
  const script = join(temporaryFolder(), 'script.mjs');
  writeFileSync(
    script,
    `const { connect } = await import(${JSON.stringify(connectModule)});
     const options = { kubeconfig: ${JSON.stringify(kubeconfig)}, env: {}, note: () => {} };
     const { cluster, close } = connect(options);
     const follower = cluster.follow('pods', { namespace: 'shop' }, () => {});
     await Promise.race([follower.synced, new Promise((resolve) => setTimeout(resolve, 300))]);
     cluster.list('pods', { name: 'hangs' }).catch(() => {});
     const begin = performance.now();
     await close();
     process.on('exit', () => console.log(Math.round(performance.now() - begin)));`,
  );
  const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', script]);
  return Number(stdout);
};

describe('a process ends by itself, and soon, once its connection is closed', () => {
  it('with a watch and a request under way', async () => {
    const server = await startServer(({ query }) => {
      if (query['watch'] === 'true') return { stream: () => undefined };
      return query['fieldSelector'] === undefined ? { json: list(10, [object('a', 5)]) } : 'hang';
    }, {});
    expect(await endingMs(writeKubeconfig(server))).toBeLessThan(500);
    expect(server.seen.count).toBeGreaterThan(0);
  });

  it('with a plugin under way that waits for another program', async () => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', args: ['-c', 'sleep 5; true'] };
    const kubeconfig = writeKubeconfig({ url: 'https://127.0.0.1:9', user: { exec } });
    expect(await endingMs(kubeconfig)).toBeLessThan(500);
  });
});
