import type { Container as GivenContainer, Deployment, ManagedFields } from '../port.ts';
import type { Container, VirtualDeployment } from './objects.ts';
import { invalid } from './refusals.ts';

/** A Deployment as the API server keeps it: what its maker left out is filled in. Throws `invalid`. */
export const admitted = (
  { metadata, spec }: Deployment,
  managedFields: readonly ManagedFields[],
): VirtualDeployment => {
  const { matchLabels = {} } = spec.selector;
  const labels = spec.template.metadata?.labels ?? {};
  if (
    Object.keys(matchLabels).length === 0 ||
    Object.entries(matchLabels).some(([key, value]) => labels[key] !== value)
  )
    throw invalid(
      `Deployment.apps "${metadata.name}" is invalid: spec.template.metadata.labels: \`selector\` does not match template \`labels\``,
    );
  const { containers = [], terminationGracePeriodSeconds = 30 } = spec.template.spec ?? {};
  if (containers.length === 0)
    throw invalid(`Deployment.apps "${metadata.name}" is invalid: spec.template.spec.containers: Required value`);
  return {
    metadata: { ...metadata, generation: 1, managedFields },
    spec: {
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...spec,
      replicas: spec.replicas ?? 1,
      template: {
        metadata: { labels },
        spec: {
          ...spec.template.spec,
          restartPolicy: 'Always',
          schedulerName: 'default-scheduler',
          containers: containers.map(filledIn),
          terminationGracePeriodSeconds,
        },
      },
    },
    status: {},
  };
};

/** What a container is limited to it asks for, where it says nothing else. */
const filledIn = ({ resources: { requests = {}, limits = {} } = {}, ...container }: GivenContainer): Container => ({
  ...container,
  resources: { requests: { ...limits, ...requests }, limits },
});
