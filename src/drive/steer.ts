import type { Cluster } from '../cluster/port.ts';
import { type Author, type Command, obey, type Verdict } from '../upgrade/command.ts';
import type { PerSide } from '../upgrade/side.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import { observeSide } from './observe.ts';
import { readSide } from './preflight.ts';
import { type Stored, updateRecord } from './records.ts';

/** What became of a command, and the record as it stands in the cluster after it. */
export type Steered = { readonly verdict: Verdict; readonly stored: Stored };

/** Carries a command out on the newest version of an upgrade's record; undefined where the record is gone. */
export const steer = async (
  cluster: Cluster,
  stored: Stored,
  command: Command,
  author: Author,
): Promise<Steered | undefined> => {
  let verdict: Verdict | undefined;
  const latest = await updateRecord(cluster, stored, (record) => {
    verdict = obey(record, command, author);
    return verdict.kind === 'changed' ? verdict.record : undefined;
  });
  return latest && verdict && { verdict, stored: latest };
};

/** The pods of both sides that are ready right now, of those that were asked for; undefined where a Deployment is gone. */
export const readyNow = async (cluster: Cluster, spec: UpgradeSpec): Promise<PerSide<number> | undefined> => {
  const { main, grey } = spec.deployments;
  const sides = await Promise.all([readSide(cluster, main), readSide(cluster, grey)]);
  const [mainReady, greyReady] = sides.map((objects) => {
    if (objects === undefined) return undefined;
    const { ready, asked } = observeSide(objects, spec.podReplacementPolicy);
    return Math.min(ready, asked);
  });
  return mainReady === undefined || greyReady === undefined ? undefined : { main: mainReady, grey: greyReady };
};
