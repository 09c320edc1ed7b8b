import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Account = {
  readonly port: number;
  readonly token: string;
  readonly certificate: string;
  readonly namespace: string;
};

/** A kubeconfig in a folder of its own, for this user's eyes only. */
export const writeKubeconfig = async (
  account: Account,
): Promise<{ readonly file: string; readonly remove: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'dupgrade-sandbox-'));
  const file = join(folder, 'kubeconfig');
  await writeFile(file, kubeconfigText(account), { mode: 0o600 });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
};

/** JSON is YAML, too. */
const kubeconfigText = ({ port, token, certificate, namespace }: Account): string => {
  const name = 'sandbox';
  const authority = Buffer.from(certificate).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': authority } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    'current-context': name,
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
};
