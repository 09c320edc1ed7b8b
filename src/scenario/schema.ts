import type { output } from 'zod';
import { DEPLOYMENT_NAME, NAMESPACE, type NameRule } from '../spec/name.ts';
import { choice, constant, count, duration, mapping, name, texts } from '../spec/schema.ts';
import { cpu, list, memory, seed, share, spread, text } from './values.ts';

export const API_VERSION = 'dupgrade.dev/v1';
export const KIND = 'Scenario';

const SCENARIO_NAME: NameRule = { noun: 'name', dots: true, longest: 253 };
const NODE_NAME: NameRule = { noun: 'node name', dots: true, longest: 240 };

const FAULTS = ['never-ready', 'crash-loop', 'image-pull', 'turn-unready'] as const;

/** Who writes, where a scenario does not say. */
const SOMEBODY = 'kubectl';

const namespace = () => name(NAMESPACE).optional();
const manager = () => text().default(SOMEBODY);
const deployment = () => name(DEPLOYMENT_NAME);
const quota = {
  namespace: namespace(),
  pods: count(0).optional(),
  cpu: cpu().optional(),
  memory: memory().optional(),
  gpus: count(0).optional(),
};

/** What can happen, by the key that says so. */
export const ACTIONS = {
  scale: mapping({ deployment: deployment(), namespace: namespace(), replicas: count(0), manager: manager() }),
  setImage: mapping({ deployment: deployment(), namespace: namespace(), image: text(), manager: manager() }),
  deletePods: mapping({ deployment: deployment(), namespace: namespace(), count: count(1).default(1) }),
  deleteDeployment: mapping({ deployment: deployment(), namespace: namespace() }),
  breakNode: name(NODE_NAME),
  loseNode: name(NODE_NAME),
  mendNode: name(NODE_NAME),
  setQuota: mapping(quota),
};

export const schema = mapping({
  apiVersion: constant(API_VERSION, [API_VERSION]),
  kind: constant(KIND, [KIND]),
  metadata: mapping({
    name: name(SCENARIO_NAME),
    namespace: namespace(),
    labels: texts().optional(),
    annotations: texts().optional(),
  }),
  spec: mapping({
    seed: seed().default(1),
    nodes: list(
      mapping({
        name: name(NODE_NAME),
        count: count(1).default(1),
        cpu: cpu().default(64),
        memory: memory().default('256Gi'),
        gpus: count(0).default(0),
        pods: count(1).default(110),
        labels: texts().optional(),
      }),
      'a list of nodes',
    ),
    deployments: list(
      mapping({
        name: deployment(),
        namespace: namespace(),
        replicas: count(0),
        labels: texts().optional(),
        image: text().optional(),
        cpu: cpu().default(1),
        memory: memory().default('1Gi'),
        gpus: count(0).default(0),
        nodeSelector: texts().optional(),
        ready: spread().default('30s'),
        termination: spread().default('5s'),
        gracePeriod: duration().default('30s'),
        failures: list(
          mapping({
            fault: choice(FAULTS),
            pods: list(count(1), 'a list of whole numbers from 1').optional(),
            share: share().optional(),
            after: duration().optional(),
          }),
          'a list of failures',
        ).optional(),
      }),
      'a list of Deployments',
    ),
    quotas: list(mapping(quota), 'a list of quotas').optional(),
    happenings: list(
      mapping({
        at: duration(),
        scale: ACTIONS.scale.optional(),
        setImage: ACTIONS.setImage.optional(),
        deletePods: ACTIONS.deletePods.optional(),
        deleteDeployment: ACTIONS.deleteDeployment.optional(),
        breakNode: ACTIONS.breakNode.optional(),
        loseNode: ACTIONS.loseNode.optional(),
        mendNode: ACTIONS.mendNode.optional(),
        setQuota: ACTIONS.setQuota.optional(),
      }),
      'a list of happenings',
    ).optional(),
  }),
});

/** A scenario file that is right in itself, every default filled in. */
export type ScenarioFile = output<typeof schema>;
