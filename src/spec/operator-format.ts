import { unknown } from 'zod';
import { MODES } from '../upgrade/leg.ts';
import { perSide } from '../upgrade/side.ts';
import { DEFAULT_MODE, DEFAULT_POD_REPLACEMENT_POLICY, DEFAULT_PROGRESS_DEADLINE, DEFAULT_STEP } from './defaults.ts';
import { parseDuration } from './duration.ts';
import { API_VERSIONS, format, KINDS } from './format.ts';
import { DEPLOYMENT_NAME, NAMESPACE, UPGRADE_NAME } from './name.ts';
import { choice, constant, count, mapping, name } from './schema.ts';

/** What kubectl prints of an object besides what its author wrote. */
const printed = () => unknown().optional();

const schema = mapping({
  apiVersion: constant('upgrade.github.com/v1', API_VERSIONS),
  kind: constant('DeploymentUpgrade', KINDS),
  metadata: mapping({
    name: name(UPGRADE_NAME),
    namespace: name(NAMESPACE).optional(),
    annotations: printed(),
    creationTimestamp: printed(),
    deletionGracePeriodSeconds: printed(),
    deletionTimestamp: printed(),
    finalizers: printed(),
    generateName: printed(),
    generation: printed(),
    labels: printed(),
    managedFields: printed(),
    ownerReferences: printed(),
    resourceVersion: printed(),
    selfLink: printed(),
    uid: printed(),
  }),
  spec: mapping({
    mode: choice(MODES).default(DEFAULT_MODE),
    step: count(1).default(DEFAULT_STEP),
    originStageTarget: count(0),
    nextGenStageTarget: count(0),
    originDeployName: name(DEPLOYMENT_NAME),
    originDeployNamespace: name(NAMESPACE).optional(),
    nextDeployName: name(DEPLOYMENT_NAME),
    nextDeployNamespace: name(NAMESPACE).optional(),
  }),
  status: printed(),
});

/** The format of the operator that dupgrade takes over from: origin is main, next (or nextGen) is grey. */
export const operatorFormat = format(
  'upgrade.github.com/v1',
  schema,
  {
    name: ['metadata', 'name'],
    namespace: ['metadata', 'namespace'],
    deployment: { main: ['spec', 'originDeployName'], grey: ['spec', 'nextDeployName'] },
    deploymentNamespace: { main: ['spec', 'originDeployNamespace'], grey: ['spec', 'nextDeployNamespace'] },
    target: { main: ['spec', 'originStageTarget'], grey: ['spec', 'nextGenStageTarget'] },
  },
  ({ metadata, spec }, namespace) => {
    const home = metadata.namespace ?? namespace;
    return {
      name: metadata.name,
      deployments: {
        main: { namespace: spec.originDeployNamespace ?? home, name: spec.originDeployName },
        grey: { namespace: spec.nextDeployNamespace ?? home, name: spec.nextDeployName },
      },
      targets: { main: spec.originStageTarget, grey: spec.nextGenStageTarget },
      // That operator finishes a step before it begins the next.
      way: { mode: spec.mode, step: perSide(() => spec.step), pacing: 'batch' },
      limits: {},
      progressDeadlineMs: parseDuration(DEFAULT_PROGRESS_DEADLINE),
      podReplacementPolicy: DEFAULT_POD_REPLACEMENT_POLICY,
    };
  },
);
