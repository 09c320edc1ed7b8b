import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { targetOf } from '../../src/cluster/kubernetes/kubeconfig.ts';
import { kubeconfigText, SECRET, temporaryFolder, thrownBy, writeKubeconfig } from './fixtures.ts';

const url = 'https://10.0.0.1:6443';
const nowhere = { HOME: '/nonexistent' };

const write = (text: string, folder = temporaryFolder(), name = 'config'): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

/** A home with a kubeconfig for https://of-home. */
const home = (): string => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, '.kube'));
  writeKubeconfig({ url: 'https://of-home' }, join(folder, '.kube'));
  return folder;
};

describe('where a kubeconfig is looked for', () => {
  it('is first --kubeconfig, then $KUBECONFIG, then the home', () => {
    const HOME = home();
    const KUBECONFIG = writeKubeconfig({ url: 'https://of-env' });
    const kubeconfig = writeKubeconfig({ url: 'https://of-option' });
    expect(targetOf({ kubeconfig, env: { HOME, KUBECONFIG } }).parties.server).toBe('https://of-option');
    expect(targetOf({ env: { HOME, KUBECONFIG } }).parties.server).toBe('https://of-env');
    expect(targetOf({ env: { HOME, KUBECONFIG: '' } }).parties.server).toBe('https://of-home');
    expect(targetOf({ env: { USERPROFILE: HOME } }).parties.server).toBe('https://of-home');
  });

  it("is last the pod's service account", () => {
    const root = temporaryFolder();
    const account = join(root, '/var/run/secrets/kubernetes.io/serviceaccount');
    mkdirSync(account, { recursive: true });
    writeFileSync(join(account, 'token'), SECRET);
    writeFileSync(join(account, 'namespace'), 'shop\n');
    const env = { ...nowhere, KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };
    const target = targetOf({ env, root });
    expect(target.parties).toEqual({ server: 'https://10.96.0.1:443', context: 'in-cluster', user: 'service-account' });
    expect(target.namespace).toBe('shop');
    const six = targetOf({ env: { ...env, KUBERNETES_SERVICE_HOST: 'fd00::1' }, root });
    expect(six.parties.server).toBe('https://[fd00::1]:443');
    const HOME = home();
    expect(targetOf({ env: { ...env, HOME }, root }).parties.server).toBe('https://of-home');
  });

  it('$KUBECONFIG may list several: the first that knows a name wins, and one that is not there is left out', () => {
    const folder = temporaryFolder();
    const first = write(
      JSON.stringify({ clusters: [{ name: 'plane', cluster: { server: 'https://first' } }] }),
      folder,
      'first',
    );
    const second = write(kubeconfigText({ url: 'https://second', context: { namespace: 'shop' } }), folder, 'second');
    const env = { KUBECONFIG: [join(folder, 'missing'), first, '', second].join(':') };
    const target = targetOf({ env });
    expect(target.parties).toEqual({ server: 'https://first', context: 'test', user: 'alice' });
    expect([target.user.token, target.namespace]).toEqual([SECRET, 'shop']);
  });
});

describe('what is taken from a kubeconfig', () => {
  const two = JSON.stringify({
    clusters: [{ name: 'c', cluster: { server: `${url}/` } }],
    users: [{ name: 'u', user: { token: SECRET } }],
    contexts: [
      { name: 'one', context: { cluster: 'c', user: 'u', namespace: 'shop' } },
      { name: 'two', context: { cluster: 'c', user: 'u' } },
      { name: 'incomplete', context: {} },
    ],
    'current-context': 'one',
  });

  it('is the current context, or the one that is asked for', () => {
    const kubeconfig = write(two);
    const one = targetOf({ kubeconfig, env: {} });
    expect([one.parties.context, one.namespace, one.parties.server]).toEqual(['one', 'shop', url]);
    const other = targetOf({ kubeconfig, context: 'two', env: {} });
    expect([other.parties.context, other.namespace]).toEqual(['two', 'default']);
  });

  it('files are named from its folder', () => {
    const folder = temporaryFolder();
    const exec = { command: './login', apiVersion: 'client.authentication.k8s.io/v1' };
    const user = { 'client-certificate': 'c.crt', 'client-key': '/abs/c.key', exec };
    const cluster = { 'certificate-authority': 'pki/ca.crt' };
    const target = targetOf({ kubeconfig: writeKubeconfig({ url, user, cluster }, folder), env: {} });
    expect(target.cluster.caFile).toBe(join(folder, 'pki/ca.crt'));
    expect(target.user).toMatchObject({
      certFile: join(folder, 'c.crt'),
      keyFile: '/abs/c.key',
      exec: { command: join(folder, 'login') },
    });
    const onPath = writeKubeconfig({ url, user: { exec: { ...exec, command: 'aws' } } });
    expect(targetOf({ kubeconfig: onPath, env: {} }).user.exec).toMatchObject({ command: 'aws' });
  });

  it('a context without a user is for nobody in particular', () => {
    const kubeconfig = writeKubeconfig({ url, context: { user: '' } });
    expect(targetOf({ kubeconfig, env: {} }).parties).toEqual({ server: url, context: 'test', user: undefined });
  });
});

/** What is said of a kubeconfig with this text. */
const faultIn = (text: string, context?: string) => {
  const kubeconfig = write(text);
  const { fault, message } = thrownBy(() => targetOf({ kubeconfig, context, env: {} }));
  return [fault, message.replaceAll(kubeconfig, 'FILE')];
};

describe('what is wrong with a configuration is said in a sentence', () => {
  it('no file of that name', () => {
    const { fault, message } = thrownBy(() => targetOf({ kubeconfig: '/nonexistent/config', env: {} }));
    expect([fault, message]).toEqual([
      'unreachable',
      'The kubeconfig /nonexistent/config is of no use: there is no such file.',
    ]);
  });

  it('a folder', () => {
    const { message } = thrownBy(() => targetOf({ kubeconfig: temporaryFolder(), env: {} }));
    expect(message).toMatch(/is of no use: it cannot be read \(EISDIR\)\.$/);
  });

  it('$KUBECONFIG that names nothing', () => {
    const { message } = thrownBy(() => targetOf({ env: { KUBECONFIG: '/nonexistent/a:/nonexistent/b' } }));
    expect(message).toBe('$KUBECONFIG names no file that exists: /nonexistent/a, /nonexistent/b.');
  });

  it('no configuration at all', () => {
    const { fault, message } = thrownBy(() => targetOf({ env: nowhere }));
    expect(fault).toBe('unreachable');
    expect(message).toBe(
      'Nothing says which cluster is meant: there is no --kubeconfig, no $KUBECONFIG, ' +
        'no /nonexistent/.kube/config, no service account of a pod.',
    );
  });

  it.each([
    [
      'broken YAML',
      `users:\n- name: "${SECRET}\n  x: {`,
      'The kubeconfig FILE is of no use: its YAML has a fault in line',
    ],
    ['a list', '[]', 'The kubeconfig FILE is of no use: it holds no kubeconfig.'],
    ['nothing', '', 'The kubeconfig FILE is of no use: it holds no kubeconfig.'],
    ['no contexts', 'apiVersion: v1', 'FILE has no current context; give --context. Contexts there: none.'],
    [
      'no cluster',
      JSON.stringify({ contexts: [{ name: 'a', context: { cluster: 'c' } }], 'current-context': 'a' }),
      'Context a is for cluster c, which FILE does not describe.',
    ],
    [
      'no such user',
      kubeconfigText({ url, context: { user: 'bob' } }),
      'Context test is for user bob, whom FILE does not describe.',
    ],
    [
      'no address',
      kubeconfigText({ url: 'localhost:6443' }),
      'The server of cluster plane is no http or https address.',
    ],
    [
      'a password in the address',
      kubeconfigText({ url: `https://alice:${SECRET}@10.0.0.1` }),
      'The server of cluster plane has credentials in it; they belong to the user.',
    ],
  ])('%s', (_, text, message) => {
    const [, said] = faultIn(text);
    expect(said).toContain(message);
    expect(said).not.toContain(SECRET);
  });

  it('a context that is not there', () => {
    expect(faultIn(kubeconfigText({ url }), 'prod')).toEqual([
      'unreachable',
      'There is no context prod in FILE. Contexts there: test.',
    ]);
  });

  it('a user that is not there is a matter of credentials', () => {
    expect(faultIn(kubeconfigText({ url, context: { user: 'bob' } }))[0]).toBe('unauthorized');
  });
});
