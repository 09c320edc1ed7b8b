import type { DeploymentSetup } from '../../src/cluster/virtual/scenario.ts';
import { deployment, fixed, NAMESPACE as namespace } from '../cluster-virtual/given.ts';
import type { Wanted } from './contracted.ts';

/** What a test of the contract wants, as a virtual cluster is told it. */
export const setupOf = ({
  name,
  replicas,
  gpus = 0,
  readySeconds = 0,
  terminateSeconds = 0,
}: Wanted): DeploymentSetup =>
  deployment({
    namespace,
    name,
    replicas,
    requests: { cpuMilli: 0, memoryBytes: 0, gpus },
    readyAfter: fixed(readySeconds * 1000),
    termination: fixed(terminateSeconds * 1000),
  });
