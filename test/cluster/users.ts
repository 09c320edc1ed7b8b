import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Who talks to the plane. Each has a token of its own, so the audit log tells who wrote what. All but `limited` may do
 * everything; `limited` may do nothing until a test grants it something.
 */
export const planeUsers = ['admin', 'kcm', 'scheduler', 'kwok', 'cli', 'limited'] as const;

export type PlaneUser = (typeof planeUsers)[number];

/** A subject as a RoleBinding names it. */
export type RbacSubject =
  | { readonly kind: 'User'; readonly name: string; readonly apiGroup: 'rbac.authorization.k8s.io' }
  | { readonly kind: 'ServiceAccount'; readonly name: string; readonly namespace: string };

export const limitedUser: RbacSubject = { kind: 'User', name: 'limited', apiGroup: 'rbac.authorization.k8s.io' };

export type Tokens = Readonly<Record<PlaneUser, string>>;

export const newTokens = (): Tokens => {
  return {
    admin: newToken(),
    kcm: newToken(),
    scheduler: newToken(),
    kwok: newToken(),
    cli: newToken(),
    limited: newToken(),
  };
};

const newToken = (): string => randomBytes(16).toString('hex');

/** kube-apiserver's --token-auth-file: token, user, uid, groups. */
export const tokenFile = (tokens: Tokens): string =>
  planeUsers
    .map((user) => `${tokens[user]},${user},${user},"${user === 'limited' ? 'dupgrade:limited' : 'system:masters'}"\n`)
    .join('');

export const kubeconfigPath = (dir: string, user: PlaneUser): string => join(dir, `${user}.kubeconfig`);

export const kubeconfigPaths = (dir: string): Readonly<Record<PlaneUser, string>> => ({
  admin: kubeconfigPath(dir, 'admin'),
  kcm: kubeconfigPath(dir, 'kcm'),
  scheduler: kubeconfigPath(dir, 'scheduler'),
  kwok: kubeconfigPath(dir, 'kwok'),
  cli: kubeconfigPath(dir, 'cli'),
  limited: kubeconfigPath(dir, 'limited'),
});

export interface Endpoint {
  readonly server: string;
  readonly ca?: Buffer | undefined;
  readonly insecure?: boolean | undefined;
}

/** A kubeconfig in JSON, which is YAML as well. */
export const kubeconfigText = ({ server, ca, insecure }: Endpoint, user: string, token: string): string =>
  JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'plane',
          cluster: {
            server,
            ...(ca && { 'certificate-authority-data': ca.toString('base64') }),
            ...(insecure && { 'insecure-skip-tls-verify': true }),
          },
        },
      ],
      users: [{ name: user, user: { token } }],
      contexts: [{ name: 'plane', context: { cluster: 'plane', user } }],
      'current-context': 'plane',
    },
    undefined,
    2,
  );

export const writeKubeconfigs = (dir: string, endpoint: Endpoint, tokens: Tokens): void => {
  for (const user of planeUsers) {
    writeFileSync(kubeconfigPath(dir, user), kubeconfigText(endpoint, user, tokens[user]), { mode: 0o600 });
  }
};

/** The key pair that signs and checks the tokens of service accounts. */
export const writeServiceAccountKeys = (dir: string): void => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(dir, 'sa.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  writeFileSync(join(dir, 'sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
};
