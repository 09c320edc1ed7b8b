import type { ServedKind } from './resources.ts';
import { ageText } from './age.ts';
import { type Json, isJson, listAt, numberAt, textAt, valueAt } from './json.ts';

export type Cell = string | number;

/** A column of the table that `kubectl get` shows. */
export type Column = {
  readonly name: string;
  readonly type: 'string' | 'integer';
  /** Above 0 it is shown with `-o wide` only. */
  readonly priority: number;
  readonly cell: (object: unknown, nowMs: number) => Cell;
};

const text = (name: string, cell: Column['cell'], priority = 0): Column => ({ name, type: 'string', priority, cell });

const count = (name: string, ...path: readonly string[]): Column => ({
  name,
  type: 'integer',
  priority: 0,
  cell: (object) => numberAt(object, ...path) ?? 0,
});

const NAME: Column = text('Name', (object) => textAt(object, 'metadata', 'name') ?? '');
const AGE: Column = text('Age', (object, nowMs) => ageText(textAt(object, 'metadata', 'creationTimestamp'), nowMs));

const podStatus = (pod: unknown): string => {
  if (textAt(pod, 'metadata', 'deletionTimestamp') !== undefined) return 'Terminating';
  const [container] = listAt(pod, 'status', 'containerStatuses');
  return textAt(container, 'state', 'waiting', 'reason') ?? textAt(pod, 'status', 'phase') ?? 'Unknown';
};

const podReady = (pod: unknown): string => {
  const ready = listAt(pod, 'status', 'containerStatuses').filter((each) => valueAt(each, ['ready']) === true);
  return `${ready.length}/${listAt(pod, 'spec', 'containers').length}`;
};

const podRestarts = (pod: unknown): number =>
  listAt(pod, 'status', 'containerStatuses').reduce<number>(
    (sum, each) => sum + (numberAt(each, 'restartCount') ?? 0),
    0,
  );

const nodeStatus = (node: unknown): string => {
  const ready = listAt(node, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Ready');
  return textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
};

const gpusOf = (node: unknown): string => textAt(node, 'status', 'allocatable', 'nvidia.com/gpu') ?? '0';

const dataCount = (configMap: unknown): number => {
  const data = valueAt(configMap, ['data']);
  return isJson(data) ? Object.keys(data satisfies Json).length : 0;
};

const eventSubject = (event: unknown): string =>
  `${textAt(event, 'involvedObject', 'kind')?.toLowerCase()}/${textAt(event, 'involvedObject', 'name')}`;

const labelsText = (object: unknown): string => {
  const labels = valueAt(object, ['spec', 'selector', 'matchLabels']);
  const pairs = Object.entries(isJson(labels) ? labels : {}).map(([key, value]) => `${key}=${String(value)}`);
  return pairs.join(',') || '<none>';
};

const ofContainers =
  (field: string): Column['cell'] =>
  (object) =>
    listAt(object, 'spec', 'template', 'spec', 'containers')
      .map((each) => textAt(each, field) ?? '')
      .join(',');

/** What `-o wide` says of those that make pods. */
const OF_TEMPLATE: readonly Column[] = [
  text('Containers', ofContainers('name'), 1),
  text('Images', ofContainers('image'), 1),
  text('Selector', labelsText, 1),
];

const phase: Column = text('Status', (object) => textAt(object, 'status', 'phase') ?? '');

/** As the API server has them; a node also says how many GPUs it has. */
export const COLUMNS: Readonly<Record<ServedKind, readonly Column[]>> = {
  pods: [
    NAME,
    text('Ready', podReady),
    text('Status', podStatus),
    { name: 'Restarts', type: 'integer', priority: 0, cell: podRestarts },
    AGE,
    text('Node', (pod) => textAt(pod, 'spec', 'nodeName') ?? '<none>', 1),
  ],
  deployments: [
    NAME,
    text('Ready', (each) => `${numberAt(each, 'status', 'readyReplicas') ?? 0}/${numberAt(each, 'spec', 'replicas')}`),
    count('Up-to-date', 'status', 'updatedReplicas'),
    count('Available', 'status', 'availableReplicas'),
    AGE,
    ...OF_TEMPLATE,
  ],
  replicasets: [
    NAME,
    count('Desired', 'spec', 'replicas'),
    count('Current', 'status', 'replicas'),
    count('Ready', 'status', 'readyReplicas'),
    AGE,
    ...OF_TEMPLATE,
  ],
  nodes: [NAME, text('Status', nodeStatus), text('GPUs', gpusOf), AGE],
  namespaces: [NAME, phase, AGE],
  configmaps: [NAME, { name: 'Data', type: 'integer', priority: 0, cell: dataCount }, AGE],
  leases: [NAME, text('Holder', (lease) => textAt(lease, 'spec', 'holderIdentity') ?? ''), AGE],
  resourcequotas: [NAME, AGE],
  services: [NAME, AGE],
  horizontalpodautoscalers: [NAME, AGE],
  poddisruptionbudgets: [NAME, AGE],
  events: [
    text('Last Seen', (event, nowMs) => ageText(textAt(event, 'lastTimestamp'), nowMs)),
    text('Type', (event) => textAt(event, 'type') ?? ''),
    text('Reason', (event) => textAt(event, 'reason') ?? ''),
    text('Object', eventSubject),
    text('Message', (event) => textAt(event, 'message') ?? ''),
  ],
};
