import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { authority, serverCertificate, serverKey } from '../cluster-adapter/certificates.ts';
import type { ProgramName } from './binaries.ts';
import { kubeconfigPath } from './users.ts';

/** Flags that a test adds to a program's own, e.g. `--min-request-timeout=5` to have watches end early. */
export interface ExtraFlags {
  readonly apiserver?: readonly string[];
  readonly controllerManager?: readonly string[];
  readonly scheduler?: readonly string[];
}

export interface Layout {
  readonly dir: string;
  readonly ports: { readonly etcd: number; readonly etcdPeer: number; readonly apiserver: number };
  readonly extra: ExtraFlags;
}

export interface Program {
  readonly name: ProgramName;
  readonly args: readonly string[];
}

export const etcdUrl = ({ ports }: Layout): string => `http://127.0.0.1:${ports.etcd}`;
export const serverUrl = ({ ports }: Layout): string => `https://127.0.0.1:${ports.apiserver}`;

/** The file holds its CA, too. */
export const servingCertificate = ({ dir }: Layout): string => join(dir, 'apiserver.crt');

/** The server makes one itself when it finds none, with an RSA key, whose signatures are two thirds of what a handshake costs it. */
export const writeServingCertificate = (layout: Layout): void => {
  writeFileSync(servingCertificate(layout), serverCertificate + authority);
  writeFileSync(join(layout.dir, 'apiserver.key'), serverKey, { mode: 0o600 });
};
export const auditLogPath = (dir: string): string => join(dir, 'audit.log');

export const etcd = (layout: Layout): Program => {
  const peer = `http://127.0.0.1:${layout.ports.etcdPeer}`;
  return {
    name: 'etcd',
    args: [
      `--name=${etcdName(layout)}`,
      `--data-dir=${join(layout.dir, 'etcd')}`,
      '--unsafe-no-fsync',
      `--quota-backend-bytes=${4 * 1024 ** 3}`,
      `--listen-client-urls=${etcdUrl(layout)}`,
      `--advertise-client-urls=${etcdUrl(layout)}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=${etcdName(layout)}=${peer}`,
      '--log-level=warn',
    ],
  };
};

/** Of its own for each plane, so that nobody takes another plane's etcd for his. */
export const etcdName = ({ ports }: Layout): string => `n${ports.etcd}-${ports.etcdPeer}`;

export const apiserver = (layout: Layout): Program => ({
  name: 'kube-apiserver',
  args: [
    `--etcd-servers=${etcdUrl(layout)}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${layout.ports.apiserver}`,
    // The endpoints of the "kubernetes" Service may not be on loopback; nobody needs them.
    '--endpoint-reconciler-type=none',
    `--cert-dir=${layout.dir}`,
    `--token-auth-file=${join(layout.dir, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(layout.dir, 'sa.pub')}`,
    `--service-account-signing-key-file=${join(layout.dir, 'sa.key')}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--allow-privileged=true',
    // It taints each new node until the node lifecycle controller says otherwise, and that one does not run here.
    '--disable-admission-plugins=TaintNodesByCondition',
    '--event-ttl=10m',
    '--profiling=false',
    '--etcd-count-metric-poll-period=0',
    '--etcd-db-metric-poll-interval=0',
    '--max-requests-inflight=800',
    '--max-mutating-requests-inflight=400',
    `--audit-policy-file=${join(import.meta.dirname, 'audit-policy.yaml')}`,
    `--audit-log-path=${auditLogPath(layout.dir)}`,
    '--audit-log-maxsize=4096',
    ...(layout.extra.apiserver ?? []),
  ],
});

/** Those whose work the tests see; the others would only cost start-up time and memory. */
const controllers = [
  'clusterrole-aggregation-controller',
  'deployment-controller',
  'disruption-controller',
  'endpointslice-controller',
  'garbage-collector-controller',
  'horizontal-pod-autoscaler-controller',
  'namespace-controller',
  'pod-garbage-collector-controller',
  'replicaset-controller',
  'resourcequota-controller',
  'root-ca-certificate-publisher-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
];

export const controllerManager = (layout: Layout): Program => ({
  name: 'kube-controller-manager',
  args: [
    `--kubeconfig=${kubeconfigPath(layout.dir, 'kcm')}`,
    '--leader-elect=false',
    '--secure-port=0',
    `--service-account-private-key-file=${join(layout.dir, 'sa.key')}`,
    `--root-ca-file=${servingCertificate(layout)}`,
    `--controllers=${controllers.join(',')}`,
    // Its own limits of 20 requests a second would hold every test at 20 pods a second.
    '--kube-api-qps=300',
    '--kube-api-burst=500',
    '--concurrent-deployment-syncs=10',
    '--concurrent-replicaset-syncs=10',
    '--concurrent-gc-syncs=10',
    '--concurrent-namespace-syncs=10',
    '--resource-quota-sync-period=30s',
    // An autoscaler brings a count back between its bounds without any metrics; a test should not wait 15 s for that.
    '--horizontal-pod-autoscaler-sync-period=1s',
    ...(layout.extra.controllerManager ?? []),
  ],
});

export const schedulerConfigPath = (dir: string): string => join(dir, 'scheduler.json');

/** Only in its configuration file does the scheduler take its kubeconfig and limits once there is such a file. */
export const schedulerConfig = (layout: Layout): string =>
  JSON.stringify({
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    leaderElection: { leaderElect: false },
    clientConnection: { kubeconfig: kubeconfigPath(layout.dir, 'scheduler'), qps: 300, burst: 500 },
  });

export const scheduler = (layout: Layout): Program => ({
  name: 'kube-scheduler',
  args: [`--config=${schedulerConfigPath(layout.dir)}`, '--secure-port=0', ...(layout.extra.scheduler ?? [])],
});

export const kubelet = (layout: Layout): Program => ({
  name: 'kwok',
  args: [`--kubeconfig=${kubeconfigPath(layout.dir, 'kwok')}`, `--config=${join(import.meta.dirname, 'kwok.yaml')}`],
});
