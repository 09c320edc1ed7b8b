import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isExecutable } from './binaries.ts';
import { Plane, type PlaneDescription } from './plane.ts';
import { accessOf, RestClient } from './rest.ts';
import { kubeconfigPath, kubeconfigText } from './users.ts';
import { TestNamespace } from './workload.ts';

const limitedAccount = 'limited';
const limitedSeconds = 24 * 60 * 60;

/**
 * A cluster that was there before: all users but `limited` are the one of the kubeconfig, `limited` is a service account
 * without rights in a namespace of its own.
 */
export class GivenPlane extends Plane {
  readonly #namespace: TestNamespace;

  private constructor(description: PlaneDescription, namespace: TestNamespace) {
    super(description);
    this.#namespace = namespace;
  }

  /** The cluster that DUPGRADE_TEST_KUBECONFIG names, its audit log that of DUPGRADE_TEST_AUDIT_LOG if given. */
  static async of(environment: NodeJS.ProcessEnv): Promise<GivenPlane | undefined> {
    const given = environment['DUPGRADE_TEST_KUBECONFIG'];
    if (given === undefined || given === '') return undefined;
    const kubeconfig = resolve(given);
    const endpoint = accessOf(kubeconfig);
    const namespace = await TestNamespace.make(RestClient.of(kubeconfig), 'dupgrade-limited');
    const dir = mkdtempSync(join(tmpdir(), 'dupgrade-plane-'));
    const limited = kubeconfigPath(dir, 'limited');
    writeFileSync(limited, kubeconfigText(endpoint, 'limited', await limitedToken(namespace)), { mode: 0o600 });
    const own = join(environment['KUBEBUILDER_ASSETS'] ?? '', 'kubectl');
    return new GivenPlane(
      {
        dir,
        server: endpoint.server,
        kubeconfigs: {
          admin: kubeconfig,
          kcm: kubeconfig,
          scheduler: kubeconfig,
          kwok: kubeconfig,
          cli: kubeconfig,
          limited,
        },
        auditLog: environment['DUPGRADE_TEST_AUDIT_LOG'] || undefined,
        kubectl: isExecutable(resolve(own)) ? resolve(own) : 'kubectl',
        limited: { kind: 'ServiceAccount', name: limitedAccount, namespace: namespace.name },
      },
      namespace,
    );
  }

  /** Takes away what was added; the cluster stays. */
  async stop(): Promise<void> {
    rmSync(this.dir, { recursive: true, force: true });
    await this.#namespace.delete();
    this.#namespace.client.close();
  }
}

const limitedToken = async (namespace: TestNamespace): Promise<string> => {
  await namespace.create('serviceaccounts', { metadata: { name: limitedAccount } });
  const answer = await namespace.client.create<{ readonly status: { readonly token: string } }>(
    namespace.path('serviceaccounts', limitedAccount, 'token'),
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: limitedSeconds } },
  );
  return answer.status.token;
};
