import { groupVersionOf, RESOURCES } from './resources.ts';

/** Each group has one version. */
const GROUPS: Readonly<Record<string, string>> = {
  apps: 'v1',
  'authorization.k8s.io': 'v1',
  autoscaling: 'v2',
  'coordination.k8s.io': 'v1',
  policy: 'v1',
};

/** The version of Kubernetes whose behaviour the virtual cluster has. */
const VERSION = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.0+dupgrade-sandbox',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: '',
};

/** What a client asks to learn what there is to ask for; undefined where the path is another one. */
export const discover = (path: string): unknown => {
  if (path === '/version') return VERSION;
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: Object.keys(GROUPS).map(groupOf) };
  if (path === '/api/v1') return resourceListOf('');
  const [, group, version] = /^\/apis\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  if (group === undefined || !Object.hasOwn(GROUPS, group) || (version ?? GROUPS[group]) !== GROUPS[group])
    return undefined;
  return version === undefined ? { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) } : resourceListOf(group);
};

const groupOf = (name: string): object => {
  const version = versionOf(name);
  const served = { groupVersion: groupVersionOf({ group: name, version }), version };
  return { name, versions: [served], preferredVersion: served };
};

const versionOf = (group: string): string => GROUPS[group] ?? 'v1';

const resourceListOf = (group: string): object => ({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: groupVersionOf({ group, version: versionOf(group) }),
  resources: [
    ...Object.entries(RESOURCES)
      .filter(([, each]) => each.group === group)
      .map(([name, { singular, namespaced, kind, verbs, shortNames }]) => ({
        name,
        singularName: singular,
        namespaced,
        kind,
        verbs,
        ...(shortNames.length > 0 && { shortNames }),
        ...((name === 'pods' || group === 'apps') && { categories: ['all'] }),
      })),
    ...(SUBRESOURCES[group] ?? []),
  ],
});

const SUBRESOURCES: Readonly<Record<string, readonly object[]>> = {
  '': [{ name: 'pods/log', singularName: '', namespaced: true, kind: 'Pod', verbs: ['get'] }],
  apps: [
    {
      name: 'deployments/scale',
      singularName: '',
      namespaced: true,
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    },
  ],
  'authorization.k8s.io': [
    {
      name: 'selfsubjectaccessreviews',
      singularName: 'selfsubjectaccessreview',
      namespaced: false,
      kind: 'SelfSubjectAccessReview',
      verbs: ['create'],
    },
    {
      name: 'selfsubjectrulesreviews',
      singularName: 'selfsubjectrulesreview',
      namespaced: false,
      kind: 'SelfSubjectRulesReview',
      verbs: ['create'],
    },
  ],
};
