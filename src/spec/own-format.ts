import type { output } from 'zod';
import { MODES, PACINGS, type Step } from '../upgrade/leg.ts';
import { POD_REPLACEMENT_POLICIES } from '../upgrade/observation.ts';
import { type PerSide, perSide } from '../upgrade/side.ts';
import {
  DEFAULT_MODE,
  DEFAULT_PACING,
  DEFAULT_POD_REPLACEMENT_POLICY,
  DEFAULT_PROGRESS_DEADLINE,
  DEFAULT_STEP,
} from './defaults.ts';
import { parseDuration } from './duration.ts';
import { API_VERSIONS, format, KINDS } from './format.ts';
import { DEPLOYMENT_NAME, NAMESPACE, UPGRADE_NAME } from './name.ts';
import { choice, constant, count, duration, mapping, name, step, texts } from './schema.ts';
import { stepOf } from './step.ts';

const side = mapping({
  deployment: name(DEPLOYMENT_NAME),
  namespace: name(NAMESPACE).optional(),
  target: count(0),
});

const schema = mapping({
  apiVersion: constant('dupgrade.dev/v1', API_VERSIONS),
  kind: constant('DeploymentUpgrade', KINDS),
  metadata: mapping({
    name: name(UPGRADE_NAME),
    namespace: name(NAMESPACE).optional(),
    labels: texts().optional(),
    annotations: texts().optional(),
  }),
  spec: mapping({
    main: side,
    grey: side,
    mode: choice(MODES).default(DEFAULT_MODE),
    step: step().default(DEFAULT_STEP),
    pacing: choice(PACINGS).default(DEFAULT_PACING),
    limits: mapping({ minReady: count(0).optional(), maxPods: count(1).optional() }).optional(),
    progressDeadline: duration().default(DEFAULT_PROGRESS_DEADLINE),
    podReplacementPolicy: choice(POD_REPLACEMENT_POLICIES).default(DEFAULT_POD_REPLACEMENT_POLICY),
  }),
});

type StepOfFile = output<typeof schema>['spec']['step'];

const stepsOf = (given: StepOfFile): PerSide<Step> =>
  perSide((each) => stepOf(typeof given === 'object' ? given[each] : given));

/** The format of dupgrade itself. */
export const ownFormat = format(
  'dupgrade.dev/v1',
  schema,
  {
    name: ['metadata', 'name'],
    namespace: ['metadata', 'namespace'],
    deployment: perSide((each) => ['spec', each, 'deployment']),
    deploymentNamespace: perSide((each) => ['spec', each, 'namespace']),
    target: perSide((each) => ['spec', each, 'target']),
    minReady: ['spec', 'limits', 'minReady'],
    maxPods: ['spec', 'limits', 'maxPods'],
  },
  ({ metadata, spec }, namespace) => ({
    name: metadata.name,
    deployments: perSide((each) => ({
      namespace: spec[each].namespace ?? metadata.namespace ?? namespace,
      name: spec[each].deployment,
    })),
    targets: perSide((each) => spec[each].target),
    way: { mode: spec.mode, step: stepsOf(spec.step), pacing: spec.pacing },
    limits: {
      ...(spec.limits?.minReady === undefined ? {} : { minReady: spec.limits.minReady }),
      ...(spec.limits?.maxPods === undefined ? {} : { maxPods: spec.limits.maxPods }),
    },
    progressDeadlineMs: parseDuration(spec.progressDeadline),
    podReplacementPolicy: spec.podReplacementPolicy,
  }),
);
