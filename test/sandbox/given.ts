import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { json, text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { DeploymentSetup, Failure, Scenario } from '../../src/cluster/virtual/scenario.ts';
import { openSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { runCli, type Cli } from '../support/process.ts';

export const TOKEN = 'a-token-of-the-test';

const deployment = (name: string, replicas: number, failures: readonly Failure[] = []): DeploymentSetup => ({
  namespace: 'serving',
  name,
  replicas,
  image: `${name}:1`,
  requests: { cpuMilli: 1000, memoryBytes: 1024 ** 3, gpus: 1 },
  readyAfter: { kind: 'range', fromMs: 20_000, toMs: 30_000 },
  termination: { kind: 'range', fromMs: 5000, toMs: 10_000 },
  gracePeriodSeconds: 30,
  failures,
});

/** Six pods of main, none of grey; room for three more. */
export const scenarioOf = (failures: readonly Failure[] = []): Scenario => ({
  name: 'a test',
  seed: 7,
  nodes: [{ name: 'gpu', count: 3, pods: 110, cpuMilli: 32_000, memoryBytes: 64 * 1024 ** 3, gpus: 3 }],
  deployments: [deployment('model-v1', 6), deployment('model-v2', 0, failures)],
  quotas: [],
  happenings: [],
});

/** A spec file that moves the six pods to grey, two at a time, with other fields of its `spec` where they are given. */
export const specOf = (fields: object = {}): string =>
  JSON.stringify({
    apiVersion: 'dupgrade.dev/v1',
    kind: 'DeploymentUpgrade',
    metadata: { name: 'model-v2', namespace: 'serving' },
    spec: {
      main: { deployment: 'model-v1', target: 0 },
      grey: { deployment: 'model-v2', target: 6 },
      step: 2,
      ...fields,
    },
  });

export const clock: SandboxOptions['clock'] = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** Time that does not pass: nothing happens in the cluster but what it is asked for. */
export const stoppedClock: SandboxOptions['clock'] = { now: clock.now, monotonic: () => 0, after: () => () => {} };

/** A sandbox in this process, that is closed after the test. */
export const sandboxOf = async (options: Partial<SandboxOptions> = {}): Promise<Sandbox> => {
  const sandbox = await openSandbox({ scenario: scenarioOf(), speed: 100, port: 0, token: TOKEN, clock, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
};

/** Runs the built program with the sandbox's kubeconfig. */
export const dupgrade = ({ kubeconfig }: Pick<Sandbox, 'kubeconfig'>, args: readonly string[], input = ''): Cli =>
  runCli(args, { env: { KUBECONFIG: kubeconfig, CI: 'true' }, input });

/** What the tests look at in an answer; it has what its kind has. */
export type Body = {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly items: readonly unknown[];
  readonly rows: readonly { readonly cells: readonly unknown[] }[];
};

export type Question = {
  readonly method?: string;
  /** Sent beside those that every request has, or instead; undefined takes one of these away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
};

/** Sends a request with the token, unless the headers say otherwise. */
export const send = (
  sandbox: Pick<Sandbox, 'kubeconfig' | 'port'>,
  path: string,
  { method = 'GET', headers, body }: Question = {},
) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const config = JSON.parse(readFileSync(sandbox.kubeconfig, 'utf8')) as {
      clusters: [{ cluster: { 'certificate-authority-data': string } }];
    };
    const ca = Buffer.from(config.clusters[0].cluster['certificate-authority-data'], 'base64');
    const content = body === undefined ? '' : JSON.stringify(body);
    // Node would send the body of a DELETE without a word on its length.
    const length = { 'content-length': String(Buffer.byteLength(content)) };
    const all = Object.entries({
      ...length,
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      ...headers,
    });
    const asked = request({
      host: '127.0.0.1',
      port: sandbox.port,
      path,
      method,
      headers: Object.fromEntries(all.filter(([, value]) => value !== undefined)),
      ca,
      servername: 'localhost',
      agent: false,
    });
    asked.once('response', resolve).once('error', reject);
    asked.end(content);
  });

export const ask = async (sandbox: Pick<Sandbox, 'kubeconfig' | 'port'>, path: string, question?: Question) => {
  const answer = await send(sandbox, path, question);
  return { code: answer.statusCode, body: (await json(answer)) as Body };
};

/** The events of a watch that the server ends. */
export const watched = async (sandbox: Pick<Sandbox, 'kubeconfig' | 'port'>, path: string) => {
  const lines = (await text(await send(sandbox, path))).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as { type: string; object: Body });
};
