import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

export const programNames = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'kubectl',
] as const;

export type ProgramName = (typeof programNames)[number];

const builder = join(import.meta.dirname, 'build.sh');

/**
 * The folder with the control plane's binaries: the one that KUBEBUILDER_ASSETS names, else the one that build.sh has built
 * or now builds (which takes minutes; its progress goes to stderr).
 * Rejects with the way out when neither is possible: a suite without a cluster has to fail, not to shrink.
 */
export const binaryFolder = async (environment: NodeJS.ProcessEnv = process.env): Promise<string> => {
  const given = environment['KUBEBUILDER_ASSETS'];
  if (given === undefined || given === '') return await built(environment);
  const missing = programNames.filter((name) => !isExecutable(join(given, name)));
  if (missing.length === 0) return given;
  throw new Error(
    `KUBEBUILDER_ASSETS names ${given}, which has no ${missing.join(', ')}. ` +
      'Put them there, or unset it to have all of them built with Go.',
  );
};

export const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const noPlane =
  'The tests against a cluster need a control plane: ' +
  'name a folder with its binaries in KUBEBUILDER_ASSETS, or a cluster in DUPGRADE_TEST_KUBECONFIG, ' +
  'or have Go (the version in test/cluster/kubernetes/go.mod) and bash installed to build it.';

const built = async (environment: NodeJS.ProcessEnv): Promise<string> => {
  // Asked here, as the script names its folder after Go's version and would go on with an empty one.
  const go = spawnSync('go', ['version'], { env: environment });
  if (go.error) throw new Error(`${noPlane} (${go.error.message})`);
  const build = spawn('bash', [builder], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let said = '';
  build.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  build.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    process.stderr.write(text);
  });
  const code = await new Promise<number | null>((done, fail) => {
    build.on('error', (error) => fail(new Error(`${noPlane} (${error.message})`)));
    build.on('close', done);
  });
  if (code === 0) return printed.trim();
  throw new Error(
    `${noPlane} test/cluster/build.sh ended with ${code}: ${said.trim().split('\n').slice(-5).join('\n')}`,
  );
};
